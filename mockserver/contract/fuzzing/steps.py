"""What can be done to a provider, as values: a case is a tuple of them, and repeats as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mockserver.library.models import Model
from mockserver.library.request_body import request_schema
from mockserver.library.validate import Validator


# An input is whatever JSON can hold.
Input = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Create:
    """Create a prediction; `wait_s` 0 does not ask to wait, `scenario` empty leaves it open."""

    input: Input = field(hash=False)
    wait_s: int = 0
    scenario: str = ""


@dataclass(frozen=True, slots=True)
class Mistake:
    """Create from an input with one thing wrong: `field`, by its dotted path from the body."""

    input: Input = field(hash=False)
    field: str


@dataclass(frozen=True, slots=True)
class Look:
    """Look at the prediction that was created as number `of`, from 0 on."""

    of: int


@dataclass(frozen=True, slots=True)
class Cancel:
    """Ask to cancel the prediction that was created as number `of`."""

    of: int


@dataclass(frozen=True, slots=True)
class ListAll:
    """Ask for the first page of the list."""


@dataclass(frozen=True, slots=True)
class Advance:
    """Let so much time pass: a fake's clock is moved, anybody else is waited for."""

    ms: int


Step = Create | Mistake | Look | Cancel | ListAll | Advance
Steps = tuple[Step, ...]


def borne_out(model: Model, steps: Steps) -> bool:
    """Whether each input is as right, or as wrong, as its step says.

    The model's schema decides. What it does not bear out is no provider's mistake but ours.
    """
    schema = request_schema(model.input_schema, versioned=False)
    wrong = Validator(schema).violations
    for step in steps:
        match step:
            case Create(input=given):
                if wrong({"input": given}):
                    return False
            case Mistake(input=given, field=at):
                if {one.field for one in wrong({"input": given})} != {at}:
                    return False
    return True
