"""Which answers tell of which predictions, and in what order they are believed."""

from __future__ import annotations

import pytest

from mockserver.contract.looks import histories, looks
from mockserver.core.interaction import Interaction, Request


JSON = (("Content-Type", "application/json"),)


def answer(
    body: bytes,
    *,
    method: str = "GET",
    path: str = "/v1/predictions/x",
    headers: tuple[tuple[str, str], ...] = JSON,
) -> Interaction:
    """An exchange that was answered so."""
    return Interaction(Request(method, path), 200, headers, body, 0)


def test_a_prediction_is_a_look() -> None:
    """An object with an id and a status."""
    (look,) = looks(answer(b'{"id":"x","status":"starting"}'))
    assert (look.id, look.body["status"]) == ("x", "starting")


@pytest.mark.parametrize("path", ["", "/cancel", "/result"])
def test_a_look_is_at_the_prediction_that_was_asked_for(path: str) -> None:
    """Told by another id, it is one more look at the same prediction."""
    told = answer(b'{"id":"y","status":"starting"}', path=f"/v1/predictions/x{path}")
    assert list(histories([answer(b'{"id":"x","status":"starting"}'), told])) == ["x"]


def test_a_page_is_a_look_at_each_of_its_predictions() -> None:
    """List answers are judged like any other."""
    body = b'{"results":[{"id":"x","status":"failed"},{"id":"y","status":"starting"}]}'
    page = answer(body, path="/v1/predictions")
    assert [look.id for look in looks(page)] == ["x", "y"]


@pytest.mark.parametrize(
    "body",
    [b'{"detail":"no"}', b'{"error":{"message":"no"}}', b"[]", b"null", b"{", b'{"results":[1]}'],
    ids=repr,
)
def test_other_answers_tell_of_none(body: bytes) -> None:
    """Refusals, and bodies that are no JSON at all."""
    assert list(looks(answer(body))) == []


def test_what_is_not_called_json_is_not_read() -> None:
    """An output file may hold anything."""
    page = answer(b'{"id":"x","status":"starting"}', headers=(("Content-Type", "image/png"),))
    assert list(looks(page)) == []


def test_a_held_create_call_tells_the_beginning() -> None:
    """Its answer may come after other looks; what it tells was before them."""
    looked = answer(b'{"id":"x","status":"processing"}')
    held = answer(b'{"id":"x","status":"starting"}', method="POST", path="/v1/predictions")
    seen = [look.body["status"] for look in histories([looked, held])["x"]]
    assert seen == ["starting", "processing"]
