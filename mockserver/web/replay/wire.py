"""What was recorded, as replies: addresses lead here, and times are those of the world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from mockserver.contract.looks import answered
from mockserver.core.cassette import Body, Recorded, broken
from mockserver.core.interaction import HOP_BY_HOP, Interaction
from mockserver.core.reply import Action, Reply, Reset, Send
from mockserver.library.json_text import dumps
from mockserver.service.worlds import World


_JSON: Final = (("Content-Type", "application/json"),)
_FRESH: Final = HOP_BY_HOP | {"date"}
"""Headers that an answer has anew each time."""


@dataclass(frozen=True, slots=True)
class Out:
    """Where a reply goes: `leads` tells the address here of one that the cassette answers for.

    `renamed` is the recorded id of a job and the one it has in this `world`.
    """

    world: World
    leads: Callable[[str], str]
    renamed: tuple[str, str] | None = None

    def swapped(self, value: object) -> object:
        """A JSON value whose addresses lead here."""
        match value:
            case str():
                return self._address(value)
            case Mapping():
                return {name: self.swapped(one) for name, one in value.items()}
            case list():
                return [self.swapped(one) for one in value]
        return value

    def text(self, text: str) -> str:
        """A text in which the job has the id it has here."""
        return text.replace(*self.renamed) if self.renamed else text

    def _address(self, text: str) -> str:
        url = self.leads(text) if "://" in text else ""
        if not url:
            return self.text(text)
        named = self.text(url)
        if self.renamed and named == url and "/predictions/" not in url:
            # An address without the id is told apart by a mark behind it.
            return f"{url}~{self.renamed[1]}"
        return named


def recorded(out: Out, one: Recorded, begun_ms: int | None = None) -> Reply:
    """The answer as it was; of a stream that began at `begun_ms`, each part at its time."""
    seen = one.seen
    if not seen.status:
        return Reply(0, script=(Reset(),), raw=True)
    headers = _headers(out, seen)
    if one.parts:
        begun_ms = out.world.clock.now_ms() if begun_ms is None else begun_ms
        script: tuple[Action, ...] = tuple(
            Send(_renamed(out, part.data), begun_ms + part.after_ms) for part in one.parts
        )
        script = (*script, *broken(one.error))
        return Reply(seen.status, headers, script=script, bell=out.world.bell)
    told = answered(seen)
    swapped = out.swapped(told)
    data = seen.response_body if swapped == told else dumps(swapped)
    return Reply(seen.status, headers, data, broken(one.error), out.world.bell)


def body(out: Out, like: Recorded | None, told: Body) -> Reply:
    """A prediction told by `told`, in an answer that is `like` a recorded one."""
    headers = _headers(out, like.seen) if like else _JSON
    status = like.seen.status if like and like.seen.status else 200
    return Reply(status, headers, dumps(out.swapped(told)))


def _renamed(out: Out, data: bytes) -> bytes:
    text = out.text(data.decode(errors="surrogateescape"))
    return text.encode(errors="surrogateescape")


def _headers(out: Out, seen: Interaction) -> tuple[tuple[str, str], ...]:
    kept = [(name, value) for name, value in seen.response_headers if name.lower() not in _FRESH]
    return tuple(
        (name, str(out.swapped(value)) if name.lower() == "location" else value)
        for name, value in kept
    )
