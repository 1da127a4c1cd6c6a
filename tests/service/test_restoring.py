"""A world that is restored is what it was: its past, its time, and what was to come."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass

import pytest

from mockserver.core.clock import Clock
from mockserver.core.fault import fault
from mockserver.core.timeline import Status
from mockserver.library.catalogue import Catalogue
from mockserver.library.registry import Account, Content
from mockserver.service import predictions
from mockserver.service.fake import Fake
from mockserver.service.files import Upload
from mockserver.service.limits import REDUCED
from mockserver.service.orders import Order
from mockserver.service.restoring import restore, restore_all, take, take_all
from mockserver.service.rules import Rule
from mockserver.service.settings import Settings
from mockserver.service.worlds import World


CATALOGUE = Catalogue()
HOOK = "http://127.0.0.1:9/hook"
IMMUTABLE = (str, bytes, int, float, tuple, frozenset, type(None))
HOUSES = {"builtins", "collections", "mockserver", "_thread"}
"""Where the types are from of whose values a world consists."""


# Time, and who waits


def test_a_clock_that_ran_goes_on_from_the_snapshot(world: World, fake: Fake) -> None:
    """Time goes back, and runs on at the pace that it had."""
    machine = [0]
    begun_ms = world.clock.now_ms()
    world.clock = Clock(10, start_ms=begun_ms, real_ms=lambda: machine[0])
    snapshot = take(fake, world)
    machine[0] = 60_000
    world.clock.run(1)
    restored = restore(fake, snapshot)
    assert (restored.clock.now_ms(), restored.clock.mode) == (begun_ms, "scaled:10")
    machine[0] += 1_000
    assert restored.clock.now_ms() == begun_ms + 10_000


@pytest.mark.parametrize("kind", ["manual", "manual:jump", "poll"])
def test_a_clock_keeps_its_mode(catalogue: Catalogue, kind: str) -> None:
    """Also one that had been let run in the meantime."""
    fake = Fake(Settings(clock=kind), catalogue)
    before = fake.worlds.named("tester").clock
    snapshot = take(fake, fake.worlds.named("tester"))
    before.run(2)
    after = restore(fake, snapshot).clock
    assert (after.mode, after.jumps_when_idle) == (kind.partition(":")[0], kind != "manual")


def test_who_waits_is_sent_away(world: World, fake: Fake) -> None:
    """A world that is replaced is forgotten; the new one is found by name and by key."""
    woken: list[bool] = []
    world.bell.subscribe("a prediction", lambda: woken.append(world.forgotten))
    restored = restore(fake, take(fake, world))
    assert woken == [True]
    assert fake.worlds.named("tester") is restored is fake.worlds.with_key(world.key)
    assert restored is not world


def test_a_snapshot_is_not_altered_by_what_it_was_restored_to(
    world: World, fake: Fake, order: Order
) -> None:
    """It brings back the same any number of times."""
    snapshot = take(fake, world)
    for _ in range(3):
        restored = restore(fake, snapshot)
        assert (len(restored.store), restored.ledger.balance.jobs) == (0, 0)
        fake.create(restored, order)
        restored.clock.advance(1_000)


def test_faults_come_back_with_what_they_counted(world: World, fake: Fake) -> None:
    """Those that were set, by whom, and when."""
    world.faults.add(fault("net.reset_before", {"times": 2}), world.clock.now_ms())
    before = list(world.faults)
    snapshot = take(fake, world)
    world.faults.clear()
    assert list(restore(fake, snapshot).faults) == before != []


def test_a_snapshot_of_another_fake_is_refused(catalogue: Catalogue) -> None:
    """Its webhooks would be delivered there."""
    other = Fake(Settings(clock="manual"), catalogue)
    snapshot = take(other, other.worlds.named("tester"))
    with pytest.raises(ValueError, match="of another fake"):
        restore(Fake(Settings(), catalogue), snapshot)


# All worlds


def test_all_worlds_are_those_there_were(fake: Fake, order: Order) -> None:
    """Others are gone, and new ones begin as they began then."""
    fake.create(fake.worlds.named("a"), order)
    fake.worlds.rules.add(Rule("failed"))
    panorama = take_all(fake)
    fake.given.add(Content(account=Account("organization", "later")))
    fake.create(fake.worlds.named("b"), order)
    fake.worlds.rules.clear()
    fake.begin_clocks_like(lambda clock: clock.run(7))
    fake.reset("a")
    restore_all(fake, panorama)
    assert [(world.label, len(world.store)) for world in fake.worlds] == [("a", 1)]
    new = fake.worlds.named("b")
    assert ([rule.scenario for rule in new.rules], new.clock.mode) == (["failed"], "manual")
    assert fake.given.later == ()


# Everything


def lived(fake: Fake) -> World:
    """A world in which something of each kind has happened."""
    world = fake.worlds.named("tester")
    (model, *_) = CATALOGUE.models()
    created = fake.create(world, Order(model, {"prompt": "a"}, HOOK, ("completed",)))
    fake.courier.expect(world, created, lambda _, at_ms: str(at_ms).encode())
    predictions.force(world, created.id, Status.PROCESSING)
    world.rules.add(Rule("failed", times=2))
    world.files.add(Upload("a", "text/plain", b"a"), world.clock.now_ms(), world.draw)
    world.limits.take(REDUCED, world.clock.now_ms())
    world.outbox.rotate(world.clock.now_ms())
    world.shelf.used_ms["acme/hats"] = 1
    world.faults.add(fault("net.reset_before", {"times": 2}), world.clock.now_ms())
    world.clock.advance(1_000)
    return world


def parts(owner: object, seen: dict[int, object]) -> Iterator[object]:
    """Everything below `owner` that can change: containers, locks, and what is no value."""
    house = type(owner).__module__.partition(".")[0]
    if id(owner) in seen or house not in HOUSES or isinstance(owner, type) or callable(owner):
        return
    seen[id(owner)] = owner
    if getattr(getattr(owner, "__dataclass_params__", None), "frozen", False):
        return
    if not isinstance(owner, IMMUTABLE):
        yield owner
    for each in members(owner):
        yield from parts(each, seen)


def members(owner: object) -> Iterable[object]:
    """What `owner` consists of."""
    if isinstance(owner, Mapping):
        return list(owner.values())
    if isinstance(owner, (list, tuple, set, deque)):
        return owner
    if is_dataclass(owner):
        return [getattr(owner, each.name) for each in fields(owner)]
    return list(getattr(owner, "__dict__", {}).values())


def test_a_copy_shares_nothing_that_can_change() -> None:
    """Whoever adds a part to a world, and forgets to copy it, is told here."""
    world = lived(Fake(Settings(clock="manual"), CATALOGUE))
    own, others = (list(parts(one, {})) for one in (world, world.copy()))
    assert len(own) > 30
    shared = {id(one) for one in own} & {id(one) for one in others}
    assert [one for one in own if id(one) in shared] == []
