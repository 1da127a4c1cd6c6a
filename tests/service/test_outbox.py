"""A world's outbox: the order of its deliveries, their retries, and the secrets."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mockserver.core.letter import Letter
from mockserver.core.signature import verify
from mockserver.library.models import Model
from mockserver.service import predictions
from mockserver.service.courier import Courier, Undelivered
from mockserver.service.deliveries import DeliveryState
from mockserver.service.egress import Egress, Target
from mockserver.service.fake import Fake
from mockserver.service.orders import Order
from mockserver.service.outbox import KEPT_DELIVERIES
from mockserver.service.worlds import World


HOOK = "http://127.0.0.1:9/hook"
ALL = ("start", "output", "logs", "completed")
LIFE_MS = 5_200
"""How long the predictions of these tests live."""


class Receiver:
    """A sender that keeps what it was given, and answers what it is told to."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.answers: list[int | Exception] = []

    def __call__(self, target: Target, letter: Letter) -> int:
        """The next of the answers; 200 when there are none left."""
        assert target.port == 9
        self.letters.append(letter)
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def bodies(self) -> list[str]:
        """What was received, in its order."""
        return [letter.body.decode() for letter in self.letters]


@pytest.fixture
def receiver() -> Receiver:
    """Takes everything, to begin with."""
    return Receiver()


@pytest.fixture
def courier(receiver: Receiver) -> Courier:
    """Delivers to the receiver, as far as its policy allows."""
    return Courier(Egress(), receiver)


@pytest.fixture
def create(fake: Fake, world: World, courier: Courier, pro: Model) -> Callable[..., str]:
    """Makes a prediction with a webhook; bodies say `name event-time`."""

    def made(name: str = "a", *wanted: str, webhook: str = HOOK) -> str:
        order = Order(pro, {"prompt": name}, webhook, wanted)
        created = fake.create(world, order)
        courier.expect(world, created, lambda _, at_ms: f"{name} {at_ms - created.at_ms}".encode())
        return created.id

    return made


def advance(courier: Courier, world: World, ms: int) -> None:
    """Let time pass, and deliver."""
    world.clock.advance(ms)
    courier.perform(world)


def test_nothing_is_delivered_before_it_is_due(
    create: Callable[..., str], courier: Courier, world: World, receiver: Receiver
) -> None:
    """One millisecond before the end there is nothing, at the end there is one webhook."""
    create()
    advance(courier, world, LIFE_MS - 1)
    assert receiver.bodies == []
    assert not courier.due(world)
    advance(courier, world, 1)
    assert receiver.bodies == [f"a {LIFE_MS}"]


def test_one_leap_delivers_everything_in_the_order_of_time(
    create: Callable[..., str], courier: Courier, world: World, receiver: Receiver
) -> None:
    """Of several predictions too; the timestamp is that of the instant that was leapt over."""
    create("a", "start", "completed")
    advance(courier, world, 1_000)
    create("b", "start", "completed")
    advance(courier, world, 3_600_000)
    assert receiver.bodies == ["a 0", "b 0", f"a {LIFE_MS}", f"b {LIFE_MS}"]
    seconds = [int(letter.header("webhook-timestamp")) for letter in receiver.letters]
    begun_s = seconds[0]
    assert [second - begun_s for second in seconds] == [0, 1, 5, 6]


def test_a_cancel_is_told_at_once(
    create: Callable[..., str], courier: Courier, world: World, receiver: Receiver
) -> None:
    """What was to come is not told any more."""
    prediction_id = create("a", *ALL)
    advance(courier, world, 200)
    predictions.cancel(world, prediction_id)
    courier.perform(world)
    assert receiver.bodies == ["a 0", "a 200"]
    advance(courier, world, 3_600_000)
    assert [delivery.event for delivery in world.outbox] == ["start", "completed"]


@pytest.mark.parametrize("wanted", [("completed",), ("start", "completed"), ALL])
def test_a_cancel_is_told_of_what_would_never_have_ended(
    create: Callable[..., str],
    courier: Courier,
    world: World,
    receiver: Receiver,
    wanted: tuple[str, ...],
) -> None:
    """Although nothing was planned to be told of it any more."""
    world.scenario = "stuck-starting"
    prediction_id = create("a", *wanted)
    advance(courier, world, 5_000)
    predictions.cancel(world, prediction_id)
    courier.perform(world)
    assert receiver.bodies[-1] == "a 5000"


def test_a_cancel_at_the_instant_of_other_news_is_told_as_well(
    create: Callable[..., str], courier: Courier, world: World
) -> None:
    """Nothing that was told before is told again."""
    prediction_id = create("a", "start", "completed")
    courier.perform(world)
    predictions.cancel(world, prediction_id)
    courier.perform(world)
    assert [delivery.event for delivery in world.outbox] == ["start", "completed"]


def test_only_the_end_is_tried_again(
    create: Callable[..., str], courier: Courier, world: World, receiver: Receiver
) -> None:
    """With the same id and the same body, six times in about a minute; then it has failed."""
    receiver.answers = [500] * 20
    create("a", "start", "completed")
    advance(courier, world, 3_600_000)
    begun, ended = world.outbox
    assert (begun.state, len(begun.attempts)) == (DeliveryState.FAILED, 1)
    assert (ended.state, len(ended.attempts)) == (DeliveryState.FAILED, 6)
    waits = [attempt.at_ms - ended.due_ms for attempt in ended.attempts]
    assert waits == [0, 2_000, 6_000, 14_000, 30_000, 62_000]
    tried = receiver.letters[1:]
    assert {letter.header("webhook-id") for letter in tried} == {ended.id}
    assert {letter.body for letter in tried} == {f"a {LIFE_MS}".encode()}
    assert len({letter.header("webhook-timestamp") for letter in tried}) == 6


