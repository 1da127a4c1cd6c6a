"""The control API's way back: snapshots of worlds, and their return."""

from __future__ import annotations

from typing import Final

from mockserver.core.problem import BadControl
from mockserver.core.reply import Answer
from mockserver.core.timestamps import edge_timestamp
from mockserver.service import restoring
from mockserver.service.snapshots import EVERY_WORLD, Panorama, Snapshot
from mockserver.web.call import Call
from mockserver.web.naming import body, named, told, worlds
from mockserver.web.webhooks import delivered


DEFAULT_NAME: Final = "default"
LONGEST_NAME: Final = 100


def post_snapshot(call: Call) -> Answer:
    """POST /__mock__/snapshot: `{"name"?: TEXT}`, of the world that is named, or of all."""
    name, key = _name(call), _key(call)
    taken = restoring.take(call.fake, worlds(call)[0]) if key else restoring.take_all(call.fake)
    call.fake.snapshots.save(key, name, taken)
    return told(_told(name, taken), 201)


def post_restore(call: Call) -> Answer:
    """POST /__mock__/restore: `{"name"?: TEXT}`; what is due by then is delivered at once."""
    name = _name(call)
    found = call.fake.snapshots.find(_key(call), name)
    if isinstance(found, Panorama):
        restored = restoring.restore_all(call.fake, found)
    else:
        restored = (restoring.restore(call.fake, found),)
    return delivered(call, restored, lambda: told(_told(name, found)))


def _key(call: Call) -> str:
    """The key of the world that is named; of none where none is."""
    return worlds(call)[0].key if named(call) else EVERY_WORLD


def _name(call: Call) -> str:
    asked = body(call)
    unknown = asked.keys() - {"name"}
    if unknown:
        raise BadControl(f"A snapshot has no {', '.join(sorted(unknown))}")
    name = asked.get("name", DEFAULT_NAME)
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME:
        raise BadControl(f'"name" is a text of 1 to {LONGEST_NAME} characters, not {name!r}')
    return name


def _told(name: str, saved: Panorama | Snapshot) -> dict[str, object]:
    snapshots = (saved,) if isinstance(saved, Snapshot) else saved.snapshots
    return {"name": name, "worlds": [_world(one) for one in snapshots]}


def _world(snapshot: Snapshot) -> dict[str, object]:
    world = snapshot.world
    return {
        "world": world.label,
        "key": world.key,
        "now": edge_timestamp(snapshot.at_ms),
        "predictions": len(world.store),
    }
