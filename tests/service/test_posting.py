"""What holds for webhooks that faults strike, on every clock and at every pace."""

from __future__ import annotations

from collections.abc import Sequence
from queue import Queue
from typing import Final
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.core.fault import faults
from mockserver.core.letter import Letter
from mockserver.library.catalogue import Catalogue
from mockserver.library.faults import catalogue
from mockserver.library.models import Model
from mockserver.service import posting, predictions
from mockserver.service.courier import Courier
from mockserver.service.deliveries import DeliveryState
from mockserver.service.egress import Egress, Target
from mockserver.service.fake import Fake
from mockserver.service.faults import Unable
from mockserver.service.orders import Order
from mockserver.service.settings import Settings
from mockserver.service.worlds import World


CATALOGUE: Final = Catalogue()
HOOK: Final = "http://127.0.0.1:9/hook"
ALL: Final = ("start", "output", "logs", "completed")
HOUR_MS: Final = 3_600_000
PATIENCE_S: Final = 20.0
FAULTS: Final = tuple(
    text.replace("10000000", "9") for text in catalogue.examples("hook") if "create" not in text
)
TWO: Final = ("hook.reorder;p=0.5", "hook.delayed;delay_ms=3000;every=2")


def begin(courier: Courier, fake: Fake, set_faults: Sequence[str], *scenarios: str) -> World:
    """A world under these faults, with a prediction of another model for each scenario."""
    world = fake.worlds.named("tester")
    for text in set_faults:
        for one in faults(text):
            world.faults.add(one, world.clock.now_ms())
    with world.outbox.performing:
        for model, scenario in zip(CATALOGUE.models(), scenarios, strict=False):
            created = fake.create(world, Order(model, {"prompt": "a"}, HOOK, ALL), scenario)
            courier.expect(world, created, lambda _, at_ms: b'{"at":%d}' % at_ms)
    return world


def run(
    set_faults: Sequence[str], scenarios: list[str], steps_ms: list[int], cancel: int | None
) -> tuple[list[Letter], list[object]]:
    """What is posted in an hour of such steps, and the log; two of three are refused."""
    letters: list[Letter] = []

    def receiver(_target: Target, letter: Letter) -> int:
        letters.append(letter)
        # Two letters may come at once, so that their order must decide nothing.
        told = letter.header("webhook-id") + letter.header("webhook-timestamp")
        return 500 if crc32(told.encode()) % 3 else 200

    courier = Courier(Egress(), receiver)
    world = begin(courier, Fake(Settings(clock="manual"), CATALOGUE), set_faults, *scenarios)
    if cancel is not None:
        world.clock.advance(cancel)
        courier.perform(world)
        predictions.cancel(world, world.store.ids(0, 1)[0])
        courier.perform(world)
    for step_ms in (*steps_ms, HOUR_MS):
        world.clock.advance(step_ms)
        courier.perform(world)
    log = [
        (one.id, one.faults, one.state, [(tried.at_ms, tried.status) for tried in one.attempts])
        for one in world.outbox
    ]
    return letters, [*log, *(entry.notes for entry in world.journal)]


@given(
    st.sampled_from([(one,) for one in FAULTS] + [TWO]),
    st.lists(st.sampled_from(["happy", "failed", "stuck-starting"]), min_size=1, max_size=3),
    st.lists(st.integers(0, 4_000), max_size=4),
    st.none() | st.integers(0, 4_000),
)
@settings(max_examples=60, deadline=None)
def test_it_does_not_matter_in_which_steps_time_passes(
    set_faults: tuple[str, ...], scenarios: list[str], steps_ms: list[int], cancel: int | None
) -> None:
    """The same letters, the same log and the same journal, byte for byte, under every fault."""
    whole = run(set_faults, scenarios, [], cancel)
    assert run(set_faults, scenarios, steps_ms, cancel) == whole


@given(st.lists(st.sampled_from(["happy", "failed", "aborted"]), min_size=1, max_size=3))
@settings(max_examples=15, deadline=None)
def test_what_is_reordered_is_all_there(scenarios: list[str]) -> None:
    """The same bodies come of each prediction, in reverse; nothing is lost or told twice."""

    def bodies(set_faults: tuple[str, ...]) -> dict[str, list[bytes]]:
        letters: list[Letter] = []

        def receiver(_target: Target, letter: Letter) -> int:
            letters.append(letter)
            return 200

        courier = Courier(Egress(), receiver)
        fake = Fake(Settings(clock="manual"), CATALOGUE)
        world = begin(courier, fake, set_faults, *scenarios)
        world.clock.advance(HOUR_MS)
        courier.perform(world)
        owners = {one.id: one.prediction_id for one in world.outbox}
        found: dict[str, list[bytes]] = {}
        for letter in letters:
            found.setdefault(owners[letter.header("webhook-id")], []).append(letter.body)
        return found

    plain = bodies(())
    assert bodies(("hook.reorder",)) == {key: told[::-1] for key, told in plain.items()}


