"""A restored world delivers what the old one would have: the same letters, in the same order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from queue import Queue

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.core.letter import Letter
from mockserver.library.catalogue import Catalogue
from mockserver.service import predictions
from mockserver.service.courier import Courier
from mockserver.service.deliveries import DeliveryState
from mockserver.service.egress import Egress, Target
from mockserver.service.fake import Fake
from mockserver.service.orders import Order
from mockserver.service.restoring import restore, take
from mockserver.service.settings import Settings
from mockserver.service.snapshots import Snapshot
from mockserver.service.worlds import World


CATALOGUE = Catalogue()
HOOK = "http://127.0.0.1:9/hook"
EVENTS = ("start", "output", "logs", "completed")
PATIENCE_S = 20.0


class Post:
    """A fake whose webhooks are kept here; two of three are refused."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.fake = Fake(Settings(clock="manual"), CATALOGUE)
        self.fake.courier = Courier(Egress(), self.take)

    def take(self, _target: Target, letter: Letter) -> int:
        """What the receiver answers, which depends on the letter alone."""
        self.letters.append(letter)
        return 500 if sum(letter.body) % 3 else 200

    @property
    def world(self) -> World:
        """The world of this test, whichever it is by now."""
        return self.fake.worlds.named("tester")

    def create(self, scenario: str = "happy") -> str:
        """The id of a new prediction, of whose life everything is told, its beginning at once."""
        (model, *_) = CATALOGUE.models()
        world = self.world
        with world.outbox.performing:
            created = self.fake.create(
                world, Order(model, {"prompt": "a"}, HOOK, EVENTS), scenario
            )
            self.fake.courier.expect(world, created, _body)
            self.fake.courier.perform(world)
        return created.id

    def advance(self, ms: int) -> None:
        """Let time pass, and deliver."""
        self.world.clock.advance(ms)
        self.fake.courier.perform(self.world)

    def cancel(self, ms: int) -> None:
        """Cancel the newest prediction, and deliver; then let time pass."""
        world = self.world
        if len(world.store):
            with world.outbox.performing:
                predictions.cancel(world, world.store.ids(len(world.store) - 1, 2**30)[0])
                self.fake.courier.perform(world)
        self.advance(ms)


def _body(world: World, at_ms: int) -> bytes:
    return f"{at_ms} {len(world.store)}".encode()


Step = Callable[[Post], object]
steps: st.SearchStrategy[Step] = st.one_of(
    st.sampled_from(["happy", "slow-boot", "failed", "aborted"]).map(
        lambda name: lambda post: post.create(name)
    ),
    st.integers(0, 5_000).map(lambda ms: lambda post: post.advance(ms)),
    st.integers(0, 5_000).map(lambda ms: lambda post: post.cancel(ms)),
    st.just(lambda post: post.world.outbox.rotate(post.world.clock.now_ms())),
)


@given(st.lists(steps, max_size=6), st.lists(steps, max_size=6))
@settings(max_examples=30, deadline=None)
def test_a_restored_outbox_delivers_the_same_again(before: list[Step], after: list[Step]) -> None:
    """Letter for letter: planned ones and retries, signed by the same secrets."""
    post = Post()
    for step in before:
        step(post)
    post.fake.courier.perform(post.world)
    snapshot = take(post.fake, post.world)

    def afterwards() -> tuple[list[Letter], list[object]]:
        post.letters.clear()
        for step in after:
            step(post)
        post.advance(3_600_000)
        told = [(one.id, one.due_ms, one.state, len(one.attempts)) for one in post.world.outbox]
        return list(post.letters), list(told)

    first = afterwards()
    for _ in range(2):
        restore(post.fake, snapshot)
        assert afterwards() == first


def test_an_attempt_under_way_is_made_again() -> None:
    """What is restored does not know how it ended: a receiver may take a snapshot and answer."""
    post = Post()
    taken: list[Snapshot] = []

    def receiver(_target: Target, _letter: Letter) -> int:
        taken.append(take(post.fake, post.world))
        return 200

    post.fake.courier = Courier(Egress(), receiver)
    post.create()
    post.fake.courier.perform(post.world)
    restore(post.fake, taken[0])
    post.fake.courier.perform(post.world)
    (delivery,) = post.world.outbox
    assert (delivery.state, len(delivery.attempts)) == (DeliveryState.DELIVERED, 1)
    assert len(taken) == 2


def test_what_is_on_its_way_comes_back_though_it_is_told_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A delivery that waits for its next attempt may have been pushed out by newer ones."""
    monkeypatch.setattr("mockserver.service.outbox.KEPT_DELIVERIES", 1)
    post = Post()
    posted: list[str] = []

    def receiver(_target: Target, letter: Letter) -> int:
        posted.append(letter.header("webhook-id"))
        return 500

    post.fake.courier = Courier(Egress(), receiver)
    for _ in range(3):
        post.create("aborted")
    post.advance(1_000)
    snapshot = take(post.fake, post.world)
    posted.clear()
    post.advance(3_600_000)
    tried = posted[:]
    assert len(set(tried)) > 1
    restore(post.fake, snapshot)
    posted.clear()
    post.advance(3_600_000)
    assert posted == tried


def test_where_time_runs_a_restored_world_delivers_by_itself(
    catalogue: Catalogue, order: Order
) -> None:
    """Nobody has to move its clock."""
    received: Queue[bytes] = Queue()

    def receiver(_target: Target, letter: Letter) -> int:
        received.put(letter.body)
        return 200

    fake = Fake(Settings(clock="scaled:1000"), catalogue)
    fake.courier = Courier(Egress(), receiver)
    world = fake.worlds.named("tester")
    world.clock.run(0)
    reported = replace(order, webhook=HOOK, webhook_events_filter=("completed",))
    fake.courier.expect(world, fake.create(world, reported), _body)
    world.clock.run(1_000)
    snapshot = take(fake, world)
    told = received.get(timeout=PATIENCE_S)
    restore(fake, snapshot)
    assert received.get(timeout=PATIENCE_S) == told
