"""A world in a test's hands: `Handle`, and `Worlds.make` beneath it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mockserver.core.timeline import Status
from mockserver.library.errors import UnknownName
from mockserver.service.fake import Fake
from mockserver.service.handle import Handle, NeverSettles
from mockserver.service.orders import Order
from mockserver.service.rules import Rule
from mockserver.service.settings import Settings


MODEL = "black-forest-labs/flux-kontext-pro"


@pytest.fixture
def fake() -> Fake:
    """A fake whose worlds stand still."""
    return Fake(Settings(clock="manual"))


@pytest.fixture
def handle(fake: Fake) -> Handle:
    """A world of it."""
    return Handle(fake, "a token")


def create(handle: Handle, prompt: str = "a lighthouse") -> str:
    """The id of a new prediction in the world of `handle`."""
    model = handle.fake.catalogue.model(MODEL)
    assert model is not None
    return handle.fake.create(handle.world, Order(model, {"prompt": prompt})).id


def test_predictions_come_in_the_order_of_their_creation(handle: Handle) -> None:
    """`predictions()` tells all there are, oldest first, as they are now."""
    ids = [create(handle, "one"), create(handle, "two")]

    seen = handle.predictions()

    assert [one.id for one in seen] == ids
    assert [one.input for one in seen] == [{"prompt": "one"}, {"prompt": "two"}]
    assert {one.status for one in seen} == {Status.STARTING}
    assert {one.model for one in seen} == {MODEL}


def test_looking_moves_no_clock() -> None:
    """Even a poll clock stands still while the test looks from outside."""
    handle = Handle(Fake(Settings(clock="poll")), "a token")
    create(handle)

    assert handle.predictions() == handle.predictions()


def test_advance_takes_seconds(handle: Handle) -> None:
    """The clock is moved in seconds and read as an instant in UTC."""
    assert handle.clock.now == datetime(2026, 1, 1, tzinfo=UTC)

    assert handle.clock.advance(1.5) == datetime(2026, 1, 1, 0, 0, 1, 500_000, tzinfo=UTC)
    assert handle.clock.now_ms == 1_767_225_601_500


def test_a_clock_can_be_let_run_and_frozen(handle: Handle) -> None:
    """`run` and `freeze` change the pace."""
    assert handle.clock.mode == "manual"
    handle.clock.run()
    assert handle.clock.mode == "real"
    handle.clock.freeze()
    assert handle.clock.mode == "manual"


def test_settle_ends_every_prediction_and_goes_no_further(handle: Handle) -> None:
    """`settle` moves the time to the last end: exactly there, not beyond."""
    create(handle)
    handle.clock.advance(1)
    create(handle)

    settled = handle.settle()

    assert {one.status for one in settled} == {Status.SUCCEEDED}
    assert {one.outputs for one in settled} == {1}
    plan = handle.world.store.events(settled[-1].id)[0]
    assert handle.clock.now_ms == plan.at_ms + plan.plan.moments[-1].after_ms


def test_settle_without_predictions_does_nothing(handle: Handle) -> None:
    """An empty world is settled."""
    before = handle.clock.now

    assert handle.settle() == ()
    assert handle.clock.now == before


def test_settle_refuses_to_wait_for_ever(handle: Handle) -> None:
    """A prediction that never ends is named, and nothing has moved."""
    handle.scenario("stuck-processing")
    stuck = create(handle)

    with pytest.raises(NeverSettles, match=f"{stuck}.* stays processing for ever"):
        handle.settle()
    assert handle.predictions()[0].status is Status.STARTING


def test_force_ends_what_would_not_end(handle: Handle) -> None:
    """`force` takes a status as it is spelled on the wire."""
    handle.scenario("stuck-starting")
    stuck = create(handle)

    handle.force(stuck, "failed", "out of memory")

    seen = handle.predictions()[0]
    assert (seen.status, seen.error) == (Status.FAILED, "out of memory")


def test_force_keeps_to_the_transition_table(handle: Handle) -> None:
    """What has ended does not begin again."""
    one = create(handle)
    handle.settle()

    with pytest.raises(ValueError, match="processing cannot follow succeeded"):
        handle.force(one, "processing")


def test_scenario_is_a_rule_for_what_comes(handle: Handle) -> None:
    """`times` uses of a rule, then the default again."""
    handle.scenario("failed", prompt="storm", times=1)
    create(handle, "a storm")
    create(handle, "a storm")
    create(handle, "calm")

    statuses = [one.status for one in handle.settle()]

    assert statuses == [Status.FAILED, Status.SUCCEEDED, Status.SUCCEEDED]


def test_an_unknown_scenario_is_refused_at_once(fake: Fake, handle: Handle) -> None:
    """A misspelled scenario is told where it is written, with the nearest name."""
    with pytest.raises(UnknownName, match="Did you mean 'failed'"):
        handle.scenario("faild")
    with pytest.raises(UnknownName, match="Did you mean 'failed'"):
        Handle(fake, "another token", scenario="faild")


def test_a_world_begins_as_it_was_told(fake: Fake) -> None:
    """Clock, seed and scenario belong to the one world, not to the fake."""
    told = Handle(fake, "a token", clock="poll", scenario="failed")

    assert (told.clock.mode, told.world.scenario) == ("poll", "failed")
    other = Handle(fake, "another token")
    assert (other.clock.mode, other.world.scenario) == ("manual", "happy")


def test_a_seed_decides_what_is_drawn(fake: Fake) -> None:
    """The same seed makes the same ids, another one makes others."""
    drawn = [create(Handle(fake, "a token", seed=seed)) for seed in (7, 7, 8)]

    assert drawn[0] == drawn[1] != drawn[2]


def test_a_new_world_takes_the_place_of_the_old(fake: Fake, handle: Handle) -> None:
    """Whoever asks for a world gets a clean one, also under a known token."""
    create(handle)
    handle.clock.advance(5)

    again = Handle(fake, "a token")

    assert again.predictions() == handle.predictions() == ()
    assert again.clock.now == datetime(2026, 1, 1, tzinfo=UTC)
    assert len(fake.worlds) == 1


def test_reset_begins_again_in_the_same_way(fake: Fake) -> None:
    """The same seed makes the same ids."""
    handle = Handle(fake, "a token", clock="poll", seed=3)
    first = create(handle)

    handle.reset()

    assert handle.predictions() == ()
    assert (create(handle), handle.clock.mode) == (first, "poll")


def test_a_world_made_by_hand_knows_no_general_rule(fake: Fake) -> None:
    """What one test told all worlds does not reach the next test's."""
    fake.worlds.rules.add(Rule("failed"))

    assert list(Handle(fake, "a token").world.rules) == []
    assert list(fake.worlds.named("another token").rules) == [Rule("failed")]


