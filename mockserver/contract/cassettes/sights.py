"""What a recording tells of predictions: every sight of one, in whatever channel, and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from re import compile as pattern
from typing import Final
from urllib.parse import urlsplit

from mockserver.contract.events import Event, events
from mockserver.contract.looks import ASKED, answered, header, looks, posted
from mockserver.contract.reading import read, unspelled
from mockserver.core.cassette import Body, Posted, Recorded, arrivals
from mockserver.core.prefer import wait_ms
from mockserver.core.timeline import Status
from mockserver.library.gateways import Gateway
from mockserver.library.json_text import members, object_in


class Form(IntEnum):
    """Which answer tells of a prediction; a later one is told as a look would be, or nearer."""

    STREAM = 0
    LIST = 1
    HOOK = 2
    CANCEL = 3
    CREATE = 4
    LOOK = 5


class Role(Enum):
    """What an interaction is, as far as predictions go."""

    CREATE = "makes one"
    LOOK = "looks at one"
    CANCEL = "asks to cancel one"
    STREAM = "listens to one"
    OTHER = "something else"


@dataclass(frozen=True, slots=True)
class Sight:
    """A prediction as it was told at `at_ms`: in upstream's terms, and as it was spelled.

    `told` holds only what changed where an event of a stream told it.
    """

    at_ms: int
    form: Form
    told: Body = field(hash=False)
    raw: Body = field(hash=False)


@dataclass(frozen=True, slots=True)
class Seen:
    """An interaction's role, and the prediction it is about."""

    role: Role
    id: str = ""


_LEAST_STATUS, _LEAST_FAILURE = 200, 300


def seen_of(profile: Gateway, one: Recorded, streams: Mapping[str, str]) -> Seen:
    """What one interaction is; `streams` are the paths of streams that are known, and whose."""
    path = one.request.path
    if one.request.method == "GET" and path in streams:
        return Seen(Role.STREAM, streams[path])
    asked = ASKED.search(path)
    if asked:
        if one.request.method == "GET":
            return Seen(Role.LOOK, asked[1])
        return Seen(Role.CANCEL if asked[2] == "/cancel" else Role.OTHER, asked[1])
    if one.request.method == "POST" and _went_well(one):
        told = members(answered(read(profile, one.seen)))
        if "id" in told and "status" in told:
            return Seen(Role.CREATE, str(told["id"]))
    return Seen(Role.OTHER)


def streams_of(
    profile: Gateway, recorded: Sequence[Recorded], hooks: Sequence[Posted]
) -> Mapping[str, str]:
    """The paths of all streams that are told of, and the ids of their predictions."""
    told = [look.body for one in recorded for look in looks(read(profile, one.seen))]
    told += [unspelled(profile, posted(hook.request)) for hook in hooks]
    found: dict[str, str] = {}
    for body in told:
        url = members(body.get("urls")).get("stream")
        if isinstance(url, str):
            found[urlsplit(url).path] = str(body.get("id"))
    return found


def sights(
    profile: Gateway, recorded: Sequence[Recorded], hooks: Sequence[Posted], roles: Sequence[Seen]
) -> Mapping[str, list[Sight]]:
    """All sights of each prediction, in the order of their time; sync answers are none."""
    found: dict[str, list[Sight]] = {}
    for one, seen in zip(recorded, roles, strict=True):
        for prediction_id, sight in _sights(profile, one, seen):
            found.setdefault(prediction_id, []).append(sight)
    for hook in hooks:
        raw = posted(hook.request)
        told = unspelled(profile, raw)
        if "id" in told and told.get("status") in set(Status):
            sight = Sight(hook.at_ms, Form.HOOK, told, raw)
            found.setdefault(str(told["id"]), []).append(sight)
    for all_of_one in found.values():
        all_of_one.sort(key=lambda sight: sight.at_ms)
    return found


def waited(one: Recorded) -> bool:
    """Whether a create call asked to wait for the end."""
    asked = one.request.header("prefer")
    return bool(asked) and wait_ms(asked) is not None


def _sights(profile: Gateway, one: Recorded, seen: Seen) -> Iterator[tuple[str, Sight]]:
    if seen.role is Role.STREAM:
        yield from ((seen.id, sight) for sight in _heard(one))
        return
    if not _went_well(one) or (seen.role is Role.CREATE and waited(one)):
        return
    raw = members(answered(one.seen))
    for look in looks(read(profile, one.seen)):
        if look.body.get("status") not in set(Status):
            continue
        form = _FORMS.get(seen.role, Form.LIST)
        at_ms = one.answered_ms if form is Form.CREATE else one.seen.at_ms
        # A list tells of many: what it says of one is not the answer to a look.
        yield look.id, Sight(at_ms, form, look.body, look.body if form is Form.LIST else raw)


_FORMS: Final = {Role.CREATE: Form.CREATE, Role.LOOK: Form.LOOK, Role.CANCEL: Form.CANCEL}


def _heard(one: Recorded) -> Iterator[Sight]:
    """What each event of a stream adds, when it was complete."""
    if header(one.seen, "content-type").partition(";")[0].strip() != "text/event-stream":
        return
    logs, outputs = "", []
    for at_ms, event in _timed(one):
        status: str = Status.PROCESSING
        error = None
        match event.get("event"):
            case "logs":
                logs += event.get("data", "")
            case "output":
                outputs.append(event.get("data", ""))
            case "error":
                error = str(_json(event).get("detail", "")) or None
                status = Status.FAILED
            case "done":
                status = _ENDS.get(str(_json(event).get("reason")), Status.SUCCEEDED)
            case _:
                continue
        told: dict[str, object] = {"status": status, "logs": logs, "output": list(outputs)}
        if status == Status.FAILED and error is None:
            continue
        yield Sight(at_ms, Form.STREAM, told | ({"error": error} if error else {}), {})


_ENDS: Final = {"canceled": Status.CANCELED, "error": Status.FAILED}


def _timed(one: Recorded) -> Iterator[tuple[int, Event]]:
    """The events, and when their last bytes came."""
    body = b"".join(part.data for part in one.parts) or one.seen.response_body
    came, begun = arrivals(one.parts), 0
    for block in _BLOCK.finditer(body):
        after_ms = came(block.end())
        at_ms = one.answered_ms if after_ms is None else one.seen.at_ms + after_ms
        yield from ((at_ms, event) for event in events(body[begun : block.end()]))
        begun = block.end()


_BLOCK: Final = pattern(rb"(?:\r\n|\n|\r)(?:\r\n|\n|\r)")


def _json(event: Event) -> Mapping[str, object]:
    return object_in(event.get("data", "").encode())


def _went_well(one: Recorded) -> bool:
    return not one.error and _LEAST_STATUS <= one.seen.status < _LEAST_FAILURE
