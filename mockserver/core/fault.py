"""A fault as data: what goes wrong on purpose, where, when, and how chance decides.

Written as a text, a fault is its name and what else is to be said of it, in any order:

    net.reset_before;on=create;nth=1;phase=before

The name is that of one kind, of a family (`net`) or of a suite (`smoke`).
Whether it strikes is drawn from the seed, the fault, what it strikes at and how often that was
asked before, never from a shared generator: a run repeats whatever its threads do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass, fields
from enum import IntEnum, StrEnum
from fnmatch import fnmatchcase
from hashlib import blake2b, shake_128
from re import compile as pattern
from types import MappingProxyType
from typing import Final


class Operation(StrEnum):
    """What is asked of the API, as far as faults tell it apart; `webhook` is what the API asks."""

    CREATE = "create"
    GET = "get"
    LIST = "list"
    CANCEL = "cancel"
    STREAM = "stream"
    OUTPUT = "output"
    FILES = "files"
    OTHER = "other"
    WEBHOOK = "webhook"


class Source(IntEnum):
    """Who set a fault, the strongest first: what a stronger one strikes, a weaker one leaves."""

    HEADER = 0
    RULE = 1
    MAGIC = 2
    SCENARIO = 3
    FLAG = 4


class Phase(StrEnum):
    """Whether the request took effect: `after` means that the job exists and the reply is lost."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Draw:
    """Chance that repeats: everything drawn from equal keys is equal."""

    key: bytes

    def octets(self, count: int) -> bytes:
        """`count` bytes that look random."""
        return shake_128(self.key).digest(count)

    @property
    def unit(self) -> float:
        """A number from 0 up to, but not including, 1."""
        return int.from_bytes(self.octets(_UNIT_BYTES)) / 256**_UNIT_BYTES

    def below(self, count: int) -> int:
        """A whole number from 0 up to, but not including, `count`."""
        return int(self.apart("below").unit * count)

    def apart(self, purpose: str) -> Draw:
        """Chance for something else, told apart by `purpose`."""
        return Draw(self.key + b"/" + purpose.encode())


_UNIT_BYTES: Final = 6


