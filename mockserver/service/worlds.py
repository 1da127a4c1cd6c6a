"""Worlds: isolated sets of predictions, each with its own clock, rules, journal and ledger."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from threading import RLock
from typing import Final, TypedDict, Unpack

from mockserver.core import ids
from mockserver.core.clock import Clock, clock
from mockserver.core.fault import Fault
from mockserver.core.reply import Reply
from mockserver.library.faults.catalogue import checked
from mockserver.service.bell import WorldBell
from mockserver.service.faults import WorldFaults
from mockserver.service.files import Files
from mockserver.service.journal import Journal
from mockserver.service.ledger import Ledger
from mockserver.service.limits import Limits
from mockserver.service.outbox import Outbox
from mockserver.service.rules import Rules
from mockserver.service.settings import Settings
from mockserver.service.shelf import Shelf
from mockserver.service.store.memory import MemoryStore
from mockserver.service.store.protocol import Store


KEPT_WORLDS: Final = 1_024
KEY_LENGTH: Final = 10
SHORTEST_SECRET: Final = 12
"""Names below this length were typed by a person; real tokens have forty characters."""


@dataclass(slots=True)
class World:
    """One account and its time. `key` may be shown to anyone, `label` to its owner.

    Who waits in a world that is `forgotten` waits for nothing: no hand reaches its clock any more.
    """

    key: str
    label: str
    seed: int
    scenario: str
    clock: Clock
    bell: WorldBell
    store: Store = field(default_factory=MemoryStore)
    journal: Journal = field(default_factory=Journal)
    ledger: Ledger = field(default_factory=Ledger)
    limits: Limits = field(default_factory=Limits)
    rules: Rules = field(default_factory=Rules)
    files: Files = field(default_factory=Files)
    shelf: Shelf = field(default_factory=Shelf)
    lock: RLock = field(default_factory=RLock)
    forgotten: bool = False
    told: dict[object, Reply] = field(default_factory=dict)
    """What was answered last: a prediction that has not changed is told in the same bytes."""
    outbox: Outbox = field(init=False)
    """The webhooks that are due, and those that were."""
    faults: WorldFaults = field(init=False)
    """What goes wrong here on purpose."""

    def __post_init__(self) -> None:
        self.outbox = Outbox(self.store, self.bell, self.seed)
        self.faults = WorldFaults(self.seed)

    def draw(self, ordinal: int, purpose: bytes) -> bytes:
        """16 bytes that this world draws for the `ordinal`-th thing of its kind."""
        return ids.entropy(self.seed, ordinal, purpose)

    def copy(self, at_ms: int | None = None) -> World:
        """The same world, in which nobody waits, to go on apart from this one; at `at_ms` or now.

        Whatever has state in a world knows how to copy itself. Replies that were told are not
        kept: they are only worked out anew.
        """
        with self.lock:
            its_clock = self.clock.copy(at_ms)
            other = World(
                self.key,
                self.label,
                self.seed,
                self.scenario,
                its_clock,
                WorldBell(its_clock),
                store=self.store.copy(),
                journal=self.journal.copy(),
                ledger=self.ledger.copy(),
                limits=self.limits.copy(),
                rules=self.rules.copy(),
                files=self.files.copy(),
                shelf=self.shelf.copy(),
            )
            stores = {
                id(self.store): other.store,
                id(self.shelf.trainings): other.shelf.trainings,
            }
            other.outbox = self.outbox.copy(other.bell, stores)
            other.faults = self.faults.copy()
        return other

    def forget(self) -> None:
        """Send away whoever still waits here."""
        self.forgotten = True
        self.bell.ring_all()


class Beginning(TypedDict, total=False):
    """What can be changed of a new world's beginning."""

    clock: str
    seed: int
    scenario: str
    fault: str


