"""Uploads that are refused, lost or slow, and uploaded files that are gone."""

from __future__ import annotations

from typing import Final

from mockserver.core.fault import Operation, Phase
from mockserver.core.reply import Answer, Reply, Reset
from mockserver.library.faults import wire
from mockserver.library.faults.kinds import Ask, Needs, Strike, ask_fault, reply_fault
from mockserver.library.faults.params import number


_FILES: Final = frozenset({Operation.FILES})


@ask_fault("file.upload_413", on=_FILES, phase=Phase.BEFORE, tests=("K10",))
def upload_413(ask: Ask, strike: Strike) -> Answer:
    """An upload is refused as too large (413), whatever its size."""
    return strike.refusal(413) if _uploads(strike) else ask()


@reply_fault("file.upload_reset", on=_FILES, needs=Needs.BYTES, fixed=True, tests=("K1",))
def upload_reset(reply: Reply, strike: Strike) -> Reply:
    """An upload is taken, but the connection is reset (RST) before its answer."""
    return wire.raw(b"", Reset()) if _uploads(strike) else reply


@reply_fault(
    "file.upload_slow", on=_FILES, fixed=True, params=(number("ms", 10_000),), tests=("K6",)
)
def upload_slow(reply: Reply, strike: Strike) -> Reply:
    """An upload is answered `ms` later."""
    late_ms = strike.now_ms + strike.number("ms")
    return wire.begun_at(reply, late_ms, strike.bell) if _uploads(strike) else reply


@reply_fault("file.gone", on=_FILES, fixed=True, tests=("K10",))
def gone(reply: Reply, strike: Strike) -> Reply:
    """An uploaded file is there no more (404) for whoever looks at it or downloads it."""
    named = not strike.request.path.rstrip("/").endswith("/files")
    return strike.refusal(404) if named and strike.request.method in _LOOKS else reply


_LOOKS: Final = ("GET", "HEAD")


def _uploads(strike: Strike) -> bool:
    return strike.request.method == "POST"
