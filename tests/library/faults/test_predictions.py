"""Edits of what is told of predictions: exact numbers, kept order, and nothing else is touched."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from mockserver.core.fault import Operation
from mockserver.core.letter import Letter, Seal
from mockserver.core.reply import Reply, Reset, Send
from mockserver.core.signature import secret, verify
from mockserver.core.timeline import Beat, Plan, Status, Step
from mockserver.library.faults import catalogue
from mockserver.library.faults.kinds import Kind, Strike
from mockserver.library.faults.predictions import in_letter, in_reply, in_text, turn
from mockserver.library.json_text import dumps, loads
from tests.faults import reply_of, strike_of


FAULTS: Final = catalogue.examples("lifecycle")
AT_S: Final = 1_767_225_600
SECRET: Final = secret(b"a key of 24 bytes, or so")

values = some.recursive(
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats(allow_nan=False, allow_infinity=False)
    | some.text(max_size=20),
    lambda inner: (
        some.lists(inner, max_size=3)
        | some.dictionaries(some.text(max_size=10), inner, max_size=3)
    ),
    max_leaves=10,
)
MEMBERS: Final = (
    "id",
    "status",
    "model",
    "input",
    "logs",
    "output",
    "outputs",
    "error",
    "urls",
    "metrics",
    "created_at",
    "started_at",
    "completed_at",
    "data_removed",
)
known = some.sampled_from(
    [
        "starting",
        "processing",
        "succeeded",
        "failed",
        "2026-01-01T00:00:00Z",
        "https://a.example/b",
    ]
)
predictions = some.dictionaries(some.sampled_from(MEMBERS), known | values, max_size=14)
pages = some.fixed_dictionaries(
    {"results": some.lists(predictions, max_size=3)},
    optional={"next": values, "data": predictions},
)
bodies = some.one_of(
    predictions,
    pages,
    values,
    some.fixed_dictionaries({"code": some.just(200), "data": predictions | pages}),
)


def kind_of(fault: str) -> Kind:
    """The kind of a fault's text."""
    return catalogue.kinds()[fault.partition(";")[0]]


def renamed(told: dict[str, Any], _strike: Strike) -> dict[str, Any]:
    """An edit that can be seen."""
    return {**told, "status": "edited"}


STRIKE: Final = strike_of("shape.extra")


@given(body=bodies)
def test_an_edit_that_changes_nothing_changes_no_byte(body: Any) -> None:
    """Big integers, order of keys and the manner of writing are kept."""
    for data in (dumps(body), dumps({"id": body}), dumps({"id": body}) + b"\n"):
        assert loads(in_text(data, dict)) == loads(data)
        assert in_text(data, dict).endswith(b"\n") == data.endswith(b"\n")


@pytest.mark.parametrize(
    "text",
    [
        b'{"id":"a","seed":1180591620717411303425,"cost":0.1,"b":1.0,"a":-0.0}',
        b'{"id":"a","prompt":"\\u003cb\\u003e \\u0026 \\u2028"}\n',
        '{"id":"a","prompt":"<b> & é 中"}'.encode(),
    ],
)
def test_bytes_are_kept_as_each_service_writes_them(text: bytes) -> None:
    """Upstream's edge escapes and ends its line, its web service does neither."""
    assert in_text(text, dict) == text


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"null",
        b"[]",
        b'"x"',
        b"12",
        b"<html>",
        b'{"id"',
        b"\xff",
        b'{"detail":"no"}',
        b"[" * 99,
    ],
)
def test_what_tells_of_no_prediction_is_left_alone(text: bytes) -> None:
    """Anything but an object with an id inside."""
    assert in_text(text, lambda _: {"edited": True}) == text


@pytest.mark.parametrize(
    ("body", "edited"),
    [
        ({"id": "a"}, {"id": "a", "status": "edited"}),
        ({"results": [{"id": "a"}, 1]}, {"results": [{"id": "a", "status": "edited"}, 1]}),
        ({"data": {"id": "a"}}, {"data": {"id": "a", "status": "edited"}}),
        (
            {"data": {"items": [{"id": "a"}]}},
            {"data": {"items": [{"id": "a", "status": "edited"}]}},
        ),
        ({"id": "a", "input": {"id": "b"}}, {"id": "a", "input": {"id": "b"}, "status": "edited"}),
        ({"a": {"b": {"c": {"id": "a"}}}}, {"a": {"b": {"c": {"id": "a"}}}}),
    ],
)
def test_where_predictions_are_found(body: object, edited: object) -> None:
    """Alone, in a list, wrapped; never inside another one."""
    assert loads(in_reply(reply_of(body), renamed, STRIKE).body) == edited


