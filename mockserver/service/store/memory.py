"""The default store: one compact record per prediction, and nothing for the collector to walk."""

from __future__ import annotations

from collections.abc import Hashable
from copy import copy
from itertools import chain
from struct import Struct
from typing import Final, Generic, Self, TypeVar

from mockserver.core.timeline import Created, Event, Intervention, Plan


_HEAD: Final = Struct("<qqqIII")
_NO_DEADLINE: Final = -1
_PER_TUPLE: Final = 256

_Value = TypeVar("_Value", bound=Hashable)


class _Shared(Generic[_Value]):
    """Values that many records have in common, each kept once and named by a number."""

    def __init__(self) -> None:
        self._numbers: dict[_Value, int] = {}
        self._values: list[_Value] = []
        self._latest: tuple[object, int] = (None, 0)

    def number(self, value: _Value) -> int:
        """The number of `value`. The same object as last time is found without hashing it."""
        if self._latest[0] is value:
            return self._latest[1]
        number = self._numbers.setdefault(value, len(self._values))
        if number == len(self._values):
            self._values.append(value)
        self._latest = (value, number)
        return number

    def copy(self) -> Self:
        """The same values under the same numbers."""
        other = copy(self)
        vars(other).update(_numbers=dict(self._numbers), _values=list(self._values))
        return other

    def __getitem__(self, number: int) -> _Value:
        return self._values[number]


class _Row:
    """Texts in the order they came, in tuples: the collector never walks a full one again."""

    def __init__(self) -> None:
        self._full: list[tuple[str, ...]] = []
        self._latest: list[str] = []

    def append(self, text: str) -> None:
        """Put `text` behind all others."""
        self._latest.append(text)
        if len(self._latest) == _PER_TUPLE:
            self._full.append(tuple(self._latest))
            self._latest = []

    def copy(self) -> Self:
        """The same texts; full tuples are shared."""
        other = copy(self)
        vars(other).update(_full=list(self._full), _latest=list(self._latest))
        return other

    def between(self, first: int, last: int) -> list[str]:
        """The texts at positions `first` up to, but not including, `last`."""
        begin, end = first // _PER_TUPLE, last // _PER_TUPLE + 1
        near = chain(*self._full[begin:end], self._latest if end > len(self._full) else ())
        return list(near)[first - begin * _PER_TUPLE : last - begin * _PER_TUPLE]


class MemoryStore:
    """Events in memory: about half a kilobyte for a prediction of the documents' size."""

    def __init__(self) -> None:
        self._ids = _Row()
        self._records: dict[str, bytes] = {}
        self._interventions: dict[str, tuple[Intervention, ...]] = {}
        self._plans: _Shared[Plan] = _Shared()
        self._models: _Shared[tuple[str, str]] = _Shared()
        self._hooks: _Shared[tuple[str | None, tuple[str, ...]]] = _Shared()

    def append(self, prediction_id: str, event: Event) -> None:
        """Add `event`, as `Store.append` says."""
        if isinstance(event, Created):
            self._begin(prediction_id, event)
        elif prediction_id not in self._records:
            raise KeyError(prediction_id)
        else:
            before = self._interventions.get(prediction_id, ())
            self._interventions[prediction_id] = (*before, event)

    def events(self, prediction_id: str) -> tuple[Created, tuple[Intervention, ...]]:
        """All events of one prediction, as `Store.events` says."""
        created = self._unpack(prediction_id, self._records[prediction_id])
        return created, self._interventions.get(prediction_id, ())

    def ids(self, first: int, last: int) -> list[str]:
        """The ids of a range of positions, as `Store.ids` says."""
        last = min(max(last, 0), len(self))
        return self._ids.between(min(max(first, 0), last), last)

    def copy(self) -> Self:
        """The same events, as `Store.copy` says: records are shared, which never change."""
        other = copy(self)
        vars(other).update(
            _ids=self._ids.copy(),
            _records=dict(self._records),
            _interventions=dict(self._interventions),
            _plans=self._plans.copy(),
            _models=self._models.copy(),
            _hooks=self._hooks.copy(),
        )
        return other

    def __len__(self) -> int:
        return len(self._records)

    def _begin(self, prediction_id: str, created: Created) -> None:
        if prediction_id in self._records:
            raise KeyError(f"{prediction_id} exists already")
        self._records[prediction_id] = self._pack(created)
        self._ids.append(prediction_id)

    def _pack(self, created: Created) -> bytes:
        head = _HEAD.pack(
            created.at_ms,
            created.seed,
            _NO_DEADLINE if created.deadline_ms is None else created.deadline_ms,
            self._plans.number(created.plan),
            self._models.number((created.model, created.version)),
            self._hooks.number((created.webhook, created.webhook_events_filter)),
        )
        return head + created.input

    def _unpack(self, prediction_id: str, record: bytes) -> Created:
        at_ms, seed, deadline_ms, plan, model, hook = _HEAD.unpack_from(record)
        model_name, version = self._models[model]
        webhook, webhook_events_filter = self._hooks[hook]
        return Created(
            id=prediction_id,
            at_ms=at_ms,
            model=model_name,
            version=version,
            input=record[_HEAD.size :],
            seed=seed,
            plan=self._plans[plan],
            deadline_ms=None if deadline_ms == _NO_DEADLINE else deadline_ms,
            webhook=webhook,
            webhook_events_filter=webhook_events_filter,
        )