@dataclass(frozen=True, slots=True)
class When:
    """Which of the requests that match are struck; all conditions hold together.

    `nth`, `first` and `every` count, from 1, the requests about one prediction (a create: those
    with the same body) since the fault was set; `after_ms` and `until_ms` are world time since
    then; `p` is the chance that is left.
    """

    nth: int | None = None
    first: int | None = None
    every: int | None = None
    p: float = 1.0
    after_ms: int = 0
    until_ms: int | None = None

    def __post_init__(self) -> None:
        for name in ("nth", "first", "every"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ValueError(f'"{name}" of a fault is a whole number from 1 on, not {value}')
        if not 0 <= self.p <= 1:
            raise ValueError(f'"p" of a fault is a chance from 0 to 1, not {self.p}')

    def allows(self, ordinal: int, age_ms: int) -> bool:
        """Whether the `ordinal`-th such request may be struck, `age_ms` after it was set."""
        return (
            self.nth in (None, ordinal)
            and (self.first is None or ordinal <= self.first)
            and (self.every is None or ordinal % self.every == 0)
            and self.after_ms <= age_ms
            and (self.until_ms is None or age_ms < self.until_ms)
        )


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong on purpose.

    `on` empty is where the kind belongs; `model` a shell pattern over `owner/name`; `id` one
    prediction; `times` how often it strikes in a world before it is used up; `seed` None that of
    the world; `params` what the kind itself asks for, as texts.
    """

    name: str
    params: tuple[tuple[str, str], ...] = ()
    on: frozenset[Operation] = frozenset()
    model: str = "*"
    id: str = ""
    when: When = When()
    phase: Phase | None = None
    times: int | None = None
    seed: int | None = None

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"a fault is named like net.reset_before, not {self.name!r}")
        if self.times is not None and self.times < 1:
            raise ValueError(f'"times" of a fault is a whole number from 1 on, not {self.times}')

    def __str__(self) -> str:
        """The fault as a text, always the same for equal faults."""
        told = {
            "on": "+".join(sorted(self.on)),
            "model": "" if self.model == "*" else self.model,
            "id": self.id,
            **{one.name: _told(self.when, one) for one in fields(When)},
            "phase": self.phase or "",
            "times": "" if self.times is None else str(self.times),
            "seed": "" if self.seed is None else str(self.seed),
            **dict(self.params),
        }
        return ";".join([self.name, *(f"{key}={value}" for key, value in told.items() if value)])

    @property
    def key(self) -> str:
        """A short name for this very fault: it stands in the journal, and draws differ by it."""
        return f"{self.name}-{blake2b(str(self).encode(), digest_size=3).hexdigest()}"

    def concerns(self, model: str, prediction_id: str) -> bool:
        """Whether a request about this prediction of this model can be struck."""
        if self.id and self.id != prediction_id:
            return False
        return self.model == "*" or fnmatchcase(model, self.model)

    def draw(self, seed: int, subject: str, ordinal: int) -> Draw:
        """Chance for the `ordinal`-th request about `subject` in a world of this `seed`."""
        own = seed if self.seed is None else self.seed
        told = f"{own}:{self}:{subject}:{ordinal}".encode()
        return Draw(blake2b(told, digest_size=16).digest())


_NOTHING: Final[Mapping[str, object]] = MappingProxyType({})
_NAME: Final = pattern(r"[a-z][a-z0-9_]{0,40}(?:\.[a-z][a-z0-9_]{0,40}|\.\*)?")
_WHOLE: Final = pattern(r"-?[0-9]{1,15}")
_WHOLES: Final = ("nth", "first", "every", "after_ms", "until_ms")
_WORDS: Final = ("on", "model", "id", "phase", "times", "seed", "p", *_WHOLES)


def faults(text: str) -> tuple[Fault, ...]:
    """The faults of a text, separated by commas. Raises `ValueError`."""
    return tuple(fault(part) for part in text.split(",") if part.strip())


def fault(text: str, values: Mapping[str, object] = _NOTHING) -> Fault:
    """The fault that `text` tells, `values` said of it besides. Raises `ValueError`."""
    name, *parts = (part.strip() for part in text.split(";"))
    said = {key: _text(key, value) for key, value in values.items() if value is not None}
    told = {**dict(map(_pair, filter(None, parts))), **said}
    return Fault(
        name=name.lower(),
        params=tuple(sorted((key, one) for key, one in told.items() if key not in _WORDS)),
        on=_operations(told.get("on", "")),
        model=told.get("model", "*"),
        id=told.get("id", ""),
        when=_when(told),
        phase=Phase(_word("phase", told["phase"], tuple(Phase))) if "phase" in told else None,
        times=_whole("times", told["times"]) if "times" in told else None,
        seed=_whole("seed", told["seed"]) if "seed" in told else None,
    )


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"after a fault's name come pairs like nth=1, not {text!r}")
    return key.strip(), value.strip()


def _when(told: Mapping[str, str]) -> When:
    counted = {key: _whole(key, told[key]) for key in _WHOLES if key in told}
    return When(**counted, p=_chance(told.get("p", "1")))


def _chance(seen: str) -> float:
    try:
        return float(seen)
    except ValueError:
        raise ValueError(f'"p" of a fault is a chance from 0 to 1, not {seen!r}') from None


def _operations(text: str) -> frozenset[Operation]:
    if text in ("", "*"):
        return frozenset(Operation) if text else frozenset()
    known = tuple(Operation)
    return frozenset(Operation(_word("on", one.strip(), known)) for one in text.split("+"))


def _word(key: str, seen: str, known: tuple[str, ...]) -> str:
    if seen not in known:
        raise ValueError(f'"{key}" of a fault is one of {", ".join(known)}, not {seen!r}')
    return seen


def _whole(key: str, seen: str) -> int:
    if not _WHOLE.fullmatch(seen):
        raise ValueError(f'"{key}" of a fault is a whole number, not {seen!r}')
    return int(seen)


def _text(key: str, value: object) -> str:
    """A value as it stands in a text: what JSON and Python spell otherwise is told the same."""
    if isinstance(value, list | tuple | set | frozenset):
        return "+".join(str(one) for one in value)
    told = str(value).lower() if isinstance(value, bool) else str(value)
    if any(sign in told for sign in ";,"):
        raise ValueError(f'"{key}" of a fault cannot hold a comma or a semicolon: {told!r}')
    return told


def _told(when: When, condition: Field[object]) -> str:
    value = getattr(when, condition.name)
    return "" if value == condition.default else str(value)
