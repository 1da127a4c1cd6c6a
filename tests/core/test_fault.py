"""Faults as texts and values: what is written is what is meant, and chance repeats."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.fault import Draw, Fault, Operation, Phase, When, fault, faults


NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,9}(\.[a-z][a-z0-9_]{0,9}|\.\*)?", fullmatch=True)
COUNTS = st.none() | st.integers(1, 1000)
KEYS = st.sampled_from(["ms", "bytes", "form", "then"])
TEXTS = st.from_regex(r"[A-Za-z0-9._/*-]{1,9}", fullmatch=True)
FAULTS = st.builds(
    Fault,
    name=NAMES,
    params=st.dictionaries(KEYS, TEXTS, max_size=3).map(lambda said: tuple(sorted(said.items()))),
    on=st.frozensets(st.sampled_from(Operation)),
    model=st.just("*") | TEXTS,
    id=st.just("") | TEXTS,
    when=st.builds(
        When,
        nth=COUNTS,
        first=COUNTS,
        every=COUNTS,
        p=st.floats(0, 1),
        after_ms=st.integers(0, 10**9),
        until_ms=st.none() | st.integers(0, 10**9),
    ),
    phase=st.none() | st.sampled_from(Phase),
    times=COUNTS,
    seed=st.none() | st.integers(-(10**9), 10**9),
)


@given(FAULTS)
def test_a_fault_is_read_as_it_is_told(told: Fault) -> None:
    """Its text means the same fault, whatever was said of it, and alone or among others."""
    assert faults(str(told)) == (told,)
    assert faults(f"{told}, {told}") == (told, told)


@given(FAULTS)
def test_equal_faults_have_one_key(told: Fault) -> None:
    """The key begins with the name, and another seed makes another key."""
    assert told.key == fault(str(told)).key
    assert told.key.startswith(f"{told.name}-")
    assert replace(told, seed=10**10).key != told.key


def test_a_name_is_read_in_small_letters() -> None:
    """Other tools write theirs in capitals."""
    assert fault("EMPTY_RESPONSE;nth=1").name == "empty_response"


def test_what_is_said_besides_a_text_is_said_of_the_fault() -> None:
    """Lists, truths and numbers mean what their texts mean; None means nothing was said."""
    said = {"on": ["get", "create"], "nth": 2, "p": 0.5, "model": None, "loud": True}
    assert fault("net.drip;ms=5", said) == fault(
        "net.drip;on=create+get;nth=2;p=0.5;ms=5;loud=true"
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("9.drip", "named like net.reset_before, not '9.drip'"),
        ("net.drip.more", "named like"),
        ("net.drip;nth", "pairs like nth=1, not 'nth'"),
        ("net.drip;nth=0", '"nth" of a fault is a whole number from 1 on, not 0'),
        ("net.drip;first=x", "\"first\" of a fault is a whole number, not 'x'"),
        ("net.drip;every=-1", '"every" of a fault is a whole number from 1 on'),
        ("net.drip;times=0", '"times" of a fault is a whole number from 1 on'),
        ("net.drip;p=2", '"p" of a fault is a chance from 0 to 1, not 2.0'),
        ("net.drip;p=nan", '"p" of a fault is a chance from 0 to 1, not nan'),
        ("net.drip;p=often", "not 'often'"),
        ("net.drip;on=create+nowhere", '"on" of a fault is one of create, get'),
        ("net.drip;phase=during", '"phase" of a fault is one of before, after'),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, says: str) -> None:
    """The refusal shows what was seen, and what was expected."""
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - its text is compared
        faults(text)
    assert says in str(refused.value)


@pytest.mark.parametrize("value", ["a,b", "a;b"])
def test_a_value_cannot_hold_what_separates(value: str) -> None:
    """It could not be told as a text."""
    with pytest.raises(ValueError, match="cannot hold a comma or a semicolon"):
        fault("net.drip", {"form": value})


@pytest.mark.parametrize(
    ("when", "struck"),
    [
        (When(), [1, 2, 3, 4, 5, 6]),
        (When(nth=2), [2]),
        (When(first=2), [1, 2]),
        (When(every=3), [3, 6]),
        (When(first=4, every=2), [2, 4]),
    ],
)
def test_conditions_count_from_one(when: When, struck: list[int]) -> None:
    """`nth` is one of them, `first` the first so many, `every` each so-manyth; all must hold."""
    assert [ordinal for ordinal in range(1, 7) if when.allows(ordinal, 0)] == struck


@given(st.integers(0, 100), st.none() | st.integers(0, 100), st.integers(0, 100))
def test_a_window_is_open_from_its_begin_to_before_its_end(
    after_ms: int, until_ms: int | None, age_ms: int
) -> None:
    """World time since the fault was set."""
    inside = after_ms <= age_ms and (until_ms is None or age_ms < until_ms)
    assert When(after_ms=after_ms, until_ms=until_ms).allows(1, age_ms) == inside


@pytest.mark.parametrize(
    ("told", "concerned"),
    [
        ({}, True),
        ({"model": "owner/*"}, True),
        ({"model": "other/*"}, False),
        ({"id": "p1"}, True),
        ({"id": "p2"}, False),
        ({"model": "owner/*", "id": "p2"}, False),
    ],
)
def test_a_fault_concerns_a_model_or_a_prediction(
    told: dict[str, Any], *, concerned: bool
) -> None:
    """By a shell pattern over `owner/name`, and by an id."""
    assert Fault("net.drip", **told).concerns("owner/name", "p1") == concerned


@given(st.binary(max_size=20), st.integers(1, 1000))
def test_chance_repeats_and_keeps_its_bounds(key: bytes, count: int) -> None:
    """Equal keys draw equal things; another purpose draws another."""
    draw = Draw(key)
    assert 0 <= draw.unit < 1
    assert 0 <= draw.below(count) < count
    assert (draw.unit, draw.octets(9)) == (Draw(key).unit, Draw(key).octets(9))
    assert draw.octets(count)[:1] == draw.octets(1)
    assert draw.apart("a").octets(16) != draw.apart("b").octets(16)


def test_chance_is_fair() -> None:
    """A fault of `p` 0.1 strikes about a tenth of what it meets."""
    told = fault("net.drip;p=0.1")
    struck = sum(told.draw(7, f"subject {place}", 1).unit < 0.1 for place in range(10_000))
    assert 900 < struck < 1100


def test_chance_differs_by_seed_subject_ordinal_and_fault() -> None:
    """Each of them alone makes another draw; a fault's own seed counts more than the world's."""
    told = fault("net.drip;p=0.5")
    drawn = {
        told.draw(*about).key for about in [(1, "a", 1), (2, "a", 1), (1, "b", 1), (1, "a", 2)]
    } | {fault("net.drip;p=0.4").draw(1, "a", 1).key}
    own = fault("net.drip;seed=5")
    assert len(drawn) == 5
    assert own.draw(1, "a", 1) == own.draw(2, "a", 1)
