"""No form of a report holds a secret, wherever it was planted and however it was spelled."""

from __future__ import annotations

import base64
import gzip
import json
import shlex
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
from mockserver.core.redaction import fingerprint


RULE: Final = Rule("L103", "What has ended stays as it ended", "the docs")


def of_request(**sent: object) -> Callable[[str], Case]:
    """The canary is in a request, and nobody says so."""

    def case(secret: str) -> Case:
        told = {name: plant(secret) for name, plant in sent.items() if callable(plant)}
        headers = (("host", "gateway.example"), *told.pop("headers", ()))
        asked = Request("POST", **{"path": "/v1/a", **told, "headers": headers})
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


MULTIPART: Final = (
    '--b\r\nContent-Disposition: form-data; name="metadata"\r\n'
    "Content-Type: text/plain\r\n\r\n{}\r\n--b--\r\n"
)


def of_error(secret: str) -> Case:
    """The canary is in the reason why there is no answer."""
    asked = Request("GET", "/v1/a", headers=(("host", "gateway.example"),))
    case = evidence(Interaction(asked, 0, (), b"", 0))
    return replace(case, said=(replace(case.said[0], error=f"ConnectError: {secret}"),))


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
    "path": of_request(path=lambda it: f"/v1/predictions/{quote(it, safe='')}"),
    "form": of_request(body=lambda it: f"a=1&api_key={quote_plus(it)}".encode()),
    "multipart": of_request(body=lambda it: MULTIPART.format(it).encode()),
    "json in json in json": of_answer(
        "application/json",
        lambda it: json.dumps({"error": json.dumps({"seen": json.dumps({"it": it})})}),
    ),
    "percent in json": of_answer(
        "application/json", lambda it: json.dumps({"url": f"https://a.example/?x={quote(it)}"})
    ),
    "twice in percent": of_answer("text/plain", lambda it: quote(quote(it, safe=""), safe="")),
    "event": of_answer(
        "text/event-stream", lambda it: f"event: output\ndata: {json.dumps(it)}\nid: 1:0\n\n"
    ),
    "data uri": of_answer(
        "application/json",
        lambda it: json.dumps({"output": f"data:text/plain;base64,{at(0)(it)}"}),
    ),
    "base64 in percent": of_answer(
        "text/plain", lambda it: f"state={quote(at(1)(it), safe='')}&a=1"
    ),
    "shell": of_answer("text/plain", lambda it: f"curl -H {shlex.quote(f'x: {it}')}"),
    "error": of_error,
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
        provenance=replace(report.provenance, command=f"mockserver check --token '{canary}'"),
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


def test_a_secret_is_not_kept_in_what_was_compressed(nothing: Report, canary: str) -> None:
    """An archive would hold the bytes as they came, for whoever unpacks them."""
    packed = gzip.compress(json.dumps({"seen": canary}).encode(), mtime=0)
    asked = Request("GET", "/v1/a", headers=(("host", "gateway.example"),))
    kinds = (("content-type", "application/json"), ("content-encoding", "gzip"))
    report = replace(nothing, cases=(evidence(Interaction(asked, 200, kinds, packed, 0)),))
    (entry, *_) = json.loads(FORMATS["har"](redacted(report, (canary,))))["log"]["entries"]
    told = json.loads(entry["response"]["content"]["text"])
    assert told == {"seen": fingerprint(canary)}


NEIGHBOURS: Final = {
    "json": of_answer(
        "application/json", lambda it: json.dumps({"a": "hat 1", "b": it, "c": "hat 2"})
    ),
    "text": of_answer("text/plain", lambda it: f"hat 1 {it} hat 2"),
    "query": of_answer("text/plain", lambda it: f"/?a=hat 1&token={quote(it, safe='')}&c=hat 2"),
    "form": of_answer("text/plain", lambda it: MULTIPART.format(f"hat 1\r\n{it}\r\nhat 2")),
    "header": of_answer("text/plain", lambda it: f"hat 1\nAuthorization: Bearer {it}\nhat 2"),
    "event": of_answer("text/event-stream", lambda it: f"id: hat 1\ndata: {it}\nid: hat 2\n\n"),
}


@pytest.mark.parametrize("form", ["har", "ndjson", "html", "terminal"])
@pytest.mark.parametrize("place", NEIGHBOURS.values(), ids=list(NEIGHBOURS))
def test_what_stands_beside_a_secret_can_be_read(
    form: str, place: Callable[[str], Case], nothing: Report, canary: str
) -> None:
    """And in its place stands the fingerprint by which it can be known again."""
    text = FORMATS[form](redacted(replace(nothing, cases=(place(canary),)), (canary,)))
    assert [one for one in ("hat 1", "hat 2", fingerprint(canary)) if one not in text] == []
