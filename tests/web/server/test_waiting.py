"""Waiting costs no thread, ends at its time, and loses no bell."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from mockserver.core.interaction import Request
from mockserver.core.reply import Answer, Later, Reply, Work
from mockserver.web.server.waiting import Wait, Waits


if TYPE_CHECKING:
    from tests.web.server.conftest import HandBell, Serve

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def held(bell: HandBell, at_ms: int | None = 1) -> Later:
    """Answers with the time, once that is not 0."""
    later = Later(at_ms, "it", bell, lambda now: Reply(200, (), b"%d" % now) if now else later)
    return later


def always(answer: Answer) -> Callable[[Request], Answer]:
    """Gives every request this answer."""
    return lambda _: answer


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop that nobody runs."""
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


def test_a_wait_ends_at_its_time(
    serve: Serve, bell: HandBell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock that runs by itself needs no bell."""

    def soon(at_ms: int) -> float:
        bell.time_ms = at_ms
        return 0.001

    monkeypatch.setattr(bell, "delay_s", soon)

    with serve(always(held(bell, 30))).connect() as client:
        assert client.send(GET).response().body == b"30"


def test_a_jumping_clock_jumps_when_everyone_waits(serve: Serve, jumping_bell: HandBell) -> None:
    """The earliest wait ends first, and nobody moved the clock."""
    bell = jumping_bell

    def answer(request: Request) -> Answer:
        at_ms = int(request.path[1:])
        if bell.now_ms() >= at_ms:
            return Reply(200, (), b"%d" % bell.now_ms())
        return Later(at_ms, "it", bell, lambda _: answer(request))

    served = serve(answer)
    with served.connect() as late, served.connect() as soon:
        late.send(GET.replace(b"/ ", b"/90000 "))
        soon.send(GET.replace(b"/ ", b"/30000 "))

        assert (soon.response().body, late.response().body) == (b"30000", b"90000")


def test_a_thousand_held_requests_need_no_thread(serve: Serve, bell: HandBell) -> None:
    """Waiting costs a timer and a subscription."""
    served = serve(always(held(bell)))
    before = threading.active_count()

    with ExitStack() as stack:
        clients = [stack.enter_context(served.connect()).send(GET) for _ in range(1000)]
        assert bell.wait_for_listeners(1000)
        assert threading.active_count() == before
        bell.jump(1)

        assert {client.response().body for client in clients} == {b"1"}
    assert bell.wait_for_listeners(0)


def test_a_change_before_the_subscription_is_not_lost(serve: Serve, bell: HandBell) -> None:
    """Between the answer and the waiting for its bell the world may change."""

    def answer(_: Request) -> Answer:
        later = held(bell, None)
        bell.time_ms = 5
        return later

    with serve(answer).connect() as client:
        assert client.send(GET).response().body == b"5"


def test_a_clock_does_not_jump_while_work_is_done(serve: Serve, jumping_bell: HandBell) -> None:
    """Someone does more than wait."""
    seen_ms: list[int] = []

    def draw() -> Answer:
        assert drawing.wait(10)
        seen_ms.append(jumping_bell.time_ms)
        return Reply(204)

    drawing = threading.Event()
    served = serve(lambda request: held(jumping_bell) if request.path == "/" else Work(draw))
    with served.connect() as slow, served.connect() as waiting, served.connect() as clock:
        slow.send(GET.replace(b"/ ", b"/slow "))
        waiting.send(GET)
        assert jumping_bell.wait_for_listeners(1)
        clock.send(b"nonsense").rest()
        drawing.set()

        assert slow.response().status == 204
        assert waiting.response().body == b"1"
    assert seen_ms == [0]


def test_many_rings_wake_once(loop: asyncio.AbstractEventLoop, bell: HandBell) -> None:
    """A burst of changes is one reason to look."""
    woken: list[bool] = []
    Wait(Waits(loop, 1.0), bell, "it", lambda: woken.append(True))

    bell.ring()
    bell.ring()
    loop.call_soon(loop.stop)
    loop.run_forever()

    assert woken == [True]


def test_a_ring_after_the_end_wakes_nobody(
    loop: asyncio.AbstractEventLoop, bell: HandBell
) -> None:
    """Other threads may still ring when the loop has gone."""
    Wait(Waits(loop, 1.0), bell, "it", lambda: pytest.fail("woken"))
    loop.close()

    bell.ring()

    assert loop.is_closed()