class Worlds:
    """All worlds of one fake, made when they are first named; the longest unused are forgotten."""

    def __init__(self, settings: Settings, kept: int = KEPT_WORLDS) -> None:
        self._settings = settings
        self._kept = kept
        self._worlds: OrderedDict[str, World] = OrderedDict()
        self._lock = RLock()
        self._keys: dict[str, str] = {}
        self.rules = Rules()
        """The rules that new worlds begin with."""
        self.faults: tuple[Fault, ...] = ()
        """The faults that were set by hand for new worlds."""
        self.rate: float | None = None
        """The pace that new worlds begin at; None leaves it to their clock."""
        self.furnish: Callable[[World], object] | None = None
        """Puts into a new world what every one begins with."""

    @property
    def settings(self) -> Settings:
        """What new worlds begin with."""
        return self._settings

    def begin_with(self, **changes: Unpack[Beginning]) -> None:
        """Let worlds that are made from now on begin with another clock or seed."""
        self._settings = replace(self._settings, **changes)

    def begin_like(self, other: Worlds) -> None:
        """Let worlds that are made from now on begin as they would in `other`."""
        self._settings, self.rate, self.furnish = other._settings, other.rate, other.furnish
        self.rules, self.faults = other.rules.copy(), other.faults

    def named(self, name: str) -> World:
        """The world that `name` (a token, or a name given by hand) stands for."""
        key = self._keys.get(name) or self._key(name)
        with self._lock:
            if key not in self._worlds:
                return self._make(key, _label(name), self._settings, self.new_clock())
            self._worlds.move_to_end(key)
            return self._worlds[key]

    def new_clock(self) -> Clock:
        """A clock as a new world gets it."""
        made = clock(self._settings.clock)
        if self.rate is not None:
            made.run(self.rate)
        return made

    def make(self, name: str, **changes: Unpack[Beginning]) -> World:
        """A new world called `name`, in the place of the one before, with a beginning of its own.

        It knows none of the rules and the pace that other new worlds begin with.
        Raises `LibraryError` for a fault that is not known.
        """
        checked(changes.get("fault", ""))
        settings = replace(self._settings, **changes)
        with self._lock:
            self.reset(name)
            world = self._make(self._key(name), _label(name), settings, clock(settings.clock))
            world.rules.clear()
            world.faults.clear()
            return world

    def put(self, world: World) -> None:
        """Let `world` be in the place of the one with its key, whose guests are sent away."""
        with self._lock:
            before = self._worlds.pop(world.key, None)
            self._keep(world)
        if before is not None:
            before.forget()

    def with_key(self, key: str) -> World | None:
        """The world that shows `key` in its addresses."""
        return self._worlds.get(key)

    def reset(self, name: str | None = None, seed: int | None = None) -> None:
        """Forget everything in the world of this name or key, or in all; begin again from `seed`.

        A seed given for one world is that world's alone.
        """
        with self._lock:
            gone = list(self._worlds.values()) if name is None else self._called(name)
            for world in gone:
                del self._worlds[world.key]
            if seed is not None and name is None:
                self.begin_with(seed=seed)
            elif seed is not None and name is not None:
                key, label = (
                    (gone[0].key, gone[0].label) if gone else (self._key(name), _label(name))
                )
                self._make(key, label, replace(self._settings, seed=seed), self.new_clock())
        for world in gone:
            world.forget()

    def _called(self, name: str) -> list[World]:
        """The world of this name or key, if there is one."""
        found = self._worlds.get(name) or self._worlds.get(self._key(name))
        return [] if found is None else [found]

    def __iter__(self) -> Iterator[World]:
        """The worlds there are, the most recently named last."""
        return iter(tuple(self._worlds.values()))

    def __len__(self) -> int:
        return len(self._worlds)

    def _key(self, name: str) -> str:
        key = ids.token(name.encode(), KEY_LENGTH)
        if len(self._keys) >= 4 * self._kept:
            self._keys.clear()
        self._keys[name] = key
        return key

    def _make(self, key: str, label: str, settings: Settings, its_clock: Clock) -> World:
        seed = int.from_bytes(ids.entropy(settings.seed, 0, key.encode())[:7])
        bell = WorldBell(its_clock)
        world = World(key, label, seed, settings.scenario, its_clock, bell)
        world.rules = Rules(self.rules)
        world.faults.begin_with(settings.fault, self.faults, its_clock.now_ms())
        if self.furnish is not None:
            self.furnish(world)
        self._keep(world)
        return world

    def _keep(self, world: World) -> None:
        self._worlds[world.key] = world
        while len(self._worlds) > self._kept:
            self._worlds.popitem(last=False)[1].forget()


def _label(name: str) -> str:
    """Enough of a name to know it again, too little to use it as a token."""
    return name if len(name) < SHORTEST_SECRET else f"{name[:3]}…{name[-4:]}"
