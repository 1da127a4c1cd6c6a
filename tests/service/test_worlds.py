"""Worlds: isolated accounts, made when they are first named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core import ids
from mockserver.core.clock import EPOCH_MS
from mockserver.core.timeline import Plan, Status, Step
from mockserver.service import predictions
from mockserver.service.orders import Order
from mockserver.service.rules import Rule
from mockserver.service.settings import Settings
from mockserver.service.worlds import KEY_LENGTH, World, Worlds


STUCK = Plan((Step(Status.STARTING),))
FROZEN = Settings(clock="manual")

tokens = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40)


@pytest.fixture
def worlds() -> Worlds:
    """Worlds whose time stands still."""
    return Worlds(FROZEN)


def made(world: World, order: Order, count: int) -> list[str]:
    """The ids of `count` predictions, a second apart."""
    return [
        (predictions.create(world, order, STUCK).id, world.clock.advance(1_000))[0]
        for _ in range(count)
    ]


@given(st.lists(tokens, max_size=10))
def test_a_token_is_a_world(names: list[str]) -> None:
    """The same token opens the same world, another token another one."""
    worlds = Worlds(FROZEN)
    opened = {name: worlds.named(name) for name in names}
    assert all(worlds.named(name) is world for name, world in opened.items())
    assert len(worlds) == len({id(world) for world in opened.values()}) == len(opened)


@given(tokens)
def test_a_world_is_found_by_the_key_it_shows(name: str) -> None:
    """The key stands in addresses, where a token must not."""
    worlds = Worlds(FROZEN)
    world = worlds.named(name)
    assert worlds.with_key(world.key) is world
    assert len(world.key) == KEY_LENGTH
    assert set(world.key) <= set(ids.RFC4648)


def test_a_key_nobody_has_leads_nowhere(worlds: Worlds) -> None:
    """To look for a world does not make one."""
    assert worlds.with_key("aaaaaaaaaa") is None
    assert len(worlds) == 0


def test_worlds_share_nothing(worlds: Worlds, order: Order) -> None:
    """Clock, predictions, rules and ledger of one account are no other account's."""
    mine, other = worlds.named("mine"), worlds.named("other")
    made(mine, order, 1)
    mine.rules.add(Rule("failed"))
    assert other.clock.now_ms() == EPOCH_MS
    assert (len(other.store), list(other.rules), other.ledger.totals) == (0, [], {})
    assert mine.seed != other.seed


def test_a_world_begins_as_its_settings_say() -> None:
    """Clock and scenario; rules given to all new worlds are its own copies."""
    worlds = Worlds(Settings(clock="poll", scenario="nsfw"))
    worlds.rules.add(Rule("failed", times=1))
    world = worlds.named("a")
    world.rules.take("a/b", "")
    assert (world.clock.mode, world.scenario) == ("poll", "nsfw")
    assert [rule.scenario for rule in worlds.named("b").rules] == ["failed"]


def test_a_new_beginning_is_for_new_worlds(worlds: Worlds) -> None:
    """Worlds that exist keep their clock and seed."""
    before = worlds.named("before")
    worlds.begin_with(clock="poll", seed=9)
    assert (before.clock.mode, worlds.named("after").clock.mode) == ("manual", "poll")
    assert (worlds.settings.seed, FROZEN.seed) == (9, 0)


def test_a_world_can_be_made_with_a_beginning_of_its_own(worlds: Worlds) -> None:
    """It takes the place of the one before, and knows no rules."""
    before = worlds.named("a")
    worlds.rules.add(Rule("failed"))
    world = worlds.make("a", clock="poll", seed=9, scenario="nsfw")
    assert worlds.named("a") is world is not before
    assert (world.clock.mode, world.scenario, list(world.rules)) == ("poll", "nsfw", [])
    assert worlds.settings == FROZEN


# Reset


def test_a_reset_repeats_a_world_byte_for_byte(worlds: Worlds, order: Order) -> None:
    """Same seed, same clock, same actions: same ids."""
    first = made(worlds.named("a"), order, 3)
    worlds.reset("a")
    again = made(worlds.named("a"), order, 3)
    assert again == first


