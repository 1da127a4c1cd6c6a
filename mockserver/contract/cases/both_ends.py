"""What is asked besides where the exam sees both ends: exactness, secrets, failures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mockserver.contract.cases.case import Case
from mockserver.contract.evidence import Intent
from mockserver.contract.exam import Exam
from mockserver.library.models import Model


KEY: Final = "the client's key"
OTHER_KEY: Final = "the key of the second account"
SECRETS: Final[Mapping[str, str]] = {
    "Cookie": "session=canary-4c1f0b7e92d8",
    "X-Api-Key": "canary-d03e85aa61c7",
}
"""What a client's program may send along, by the header it stands in."""

BEYOND_FLOATS: Final = 9_007_199_254_740_993
"""The first whole number that a float of 64 bits does not hold. Source: IEEE 754."""
TEXT: Final = 'exact: "quotes", \\backslash, \u2028, \N{GRINNING FACE}, 伝富'
_FRACTION: Final = 0.1 + 0.2
"""It takes seventeen digits to write it down."""

CREATES: Final = (
    *(f"http.status;status={status};on=create" for status in (402, 404, 422, 500, 503)),
    *(f"http.retry_after;form={form};status=429;on=create" for form in ("one", "reset")),
    "net.close_before;on=create",
)
"""How upstream fails. The last one creates, and its answer is lost."""
LOOKS: Final = ("http.status;status=503;on=get", "net.close_before;on=get")


def carried(exam: Exam) -> None:
    """Created with numbers and texts that only exact relays carry; looked at with more secrets."""
    made = exam.create(
        Intent.EXACT, given={**exam.input, **exact(exam.model)}, headers={"Cancel-After": "10m"}
    )
    if made.prediction_id:
        exam.ask(
            Intent.SECRETS, "GET", f"/predictions/{made.prediction_id}", headers=dict(SECRETS)
        )


def failing(exam: Exam) -> None:
    """Created, and looked at, while upstream refuses in every way, or breaks the connection."""
    made = exam.create()
    if exam.upstream is None or not made.prediction_id:
        return
    try:
        for fault in CREATES:
            exam.upstream.fail(fault)
            exam.mistake(Intent.UPSTREAM_FAILS, exam.create_path, {"input": exam.input})
            exam.upstream.mend()
        for fault in LOOKS:
            exam.upstream.fail(fault)
            exam.ask(Intent.UPSTREAM_FAILS_LOOK, "GET", f"/predictions/{made.prediction_id}")
            exam.upstream.mend()
    finally:
        exam.upstream.mend()


def exact(model: Model) -> dict[str, object]:
    """Those of the model's inputs that can hold what is lost easily."""
    # A JSON Schema is a tree of whatever JSON can hold.
    schema: Mapping[str, Any] = model.input_schema
    properties = schema.get("properties", {})
    given: dict[str, object] = {"prompt": TEXT} if "prompt" in properties else {}
    for name, one in properties.items():
        if one.get("type") == "integer" and "maximum" not in one:
            given[name] = BEYOND_FLOATS
        if one.get("type") == "number" and "minimum" in one:
            given[name] = one["minimum"] + _FRACTION
    return given


CASES: Final = (
    Case("carried", "a request reaches upstream whole, and nothing else", 1, ("create",), carried),
    Case("failing", "what fails upstream is told as it is", 1, ("create", "get"), failing),
)
