"""The courier where time runs by itself, and where several hands move it."""

from __future__ import annotations

from queue import Queue
from threading import Event, Thread
from threading import enumerate as threads

import pytest

from mockserver.core.clock import Clock
from mockserver.core.letter import Letter
from mockserver.library.catalogue import Catalogue
from mockserver.library.models import Model
from mockserver.service import predictions
from mockserver.service.courier import Courier, nobody
from mockserver.service.deliveries import DeliveryState
from mockserver.service.egress import Egress, Target
from mockserver.service.fake import Fake
from mockserver.service.orders import Order
from mockserver.service.settings import Settings
from mockserver.service.worlds import World


PATIENCE_S = 20.0
HOOK = "http://127.0.0.1:9/hook"


@pytest.fixture
def received() -> Queue[str]:
    """The bodies that arrived."""
    return Queue()


@pytest.fixture
def courier(received: Queue[str]) -> Courier:
    """Delivers into the queue."""

    def sender(target: Target, letter: Letter) -> int:
        received.put(f"{target.host}: {letter.body.decode()}")
        return 200

    return Courier(Egress(), sender)


def begin(fake: Fake, courier: Courier, model: Model, *wanted: str) -> tuple[World, str]:
    """A prediction with a webhook."""
    world = fake.worlds.named("tester")
    created = fake.create(world, Order(model, {"prompt": "a"}, HOOK, wanted))
    courier.expect(world, created, lambda _, at_ms: str(at_ms - created.at_ms).encode())
    return world, created.id


def couriers_left() -> list[Thread]:
    """Threads that go on waiting though nothing is ahead."""
    found = [thread for thread in threads() if thread.name == "mockserver-courier"]
    for thread in found:
        thread.join(PATIENCE_S)
    return [thread for thread in found if thread.is_alive()]


@pytest.mark.parametrize("clock", ["real", "scaled:1000"])
def test_where_time_runs_nobody_has_to_move_it(
    catalogue: Catalogue, pro: Model, courier: Courier, received: Queue[str], clock: str
) -> None:
    """One thread delivers what is due, and ends when nothing is ahead."""
    world, prediction_id = begin(
        Fake(Settings(clock=clock), catalogue), courier, pro, "start", "completed"
    )
    assert received.get(timeout=PATIENCE_S) == "127.0.0.1: 0"
    predictions.cancel(world, prediction_id)
    assert received.get(timeout=PATIENCE_S).startswith("127.0.0.1: ")
    assert couriers_left() == []
    assert {delivery.state for delivery in world.outbox} == {DeliveryState.DELIVERED}


def test_a_clock_that_begins_to_run_wakes_the_courier(
    fake: Fake, pro: Model, courier: Courier, received: Queue[str]
) -> None:
    """What was frozen is delivered when its time comes."""
    world, _ = begin(fake, courier, pro)
    assert couriers_left() == []
    world.clock.run(10_000)
    assert received.get(timeout=PATIENCE_S) == "127.0.0.1: 5200"


def test_a_look_at_a_poll_clock_delivers(
    catalogue: Catalogue, pro: Model, courier: Courier, received: Queue[str]
) -> None:
    """Whatever moves a clock makes webhooks due."""
    world, prediction_id = begin(Fake(Settings(clock="poll"), catalogue), courier, pro)
    while not predictions.look(world, prediction_id).moment.ended:
        pass
    assert received.get(timeout=PATIENCE_S) == "127.0.0.1: 5200"


def test_who_moves_the_clock_waits_for_what_is_on_its_way(fake: Fake, pro: Model) -> None:
    """Another hand may have begun to deliver; order and completeness hold for both."""
    arrived, answer, done = Event(), Event(), Event()

    def slow(_target: Target, _letter: Letter) -> int:
        arrived.set()
        return 200 if answer.wait(PATIENCE_S) else 500

    courier = Courier(Egress(), slow)
    world, _ = begin(fake, courier, pro, "start")
    assert arrived.wait(PATIENCE_S)
    assert courier.due(world)

    def hand() -> None:
        courier.perform(world)
        done.set()

    waits = Thread(target=hand)
    waits.start()
    assert not done.is_set()
    answer.set()
    waits.join(PATIENCE_S)
    assert [delivery.state for delivery in world.outbox] == [DeliveryState.DELIVERED]
    assert not courier.due(world)


def test_a_fake_without_a_way_out_says_so(fake: Fake, pro: Model) -> None:
    """Nobody can have been told anything."""
    world, _ = begin(fake, Courier(sender=nobody), pro, "start")
    assert couriers_left() == []
    (delivery,) = world.outbox
    assert delivery.attempts[0].why == "the fake has no sender"


def test_a_retry_is_waited_for_after_a_hand_has_delivered(
    pro: Model, catalogue: Catalogue
) -> None:
    """On a clock that runs, the next attempt needs no other event."""
    answers: Queue[int] = Queue()
    list(map(answers.put, (500, 200)))
    arrived: Queue[Clock] = Queue()
    fake = Fake(Settings(clock="scaled:1000"), catalogue)

    def sender(_target: Target, _letter: Letter) -> int:
        arrived.put(fake.worlds.named("tester").clock)
        return answers.get_nowait()

    courier = Courier(Egress(), sender)
    world, _ = begin(fake, courier, pro)
    world.clock.advance(5_200)
    courier.perform(world)
    assert [arrived.get(timeout=PATIENCE_S) for _ in range(2)] == [world.clock] * 2
    courier.perform(world)
    assert [delivery.state for delivery in world.outbox] == [DeliveryState.DELIVERED]


def test_a_courier_that_was_closed_waits_for_nothing(
    catalogue: Catalogue, pro: Model, courier: Courier, received: Queue[str]
) -> None:
    """A server that has stopped calls nobody; by hand, what is left can be delivered."""
    world, _ = begin(Fake(Settings(clock="real"), catalogue), courier, pro)
    courier.close()
    assert couriers_left() == []
    world.clock.advance(5_200)
    assert couriers_left() == []
    assert received.empty()
    courier.perform(world)
    assert received.get_nowait() == "127.0.0.1: 5200"
