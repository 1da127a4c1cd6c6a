"""Named snapshots: kept for one world or for all, and not for ever."""

from __future__ import annotations

import pytest

from mockserver.core.problem import NotFound
from mockserver.service.fake import Fake
from mockserver.service.restoring import take
from mockserver.service.snapshots import KEPT_SNAPSHOTS, Snapshots
from mockserver.service.worlds import World


def test_a_name_is_a_worlds_own(fake: Fake, world: World) -> None:
    """Tests that run side by side may all call theirs the same."""
    snapshots = Snapshots()
    one, other = take(fake, world), take(fake, fake.worlds.named("other"))
    snapshots.save("a", "base", one)
    snapshots.save("b", "base", other)
    assert (snapshots.find("a", "base"), snapshots.find("b", "base")) == (one, other)


def test_a_new_snapshot_takes_the_place_of_its_namesake(fake: Fake, world: World) -> None:
    """Only the last one is found."""
    snapshots = Snapshots()
    first, second = take(fake, world), take(fake, world)
    snapshots.save("a", "base", first)
    snapshots.save("a", "base", second)
    assert snapshots.find("a", "base") is second


def test_what_is_missing_is_told_with_what_is_there(fake: Fake, world: World) -> None:
    """The names of this world, and of no other."""
    snapshots = Snapshots()
    snapshots.save("a", "base", take(fake, world))
    snapshots.save("b", "secret", take(fake, world))
    with pytest.raises(NotFound) as refused:
        snapshots.find("a", "bsae")
    assert "is called 'bsae'; there are: 'base'. A fake keeps 32" in refused.value.detail
    with pytest.raises(NotFound, match="of all worlds together is called 'base'; there are: none"):
        snapshots.find("", "base")


def test_the_longest_unused_is_forgotten(fake: Fake, world: World) -> None:
    """Memory is bounded; what is restored again and again stays."""
    snapshots, taken = Snapshots(), take(fake, world)
    for number in range(KEPT_SNAPSHOTS):
        snapshots.save("a", str(number), taken)
    snapshots.find("a", "0")
    snapshots.save("a", "one more", taken)
    assert snapshots.find("a", "0") is taken
    with pytest.raises(NotFound):
        snapshots.find("a", "1")