@pytest.mark.parametrize("clock", ["real", "scaled:1000"])
def test_where_time_runs_faults_need_no_hand(clock: str) -> None:
    """A copy is waited for and sent by the fake's own thread."""
    came: Queue[str] = Queue()

    def receiver(_target: Target, letter: Letter) -> int:
        came.put(letter.header("webhook-id"))
        return 200

    courier = Courier(Egress(), receiver)
    fake = Fake(Settings(clock=clock), CATALOGUE)
    begin(courier, fake, ("hook.duplicate;gap_ms=20;nth=1",), "stuck-starting")
    assert came.get(timeout=PATIENCE_S) == came.get(timeout=PATIENCE_S)


def test_a_look_at_a_poll_clock_delivers_what_is_struck(pro: Model) -> None:
    """The end comes first there too."""
    came: Queue[bytes] = Queue()

    def receiver(_target: Target, letter: Letter) -> int:
        came.put(letter.body)
        return 200

    fake = Fake(Settings(clock="poll"), CATALOGUE)
    courier = Courier(Egress(), receiver)
    world = fake.worlds.named("tester")
    world.faults.add(faults("hook.reorder")[0], 0)
    created = fake.create(world, Order(pro, {"prompt": "a"}, HOOK, ("start", "completed")))
    courier.expect(world, created, lambda _, at_ms: b"%d" % (at_ms - created.at_ms))
    while not predictions.look(world, created.id).moment.ended:
        pass
    assert [came.get(timeout=PATIENCE_S) for _ in range(2)] == [b"5200", b"0"]


def test_where_nothing_is_set_nothing_is_asked(fake: Fake, pro: Model) -> None:
    """A delivery of a world without faults is never looked at by them."""
    courier = Courier(Egress(), lambda _target, _letter: 200)
    world = fake.worlds.named("tester")
    created = fake.create(world, Order(pro, {"prompt": "a"}, HOOK))
    courier.expect(world, created, lambda _, __: b"")
    world.clock.advance(HOUR_MS)
    courier.perform(world)
    (delivery,) = world.outbox
    assert (delivery.strikes, delivery.state) == (None, DeliveryState.DELIVERED)
    assert len(world.journal) == 0


def test_a_fault_that_is_set_between_attempts_comes_too_late(fake: Fake, pro: Model) -> None:
    """A delivery is asked about at its first attempt, or not at all."""
    letters: list[Letter] = []

    def receiver(_target: Target, letter: Letter) -> int:
        letters.append(letter)
        return 500

    courier = Courier(Egress(), receiver)
    world = fake.worlds.named("tester")
    created = fake.create(world, Order(pro, {"prompt": "a"}, HOOK))
    courier.expect(world, created, lambda _, __: b"")
    world.clock.advance(6_000)
    courier.perform(world)
    world.faults.add(faults("hook.wrong_path")[0], world.clock.now_ms())
    world.clock.advance(HOUR_MS)
    courier.perform(world)
    assert len(letters) == 6
    assert {letter.path for letter in letters} == {""}


def test_what_cannot_be_performed_leaves_the_webhook_alone(
    fake: Fake, pro: Model, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody is there to be told but the log."""
    letters: list[Letter] = []

    def receiver(_target: Target, letter: Letter) -> int:
        letters.append(letter)
        return 200

    courier = Courier(Egress(), receiver)
    world = fake.worlds.named("tester")
    created = fake.create(world, Order(pro, {"prompt": "a"}, HOOK))
    courier.expect(world, created, lambda _, __: b"")
    world.faults.add(faults("hook.wrong_path")[0], world.clock.now_ms())

    def unable(*_: object) -> None:
        raise Unable("it needs a socket")

    monkeypatch.setattr(world.faults, "strikes", unable)
    world.clock.advance(HOUR_MS)
    courier.perform(world)
    assert [letter.path for letter in letters] == [""]
    assert "it needs a socket" in caplog.text
    assert posting.USER_AGENT in dict(letters[0].headers).values()
