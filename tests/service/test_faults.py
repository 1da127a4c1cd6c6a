"""The faults of a world: which of them strikes a request, how often, and by whose word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.fault import Operation, Source, fault
from mockserver.library.errors import LibraryError
from mockserver.library.faults.kinds import MOUNT, WSGI
from mockserver.service import faults, recent
from mockserver.service.faults import Occasion, Set, Unable, WorldFaults, belongs, stays


LOOK = Occasion(Operation.GET, "a prompt#1", 0, "owner/name", "p1")
FAULT = "net.close_before"


def of_world(*texts: str, seed: int = 7) -> WorldFaults:
    """A world in which these were set by hand, the first one last."""
    made = WorldFaults(seed)
    for text in texts:
        made.add(fault(text), 0)
    return made


def struck(world: WorldFaults, occasion: Occasion = LOOK, among: Iterable[Set] = ()) -> list[str]:
    """The texts of what strikes."""
    return [str(one.fault) for one in world.strikes(occasion, among or world)]


def turns(text: str, count: int) -> list[int]:
    """Which of so many equal looks are struck."""
    world = of_world(text)
    return [turn for turn in range(1, count + 1) if struck(world)]


@given(st.permutations([Set(fault(f"{FAULT};seed={one}"), one, 0) for one in Source]))
def test_the_strongest_source_alone_strikes(among: list[Set]) -> None:
    """Header before rule before magic word before scenario before flag, in whatever order set."""
    while among:
        (one,) = WorldFaults(7).strikes(LOOK, among)
        assert one.source is min(each.source for each in among)
        among = [each for each in among if each.source is not one.source]


def test_a_source_strikes_with_all_it_has() -> None:
    """The newest first."""
    assert struck(of_world("net.latency", FAULT)) == [FAULT, "net.latency"]


def test_what_does_not_strike_leaves_the_field_to_the_weaker() -> None:
    """A header that meant another turn does not keep a flag away."""
    among = [
        Set(fault(f"{FAULT};nth=2"), Source.HEADER, 0),
        Set(fault("net.latency"), Source.FLAG, 0),
    ]
    world = WorldFaults(7)
    assert struck(world, among=among) == ["net.latency"]
    assert struck(world, among=among) == [f"{FAULT};nth=2"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", [1, 2, 3, 4, 5, 6]),
        (";nth=2", [2]),
        (";first=2", [1, 2]),
        (";every=3", [3, 6]),
        (";times=2", [1, 2]),
        (";every=2;times=2", [2, 4]),
        (";p=0", []),
        (";p=1", [1, 2, 3, 4, 5, 6]),
    ],
)
def test_turns(said: str, expected: list[int]) -> None:
    """`nth`, `first` and `every` count requests, `times` counts strikes."""
    assert turns(FAULT + said, 6) == expected


def test_turns_are_counted_by_subject_and_operation() -> None:
    """Another prediction, and another thing asked of this one, begin at one."""
    world = of_world(f"{FAULT};nth=2")
    others = (
        LOOK,
        replace(LOOK, subject="a prompt#2"),
        replace(LOOK, operation=Operation.CANCEL),
    )
    assert [struck(world, one) for one in others] == [[], [], []]
    assert all(struck(world, one) for one in others)


def test_times_are_counted_by_the_world() -> None:
    """Whatever it struck."""
    world = of_world(f"{FAULT};times=1")
    assert struck(world)
    assert not struck(world, replace(LOOK, subject="another"))


@pytest.mark.parametrize("said", [";nth=1", ";times=1", ";first=1"])
def test_a_fault_that_is_set_again_counts_anew(said: str) -> None:
    """What an equal one counted before is forgotten, whether it was cleared or not."""
    world = of_world(FAULT + said)
    assert struck(world)
    assert not struck(world)
    world.clear()
    world.add(fault(FAULT + said), 0)
    assert struck(world)


def test_a_window_counts_from_when_the_fault_was_set() -> None:
    """In world time."""
    world = WorldFaults(7)
    world.add(fault(f"{FAULT};after_ms=10;until_ms=20"), 1000)
    at = [now_ms for now_ms in range(1000, 1030) if struck(world, replace(LOOK, now_ms=now_ms))]
    assert at == list(range(1010, 1020))


@pytest.mark.parametrize(
    ("text", "strikes"),
    [
        (f"{FAULT};model=owner/*", True),
        (f"{FAULT};model=other/*", False),
        (f"{FAULT};id=p1", True),
        (f"{FAULT};id=p2", False),
        (f"{FAULT};on=create", False),
        (f"{FAULT};on=create+get", True),
        ("hook.duplicate", False),
        ("net.*", True),
        ("EMPTY_RESPONSE", True),
    ],
)
def test_a_fault_strikes_where_it_is_meant_to(text: str, *, strikes: bool) -> None:
    """By model, by id, by operation; an operation that it cannot meet is never counted."""
    among = [Set(fault(text), Source.FLAG, 0)]
    assert bool(struck(WorldFaults(7), among=among)) == strikes


def test_a_prediction_without_faults_is_known_by_its_id() -> None:
    """A world in which nothing is set counts nothing."""
    world = WorldFaults(7)
    world.born("x1", "a prompt")
    assert (world.subject("x1"), world.active) == ("x1", False)


def test_what_goes_with_a_prediction_goes_with_it_alone() -> None:
    """Until it is cleared; such a world counts from then on."""
    world = WorldFaults(7)
    own = (Set(fault(FAULT), Source.HEADER, 0),)
    world.born("x1", "a prompt", own)
    assert (world.own("x1"), world.own("y2"), world.active) == (own, (), True)
    world.clear()
    assert (world.own("x1"), world.active) == ((), False)


def test_clearing_leaves_the_flags() -> None:
    """They are the server's own."""
    world = WorldFaults(7)
    world.begin_with(FAULT, [fault("net.latency")], 0)
    assert [one.source for one in world] == [Source.RULE, Source.FLAG]
    world.clear()
    assert [str(one.fault) for one in world] == [FAULT]
    assert world.active


