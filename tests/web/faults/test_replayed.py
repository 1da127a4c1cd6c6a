"""Every kind of these families: the same seed gives the same bytes, and nothing of ours fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from mockserver.contract.oracle import judged
from mockserver.core.fault import Operation
from mockserver.library.faults import catalogue
from tests.faults import undated


if TYPE_CHECKING:
    from tests.web.faults.conftest import Caller, Told

FAULTS: Final = catalogue.examples("lifecycle")
ASKED: Final = (
    Operation.GET,
    Operation.LIST,
    Operation.OUTPUT,
    Operation.STREAM,
    Operation.FILES,
    Operation.CANCEL,
    Operation.GET,
)
DRAWN_S: Final = 10.0
SLOW_S: Final = 0.15


def lived(caller: Caller, fault: str, gateway: str | None) -> list[Told]:
    """One of each request about two predictions of a world in which `fault` is set."""
    world = caller.world(gateway=gateway)
    caller.set(world, fault)
    told = [caller.sent(world, caller.request(world, "create", {})) for _ in range(2)]
    world.clock.advance(60)
    ids = list(world.world.store.ids(0, len(world.world.store)))
    if not ids:
        return told
    prediction = {"id": ids[0], "urls": {"stream": f"{world.url}/v1/files/bcwr-nobody"}}
    return [
        *told,
        *(
            caller.sent(world, caller.request(world, one, prediction), quiet_s=quiet_s(one))
            for one in ASKED
        ),
    ]


def quiet_s(on: Operation) -> float:
    """How long to wait for bytes: a picture may have to be drawn, a slow cancel never comes."""
    return DRAWN_S if on is Operation.OUTPUT else SLOW_S


@pytest.mark.parametrize("gateway", [None, "new-api"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_run_repeats(caller: Caller, fault: str, gateway: str | None) -> None:
    """Byte for byte; nothing is answered with 500, and the oracle can read all of it."""
    first, second = lived(caller, fault, gateway), lived(caller, fault, gateway)
    assert [undated(told.data) for told in first] == [undated(told.data) for told in second]
    assert [told.entry.faults for told in first] == [told.entry.faults for told in second]
    assert not [told.data for told in first if told.data and told.status == 500]
    judged(told.entry.interaction for told in first)
