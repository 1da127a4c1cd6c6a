"""Requests that every suite can make, and what is read of their answers."""

from __future__ import annotations

from collections.abc import Mapping
from re import MULTILINE
from re import compile as pattern
from typing import Any, Final

from mockserver.contract.looks import answered, members
from mockserver.contract.provider import Headers, Provider, create, look
from mockserver.core.interaction import Interaction


PRO: Final = "black-forest-labs/flux-kontext-pro"
FILL: Final = "black-forest-labs/flux-fill-dev"

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


def faults(refused: Interaction) -> set[str]:
    """The fields that a refusal names as wrong, by their dotted paths."""
    told = body(refused)
    text = told.get("detail") or members(told.get("error")).get("message") or ""
    return set(_FAULT.findall(str(text)))


_FAULT: Final = pattern(r"^- ([^: ]+): ", MULTILINE)
