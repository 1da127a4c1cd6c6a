"""Logs that shrink, swell, or hold what no reader of progress expects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mockserver.library.faults.kinds import Strike
from mockserver.library.faults.params import choice, number
from mockserver.library.faults.predictions import Json, put, shape_fault, turn


@shape_fault("logs.shrink", tests=("K11",))
def shrink(told: Json, strike: Strike) -> Json:
    """Every second look at logs finds the first half of them only."""
    logs = _logs(told)
    if not logs or turn(told, strike) % 2:
        return told
    return put(told, logs=logs[: len(logs) // 2])


@shape_fault("logs.null", tests=("K11",))
def null(told: Json, _strike: Strike) -> Json:
    """The logs are null, whatever was printed."""
    return put(told, logs=None)


@shape_fault("logs.huge", params=(number("bytes", 1_000_000, 1, 20_000_000),), tests=("K11",))
def huge(told: Json, strike: Strike) -> Json:
    """So many bytes of lines follow what was printed."""
    size = strike.number("bytes")
    lines = _LINE * (size // len(_LINE) + 1)
    return put(told, logs=_logs(told) + lines[:size])


_LINE: Final = "loss=0.1234 lr=1.00e-04 grad=0.0567 step=000042 it/s=12.34\n"


@shape_fault("logs.ansi", tests=("K11",))
def ansi(told: Json, _strike: Strike) -> Json:
    """The logs are coloured for a terminal, and a line is written over by carriage returns."""
    return put(told, logs=f"\x1b[31m{_logs(told)}\x1b[0m{_BAR}")


_BAR: Final = "\r\x1b[2K\x1b[32m 50%|█████     |\r\x1b[2K\x1b[1;32m100%|██████████|\x1b[0m\n"

_PROGRESS: Final[Mapping[str, str]] = {
    "over": "150%|███████████████| 30/20 [00:15<-00:05,  2.00it/s]\n",
    "zero": " 50%|█████     | 10/0 [00:05<?, ?it/s]\n",
    "backwards": " 80%|████████  | 16/20 [00:08<00:02]\n 10%|█         | 2/20 [00:01<00:09]\n",
    "garbage": "nan%|?????| -1/∞ [??:??<??:??]\n",
}


@shape_fault("logs.invalid_progress", params=(choice("form", *_PROGRESS),), tests=("K11",))
def invalid_progress(told: Json, strike: Strike) -> Json:
    """The logs end with a progress bar that cannot be: above 100 %, of 0, backwards, garbage."""
    return put(told, logs=_logs(told) + _PROGRESS[strike.word("form")])


def _logs(told: Json) -> str:
    """The logs, or nothing."""
    logs = told.get("logs")
    return logs if isinstance(logs, str) else ""
