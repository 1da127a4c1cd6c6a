"""Everything at once: whatever faults meet on one reply, the fake itself never fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import pytest

from mockserver.core.fault import Draw, Operation
from mockserver.library.faults import catalogue
from mockserver.library.faults.kinds import SERVER


if TYPE_CHECKING:
    from tests.web.faults.conftest import Caller

ASKED: Final = tuple(one for one in Operation if one is not Operation.WEBHOOK)
METHODS: Final = (b"GET", b"HEAD", b"POST", b"DELETE")
MORE: Final[tuple[Mapping[str, str], ...]] = (
    {},
    {"If-None-Match": "*"},
    {"Range": "bytes=5-9"},
    {"Prefer": "wait=1"},
)
REQUESTS: Final = 60
OURS: Final = ("net", "http", "body")


def meet(caller: Caller, names: tuple[str, ...], chance: float, seed: int) -> list[bytes]:
    """What requests of every kind are told in a world in which all of `names` are set."""
    world = caller.world(seed=seed)
    prediction = caller.created(world)
    world.clock.advance(60)
    for name in names:
        caller.set(world, f"{name};p={chance}")
    told = []
    for turn in range(REQUESTS):
        draw = Draw(f"{seed}/{turn}".encode())
        on = ASKED[draw.apart("on").below(len(ASKED))]
        headers = MORE[draw.apart("more").below(len(MORE))]
        request = caller.request(world, on, prediction, headers=headers)
        if on is not Operation.CREATE and draw.apart("odd").unit < 0.3:
            method = METHODS[draw.apart("method").below(len(METHODS))]
            request = request.replace(request.split(b" ")[0], method, 1)
        told.append(caller.sent(world, request, (3.0,), 0.03).data)
    return told


def able(*families: str) -> tuple[str, ...]:
    """The kinds of these families that a server can perform."""
    found = (one for family in families for one in catalogue.families()[family])
    return tuple(one.name for one in found if one.needs in SERVER)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    ("families", "chance"),
    [(OURS, 0.2), (OURS, 0.02), (tuple(catalogue.families()), 0.02)],
    ids=["many-at-once", "few-at-once", "all-families"],
)
def test_no_failure_of_our_own(
    caller: Caller,
    caplog: pytest.LogCaptureFixture,
    families: tuple[str, ...],
    chance: float,
    seed: int,
) -> None:
    """Streams, pictures, HEAD, 304 and refusals under all kinds: no 500 of ours, no log of one."""
    told = meet(caller, able(*families), chance, seed)
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []
    assert not [one for one in told if b"itself failed" in one or b"server failed" in one]
    assert any(told)