def test_journal_and_ledger_are_the_worlds(handle: Handle) -> None:
    """What was asked and what it cost can be read without HTTP."""
    create(handle)

    assert handle.journal.count == 0
    assert handle.ledger.totals[MODEL].predictions == 1


def test_a_world_comes_back_as_it_was(handle: Handle) -> None:
    """Its predictions, its time and its rules, as often as it is wanted."""
    one = create(handle)
    handle.scenario("failed", times=1)
    handle.clock.advance(1)
    before = handle.clock.now, handle.predictions()
    snapshot = handle.snapshot()
    for _ in range(2):
        handle.force(one, "failed")
        create(handle)
        handle.settle()

        handle.restore(snapshot)

        assert (handle.clock.now, handle.predictions()) == before
        assert [rule.times for rule in handle.world.rules] == [1]


def test_a_snapshot_of_another_world_is_refused(fake: Fake, handle: Handle) -> None:
    """Its predictions carry the name of their world."""
    snapshot = Handle(fake, "another token").snapshot()

    with pytest.raises(ValueError, match=r"'ano…oken', not of 'a token'"):
        handle.restore(snapshot)


def test_what_was_sent_twice_can_be_asked_for(handle: Handle) -> None:
    """A test of a client can say that nothing was paid for twice."""
    ids = [create(handle, prompt) for prompt in ("one", "two", "one")]

    (request,) = handle.ledger.duplicates

    assert request.prediction_ids == (ids[0], ids[2])
    assert request.usd_wasted == handle.ledger.balance.usd_wasted > 0
