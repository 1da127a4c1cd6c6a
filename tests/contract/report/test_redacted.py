"""No form of a report holds a secret, wherever it was planted and however it was spelled."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Final
from urllib.parse import quote, quote_plus

import pytest

from mockserver.contract.evidence import Hook, Intent
from mockserver.contract.finding import Rule
from mockserver.contract.outcome import Outcome
from mockserver.contract.report.formats import FORMATS
from mockserver.contract.report.redacted import redacted
from mockserver.contract.report.report import Case, Excused, Report, Said
from mockserver.core.interaction import Interaction, Request


RULE: Final = Rule("L103", "What has ended stays as it ended", "the docs")


def of_request(**sent: object) -> Callable[[str], Case]:
    """The canary is in a request, and nobody says so."""

    def case(secret: str) -> Case:
        told = {name: plant(secret) for name, plant in sent.items() if callable(plant)}
        headers = (("host", "gateway.example"), *told.pop("headers", ()))
        asked = Request("POST", "/v1/a", **{**told, "headers": headers})
        return evidence(Interaction(asked, 200, (), b"{}", 0))

    return case


def of_answer(kind: str, plant: Callable[[str], bytes | str]) -> Callable[[str], Case]:
    """The canary is in the body of an answer of that kind."""

    def case(secret: str) -> Case:
        body = plant(secret)
        data = body if isinstance(body, bytes) else body.encode()
        asked = Request("GET", "/v1/a", headers=(("host", "gateway.example"),))
        return evidence(Interaction(asked, 200, (("content-type", kind),), data, 0))

    return case


def of_answer_header(name: str, plant: Callable[[str], str]) -> Callable[[str], Case]:
    """The canary is in a header of an answer."""

    def case(secret: str) -> Case:
        asked = Request("GET", "/v1/a", headers=(("host", "gateway.example"),))
        return evidence(Interaction(asked, 200, ((name, plant(secret)),), b"", 0))

    return case


def evidence(said: Interaction) -> Case:
    """A case that holds what was said, and found everything that was said to be wrong."""
    body = said.response_body.decode(errors="replace")
    finding = RULE.found("/a", expected=said.request.query, seen=body, exchange=said)
    return Case(
        "lifecycle",
        "a prediction lives",
        Outcome.FOUND,
        findings=(finding,),
        excused=(Excused(finding, "the profile", "a quirk"),),
        said=(
            Said(Intent.CREATE, said, behind=(said,)),
            Said(Intent.LOOK, said, read=replace(said)),
        ),
        hooks=(Hook(said.request, 0),),
    )


def at(offset: int) -> Callable[[str], str]:
    """In base64, behind so many other bytes."""
    return lambda secret: base64.b64encode(b"x" * offset + secret.encode() + b"yz").decode()


PLACES: Final[dict[str, Callable[[str], Case]]] = {
    "authorization": of_request(headers=lambda it: (("authorization", f"Bearer {it}"),)),
    "x-api-key": of_request(headers=lambda it: (("x-api-key", it),)),
    "a strange header": of_request(headers=lambda it: (("x-strange", f"see {it}"),)),
    "cookie": of_request(headers=lambda it: (("cookie", f"a=b; sid={it}"),)),
    "basic": of_request(headers=lambda it: (("authorization", f"Basic {at(3)(it)}"),)),
    "query": of_request(query=lambda it: f"token={quote(it, safe='')}"),
    "query, form": of_request(query=lambda it: f"other={quote_plus(it)}"),
    "json": of_request(body=lambda it: json.dumps({"token": it}).encode()),
    "nested json": of_request(body=lambda it: json.dumps({"a": [{"b": {"c": it}}]}).encode()),
    "json in json": of_request(body=lambda it: json.dumps({"a": json.dumps({"b": it})}).encode()),
    "userinfo": of_request(
        headers=lambda it: (("referer", f"https://me:{quote(it, safe='')}@host/"),)
    ),
    "echo": of_answer("application/json", lambda it: json.dumps({"seen": f"Bearer {it}"})),
    "echo, not escaped": of_answer(
        "application/json", lambda it: json.dumps({"seen": it}, ensure_ascii=False)
    ),
    "text": of_answer("text/plain", lambda it: f"Authorization: Bearer {it}\nfine"),
    "page": of_answer("text/html", lambda it: f"<p>{it.replace('&', '&amp;')}</p>"),
    "binary": of_answer("application/octet-stream", lambda it: b"\xff\x00" + it.encode()),
    "base64 at 0": of_answer("application/json", lambda it: json.dumps({"a": at(0)(it)})),
    "base64 at 1": of_answer("application/json", lambda it: json.dumps({"a": at(1)(it)})),
    "base64 at 2": of_answer("application/json", lambda it: json.dumps({"a": at(2)(it)})),
    "set-cookie": of_answer_header("set-cookie", lambda it: f"sid={it}; Path=/"),
    "location": of_answer_header("location", lambda it: f"/a?x={quote(it)}"),
}


@pytest.mark.parametrize("told", FORMATS.values(), ids=list(FORMATS))
@pytest.mark.parametrize("place", PLACES.values(), ids=list(PLACES))
def test_no_form_holds_a_canary(
    told: Callable[[Report], str],
    place: Callable[[str], Case],
    nothing: Report,
    canary: str,
    canary_spellings: dict[str, str],
) -> None:
    """Planted in a request or an answer, and given: in no spelling does it come out again."""
    report = replace(nothing, cases=(place(canary),))
    text = told(redacted(report, (canary,)))
    assert {name: one for name, one in canary_spellings.items() if one in text} == {}
    assert "L103" in text or told is FORMATS["har"]


@pytest.mark.parametrize("told", FORMATS.values(), ids=list(FORMATS))
def test_no_form_holds_a_canary_in_what_is_told_of_the_exam(
    told: Callable[[Report], str],
    report: Report,
    canary: str,
    canary_spellings: dict[str, str],
) -> None:
    """Neither in the address nor in the command, the notes, the reasons, the ids."""
    skipped = Case("a", "it is", Outcome.SKIPPED, reason=f"no {canary}")
    planted = replace(
        report,
        target=f"https://me:{quote(canary, safe='')}@gateway.example/v1",
        command=f"mockserver check --token '{canary}'",
        notes=(canary,),
        created=(canary,),
        cases=(*report.cases, skipped),
    )
    text = told(redacted(planted, (canary,)))
    assert {name: one for name, one in canary_spellings.items() if one in text} == {}


@pytest.mark.parametrize(
    "place", ["authorization", "x-api-key", "cookie", "query", "json", "userinfo", "set-cookie"]
)
@pytest.mark.parametrize("told", FORMATS.values(), ids=list(FORMATS))
def test_a_secret_that_nobody_told_of_is_found(
    told: Callable[[Report], str], place: str, nothing: Report
) -> None:
    """By where it stood; then it is hidden where somebody echoed it, too."""
    secret = "Zx9kQw7LmN4pRt2vBb"
    echo = of_answer("application/json", lambda it: json.dumps({"seen": it}))
    report = replace(nothing, cases=(PLACES[place](secret), echo(secret)))
    assert secret not in told(redacted(report))


def test_without_redaction_the_canary_would_be_found(
    nothing: Report, canary: str, canary_spellings: dict[str, str]
) -> None:
    """The search that proves the other tests finds what is there."""
    report = replace(nothing, cases=(PLACES["echo"](canary),))
    text = FORMATS["ndjson"](report)
    assert [name for name, one in canary_spellings.items() if one in text]


def test_what_is_no_secret_stays(report: Report) -> None:
    """Codes, places, verdicts, times and pictures are as they were."""
    shown = redacted(report, ("r8_secret_of_mine",))
    assert [(one.finding.code, one.finding.at) for one in shown.findings] == [
        (one.finding.code, one.finding.at) for one in report.findings
    ]
    assert shown.counts() == report.counts()
    assert (
        shown.cases[0].said[3].interaction.response_body
        == report.cases[0].said[3].interaction.response_body
    )
    assert redacted(shown) == shown


def test_a_member_with_the_name_of_a_secret_is_hidden(nothing: Report) -> None:
    """Even if a finding is all that anybody ever saw of it."""
    finding = RULE.found("/webhook/token", expected="a text", seen="abc")
    case = Case("a", "it is", Outcome.FOUND, findings=(finding,))
    shown = redacted(replace(nothing, cases=(case,)))
    assert "abc" not in repr(shown)
