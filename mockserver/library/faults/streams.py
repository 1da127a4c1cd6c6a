"""A stream's script with its events edited as they come, also those that are yet to be told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from mockserver.core.reply import Action, Hold, Reply, Script, Send
from mockserver.library.faults.kinds import Events, Last, StreamEdit, Strike


Edit = Callable[[Events, Events], Script | Last]

_GAP = b"\n\n"


def edited(reply: Reply, edit: StreamEdit, strike: Strike) -> Reply:
    """The stream with `edit` made to its events; an answer that is no stream stays as it is."""
    if not reply.script or reply.raw:
        return reply
    script = rewritten(reply.script, lambda new, before: edit(new, before, strike))
    return replace(reply, script=script)


def rewritten(script: Script, edit: Edit, before: Events = ()) -> Script:
    """The script with `edit` made to the events it sends, behind those sent before it."""
    return tuple(_rewritten(script, edit, before))


def _rewritten(script: Script, edit: Edit, before: Events) -> Iterator[Action]:
    for action in script:
        match action:
            case Send(data=data):
                new = events(data)
                told = edit(new, before)
                if isinstance(told, Last):
                    yield from told.script
                    return
                yield from told
                before = (*before, *new)
            case Hold():
                yield _held(action, edit, before)
            case _:
                yield action


def _held(hold: Hold, edit: Edit, before: Events) -> Hold:
    return replace(hold, then=lambda now_ms: rewritten(hold.then(now_ms), edit, before))


def events(data: bytes) -> Events:
    """The events that stand in `data`, each with the empty line that ends it."""
    return tuple(part + _GAP for part in data.split(_GAP) if part)


def name_of(event: bytes) -> str:
    """The name of an event; empty for a comment."""
    for line in event.split(b"\n"):
        if line.startswith(b"event: "):
            return line.removeprefix(b"event: ").decode()
    return ""


def is_stream(reply: Reply) -> bool:
    """Whether a reply is a stream of events, still in the framing that an edge gives it."""
    kinds = (value for name, value in reply.headers if name.lower() == "content-type")
    return not reply.raw and any(one.startswith("text/event-stream") for one in kinds)


def respelt(reply: Reply, spell: Callable[[bytes], bytes]) -> Reply:
    """The stream with `spell` made to all its bytes, opening included; other answers as they are.

    It is called with whole events.
    """
    if not is_stream(reply):
        return reply
    script = rewritten(reply.script, lambda new, _: sent(*map(spell, new)))
    return replace(reply, body=spell(reply.body), script=script)


def field(event: bytes, name: str) -> str:
    """The value of an event's field; several lines of it are joined, as a reader does."""
    start = f"{name}: ".encode()
    lines = (line.removeprefix(start) for line in event.split(b"\n") if line.startswith(start))
    return b"\n".join(lines).decode(errors="replace")


def sent(*data: bytes) -> Script:
    """The script that sends these events at once; nothing where there are none."""
    joined = b"".join(data)
    return (Send(joined),) if joined else ()