def test_what_was_struck_is_kept_for_whoever_asks() -> None:
    """By whom, what and when."""
    world = of_world(FAULT)
    (strike,) = world.strikes(replace(LOOK, now_ms=5), world)
    (kept,) = world.struck
    assert (kept.fault, kept.kind, kept.source) == (strike.fault.key, FAULT, Source.RULE)
    assert (kept.operation, kept.prediction_id, kept.at_ms) == (Operation.GET, "p1", 5)


def test_a_kind_remembers_by_subject() -> None:
    """What it put down at one request it finds at the next."""
    world = of_world(FAULT)
    (first,) = world.strikes(LOOK, world)
    first.memory["told"] = 1
    (second,) = world.strikes(LOOK, world)
    (other,) = world.strikes(replace(LOOK, subject="another"), world)
    assert (second.memory, other.memory) == ({"told": 1}, {})


def test_nothing_grows_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Subjects, counts, memories and strikes: the longest unused is forgotten."""
    monkeypatch.setattr(recent, "KEPT", 20)
    world = WorldFaults(7)
    for turn in range(faults.KEPT_STRIKES + 50):
        world.born(f"p{turn}", f"prompt {turn}", (Set(fault(FAULT), Source.HEADER, 0),))
        once = Set(fault(f"{FAULT};times=1;seed={turn}"), Source.HEADER, 0)
        struck(world, replace(LOOK, subject=f"s{turn}"), [once])
    sizes = [len(kept) for kept in vars(world).values() if hasattr(kept, "__len__")]
    assert max(sizes) == len(world.struck) == faults.KEPT_STRIKES
    assert sorted(sizes)[-2] == 20


def test_a_copy_goes_its_own_way() -> None:
    """It has counted what the first one had, and nothing of what that counts later."""
    world = of_world(f"{FAULT};nth=3")
    world.born("x1", "a prompt")
    struck(world)
    other = world.copy()
    assert (struck(world), struck(world)) == ([], [f"{FAULT};nth=3"])
    assert (struck(other), struck(other)) == ([], [f"{FAULT};nth=3"])
    assert other.subject("x1") == world.subject("x1")


def test_an_edge_that_cannot_perform_it_refuses_it() -> None:
    """And says what to use; of several, one is drawn that it can perform."""
    with pytest.raises(Unable, match=r"net\.close_before needs the bytes of a connection: use"):
        struck(of_world(FAULT), replace(LOOK, means=WSGI))
    with pytest.raises(Unable, match=r"net\.stale_keepalive needs a socket"):
        struck(of_world("net.stale_keepalive"), replace(LOOK, means=MOUNT))
    with pytest.raises(Unable, match=r"net\.refuse can only be told in-process"):
        struck(of_world("net.refuse"))
    for turn in range(20):
        look = replace(LOOK, means=WSGI, subject=f"s{turn}")
        (strike,) = of_world("net").strikes(look, of_world("net"))
        assert strike.kind.needs in WSGI


def test_a_weaker_fault_that_cannot_be_performed_does_no_harm() -> None:
    """It would not have struck."""
    among = [
        Set(fault("net.latency"), Source.HEADER, 0),
        Set(fault(FAULT), Source.FLAG, 0),
    ]
    assert struck(WorldFaults(7), replace(LOOK, means=WSGI), among) == ["net.latency"]


def test_a_fault_that_is_not_known_is_not_set() -> None:
    """The refusal names what there is."""
    with pytest.raises(LibraryError, match=r"net\.close_befor"):
        WorldFaults(7).add(fault("net.close_befor"), 0)
    with pytest.raises(LibraryError, match="before any request"):
        WorldFaults(7).add(fault("tls.expired"), 0)


@pytest.mark.parametrize(
    ("text", "source", "kept"),
    [
        (FAULT, Source.HEADER, False),
        (f"{FAULT};on=get", Source.HEADER, True),
        (f"{FAULT};on=create", Source.HEADER, False),
        ("hook.duplicate", Source.HEADER, True),
        (FAULT, Source.MAGIC, True),
    ],
)
def test_what_stays_with_a_prediction(text: str, source: Source, *, kept: bool) -> None:
    """A magic word does; a header where it says so, or where it would mean nothing else."""
    assert stays(Set(fault(text), source, 0)) == kept


def test_what_belongs_where() -> None:
    """As its kind says, unless the fault says otherwise."""
    told = Set(fault(FAULT), Source.HEADER, 0)
    narrow = Set(fault(f"{FAULT};on=get"), Source.HEADER, 0)
    assert (belongs(told, Operation.CREATE), belongs(told, Operation.WEBHOOK)) == (True, False)
    assert (belongs(narrow, Operation.CREATE), belongs(narrow, Operation.GET)) == (False, True)
