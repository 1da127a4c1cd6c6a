"""A cassette in use: played, recorded, or both, as its mode says, and written when it is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from mockserver.contract.cassettes.keeping import Leaking, joined, keep, ready
from mockserver.core.cassette import Cassette
from mockserver.core.clock import monotonic_ms
from mockserver.core.redaction import concealed
from mockserver.library.cassettes.files import NoCassette, load
from mockserver.library.errors import LibraryError, unknown_name
from mockserver.library.gateways import Gateway
from mockserver.web.front import Front


if TYPE_CHECKING:
    from mockserver.service.worlds import World
    from mockserver.web.recording.recorder import Recorder
    from mockserver.web.replay.player import Player
    from mockserver.web.replay.tape import Tape

SAVED_EVERY_MS: Final = 5_000
"""How much of a recording a crash can cost."""
_DAY_MS: Final = 86_400_000


class Mode(StrEnum):
    """What is played and what is recorded. Source: vcrpy and Ruby's VCR, whose words these are.

    `none`: played only. `once`: recorded where there is no cassette yet, else played only.
    `new_episodes`: played, and what is not on it recorded behind it. `all`: recorded behind what
    there is, and nothing played. `rewrite`: recorded in the place of what there is.
    """

    NONE = "none"
    ONCE = "once"
    NEW_EPISODES = "new_episodes"
    ALL = "all"
    REWRITE = "rewrite"


def mode_called(name: str) -> Mode:
    """The mode of that name. Raises `UnknownName`."""
    modes = {mode.value: mode for mode in Mode}
    if name not in modes:
        raise unknown_name("record mode", name, modes)
    return modes[name]


def mode_of(name: str | None, environ: Mapping[str, str]) -> Mode:
    """The mode of that name; where nobody names one, the default. Raises `UnknownName`."""
    return mode_called(name) if name else default_mode(environ)


def default_mode(environ: Mapping[str, str]) -> Mode:
    """`none` where a machine tests, which should never record by accident; else `once`."""
    return Mode.NONE if environ.get("CI", "").lower() not in ("", "0", "false") else Mode.ONCE


@dataclass(slots=True)
class Deck:
    """The cassette at `path` in `mode`; `before` is what it held, None where there was none.

    What is written has none of `secrets`, and is not written at all if one of `canaries` is left.
    """

    path: Path
    mode: Mode
    before: Cassette | None
    outputs: Path | None = None
    secrets: tuple[str, ...] = ()
    canaries: tuple[str, ...] = ()
    expires_after_days: int | None = None
    upstream: str = ""
    gateway: str = "replicate"
    recorder: Recorder | None = None
    player: Player | None = None
    profile: Gateway | None = None
    world: World | None = None
    written: Cassette | None = None
    """What was written last."""
    _saved_ms: int = field(default_factory=monotonic_ms)
    _lock: Lock = field(default_factory=Lock)

    @property
    def records(self) -> bool:
        """Whether anything is recorded."""
        once = self.mode is Mode.ONCE and self.before is None
        return once or self.mode in _RECORDING

    @property
    def plays(self) -> bool:
        """Whether anything is played."""
        return not self.records or self.mode is Mode.NEW_EPISODES

    def load_into(
        self, front: Front, recorder: Recorder | None = None, world: World | None = None
    ) -> Player:
        """Let `front` answer from here, in `world` or in all.

        Raises `UnknownName` for a gateway that is not known.
        """
        shown = self.before if self.plays and self.before else self._blank()
        self.profile = front.fake.catalogue.gateway(shown.gateway)
        self.recorder = recorder
        otherwise = recorder.answer if recorder is not None and self.records else None
        self.player = player = front.cassettes()
        if world is not None:
            player.play(world, player.index(shown)).otherwise = otherwise
        else:
            player.everyone, player.otherwise = player.index(shown), otherwise
        self.world = world
        return player

    @property
    def tapes(self) -> tuple[Tape, ...]:
        """What played from here."""
        found = tuple(self.player.tapes) if self.player else ()
        return tuple(one for one in found if self.world in (None, one.world))

    def kept(self) -> None:
        """Something was recorded: write it, unless that was done a moment ago.

        What stops the writing now stops it at the end too, and is told then.
        """
        if monotonic_ms() - self._saved_ms >= SAVED_EVERY_MS:
            with suppress(Leaking, LibraryError):
                self.save()

    def save(self) -> None:
        """Write what was recorded, if anything was. Raises `Leaking` and `LibraryError`."""
        if self.recorder is None or self.profile is None or not self.records:
            return
        with self._lock:
            told = self.recorder.cassette(self.upstream, self.gateway)
            if not told.recorded:
                return
            if self.before is not None and self.mode in (Mode.ALL, Mode.NEW_EPISODES):
                told = joined(self.before, told)
            if self.expires_after_days is not None:
                expires_ms = told.recorded_ms + self.expires_after_days * _DAY_MS
                told = replace(told, expires_ms=expires_ms)
            told = ready(told, self.profile, self.secrets)
            keep(self.path, told, self.outputs, self.canaries)
            self.written = told
            self._saved_ms = monotonic_ms()

    def remarks(self, now_ms: int) -> Iterator[str]:
        """What is to be said at the end: what was missed, never asked for, or is out of date."""
        shown = self.before if self.plays else None
        if shown is None or self.player is None:
            return
        if shown.expires_ms is not None and now_ms >= shown.expires_ms:
            days = (now_ms - shown.expires_ms) // _DAY_MS
            yield f"the cassette expired {days} days ago: record it anew (mode rewrite)"
        tapes = self.tapes
        for tape in tapes:
            yield from tape.misses
        left = set[int].intersection(*(set(tape.unused()) for tape in tapes)) if tapes else ()
        for place in sorted(left):
            request = shown.recorded[place].request
            path = concealed(request.path)
            yield f"never asked for: interaction {place}, {request.method} {path}"
        for job in shown.jobs:
            if not job.ended:
                yield (
                    f"{job.id} was still {job.states[-1].status} when the recording ended: "
                    "whoever waits for its end waits for ever"
                )

    @property
    def missed(self) -> int:
        """How many requests were refused because they were not on the cassette."""
        return sum(len(tape.misses) for tape in self.tapes)

    def _blank(self) -> Cassette:
        return Cassette(self.upstream, self.gateway)


_RECORDING: Final = frozenset({Mode.NEW_EPISODES, Mode.ALL, Mode.REWRITE})


def found(path: Path, mode: Mode, outputs: Path | None = None) -> Cassette | None:
    """The cassette at `path`; None where there is none and `mode` can do without.

    Raises `NoCassette` and `NotACassette`: what is broken is never taken for what is missing.
    """
    try:
        return load(path, outputs)
    except NoCassette:
        if mode is Mode.NONE:
            raise
        return None
