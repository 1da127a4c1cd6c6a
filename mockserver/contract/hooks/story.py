"""A job as an app hears of it: the answer of the create call, webhooks, and looks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from string import ascii_letters, digits
from typing import Final

from mockserver.contract.budget import MODEL
from mockserver.core import ids
from mockserver.core.letter import Letter
from mockserver.core.signature import ID
from mockserver.core.webhook import HookEvent
from mockserver.library.errors import unknown_name
from mockserver.library.json_text import loads, members


CREATED: Final = "created"
POLL: Final = "poll"
COMPLETED: Final = "completed"
HOOK: Final = "http://127.0.0.1:8080/hook"
"""The address that bodies tell where nobody listens at one."""

_DRAWN_LENGTH: Final = 8
_ID_LENGTH: Final = 24
_LETTERS: Final = ascii_letters + digits


@dataclass(frozen=True, slots=True)
class Job:
    """Which job is told: a model's, its scenario, the webhooks asked for, how often it is seen.

    `webhook` is the address that its bodies tell. `begins_ms` is when it is created, in Unix time;
    None is where frozen clocks begin.
    """

    model: str = MODEL
    scenario: str = "happy"
    seed: int = 0
    events: Collection[str] = tuple(HookEvent)
    polls: int = 0
    webhook: str = HOOK
    begins_ms: int | None = None


class Via(StrEnum):
    """How an app hears of a job."""

    ANSWER = "the answer of the create call"
    HOOK = "a webhook"
    POLL = "a look"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that an app hears: `start`, the second `logs` as `logs-2`, `poll`.

    `letter` holds the body, and of a webhook the headers with which it is to be sealed.
    """

    name: str
    via: Via
    letter: Letter
    at_ms: int = 0

    @property
    def body(self) -> bytes:
        """What it says."""
        return self.letter.body

    @property
    def prediction(self) -> Mapping[str, object]:
        """The prediction as it says it is."""
        return members(loads(self.body))


@dataclass(frozen=True, slots=True)
class Story:
    """One job of a model, told in the order in which things happened."""

    prediction_id: str
    model: str
    parts: tuple[Part, ...]

    def __contains__(self, name: object) -> bool:
        return any(part.name == name for part in self.parts)

    def part(self, name: str) -> Part:
        """The part that is called so. Raises `UnknownName`."""
        for part in self.parts:
            if part.name == name:
                return part
        raise unknown_name("event of this job", name, [part.name for part in self.parts])

    def of(self, *vias: Via) -> tuple[Part, ...]:
        """The parts that are heard in one of these ways, in their order."""
        return tuple(part for part in self.parts if part.via in vias)

    def renamed(self, purpose: str) -> Story:
        """The same story of another prediction, whose id and webhook ids follow from `purpose`.

        Its files stay where they are, so that they can be fetched.
        """
        drawn = ids.token(f"{self.prediction_id}:{purpose}".encode(), _DRAWN_LENGTH).encode()
        return self.told_of(ids.prediction_id(ids.created_ms(self.prediction_id), drawn))

    def told_of(self, prediction_id: str) -> Story:
        """The same story of the prediction that is called so."""
        parts = tuple(self._renamed(part, prediction_id) for part in self.parts)
        return replace(self, prediction_id=prediction_id, parts=parts)

    def _renamed(self, part: Part, own: str) -> Part:
        body = part.body
        for before in (b'"', b"/"):
            body = body.replace(before + self.prediction_id.encode(), before + own.encode())
        letter = replace(part.letter, body=body)
        if part.via is Via.HOOK:
            letter = letter.with_header(ID, f"msg_{_token(f'{own}:{part.name}')}")
        return replace(part, letter=letter)

    @property
    def names(self) -> Mapping[str, str]:
        """What is different in every story, and what stands for it where stories are compared."""
        hooks = {part.letter.header(ID): part.name for part in self.of(Via.HOOK)}
        return {self.prediction_id: "ID", **{name: f"ID of {it}" for name, it in hooks.items()}}


def numbered(names: Iterable[str]) -> Iterator[str]:
    """Each name; where it comes again, with the number of the time that it comes."""
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name}-{seen[name]}"


def comparable(value: object, names: Mapping[str, str]) -> object:
    """What an app believes, without what is different in every story."""
    match value:
        case str():
            return _without(value, names)
        case Mapping():
            told = ((comparable(key, names), comparable(one, names)) for key, one in value.items())
            return dict(told)
        case list() | tuple() | set() | frozenset():
            return type(value)(comparable(one, names) for one in value)
        case _:
            return value


def _without(text: str, names: Mapping[str, str]) -> str:
    for name, told in names.items():
        text = text.replace(name, told)
    return text


def _token(text: str) -> str:
    return ids.token(text.encode(), _ID_LENGTH, _LETTERS)
