"""The control API's faults: which there are, which are set, and what they have struck."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.core.fault import Fault
from mockserver.core.problem import BadControl
from mockserver.core.reply import Answer
from mockserver.core.timestamps import edge_timestamp
from mockserver.library.errors import LibraryError
from mockserver.library.faults import catalogue
from mockserver.library.faults.suites import SUITES
from mockserver.service.faults import Set, Struck
from mockserver.service.worlds import World
from mockserver.web.call import Call
from mockserver.web.naming import body, named, told, worlds


def get_faults(call: Call) -> Answer:
    """GET /__mock__/faults: every kind and suite, and what is set in each world."""
    return told(
        {
            "kinds": {kind.name: kind.says for kind in catalogue.kinds().values()},
            "suites": SUITES,
            "worlds": [_world(world) for world in worlds(call)],
        }
    )


def post_fault(call: Call) -> Answer:
    """POST /__mock__/faults: `{"fault": TEXT, "on"?, "nth"?, "p"?, "phase"?, …}`."""
    fault = _fault(body(call))
    for world in worlds(call):
        world.faults.add(fault, world.clock.now_ms())
    if not named(call):
        call.fake.worlds.faults = (fault, *call.fake.worlds.faults)
    return told({"fault": str(fault), "key": fault.key}, 201)


def delete_faults(call: Call) -> Answer:
    """DELETE /__mock__/faults: forget all that were set by hand; those of the server stay."""
    for world in worlds(call):
        world.faults.clear()
    if not named(call):
        call.fake.worlds.faults = ()
    return told({"worlds": [_world(world) for world in worlds(call)]})


def _fault(asked: Mapping[str, object]) -> Fault:
    text = asked.get("fault")
    if not isinstance(text, str):
        raise BadControl(f'"fault" is the name of a fault, not {text!r}')
    said = {key: value for key, value in asked.items() if key != "fault"}
    try:
        return catalogue.said(text, said)
    except LibraryError as reason:
        raise BadControl(str(reason)) from None


def _world(world: World) -> dict[str, object]:
    return {
        "world": world.label,
        "key": world.key,
        "set": [_set(one) for one in world.faults],
        "struck": [_struck(one) for one in world.faults.struck],
    }


def _set(one: Set) -> dict[str, object]:
    return {
        "fault": str(one.fault),
        "key": one.fault.key,
        "by": one.source.name.lower(),
        "at": edge_timestamp(one.at_ms),
    }


def _struck(one: Struck) -> dict[str, object]:
    return {
        "fault": one.fault,
        "kind": one.kind,
        "by": one.source.name.lower(),
        "on": one.operation,
        "prediction": one.prediction_id or None,
        "at": edge_timestamp(one.at_ms),
    }
