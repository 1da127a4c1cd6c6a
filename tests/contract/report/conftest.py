"""A report that has one of everything, and what a canary is hidden in."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Final
from urllib.parse import quote

import pytest

from mockserver.contract.evidence import Hook, Intent
from mockserver.contract.finding import Rule, Severity
from mockserver.contract.outcome import Outcome
from mockserver.contract.report.report import Case, Excused, Provenance, Report, Said, Table
from mockserver.core.interaction import Interaction, Request
from mockserver.library.explanations import Explanation


MUST: Final = Rule("L103", "What has ended stays as it ended", "the lifecycle | page")
SHOULD: Final = Rule("S107", "The keys are <sorted>", "the documents", Severity.SHOULD)
DOCUMENT: Final = Rule("D211", "The input is that of the request", "the document itself")
BEGUN_MS: Final = 1_767_225_600_000
"""2026-01-01T00:00:00Z."""
PICTURE: Final = b"\x89PNG\r\n\x1a\n\x00\xff"
HOSTILE: Final = "</title><script>alert(1)</script>\x1b[31m\x00]]>|`x`\n::error::no\ud800"
"""What a gateway could say to whoever reads the report."""


def request(method: str = "GET", path: str = "/v1/predictions/abc", **told: object) -> Request:
    """A request to the gateway."""
    headers = (("host", "gateway.example"), ("authorization", "Bearer r8_secret_of_mine"))
    return Request(method, path, **{"headers": headers, "scheme": "https", **told})  # type: ignore[arg-type]


def answer(status: str, at_ms: int, *, intent: Intent = Intent.LOOK) -> Said:
    """A look at a prediction so many milliseconds after the beginning."""
    body = json.dumps({"id": "abc", "status": status}).encode()
    headers = (("content-type", "application/json"), ("set-cookie", "sid=1"))
    asked = request("POST", "/v1/models/a/b/predictions", body=b'{"input": {}}')
    told = Interaction(
        asked if intent is Intent.CREATE else request(query="a=1&b="),
        201 if intent is Intent.CREATE else 200,
        headers,
        body,
        BEGUN_MS + at_ms,
    )
    return Said(intent, told, took_ms=20)


def picture() -> Said:
    """A download."""
    asked = Interaction(
        request(path="/out.png"), 200, (("content-type", "image/png"),), PICTURE, BEGUN_MS
    )
    return Said(Intent.OUTPUT, asked)


def broken() -> Said:
    """A request whose answer never came."""
    asked = Interaction(request(method="PUT", body=b"\xff\xfe"), 0, (), b"", BEGUN_MS)
    return Said(Intent.WRONG_METHOD, asked, error=f"ReadError: {HOSTILE}")


def hook(status: str, at_ms: int) -> Hook:
    """A webhook so many milliseconds after the beginning."""
    body = json.dumps({"id": "abc", "status": status}).encode()
    return Hook(Request("POST", "/hook", body=body), BEGUN_MS + at_ms)


def life() -> Case:
    """A case that found something: a must and a should."""
    said = (
        answer("starting", 0, intent=Intent.CREATE),
        answer("processing", 500),
        answer("succeeded", 2_000),
        picture(),
        broken(),
    )
    must = MUST.found(
        "/status",
        expected="succeeded",
        seen=HOSTILE,
        exchange=said[2].interaction,
        prediction_id="abc",
    )
    should = SHOULD.found("", expected=["a", "b"], seen=["b", "a"])
    return Case(
        "lifecycle",
        "a prediction lives",
        Outcome.FOUND,
        findings=(must, should),
        excused=(Excused(DOCUMENT.found("", expected=1, seen=2), "the profile", "quirk-a"),),
        said=said,
        hooks=(hook("succeeded", 1_900), Hook(Request("POST", "/", body=b"no JSON"), BEGUN_MS)),
    )


def everything() -> Report:
    """A report with one of everything."""
    cancel = Case("cancel", "it is canceled", Outcome.FOUND, findings=life().findings[:1])
    document = DOCUMENT.found("docs/a page.md:49 /input/n", expected=2, seen=frozenset({1}))
    return Report(
        kind="check",
        target="https://gateway.example/v1",
        profile="winfull",
        provenance=Provenance(
            started_ms=BEGUN_MS,
            ended_ms=BEGUN_MS + 2_500,
            version="0.1.0",
            schema_hash="0123456789ab",
            command="mockserver check https://gateway.example/v1 --gateway winfull",
            explained={
                "L103": Explanation("Clients <stop> to look.", "GET /a -> 200", "Write it once.")
            },
        ),
        cases=(
            life(),
            cancel,
            Case("documents", "they agree", Outcome.FOUND, findings=(document,)),
            Case("mistakes", "they are refused", Outcome.PASSED),
            Case("stream", "it is told", Outcome.UNSUPPORTED, reason="Winfull has no stream"),
            Case("sync", "it waits", Outcome.UNSUPPORTED, reason="nobody says so"),
            Case("webhook", "it is told", Outcome.SKIPPED, reason=f"no address {HOSTILE}"),
        ),
        seed=7,
        clock="manual",
        created=("abc",),
        usd=Decimal("0.003"),
        tables=(Table("What it can do", ("feature", "seen"), (("get", "works"),)),),
        notes=("baseline: L101 at '*' matches nothing",),
    )


@pytest.fixture(scope="session")
def report() -> Report:
    """A report with one of everything."""
    return everything()


def empty() -> Report:
    """A report in which nothing was tested."""
    return Report(
        kind="check",
        target="https://gateway.example/v1",
        profile="winfull",
        provenance=Provenance(
            started_ms=BEGUN_MS,
            ended_ms=BEGUN_MS,
            version="0.1.0",
            schema_hash="0123456789ab",
            command="",
        ),
        cases=(),
    )


@pytest.fixture(scope="session")
def nothing() -> Report:
    """A report in which nothing was tested."""
    return empty()


@pytest.fixture
def many() -> Callable[[int, str], Report]:
    """A report with so many findings, each of which saw this."""

    def made(count: int, seen: str) -> Report:
        findings = tuple(MUST.found(f"/{n}", expected="x", seen=seen) for n in range(count))
        case = Case("lifecycle", "a prediction lives", Outcome.FOUND, findings=findings)
        return replace(empty(), cases=(case,))

    return made


CANARY: Final = 'r8_CANARY+/"é=&<canary>CANARYcanaryCANARYca'


def spellings(secret: str) -> dict[str, str]:
    """Every form in which a secret may come out."""
    data = secret.encode()
    forms = {
        "raw": secret,
        "percent": quote(secret, safe=""),
        "percent, slashes kept": quote(secret),
        "json": json.dumps(secret)[1:-1],
        "json, not escaped": json.dumps(secret, ensure_ascii=False)[1:-1],
        "json in json": json.dumps(json.dumps(secret))[1:-1],
        "the part without signs": "CANARYcanaryCANARYca",
    }
    for offset in range(3):
        run = base64.b64encode(bytes(offset) + data).decode()
        first, last = (offset * 8 + 5) // 6, (offset + len(data)) * 8 // 6
        forms[f"base64 at {offset}"] = run[first:last]
        forms[f"base64url at {offset}"] = run[first:last].replace("+", "-").replace("/", "_")
    return forms


@pytest.fixture
def canary() -> str:
    """A secret that has every character which is spelled in two ways."""
    return CANARY


@pytest.fixture
def canary_spellings() -> dict[str, str]:
    """The canary in every form in which it may come out."""
    return spellings(CANARY)


def luminance(colour: str) -> float:
    """The relative luminance of `#rrggbb`. Source: WCAG 2.2, its definition."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return sum(part * one for part, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.fixture(scope="session")
def contrast() -> Callable[[str, str], float]:
    """The contrast of two colours. Source: WCAG 2.2, its definition."""

    def of(one: str, other: str) -> float:
        dark, light = sorted((luminance(one), luminance(other)))
        return (light + 0.05) / (dark + 0.05)

    return of
