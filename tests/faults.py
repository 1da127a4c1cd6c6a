"""Strikes and replies for tests of single kinds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from mockserver.core import fault as core
from mockserver.core.fault import Draw, Operation, Source
from mockserver.core.reply import Reply
from mockserver.library.faults import catalogue
from mockserver.library.faults.kinds import Strike
from mockserver.library.json_text import dumps


QUIET_S: Final = 0.15
"""How long nothing may come before a connection counts as open and silent."""
PATIENT_S: Final = 10.0
"""The same where an answer always ends: a busy machine may take its time to begin it."""


def strike_of(text: str, **more: Any) -> Strike:
    """The fault that `text` describes, as it strikes a first look."""
    fault = core.fault(text)
    kind = catalogue.kinds()[fault.name]
    strike = Strike(
        fault=fault,
        source=Source.RULE,
        kind=kind,
        operation=Operation.GET,
        subject="a",
        ordinal=1,
        draw=Draw(b"a"),
        now_ms=1_767_225_660_000,
        params=kind.values(dict(fault.params)),
    )
    return replace(strike, **more)


def reply_of(body: object, status: int = 200) -> Reply:
    """A reply of this body, which is JSON unless it is bytes."""
    data = body if isinstance(body, bytes) else dumps(body)
    return Reply(status, (("Content-Type", "application/json"),), data)


def edited_by(text: str, reply: Reply) -> Reply:
    """What the fault that `text` describes makes of a reply."""
    strike = strike_of(text)
    assert strike.kind.reply is not None
    return strike.kind.reply(reply, strike)


def undated(data: bytes) -> bytes:
    """The bytes without the lines that tell the second of this machine."""
    lines = data.split(b"\r\n")
    return b"\r\n".join(line for line in lines if not line.lower().startswith(b"date:"))
