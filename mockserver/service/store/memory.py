"""The default store: one compact record per prediction, and nothing for the collector to walk."""

from __future__ import annotations

from collections.abc import Hashable
from struct import Struct
from typing import Final, Generic, TypeVar

from mockserver.core.timeline import Created, Event, Intervention, Plan


_HEAD: Final = Struct("<qqqIII")
_NO_DEADLINE: Final = -1

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

    def __getitem__(self, number: int) -> _Value:
        return self._values[number]


class MemoryStore:
    """Events in memory: about half a kilobyte for a prediction of the documents' size."""

    def __init__(self) -> None:
        self._positions: dict[str, int] = {}
        self._ids: list[str] = []
        self._records: list[bytes] = []
        self._interventions: dict[str, tuple[Intervention, ...]] = {}
        self._plans: _Shared[Plan] = _Shared()
        self._models: _Shared[tuple[str, str]] = _Shared()
        self._hooks: _Shared[tuple[str | None, tuple[str, ...]]] = _Shared()

    def append(self, prediction_id: str, event: Event) -> None:
        """Add `event`, as `Store.append` says."""
        if isinstance(event, Created):
            self._begin(prediction_id, event)
        elif prediction_id not in self._positions:
            raise KeyError(prediction_id)
        else:
            before = self._interventions.get(prediction_id, ())
            self._interventions[prediction_id] = (*before, event)

    def events(self, prediction_id: str) -> tuple[Created, tuple[Intervention, ...]]:
        """All events of one prediction, as `Store.events` says."""
        created = self._unpack(prediction_id, self._records[self._positions[prediction_id]])
        return created, self._interventions.get(prediction_id, ())

    def ids(self, first: int, last: int) -> list[str]:
        """The ids of a range of positions, as `Store.ids` says."""
        return self._ids[max(first, 0) : max(last, 0)]

    def __len__(self) -> int:
        return len(self._ids)

    def _begin(self, prediction_id: str, created: Created) -> None:
        if prediction_id in self._positions:
            raise KeyError(f"{prediction_id} exists already")
        self._records.append(self._pack(created))
        self._positions[prediction_id] = len(self._ids)
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
