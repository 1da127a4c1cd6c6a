"""`Prefer: wait` answered otherwise than a client may think: by halves, or too late."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Final

from mockserver.core.fault import Operation
from mockserver.core.reply import Reply
from mockserver.library.faults.kinds import Strike, reply_fault
from mockserver.library.faults.params import choice, number
from mockserver.library.faults.places import is_address
from mockserver.library.faults.predictions import (
    RUNNING,
    SUCCEEDED,
    Edit,
    Json,
    in_reply,
    output_name,
    put,
    status,
    without,
)
from mockserver.library.faults.wire import begun_at


_CREATE: Final = frozenset({Operation.CREATE})
_STATUS: Final = choice("status", "201", "202")
_NOT_YET: Final = ("started_at", "completed_at", "metrics")
"""What only an end is told with."""


@reply_fault(
    "sync.processing_with_output",
    on=_CREATE,
    fixed=True,
    tests=("K8",),
    source="twelve recorded sync exchanges of upstream, October 2024",
)
def processing_with_output(reply: Reply, strike: Strike) -> Reply:
    """A sync answer brings all of the output, but says `processing` and tells of no end."""
    return _waited(reply, _half_told, strike)


@reply_fault("sync.processing_null", on=_CREATE, fixed=True, params=(_STATUS,), tests=("K8",))
def processing_null(reply: Reply, strike: Strike) -> Reply:
    """The wait runs out while the prediction runs: a sync answer without output."""
    return _ran_out(reply, RUNNING, strike)


@reply_fault("sync.starting", on=_CREATE, fixed=True, params=(_STATUS,), tests=("K8",))
def starting(reply: Reply, strike: Strike) -> Reply:
    """The wait runs out before the prediction has begun: a sync answer that says `starting`."""
    return _ran_out(reply, "starting", strike)


@reply_fault("sync.data_uri", on=_CREATE, fixed=True, tests=("K7",))
def data_uri(reply: Reply, strike: Strike) -> Reply:
    """A sync answer writes its files out as `data:` URIs instead of giving their addresses."""
    return _waited(reply, _written_out, strike)


@reply_fault(
    "sync.exceeds_wait", on=_CREATE, params=(number("ms", 90_000),), fixed=True, tests=("K6",)
)
def exceeds_wait(reply: Reply, strike: Strike) -> Reply:
    """A sync answer is held back for `ms` more, whatever `Prefer: wait` says."""
    late_ms = strike.now_ms + strike.number("ms")
    return begun_at(reply, late_ms, strike.bell) if _is_sync(reply) else reply


def _waited(reply: Reply, edit: Edit, strike: Strike) -> Reply:
    """The reply edited, if it is one that was waited for."""
    return in_reply(reply, edit, strike) if _is_sync(reply) else reply


def _is_sync(reply: Reply) -> bool:
    return reply.has("preference-applied")


def _ran_out(reply: Reply, called: str, strike: Strike) -> Reply:
    """The reply as if its wait had run out while the prediction was `called` so."""
    if not _is_sync(reply):
        return reply
    return replace(in_reply(reply, _untold(called), strike), status=int(strike.word("status")))


def _half_told(told: Json, _strike: Strike) -> Json:
    if status(told) not in SUCCEEDED:
        return told
    return put(without(told, *_NOT_YET), status=RUNNING, logs="")


def _untold(called: str) -> Edit:
    """The edit that makes a prediction one of which nothing is known but its status."""

    def edit(told: Json, _strike: Strike) -> Json:
        blank = without(told, *_NOT_YET)
        return put(blank, status=called, logs="", error=None, **{output_name(told): None})

    return edit


def _written_out(told: Json, _strike: Strike) -> Json:
    name = output_name(told)
    return put(told, **{name: _inline(told.get(name))})


def _inline(value: Any) -> Any:
    if isinstance(value, list):
        return [_inline(one) for one in value]
    return _uri(str(value).rpartition(".")[2]) if is_address(value) else value


@cache
def _uri(ext: str) -> str:
    """A small file of this kind as a `data:` URI; a picture, where the kind is not known."""
    from base64 import b64encode

    known = ext if ext in _FILES else "png"
    media_type, made = _FILES[known]
    return f"data:{media_type};base64,{b64encode(made(known)).decode()}"


def _picture(ext: str) -> bytes:
    from mockserver.library.media.drawing import draw
    from mockserver.library.media.picture import Picture

    return draw(
        Picture("a fault", 64, 64, ext, quality=80, seed=0, index=0, prompt="sync.data_uri")
    )


def _sound(_ext: str) -> bytes:
    from mockserver.library.media.sound import wav

    return wav(0)


_FILES: Final[Mapping[str, tuple[str, Callable[[str], bytes]]]] = {
    "png": ("image/png", _picture),
    "jpg": ("image/jpeg", _picture),
    "webp": ("image/webp", _picture),
    "wav": ("audio/wav", _sound),
}