def test_a_retry_that_is_taken_is_the_last(
    create: Callable[..., str], courier: Courier, world: World, receiver: Receiver
) -> None:
    """Every failure is told with its reason."""
    create()
    receiver.answers = [301, Undelivered("no answer from 127.0.0.1:9: Connection refused"), 204]
    advance(courier, world, 3_600_000)
    (delivery,) = world.outbox
    assert delivery.state is DeliveryState.DELIVERED
    assert [(attempt.status, attempt.why) for attempt in delivery.attempts] == [
        (301, "the receiver answered 301, not 2xx; redirects are not followed"),
        (None, "no answer from 127.0.0.1:9: Connection refused"),
        (204, ""),
    ]


def test_retries_wait_for_the_clock(
    create: Callable[..., str], courier: Courier, world: World, receiver: Receiver
) -> None:
    """Until it is moved on, a delivery that failed is pending."""
    create()
    receiver.answers = [500]
    advance(courier, world, LIFE_MS)
    (delivery,) = world.outbox
    assert (delivery.state, len(receiver.letters)) == (DeliveryState.PENDING, 1)
    advance(courier, world, 2_000)
    assert (delivery.state, len(receiver.letters)) == (DeliveryState.DELIVERED, 2)


def test_a_blocked_address_gets_no_packet_and_no_retry(
    create: Callable[..., str], courier: Courier, world: World, receiver: Receiver
) -> None:
    """The sender is not even asked."""
    create(webhook="http://169.254.169.254/latest/meta-data/")
    advance(courier, world, 3_600_000)
    (delivery,) = world.outbox
    assert receiver.letters == []
    assert delivery.state is DeliveryState.BLOCKED
    assert [attempt.status for attempt in delivery.attempts] == [None]
    assert "not loopback" in delivery.attempts[0].why


def test_what_breaks_a_delivery_does_not_break_the_next(
    create: Callable[..., str],
    courier: Courier,
    world: World,
    receiver: Receiver,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A mistake of the fake's own is told as one."""
    receiver.answers = [KeyError("nobody thought of this")]
    create("a", "start")
    create("b", "start")
    courier.perform(world)
    assert receiver.bodies == ["a 0", "b 0"]
    assert "its log says why" in next(iter(world.outbox)).attempts[0].why
    assert "nobody thought of this" in caplog.text


def test_a_delivery_can_be_tried_again_by_hand(
    create: Callable[..., str], courier: Courier, world: World, receiver: Receiver
) -> None:
    """Even one that was delivered; what was delivered stays so."""
    create("a", "start")
    courier.perform(world)
    (delivery,) = world.outbox
    receiver.answers = [500]
    world.clock.advance(60_000)
    assert courier.again(world, delivery.id) is delivery
    assert courier.again(world, "msg_nobody") is None
    assert receiver.bodies == ["a 0", "a 0"]
    assert delivery.state is DeliveryState.DELIVERED
    assert [attempt.status for attempt in delivery.attempts] == [200, 500]


def test_ids_are_drawn_from_the_seed(fake: Fake, create: Callable[..., str]) -> None:
    """The same run gives the same ids, each of its own: `msg_` and 24 letters and digits."""
    create("a", *ALL)
    world = fake.worlds.named("tester")
    courier = Courier(Egress(), Receiver())
    advance(courier, world, LIFE_MS)
    told = [delivery.id for delivery in world.outbox]
    assert len(set(told)) == len(told)
    assert {len(one.removeprefix("msg_")) for one in told} == {24}
    assert all(one.removeprefix("msg_").isalnum() for one in told)


def test_a_rotation_lets_both_secrets_sign_for_a_day(
    create: Callable[..., str], courier: Courier, world: World, receiver: Receiver
) -> None:
    """The new one first; after the day it signs alone."""
    (old,) = world.outbox.secrets(world.clock.now_ms())
    new = world.outbox.rotate(world.clock.now_ms())
    create("a", "start")
    courier.perform(world)
    assert world.outbox.secrets(world.clock.now_ms()) == (new, old)
    (letter,) = receiver.letters
    now_ms = world.clock.now_ms()
    verify([old], dict(letter.headers), letter.body, now_ms=now_ms)
    verify([new], dict(letter.headers), letter.body, now_ms=now_ms)
    assert world.outbox.secrets(now_ms + 86_400_000) == (new,)


def test_the_oldest_deliveries_are_forgotten(
    create: Callable[..., str], courier: Courier, world: World, receiver: Receiver
) -> None:
    """All are delivered, and as many as are kept are told of."""
    names = [str(number) for number in range(KEPT_DELIVERIES + 3)]
    for name in names:
        create(name, "start")
    courier.perform(world)
    assert receiver.bodies == [f"{name} 0" for name in names]
    assert len(list(world.outbox)) == KEPT_DELIVERIES


def test_a_forgotten_world_delivers_nothing(
    fake: Fake, create: Callable[..., str], courier: Courier, world: World, receiver: Receiver
) -> None:
    """After a reset nobody is told of what was before."""
    create()
    fake.worlds.reset("tester")
    advance(courier, world, 3_600_000)
    assert receiver.letters == []