@pytest.mark.parametrize(
    "reply",
    [
        reply_of({"id": "a"}, 404),
        reply_of({"id": "a"}, 302),
        reply_of({"id": "a"}).with_headers(("Content-Length", "10")),
        Reply(200, body=b'{"id":"a"}', script=(Send(b"more"),)),
        Reply(200, body=b'{"id":"a"}', raw=True),
        Reply(0, script=(Reset(),), raw=True),
    ],
)
def test_which_replies_are_left_alone(reply: Reply) -> None:
    """Refusals, and what another fault has framed or broken, stay the very same."""
    assert in_reply(reply, renamed, STRIKE) is reply


def test_a_letter_is_signed_anew() -> None:
    """A receiver that verifies believes the edited webhook, for the time it had."""
    seal = Seal((SECRET,))
    letter = seal(Letter((("webhook-id", "msg_1"),), b""), AT_S, b'{"id":"a"}')
    edited = in_letter(letter, renamed, strike_of("shape.extra", seal=seal))
    assert edited.body == b'{"id":"a","status":"edited"}'
    verify([SECRET], dict(edited.headers), edited.body, now_ms=AT_S * 1000)


def test_a_letter_that_tells_of_nothing_stays_the_same() -> None:
    """It is not signed again either."""
    letter = Letter((("webhook-id", "msg_1"),), b"not JSON")
    assert in_letter(letter, renamed, STRIKE) is letter


def test_turns_are_counted_for_each_prediction() -> None:
    """Apart from all others."""
    strike = strike_of("shape.extra")
    assert [turn({"id": one}, strike) for one in ("a", "b", "a")] == [1, 1, 2]


@settings(max_examples=settings().max_examples // 4)
@pytest.mark.parametrize("fault", FAULTS)
@given(
    body=bodies,
    status=some.sampled_from([200, 201, 204, 206, 404]),
    line=some.sampled_from([b"", b"\n"]),
)
def test_every_edit_survives_whatever_it_meets(
    fault: str, body: Any, status: int, line: bytes
) -> None:
    """No fault makes the fake fail: what cannot be edited is left, twice in a row."""
    kind, strike = kind_of(fault), strike_of(fault)
    data = dumps(body) + line
    reply = reply_of(data, status).with_headers(("Preference-Applied", "wait"))
    for operation in kind.possible:
        struck = strike_of(fault, operation=operation)
        for told in (reply, reply) if kind.reply else ():
            edited = kind.reply(told, struck) if kind.reply else told
            assert isinstance(edited.body, bytes)
    if kind.letter:
        assert isinstance(kind.letter(Letter((), data), strike).body, bytes)


PLANS: Final = (
    Plan((Step(Status.STARTING, 300), Step(Status.PROCESSING, 900), Step(Status.SUCCEEDED))),
    Plan((Step(Status.STARTING, 0), Step(Status.PROCESSING, 0), Step(Status.FAILED)), error="x"),
    Plan((Step(Status.STARTING),)),
    Plan((Step(Status.STARTING, 5), Step(Status.PROCESSING, None, (Beat(90, "a", 1),)))),
    Plan((Step(Status.STARTING, 5), Step(Status.ABORTED))),
    Plan((Step(Status.STARTING, 5), Step(Status.FAILED)), error="x"),
    Plan(
        (
            Step(Status.STARTING, 5),
            Step(Status.PROCESSING, 100, (Beat(5, "a\n"), Beat(100, "b\n", 2))),
            Step(Status.CANCELED),
        ),
        outputs=2,
    ),
)


@pytest.mark.parametrize("fault", [one for one in FAULTS if kind_of(one).plan])
@pytest.mark.parametrize("planned", range(len(PLANS)))
def test_every_plan_can_be_planned_otherwise(fault: str, planned: int) -> None:
    """A plan fault makes a legal life of any other; moments never run backwards."""
    edit = kind_of(fault).plan
    assert edit is not None
    moments = edit(PLANS[planned], strike_of(fault)).moments
    assert all(one.after_ms <= other.after_ms for one, other in pairwise(moments))


@pytest.mark.parametrize("fault", FAULTS)
def test_every_kind_says_what_it_tests(fault: str) -> None:
    """A docstring for users, and at least one promise of a good client."""
    kind = kind_of(fault)
    assert (kind.says.endswith("."), bool(kind.tests)) == (True, True)
    assert kind.on <= kind.possible <= frozenset(Operation)
