"""Requests that every suite can make, and what is read of their answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pytest

from mockserver.contract.looks import answered
from mockserver.contract.provider import Headers, Provider, create, look
from mockserver.contract.reading import field_of
from mockserver.core.interaction import Interaction
from mockserver.library.gateways import Gateway
from mockserver.library.json_text import members


PRO: Final = "black-forest-labs/flux-kontext-pro"
FILL: Final = "black-forest-labs/flux-fill-dev"
CANCEL: Final = ("POST", "/predictions/ID/cancel")
BY_VERSION: Final = ("POST", "/predictions")
SECRET: Final = ("GET", "/webhooks/default/secret")

INPUT: Final[Mapping[str, object]] = {"prompt": "Make this a 90s cartoon", "output_format": "jpg"}
FILL_INPUT: Final[Mapping[str, object]] = {
    "prompt": "a spaceship",
    "image": "https://example.com/room.png",
    "num_outputs": 2,
    "output_format": "png",
}

# Values of a prediction are whatever JSON holds.
Body = Mapping[str, Any]


def body(exchange: Interaction) -> Body:
    """The JSON object of an answer; one without members where there is none."""
    return members(answered(exchange))


def begin(provider: Provider, *, headers: Headers | None = None) -> str:
    """The id of a new prediction of `PRO`."""
    return str(body(create(provider, PRO, INPUT, headers=headers)).get("id"))


def now(provider: Provider, prediction_id: str) -> Body:
    """The prediction as a look tells it."""
    return body(look(provider, prediction_id))


def named(profile: Gateway, field: str) -> set[str]:
    """What `mockserver.contract.refusal.faults` finds where this field is wrong.

    The whole body has no name.
    """
    called = field_of(profile, field)
    return {called} if called else set()


def needs(profile: Gateway, method: str, path: str) -> None:
    """Skip the test at a gateway that has no place for the operation."""
    if not profile.serves(method, path):
        pytest.skip(f"{profile.title} has no {method} {path}")


def tells(profile: Gateway, member: str) -> None:
    """Skip the test at a gateway whose predictions do not have the member."""
    if not profile.writes(member):
        pytest.skip(f"{profile.title} does not tell {member}")


def neighbours(profile: Gateway) -> None:
    """Skip the test at a gateway whose pages do not name their neighbours."""
    if profile.paging and not profile.paging.told("next"):
        pytest.skip(f"{profile.title} tells no page's neighbours")
