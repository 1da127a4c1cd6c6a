"""What a client gives back, as outputs that can be compared with what was made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mockserver.contract.consumer.conduct import Outputs


def outputs_of(value: object) -> Outputs | None:
    """The outputs that a client gave back: addresses and bytes; None where nobody can tell.

    A file object is read, a path is opened, a list is taken apart; nothing at all is no output.
    """
    match value:
        case None:
            return ()
        case str() | bytes():
            return (value,)
        case bytearray() | memoryview():
            return (bytes(value),)
        case Path():
            return (value.read_bytes(),)
        case Sequence():
            each = [outputs_of(one) for one in value]
            return None if None in each else tuple(one for some in each for one in some or ())
    read = getattr(value, "read", None)
    told = read() if callable(read) else None
    return (told,) if isinstance(told, str | bytes) else None
