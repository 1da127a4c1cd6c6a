"""Webhooks that tell a prediction wrongly: the body is edited, and its signature is right."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.core.fault import Operation
from mockserver.library.faults import catalogue


if TYPE_CHECKING:
    from tests.web.faults.hooks.conftest import Hooked

Look = Callable[[Any], object]
MODEL = "black-forest-labs/flux-kontext-pro"


@pytest.mark.parametrize(
    ("fault", "look", "seen"),
    [
        ("shape.minimal", list, ["id", "status"]),
        ("shape.missing;member=urls", lambda it: "urls" in it, False),
        ("out.null_on_success", lambda it: (it["status"], it["output"]), ("succeeded", None)),
        ("out.list_for_string", lambda it: len(it["output"]), 1),
        ("life.unknown_status;form=successful", lambda it: it["status"], "successful"),
        ("life.wrong_model", lambda it: it["model"], "black-forest-labs/flux-schnell"),
        ("logs.null", lambda it: it["logs"], None),
        ("time.epoch", lambda it: it["completed_at"], 1_767_225_605),
        (
            "shape.urls_foreign",
            lambda it: it["urls"]["get"].replace(it["id"], "ID"),
            "https://api.replicate.com/v1/predictions/ID",
        ),
    ],
)
def test_what_a_webhook_tells(hooked: Hooked, fault: str, look: Look, seen: object) -> None:
    """The edit is the one that answers get; a strict verifier accepts it."""
    (heard,) = hooked.heard(fault, "completed")
    assert look(json.loads(heard.body)) == seen
    assert hooked.verdict(heard) == ""
    assert hooked.struck[-1].faults[0].startswith(fault.partition(";")[0])


def test_a_shape_goes_with_the_prediction_that_asked_for_it(hooked: Hooked) -> None:
    """Asked for by header with the create call, and by nobody else's."""
    hooked.create("completed", **{"X-Mock-Fault": "shape.minimal"})
    hooked.create("completed")
    hooked.world.clock.advance(10)
    told = [len(json.loads(heard.body)) == 2 for heard in hooked.receiver.heard]
    assert sorted(told) == [False, True]


def test_the_rest_of_a_webhook_stays_as_it_was(hooked: Hooked) -> None:
    """Nothing but the edit changes: all other members are as the letter had them."""
    (struck,) = hooked.heard("shape.extra", "completed")
    body = json.loads(struck.body)
    plain = hooked.world.world.outbox
    (delivery,) = [one for one in plain if one.attempts]
    rendered = json.loads(delivery.render(hooked.world.world, delivery.due_ms))
    assert {name: body[name] for name in rendered} == rendered


def test_what_is_told_by_webhooks_can_be_struck_there_alone() -> None:
    """Every kind of shape knows webhooks as a place."""
    kinds = [one for one in catalogue.kinds().values() if one.letter and one.reply]
    assert len(kinds) > 30
    assert all(Operation.WEBHOOK in one.possible for one in kinds)
