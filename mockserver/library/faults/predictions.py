"""Faults in what is told of predictions: one edit, wherever an answer or a webhook tells of one.

What is edited is found by its form, not by a gateway's profile: an object with an `id`, alone, in
a list, or inside what a gateway wraps around either. All else stays as it is, byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, Unpack

from mockserver.core.fault import Operation
from mockserver.core.letter import Letter
from mockserver.core.reply import Reply
from mockserver.library.faults.kinds import TOLD, About, Edits, Kind, Strike, kind
from mockserver.library.faults.wire import is_whole, succeeded
from mockserver.library.json_text import JsonError, dumps, loads


# A prediction is a tree of whatever JSON can hold; there is nothing to be typed.
Json = dict[str, Any]
Edit = Callable[[Json, Strike], Json]

WEBHOOK: Final = frozenset({Operation.WEBHOOK})
EVERYWHERE: Final = TOLD | WEBHOOK
"""What tells of predictions."""
LATER: Final = EVERYWHERE - {Operation.CREATE}
"""The same without the answer that a prediction begins with."""

RUNNING: Final = "processing"
SUCCEEDED: Final = frozenset({"succeeded", "completed"})
"""How gateways call success. Source: the profiles of the gateways."""
ENDED: Final = SUCCEEDED | {"failed", "canceled", "aborted"}

_DEEPEST: Final = 2
"""Inside how many objects a prediction, or a list of them, may be wrapped."""


def shape_fault(name: str, **about: Unpack[About]) -> Callable[[Edit], Kind]:
    """Makes an edit of a told prediction a kind, for answers and for webhooks."""
    placed: About = {"on": EVERYWHERE, "fixed": True, "lasting": True, **about}

    def made(edit: Edit) -> Kind:
        edits: Edits = {
            "reply": lambda reply, strike: in_reply(reply, edit, strike),
            "letter": lambda letter, strike: in_letter(letter, edit, strike),
        }
        return kind(name, edit, edits, placed)

    return made


def in_reply(reply: Reply, edit: Edit, strike: Strike) -> Reply:
    """The reply with `edit` made to each prediction it tells of; a refusal stays as it is."""
    if not editable(reply):
        return reply
    return with_body(reply, in_text(reply.body, lambda told: edit(told, strike)))


def in_letter(letter: Letter, edit: Edit, strike: Strike) -> Letter:
    """The webhook with `edit` made to its prediction, and signed anew for its own time."""
    body = in_text(letter.body, lambda told: edit(told, strike))
    return letter if body == letter.body else strike.sealed(letter, body)


def with_body(reply: Reply, body: bytes) -> Reply:
    """The reply with this body; the very same one where that is what it has."""
    return reply if body == reply.body else replace(reply, body=body)


def editable(reply: Reply) -> bool:
    """Whether the reply is a success that is all there, and that nobody else has framed."""
    framed = reply.has("content-length")
    return is_whole(reply) and not framed and succeeded(reply)


def in_text(data: bytes, edit: Callable[[Json], Json]) -> bytes:
    """The text with `edit` made to each prediction that stands in it."""
    return in_object(data, lambda told: _walked(told, edit, _DEEPEST))


def in_object(data: bytes, edit: Callable[[Json], Json]) -> bytes:
    """The text with `edit` made to the object that it is; any other text as it is."""
    told = _object(data)
    return data if told is None else _written(edit(told), like=data)


def told_in(data: bytes) -> list[Json]:
    """The predictions that stand in a text."""
    found: list[Json] = []

    def noted(told: Json) -> Json:
        found.append(told)
        return told

    _walked(_object(data) or {}, noted, _DEEPEST)
    return found


def status(told: Json) -> str:
    """The status, or nothing where it is no text."""
    value = told.get("status")
    return value if isinstance(value, str) else ""


def turn(told: Json, strike: Strike) -> int:
    """How often this prediction was met, this time included."""
    key = str(told.get("id"))
    seen = strike.memory.get(key)
    count = seen + 1 if isinstance(seen, int) else 1
    strike.memory[key] = count
    return count


def output_name(told: Json) -> str:
    """The member that holds the output."""
    return "outputs" if "outputs" in told else "output"


def with_output(told: Json, change: Callable[[Any], Any]) -> Json:
    """The prediction with its output changed, where it has one."""
    name = output_name(told)
    return {**told, name: change(told[name])} if told.get(name) else told


def put(told: Json, **members: Any) -> Json:
    """The prediction with those of `members` that it tells at all."""
    return told | {name: value for name, value in members.items() if name in told}


def without(told: Json, *names: str) -> Json:
    """The prediction but for these members."""
    return {name: value for name, value in told.items() if name not in names}


def _object(data: bytes) -> Json | None:
    """The object that a text is; None for any other text."""
    try:
        told = loads(data)
    except JsonError:
        return None
    return told if isinstance(told, dict) else None


def _walked(told: Json, edit: Callable[[Json], Json], deep: int) -> Json:
    if "id" in told:
        return edit(told)
    return {name: _within(value, edit, deep) for name, value in told.items()}


def _within(value: Any, edit: Callable[[Json], Json], deep: int) -> Any:
    match value:
        case dict() if deep:
            return _walked(value, edit, deep - 1)
        case list():
            return [edit(one) if isinstance(one, dict) and "id" in one else one for one in value]
    return value


def _written(told: Json, like: bytes) -> bytes:
    """The object as JSON in the manner of `like`: upstream's edge escapes, and ends its line."""
    text = dumps(told)
    if not like.endswith(b"\n"):
        return text
    for plain, escaped in _ESCAPES:
        text = text.replace(plain, escaped)
    return text + b"\n"


_ESCAPES: Final = (
    (b"<", b"\\u003c"),
    (b">", b"\\u003e"),
    (b"&", b"\\u0026"),
    ("\u2028".encode(), b"\\u2028"),
    ("\u2029".encode(), b"\\u2029"),
)
"""Source: Go's encoding/json, by which upstream's edge writes."""
