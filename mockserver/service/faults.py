"""The faults of one world: what was set, by whom, what it strikes, and what it has struck."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, MutableMapping
from dataclasses import dataclass
from re import compile as pattern
from threading import Lock
from typing import Final, NamedTuple

from mockserver.core.fault import Draw, Fault, Operation, Source
from mockserver.library.faults import catalogue
from mockserver.library.faults.kinds import SERVER, Kind, Needs, Strike
from mockserver.service.recent import Recent


KEPT_STRIKES: Final = 1_000

MAGIC_WORD: Final = pattern(rb"\[\[fault:([ -Z^-~]{1,200})\]\]")
"""What a client that can set no header writes into a prompt."""


@dataclass(frozen=True, slots=True)
class Set:
    """A fault as it was set: by whom, and when (world time)."""

    fault: Fault
    source: Source
    at_ms: int


@dataclass(frozen=True, slots=True)
class Occasion:
    """A request as faults see it. `subject` is what it is counted and drawn by.

    `means` is what the edge that performs its answer has.
    """

    operation: Operation
    subject: str
    now_ms: int
    model: str = ""
    prediction_id: str = ""
    means: frozenset[Needs] = SERVER


@dataclass(frozen=True, slots=True)
class Struck:
    """What was struck, as it is kept for whoever asks."""

    fault: str
    kind: str
    source: Source
    operation: Operation
    prediction_id: str
    at_ms: int


class Unable(Exception):
    """A fault that was asked for needs what this edge has not; the text says what, and the way."""


class _Met(NamedTuple):
    """A fault that a request has met: the members that are meant, and what was drawn."""

    set: Set
    members: list[Fault]
    ordinal: int
    drawn: Draw


class WorldFaults:
    """Faults and what they count. Safe from any thread; costs nothing while none is set."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._lock = Lock()
        self._set: tuple[Set, ...] = ()
        self._own: Recent[str, tuple[Set, ...]] = Recent()
        """Faults that go with one prediction."""
        self._subjects: Recent[str, str] = Recent()
        self._turns: Recent[tuple[object, ...], int] = Recent()
        self._used: Recent[Fault, int] = Recent()
        self._memories: Recent[tuple[str, str], MutableMapping[str, object]] = Recent()
        self._struck: deque[Struck] = deque(maxlen=KEPT_STRIKES)
        self.active = False
        """Whether anything is set at all: a world without faults does not count requests."""

    def begin_with(self, flags: str, rules: Iterable[Fault], now_ms: int) -> None:
        """Set what the server sets for every world, and what was set by hand for new ones."""
        found = catalogue.checked(flags, by_server=True) if flags else ()
        self._set = (
            *(Set(fault, Source.RULE, now_ms) for fault in rules),
            *(Set(fault, Source.FLAG, now_ms) for fault in found),
        )
        self.active = bool(self._set)

    def copy(self) -> WorldFaults:
        """The same faults and counts, which go their own way from here."""
        other = WorldFaults(self._seed)
        with self._lock:
            vars(other).update(
                _set=self._set,
                _own=self._own.copy(),
                _subjects=self._subjects.copy(),
                _turns=self._turns.copy(),
                _used=self._used.copy(),
                _memories=Recent({key: dict(kept) for key, kept in self._memories.items()}),
                _struck=self._struck.copy(),
                active=self.active,
            )
        return other

    def __iter__(self) -> Iterator[Set]:
        """What is set for the world, the newest first; the server's own come last."""
        return iter(self._set)

    @property
    def struck(self) -> tuple[Struck, ...]:
        """What was struck of late, oldest first."""
        return tuple(self._struck)

    def add(self, fault: Fault, now_ms: int) -> None:
        """Set `fault`, before all older ones. Raises `LibraryError` for one that is not known."""
        catalogue.check(fault)
        with self._lock:
            self._begin(fault)
        self._set = (Set(fault, Source.RULE, now_ms), *self._set)
        self.active = True

    def clear(self) -> None:
        """Forget what was set by hand, for the world or with a prediction; flags stay."""
        self._set = tuple(one for one in self._set if one.source is Source.FLAG)
        self._own.clear()
        self.active = bool(self._set)

    def born(self, prediction_id: str, content: str, own: Iterable[Set] = ()) -> None:
        """A prediction was created out of `content`, and `own` faults go with it.

        Predictions are drawn for by what they were made of, so that neither ids nor threads
        decide; the second of the same content is drawn for anew.
        """
        with self._lock:
            told = tuple(own)
            if told:
                self._own.keep(prediction_id, told)
                self.active = True
            if self.active:
                self._subjects.keep(prediction_id, f"{content}#{self._turn(content)}")

    def subject(self, prediction_id: str) -> str:
        """What requests about this prediction are counted and drawn by."""
        return self._subjects.get(prediction_id, prediction_id)

    def own(self, prediction_id: str) -> tuple[Set, ...]:
        """What goes with this prediction alone."""
        return self._own.get(prediction_id, ())

    def strikes(self, occasion: Occasion, among: Iterable[Set]) -> tuple[Strike, ...]:
        """Those of `among` that strike this request: all of the strongest source that has any.

        Each one that speaks of such requests counts its turn.
        Raises `Unable` where one strikes that the edge cannot perform.
        """
        with self._lock:
            met = [found for one in among if (found := self._met(one, occasion))]
            strongest = min((found.set.source for found in met), default=None)
            struck = tuple(
                self._strike(found, occasion) for found in met if found.set.source is strongest
            )
            for one in struck:
                self._note(one, occasion)
        return struck

    def _met(self, one: Set, occasion: Occasion) -> _Met | None:
        fault = one.fault
        if not fault.concerns(occasion.model, occasion.prediction_id):
            return None
        if fault.times is not None and self._used.get(fault, 0) >= fault.times:
            return None
        able = [each for each in _members(fault) if occasion.operation in _on(fault, each)]
        if not able:
            return None
        ordinal = self._turn(fault, occasion.operation, occasion.subject)
        if not fault.when.allows(ordinal, occasion.now_ms - one.at_ms):
            return None
        drawn = fault.draw(self._seed, f"{occasion.operation} {occasion.subject}", ordinal)
        if fault.when.p < 1 and drawn.unit >= fault.when.p:
            return None
        return _Met(one, able, ordinal, drawn)

    def _strike(self, met: _Met, occasion: Occasion) -> Strike:
        fault, able = met.set.fault, _able(met.members, occasion.means)
        member = able[met.drawn.apart("kind").below(len(able))]
        chosen = catalogue.kinds()[member.name]
        given = fault.params or member.params
        return Strike(
            fault=fault,
            source=met.set.source,
            kind=chosen,
            operation=occasion.operation,
            subject=occasion.subject,
            ordinal=met.ordinal,
            draw=met.drawn.apart("effect"),
            now_ms=occasion.now_ms,
            params=chosen.values(dict(given)),
            memory=self._memory(chosen, occasion.subject),
        )

    def _note(self, strike: Strike, occasion: Occasion) -> None:
        fault = strike.fault
        if fault.times is not None:
            self._used.keep(fault, self._used.get(fault, 0) + 1)
        self._struck.append(
            Struck(
                fault=fault.key,
                kind=strike.kind.name,
                source=strike.source,
                operation=occasion.operation,
                prediction_id=occasion.prediction_id,
                at_ms=occasion.now_ms,
            )
        )

    def _begin(self, fault: Fault) -> None:
        """Count anew what an equal fault counted that was set before."""
        self._used.pop(fault, None)
        for turn in [turn for turn in self._turns if turn[0] == fault]:
            del self._turns[turn]

    def _turn(self, *about: object) -> int:
        """How often this was asked about, this time included."""
        return self._turns.keep(about, self._turns.get(about, 0) + 1)

    def _memory(self, kind: Kind, subject: str) -> MutableMapping[str, object]:
        key = kind.name, subject
        return self._memories.keep(key, self._memories.get(key, {}))


