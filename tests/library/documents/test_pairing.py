"""Which request a response answers."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.library.documents.page import Request, Response
from mockserver.library.documents.pairing import another, answered_by, differing, nearest
from mockserver.library.documents.tree import Place, Tree


def request(line: int, given: Mapping[str, object] | None) -> Request:
    """A request whose input that is; None for one without a body."""
    body = None if given is None else Tree({"input": dict(given)}, {"": line})
    return Request("POST", "https://a.example/v1/predictions", (), body, Place(line))


def response(body: Mapping[str, object]) -> Response:
    """A response with that body."""
    return Response(200, Tree(dict(body), {"": 9}), Place(9))


RED = {"prompt": "a red car", "n": 1}
BLUE = {"prompt": "a blue car", "n": 2}


def test_the_nearest_request_is_answered() -> None:
    """A number may have changed on the way."""
    asked = [request(1, None), request(2, BLUE), request(3, RED)]
    assert answered_by(response({"input": RED | {"n": 4}}), asked) is asked[2]


def test_a_sentence_that_differs_is_another_request() -> None:
    """Which the page does not show."""
    assert (
        answered_by(response({"input": {"prompt": "a boat", "n": 1}}), [request(1, RED)]) is None
    )


def test_a_response_without_an_input_answers_the_first() -> None:
    """There is nothing to compare; without a request it answers none."""
    asked = [request(1, None), request(2, BLUE), request(3, RED)]
    assert answered_by(response({"id": "x"}), asked) is asked[1]
    assert answered_by(response({"id": "x"}), asked[:1]) is None


def test_what_differs_is_what_one_side_has_not_or_has_otherwise() -> None:
    """In the order of the request, then of the echo; a flag is no number."""
    assert differing({"a": 1, "b": True, "c": 2}, {"d": 4, "b": 1, "c": 2.0}) == ["a", "b", "d"]
    assert nearest([RED, BLUE], BLUE) is BLUE
    assert another({"at": "https://a"}, {"at": "https://b"})
    assert not another({"style": "plain"}, {"style": "ornate"})