@given(st.integers(), st.integers())
def test_a_seed_decides_what_a_world_draws(first: int, second: int) -> None:
    """Another seed, other ids; the same seed in another fake, the same ids."""
    here, there = Worlds(FROZEN), Worlds(Settings(clock="manual", seed=first))
    here.reset(seed=first)
    drawn = here.named("a").draw(0, b"prediction")
    assert drawn == there.named("a").draw(0, b"prediction")
    here.reset(seed=second)
    assert (here.named("a").draw(0, b"prediction") == drawn) is (first == second)


def test_a_reset_of_one_world_leaves_the_others(worlds: Worlds, order: Order) -> None:
    """Only what was named is forgotten."""
    made(worlds.named("a"), order, 1)
    made(worlds.named("b"), order, 1)
    worlds.reset("a")
    assert (len(worlds.named("a").store), len(worlds.named("b").store)) == (0, 1)


def test_a_world_can_be_reset_by_the_key_it_shows(worlds: Worlds, order: Order) -> None:
    """Who reads about a world knows its key, not its token."""
    made(worlds.named("a"), order, 1)
    made(worlds.named("b"), order, 1)
    worlds.reset(worlds.named("a").key)
    assert (len(worlds.named("a").store), len(worlds.named("b").store)) == (0, 1)


def test_a_seed_given_for_one_world_is_that_worlds_alone(worlds: Worlds) -> None:
    """Other worlds, and those still to come, begin from the seed of the fake."""
    before = worlds.named("a").seed
    worlds.reset("a", seed=9)
    assert worlds.settings.seed == FROZEN.seed
    assert worlds.named("a").seed == Worlds(replace(FROZEN, seed=9)).named("a").seed != before
    assert worlds.named("b").seed == Worlds(FROZEN).named("b").seed


def test_a_reset_of_all_leaves_none(worlds: Worlds) -> None:
    """They are made anew when they are named again."""
    worlds.named("a")
    worlds.named("b")
    worlds.reset()
    assert list(worlds) == []


def test_a_reset_of_a_world_that_is_not_there_is_no_error(worlds: Worlds) -> None:
    """A test may reset before it begins."""
    worlds.reset("a")
    assert len(worlds) == 0


def test_a_reset_wakes_those_who_wait(worlds: Worlds) -> None:
    """Nobody may wait for a world that is gone."""
    woken: list[str] = []
    worlds.named("a").bell.subscribe("a prediction", lambda: woken.append("woken"))
    worlds.reset()
    assert woken == ["woken"]


# Memory


def test_the_longest_unused_world_is_forgotten() -> None:
    """A world in use survives any number of passers-by."""
    worlds = Worlds(FROZEN, kept=2)
    busy = worlds.named("busy")
    worlds.named("idle")
    worlds.named("busy")
    worlds.named("passer-by")
    assert [world.label for world in worlds] == ["busy", "passer-by"]
    assert worlds.named("busy") is busy


def test_who_waits_in_a_forgotten_world_is_sent_away() -> None:
    """Nobody could move the clock of a world that nobody can name."""
    worlds = Worlds(FROZEN, kept=1)
    idle = worlds.named("idle")
    woken: list[bool] = []
    idle.bell.subscribe("a prediction", lambda: woken.append(idle.forgotten))
    worlds.named("passer-by")
    assert woken == [True]


@given(st.lists(st.sampled_from("abcdefghij"), max_size=40))
def test_names_are_bounded_too(names: list[str]) -> None:
    """Whatever is forgotten, a name always means the same key."""
    worlds, many = Worlds(FROZEN, kept=1), Worlds(FROZEN)
    keys = [worlds.named(name).key for name in names]
    assert keys == [many.named(name).key for name in names]
    assert len(worlds) <= 1


# Labels


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("tester", "tester"),
        ("elevenchars", "elevenchars"),
        ("twelve-chars", "twe…hars"),
        ("r8_0123456789abcdefghijklmnopqrstuvwxyz", "r8_…wxyz"),
    ],
)
def test_a_label_is_too_little_to_use_as_a_token(worlds: Worlds, name: str, label: str) -> None:
    """Real tokens are long, and shown by both ends; names typed by hand are shown whole."""
    assert worlds.named(name).label == label
