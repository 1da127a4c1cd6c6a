"""The progress of a tour: lines that change on a terminal, else a line for each change."""

from __future__ import annotations

import os
import sys
from threading import Lock
from typing import Final

import click

from mockserver.cli.tour import Stop


_UP: Final = "\x1b[{}A"
_ERASE: Final = "\x1b[2K"


class Progress:
    """Tells on stderr what it hears of; safe to call from any thread."""

    def __init__(self, stops: tuple[Stop, ...], *, in_place: bool | None = None) -> None:
        """`in_place` None decides by what stderr is."""
        self._stops = stops
        self._in_place = _can_move() if in_place is None else in_place
        self._drawn = False
        self._told: set[tuple[str, ...]] = set()
        self._lock = Lock()

    def told(self, stop: Stop) -> None:
        """Show how far `stop` is."""
        with self._lock:
            if self._in_place:
                self._draw()
            elif _news(stop) not in self._told:
                self._told.add(_news(stop))
                click.echo(line(stop), err=True)

    def _draw(self) -> None:
        up = _UP.format(len(self._stops)) if self._drawn else ""
        drawn = "".join(f"{_ERASE}{line(stop)}\n" for stop in self._stops)
        click.echo(up + drawn, err=True, nl=False, color=True)
        self._drawn = True


def _news(stop: Stop) -> tuple[str, ...]:
    """What of a request is worth a line of its own."""
    return stop.path, *stop.statuses, str(len(stop.pictures)), stop.failure


def line(stop: Stop) -> str:
    """How far one request is."""
    name = f"{stop.gateway} {stop.model.rpartition('/')[2]}"
    seen = " → ".join(stop.statuses) or "…"
    files = f", {len(stop.pictures)} downloaded" if stop.pictures else ""
    failure = f" ({stop.failure})" if stop.failure else ""
    return f"  {name:<38} {stop.seconds:4.1f} s  {seen}{files}{failure}"


def _can_move() -> bool:
    """Whether stderr is a terminal on which lines can be written over."""
    return sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"
