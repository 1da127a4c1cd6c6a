"""Recordings of other tools, and ours for them."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from mockserver.contract.cassettes.checking import checked
from mockserver.contract.cassettes.distil import distilled
from mockserver.contract.cassettes.har import cassette_of_har, har_of
from mockserver.contract.cassettes.keeping import ready
from mockserver.contract.cassettes.vcr import cassette_of_vcr, vcr_of
from mockserver.core.cassette import Cassette, Posted
from mockserver.core.interaction import Request
from mockserver.library.cassettes.reading import NotACassette
from tests.playing import played
from tests.recording import CATALOGUE, FLUX, PROMPT, Recording


@pytest.fixture
def cassette() -> Cassette:
    """A life that was polled and listened to, a picture, and a webhook; secrets are out of it."""
    recording = Recording()
    made = recording.create()
    recording.exchange("GET", made["urls"]["stream"].partition("replicate.com")[2])
    ended = recording.look(made["id"])
    recording.exchange("GET", ended["output"][0].partition("replicate.com")[2])
    hook = Request("POST", "/hook", "", (("host", "x.test"),), b'{"a": 1}', "https")
    told = replace(recording.cassette, hooks=(Posted(hook, 700),), expires_ms=1_800_000_000_000)
    return ready(told, recording.profile)


def test_an_archive_holds_everything(cassette: Cassette) -> None:
    """Written and read again it is equal: pieces and times, webhooks, where it is from."""
    again = cassette_of_har(har_of(cassette))
    assert again == replace(cassette, jobs=())


def test_an_archive_is_of_the_format(cassette: Cassette) -> None:
    """Each entry has the members that HAR 1.2 asks for, and what is ours begins with a _."""
    log = json.loads(har_of(cassette))["log"]
    assert log["version"] == "1.2"
    wanted = {"startedDateTime", "time", "request", "response", "cache", "timings"}
    for entry in log["entries"]:
        assert wanted <= entry.keys()
        assert all(name.startswith("_") for name in entry.keys() - wanted)
        assert {"size", "mimeType"} <= entry["response"]["content"].keys()


def test_an_archive_of_a_browser_is_read() -> None:
    """Headers of HTTP/2 and what only browsers say are passed over."""
    made = {
        "id": "tpdf40dypdrma0cram394vvzkg",
        "model": FLUX,
        "status": "succeeded",
        "output": ["https://x.test/a.png"],
    }
    entry = {
        "startedDateTime": "2026-01-01T00:00:00.250Z",
        "time": 12.5,
        "request": {
            "method": "GET",
            "url": f"https://api.replicate.com/v1/predictions/{made['id']}",
            "headers": [{"name": ":path", "value": "/"}, {"name": "Accept", "value": "*/*"}],
        },
        "response": {
            "status": 200,
            "headers": [{"name": "content-type", "value": "application/json"}],
            "content": {
                "text": b64encode(json.dumps(made).encode()).decode(),
                "encoding": "base64",
            },
        },
        "timings": {"wait": 11.7},
    }
    cassette = cassette_of_har(json.dumps({"log": {"entries": [entry]}}).encode())
    (one,) = cassette.recorded
    assert one.request.headers == (("host", "api.replicate.com"), ("accept", "*/*"))
    assert (one.took_ms, json.loads(one.seen.response_body)) == (12, made)
    assert cassette.upstream == "https://api.replicate.com"


@pytest.mark.parametrize(
    "data", [b"", b"[]", b'{"log": 1}', b'{"log": {"entries": [1]}}', b'{"log": {}}', b"\xff"]
)
def test_what_is_no_archive_is_told(data: bytes) -> None:
    """With the name of the file, and never another error."""
    with pytest.raises(NotACassette, match="the archive"):
        cassette_of_har(data)


def vcr(*interactions: dict[str, Any]) -> bytes:
    """A cassette as vcrpy writes it."""
    return yaml.safe_dump({"version": 1, "interactions": list(interactions)}).encode()


def pair(method: str, path: str, answer: Any, *, body: Any = None, **said: Any) -> dict[str, Any]:
    """One interaction in it."""
    return {
        "request": {
            "method": method,
            "uri": f"https://api.replicate.com{path}",
            "body": body if body is None or isinstance(body, str) else json.dumps(body),
            "headers": {"Accept": ["*/*"], "Host": ["api.replicate.com"]},
        },
        "response": {
            "status": {"code": said.get("code", 200), "message": "OK"},
            "headers": {"Content-Type": ["application/json"], **said.get("headers", {})},
            "body": {"string": answer if isinstance(answer, bytes) else json.dumps(answer)},
        },
    }


def lived() -> bytes:
    """A prediction that somebody polled with another tool."""
    recording = Recording()
    made = recording.create()
    recording.poll(made["id"], [500] * 4)
    first, *looks = (json.loads(one.seen.response_body) for one in recording.recorded)
    path = f"/v1/predictions/{made['id']}"
    create = pair("POST", f"/v1/models/{FLUX}/predictions", first, body=PROMPT, code=201)
    return vcr(create, *(pair("GET", path, look) for look in looks))


def test_a_cassette_of_vcr_is_played_at_any_rhythm() -> None:
    """Their list of pairs becomes a life."""
    recording = Recording()
    cassette = ready(cassette_of_vcr(lived()), recording.profile)
    listener = played(cassette)
    assert listener.until_ended(listener.create(), 20)["status"] == "succeeded"
    listener = played(cassette)
    assert listener.create(headers={"prefer": "wait"})["status"] == "succeeded"


def test_what_vcrpy_wrote_is_judged_and_played() -> None:
    """A file of vcrpy 9.4.2, with requests against our fake: it breaks no rule, and it plays."""
    data = (Path(__file__).parent / "vcrpy-9.4.2.yaml").read_bytes()
    cassette = ready(cassette_of_vcr(data), CATALOGUE.gateway("replicate"))
    roles = distilled(cassette, CATALOGUE.gateway("replicate")).roles
    assert checked(cassette, roles, CATALOGUE).findings == ()
    last = json.loads(cassette.recorded[-1].seen.response_body)
    for rhythm_ms in (50, 2_000):
        listener = played(cassette)
        ended = listener.until_ended(listener.create(), rhythm_ms)
        assert (ended["status"], ended["logs"]) == (last["status"], last["logs"])
    listener = played(cassette)
    assert listener.create(headers={"prefer": "wait"})["output"] == last["output"]


def test_ours_becomes_one_of_vcr_and_comes_back(cassette: Cassette) -> None:
    """Requests and answers are the same; times and webhooks have no place there."""
    again = cassette_of_vcr(vcr_of(cassette))
    assert [one.request for one in again.recorded] == [one.request for one in cassette.recorded]
    assert [one.seen.response_body for one in again.recorded] == [
        one.seen.response_body for one in cassette.recorded
    ]


def test_packed_bodies_and_dates_are_read() -> None:
    """vcrpy keeps bodies as they were sent; what is dated stands where its date says."""
    packed = gzip.compress(b'{"a": 1}')
    dates = ("Thu, 01 Jan 2026 00:00:00 GMT", "Thu, 01 Jan 2026 00:00:07 GMT")
    cassette = cassette_of_vcr(
        vcr(
            pair(
                "GET", "/v1/a", packed, headers={"content-encoding": ["gzip"], "date": [dates[0]]}
            ),
            pair("GET", "/v1/b", {"b": 1}),
            pair("GET", "/v1/c", {"c": 1}, headers={"Date": [dates[1]]}),
        )
    )
    assert [one.seen.at_ms for one in cassette.recorded] == [0, 500, 7_000]
    assert cassette.recorded[0].seen.response_body == b'{"a": 1}'
    assert cassette.recorded_ms == 1_767_225_600_000


BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(20)
)
MERGES = "a: &a {x: 1}\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} {{<<: [*{chr(97 + n)}, *{chr(97 + n)}]}}\n" for n in range(24)
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- 1",
        "interactions: 1",
        "interactions: [1]",
        "interactions: [{request: {}, response: {}}]",
        "interactions: [!!python/object/apply:os.system ['echo x']]",
        "interactions: [{a: *b}]",
        "a: [",
        BOMB,
        MERGES,
        "[" * 5_000,
    ],
    ids=["nothing", "list", "number", "numbers", "empty", "code", "alias", "cut", "bomb",
         "merges", "deep"],
)  # fmt: skip
def test_hostile_yaml_is_refused(text: str) -> None:
    """Nothing of it is run or multiplied; the error is ours."""
    with pytest.raises(NotACassette, match="the cassette"):
        cassette_of_vcr(text.encode())


def test_a_body_of_no_kind_is_refused() -> None:
    """A table where bytes should be, or a packed body that is none."""
    for odd in (pair("GET", "/v1/a", b"x", headers={"content-encoding": ["gzip"]}),):
        odd["response"]["body"] = {"string": [1]}
        with pytest.raises(NotACassette):
            cassette_of_vcr(vcr(odd))
    broken = pair("GET", "/v1/a", b"\x1f\x8bxx", headers={"content-encoding": ["gzip"]})
    with pytest.raises(NotACassette):
        cassette_of_vcr(vcr(broken))
