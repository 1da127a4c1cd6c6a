"""Takes snapshots of a fake's worlds, and brings worlds back to what they were."""

from __future__ import annotations

from mockserver.service.fake import Fake
from mockserver.service.snapshots import Panorama, Snapshot
from mockserver.service.worlds import World, Worlds


def take(fake: Fake, world: World) -> Snapshot:
    """`world` as it is now."""
    with world.lock:
        at_ms = world.clock.now_ms()
        return Snapshot(at_ms, world.copy(at_ms), fake.worlds)


def restore(fake: Fake, snapshot: Snapshot) -> World:
    """A new world, which is as `snapshot` says, in the place of the one that there is.

    A clock that ran then goes on from the time it showed then. What waits in the world that is
    replaced is sent away. Raises `ValueError` for a snapshot of another fake.
    """
    if snapshot.worlds is not fake.worlds:
        raise ValueError("this snapshot was taken of a world of another fake: take one of this")
    world = snapshot.world.copy(snapshot.at_ms)
    fake.worlds.put(world)
    fake.courier.take_over(world)
    return world


def take_all(fake: Fake) -> Panorama:
    """All worlds there are, as they are now, and what new ones begin with."""
    beginning = Worlds(fake.settings)
    beginning.begin_like(fake.worlds)
    return Panorama(
        snapshots=tuple(take(fake, world) for world in fake.worlds),
        beginning=beginning,
        given=fake.given.later,
        lobby=fake.lobby.copy(),
    )


def restore_all(fake: Fake, panorama: Panorama) -> tuple[World, ...]:
    """The worlds there were, as they were, and no others."""
    fake.worlds.reset()
    fake.worlds.begin_like(panorama.beginning)
    fake.given.later = panorama.given
    fake.lobby = panorama.lobby.copy()
    return tuple(restore(fake, snapshot) for snapshot in panorama.snapshots)
