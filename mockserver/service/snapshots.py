"""Snapshots: worlds as they were, kept aside under a name until somebody wants them back."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from mockserver.core.problem import NotFound
from mockserver.library.registry import Content
from mockserver.service.journal import Journal
from mockserver.service.worlds import World, Worlds


KEPT_SNAPSHOTS: Final = 32
"""Named ones of one fake, of whichever world; the longest unused is forgotten."""
EVERY_WORLD: Final = ""
"""Stands where the key of a world would, for a snapshot of all of them."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One world as it was at `at_ms` (its own time). It can be restored any number of times.

    `world` is in nobody's hands, so that nothing that happens later reaches it; it belongs among
    `worlds`.
    """

    at_ms: int
    world: World = field(repr=False)
    worlds: Worlds = field(repr=False)


@dataclass(frozen=True, slots=True)
class Panorama:
    """All worlds of a fake as they were, and what was to be in those still to come."""

    snapshots: tuple[Snapshot, ...]
    beginning: Worlds = field(repr=False)
    """Has no world, but begins new ones as they began then."""
    given: tuple[Content, ...] = field(repr=False)
    lobby: Journal = field(repr=False)


class Snapshots:
    """The named snapshots of a fake. A world's own are found by its key and their name."""

    def __init__(self, kept: int = KEPT_SNAPSHOTS) -> None:
        self._kept = kept
        self._saved: OrderedDict[tuple[str, str], Panorama | Snapshot] = OrderedDict()
        self._lock = Lock()

    def save(self, key: str, name: str, saved: Panorama | Snapshot) -> None:
        """Keep `saved`, in the place of what this world has under this name already."""
        with self._lock:
            self._saved[key, name] = saved
            self._saved.move_to_end((key, name))
            if len(self._saved) > self._kept:
                self._saved.popitem(last=False)

    def find(self, key: str, name: str) -> Panorama | Snapshot:
        """What is kept under this name. Raises `NotFound`."""
        with self._lock:
            found = self._saved.get((key, name))
            if found is None:
                raise NotFound(self._missing(key, name))
            self._saved.move_to_end((key, name))
            return found

    def _missing(self, key: str, name: str) -> str:
        known = ", ".join(repr(one) for owner, one in self._saved if owner == key) or "none"
        whose = "this world" if key else "all worlds together"
        return (
            f"No snapshot of {whose} is called {name!r}; there are: {known}. "
            f"A fake keeps {self._kept}, and forgets the longest unused"
        )
