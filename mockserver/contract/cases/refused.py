"""What a provider has to refuse: strangers, mistakes, and what nobody has."""

from __future__ import annotations

from typing import Final

from mockserver.contract.cases.case import Case
from mockserver.contract.evidence import Intent
from mockserver.contract.exam import Exam


NOBODY: Final = "zzzzzzzzzzrmc0cvevdzzzzzzz"
"""An id of upstream's form that was never given out."""
WRONG_TOKEN: Final = "r8_invalid" + "0" * 30
"""Of upstream's form, and never given out."""


def strangers(exam: Exam) -> None:
    """Asks to create without a token, with one that nobody has, and with one never set."""
    body = {"input": exam.input}
    auth = exam.provider.profile.auth
    for intent, sent in (
        (Intent.NO_TOKEN, ""),
        (Intent.UNSET_TOKEN, auth.value("undefined")),
        (Intent.WRONG_TOKEN, auth.value(WRONG_TOKEN)),
    ):
        exam.mistake(intent, exam.create_path, body, headers={auth.header: sent})


def mistakes(exam: Exam) -> None:
    """Bodies that are wrong in one way each."""
    path = exam.create_path
    json_type = {"Content-Type": "application/json"}
    exam.mistake(Intent.INPUT_MISSING, path, {}, fault="input")
    wrong = {"input": {**exam.input, "prompt": 7}}
    exam.mistake(Intent.INPUT_WRONG, path, wrong, fault="input.prompt")
    exam.mistake(Intent.NOT_JSON, path, content=b'{"input": ', headers=json_type)


def unknown(exam: Exam) -> None:
    """A model, a prediction, a path and a method that are not there."""
    nobody = "/models/nobody-at-all/no-such-model/predictions"
    exam.mistake(Intent.UNKNOWN_MODEL, nobody, {"input": exam.input})
    exam.ask(Intent.UNKNOWN_ID, "GET", f"/predictions/{NOBODY}")
    exam.ask(Intent.UNKNOWN_PATH, "GET", "/no-such-path")
    exam.ask(Intent.WRONG_METHOD, "PUT", f"/predictions/{NOBODY}")


CASES: Final = (
    Case("strangers", "nobody creates without a token of their own", 0, ("create",), strangers),
    Case("mistakes", "wrong bodies are refused, and say what is wrong", 0, ("create",), mistakes),
    Case("unknown", "what is not there is told so", 0, ("create", "get"), unknown),
)
