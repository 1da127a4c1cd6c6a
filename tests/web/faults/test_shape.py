"""Predictions told with too little, too much, or in other types, as they stand on the wire."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import pytest


if TYPE_CHECKING:
    from tests.web.faults.conftest import Caller

ENDED_S: Final = 60.0
BODY: Final[dict[str, object]] = {
    "input": {"prompt": "a <b> & c", "seed": 12345, "prompt_upsampling": True}
}
FAILED: Final[dict[str, object]] = {"input": {"prompt": "[[mock:failed]]"}}

Look = Callable[[Any], object]


def names(told: Any) -> list[str]:
    """The members, in their order."""
    return list(told)


@pytest.mark.parametrize("member", ["urls", "version", "model", "logs", "input", "created_at"])
def test_a_member_is_missing_or_null(caller: Caller, member: str) -> None:
    """Whatever is always there can be left out, or be null."""
    missing = caller.told(f"shape.missing;member={member}", after_s=ENDED_S)
    null = caller.told(f"shape.null;member={member}", after_s=ENDED_S)
    assert (member in missing.json, null.json[member]) == (False, None)
    assert (names(missing.json), missing.status) == (
        [name for name in null.json if name != member],
        200,
    )


@pytest.mark.parametrize(
    ("fault", "look", "seen"),
    [
        (
            "shape.missing;member=urls.get",
            lambda it: names(it["urls"]),
            ["cancel", "stream", "web"],
        ),
        (
            "shape.missing;member=urls.stream",
            lambda it: names(it["urls"]),
            ["cancel", "get", "web"],
        ),
        ("shape.missing;member=metrics", lambda it: it.get("metrics", "none"), "none"),
        ("shape.missing;member=error", lambda it: it.get("error", "none"), "none"),
        ("shape.null;member=urls.get", lambda it: it["urls"]["get"], None),
        ("shape.null;member=urls.stream", lambda it: it["urls"]["stream"], None),
        ("shape.null;member=metrics", lambda it: it["metrics"], None),
        ("shape.minimal", names, ["id", "status"]),
        ("shape.extra", lambda it: (it["priority"], it["status"]), (7, "succeeded")),
        (
            "shape.number_as_string",
            lambda it: (it["metrics"]["predict_time"], *it["input"].values()),
            ("4.9", "a <b> & c", True, "12345"),
        ),
        (
            "shape.bool_as_int",
            lambda it: (repr(it["data_removed"]), it["metrics"]["predict_time"]),
            ("0", 4.9),
        ),
        ("shape.echo_mutated;form=num_outputs", lambda it: it["input"]["num_outputs"], 1),
        (
            "shape.echo_mutated;form=dropped",
            lambda it: names(it["input"]),
            ["prompt", "prompt_upsampling"],
        ),
        (
            "shape.echo_mutated;form=defaults_added",
            lambda it: (it["input"]["guidance"], it["input"]["seed"]),
            (3.5, 12345),
        ),
        (
            "shape.echo_mutated;form=prompt_reencoded",
            lambda it: it["input"]["prompt"],
            "a%20%3Cb%3E%20%26%20c",
        ),
        (
            "shape.echo_mutated;form=reordered",
            lambda it: names(it["input"]),
            ["seed", "prompt_upsampling", "prompt"],
        ),
        (
            "shape.urls_foreign",
            lambda it: [
                url.replace(it["id"], "ID") for url in (it["urls"]["get"], it["urls"]["web"])
            ],
            ["https://api.replicate.com/v1/predictions/ID", "https://api.replicate.com/p/ID"],
        ),
    ],
)
def test_what_a_look_tells(caller: Caller, fault: str, look: Look, seen: object) -> None:
    """Each fault changes what it says, and the journal names it."""
    told = caller.told(fault, after_s=ENDED_S, body=BODY)
    assert (told.status, look(told.json)) == (200, seen)
    assert told.entry.faults[0].startswith(fault.partition(";")[0])


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("shape.error_empty", ""),
        (
            "shape.error_object",
            {
                "code": "E1001",
                "message": "Prediction interrupted; please retry (code: PA)",
                "details": [],
            },
        ),
    ],
)
def test_reasons_of_failures(caller: Caller, fault: str, error: object) -> None:
    """A failure tells another reason; what has none is left without."""
    assert caller.told(fault, after_s=ENDED_S, body=FAILED).json["error"] == error
    assert caller.told(fault, after_s=ENDED_S).json["error"] is None


@pytest.mark.parametrize("on", ["create", "get", "list", "cancel"])
def test_whatever_tells_of_predictions_is_struck(caller: Caller, on: str) -> None:
    """One edit, in every answer that tells of a prediction, alone or in a list."""
    told = caller.told("shape.missing;member=urls", on).json
    found = told["results"] if on == "list" else [told]
    assert [("urls" in one, "id" in one) for one in found] == [(False, True)]


def test_a_wrapped_prediction_is_found(caller: Caller) -> None:
    """What a gateway wraps around an answer stays; what is inside is struck."""
    world = caller.world(gateway="wavespeed")
    told = caller.told("shape.minimal", "list", gateway="wavespeed")
    assert told.json["data"]["items"] == []
    asked = (
        b"POST /gateways/wavespeed/replicate/v1/black-forest-labs/flux-kontext-pro HTTP/1.1\r\n"
    )
    head = asked + f"Host: x\r\nAuthorization: Bearer {world.token}\r\n".encode()
    world = caller.world(gateway="wavespeed")
    caller.set(world, "shape.minimal")
    told = caller.sent(
        world, head + b'Content-Length: 14\r\nConnection: close\r\n\r\n{"prompt":"x"}'
    )
    assert names(told.json) == ["code", "message", "data"]
    assert names(told.json["data"]) == ["id", "status"]


def test_a_refusal_stays_as_it_is(caller: Caller) -> None:
    """Only what tells of predictions is edited."""
    world = caller.world()
    caller.set(world, "shape.extra")
    told = caller.sent(world, caller.request(world, "get", {"id": "nobody"}))
    assert (told.status, "_links" in told.json) == (404, False)


def test_a_shape_that_a_create_asks_for_lasts(caller: Caller) -> None:
    """Asked for by header with a create call, it strikes all that is told of the prediction."""
    world = caller.world()
    fault = {"X-Mock-Fault": "shape.missing;member=urls"}
    born = caller.sent(world, caller.request(world, "create", {}, headers=fault)).json
    looked = caller.sent(world, caller.request(world, "get", born)).json
    assert ("urls" in born, "urls" in looked) == (False, False)
