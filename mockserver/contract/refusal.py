"""What is read of a refusal: its members, and the fields that it calls wrong."""

from __future__ import annotations

from collections.abc import Mapping
from re import MULTILINE, escape, search
from re import compile as pattern
from typing import Final

from mockserver.contract.looks import answered
from mockserver.core.interaction import Interaction
from mockserver.library.json_text import members
from mockserver.library.refusals import Envelope, Refusals


def problem(errors: Refusals, refused: Interaction) -> Mapping[str, object]:
    """The members of a refusal, wherever the envelope has them."""
    told = members(answered(refused))
    return members(told.get("error")) if errors.envelope is Envelope.OPENAI else told


def faults(refused: Interaction) -> set[str]:
    """The fields that a refusal in upstream's words names as wrong, by their dotted paths."""
    told = members(answered(refused))
    text = told.get("detail") or members(told.get("error")).get("message") or told.get("message")
    return set(_FAULT.findall(str(text)))


def speaks_of(refused: Interaction, field: str) -> bool:
    """Whether a refusal says the name of a field, given by its dotted path, in whatever words."""
    name = field.rpartition(".")[2]
    text = refused.response_body.decode(errors="replace")
    return search(rf"(?<!\w){escape(name)}(?!\w)", text) is not None


_FAULT: Final = pattern(r"^- ([^: ]+): ", MULTILINE)
