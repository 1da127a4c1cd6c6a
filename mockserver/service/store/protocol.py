"""What a store of events must do; every store passes the same tests."""

from __future__ import annotations

from typing import Protocol, Self

from mockserver.core.timeline import Created, Event, Intervention


class Store(Protocol):
    """The events of all predictions of one world, in the order they were created.

    A position counts creations from 0, and never changes.
    """

    def append(self, prediction_id: str, event: Event) -> None:
        """Add `event`; a `Created` begins the prediction.

        Raises `KeyError` where `Created` meets an id that exists, or another event one that
        does not.
        """
        ...

    def events(self, prediction_id: str) -> tuple[Created, tuple[Intervention, ...]]:
        """All events of one prediction, in the order they were added; `KeyError` if unknown."""
        ...

    def ids(self, first: int, last: int) -> list[str]:
        """The ids at positions `first` up to, but not including, `last`; oldest first."""
        ...

    def copy(self) -> Self:
        """The same events, to be added to apart from these."""
        ...

    def __len__(self) -> int:
        """How many predictions there are."""
        ...