def belongs(one: Set, operation: Operation) -> bool:
    """Whether a fault can strike such a request at all."""
    return any(operation in _on(one.fault, member) for member in _members(one.fault))


def stays(one: Set) -> bool:
    """Whether a fault that a create call asked for goes on to strike what is asked of its child.

    A magic word always does, for it stands in the prediction; a header does where it says so, or
    where it would mean nothing else, or where it names no place and its kind is a lasting one.
    """
    if one.source is Source.MAGIC or not belongs(one, Operation.CREATE):
        return True
    return bool(one.fault.on - {Operation.CREATE}) if one.fault.on else _lasts(one)


def _lasts(one: Set) -> bool:
    return any(catalogue.kinds()[member.name].lasting for member in _members(one.fault))


def _members(fault: Fault) -> tuple[Fault, ...]:
    return catalogue.members(fault.name)


def _on(fault: Fault, member: Fault) -> frozenset[Operation]:
    """Where a member strikes: as the fault says, else as its suite, else as the kind does."""
    kind = catalogue.kinds()[member.name]
    return fault.on & kind.possible if fault.on else member.on or kind.on


def able(fault: Fault, means: Collection[Needs]) -> None:
    """Raise `Unable` where an edge with these `means` can perform nothing of the fault."""
    _able(list(_members(fault)), means)


def _able(members: list[Fault], means: Collection[Needs]) -> list[Fault]:
    """Those members that an edge can perform. Raises `Unable` where it can perform none."""
    needs = [catalogue.kinds()[member.name].needs for member in members]
    able = [one for one, needed in zip(members, needs, strict=True) if needed in means]
    if not able:
        raise Unable(f"{members[0].name} {_WANTS[needs[0]]}")
    return able


_WANTS: Final = {
    Needs.BYTES: "needs the bytes of a connection: use `mockserver serve` or the fixture "
    "`mockserver`, not another WSGI server",
    Needs.SOCKET: "needs a socket that outlives a request: use `mockserver serve` or the fixture "
    "`mockserver`, not the in-process mount",
    Needs.TRANSPORT: "can only be told in-process, by the fixture `mockserver_mount`: "
    "on a socket, point the client at a port where nobody listens",
    Needs.LISTENER: "is about the handshakes of a server: start one with --https --fault",
}
