"""The whole catalogue at once: every fault strikes where it belongs, is told of, and repeats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from mockserver.core.fault import Operation
from mockserver.library.faults import catalogue
from mockserver.library.faults.kinds import SERVER, Needs
from mockserver.library.faults.promises import PROMISES
from mockserver.library.faults.suites import SUITES
from tests.faults import PATIENT_S, QUIET_S, undated


if TYPE_CHECKING:
    from tests.web.faults.conftest import Caller

ALL: Final = tuple(
    text
    for text in catalogue.examples(*catalogue.families())
    if catalogue.kinds()[text.partition(";")[0]].needs in SERVER
)
ORDER: Final[tuple[Operation, ...]] = tuple(
    one for one in Operation if one is not Operation.WEBHOOK
)


def places(text: str) -> list[Operation]:
    """Where a fault strikes by itself; what webhooks do is tested with their receivers."""
    on = catalogue.kinds()[text.partition(";")[0]].on
    return [one for one in ORDER if one in on][:2]


CASES: Final = [(text, on) for text in ALL for on in places(text)]


@pytest.mark.parametrize(("text", "on"), CASES)
def test_a_fault_repeats_byte_for_byte(caller: Caller, text: str, on: Operation) -> None:
    """Equal worlds, equal seeds and equal requests: the same bytes, the same end, the same note.

    The journal names the fault, or says that it found nothing to change; the fake never fails.
    """
    # What gateways do always ends; some of it begins late, and silence would say nothing.
    quiet_s = PATIENT_S if text.startswith("gw.") else QUIET_S
    first, again = (caller.told(text, on, after_s=60.0, quiet_s=quiet_s) for _ in range(2))
    assert (undated(first.data), first.ended) == (undated(again.data), again.ended)
    assert first.entry.faults == again.entry.faults
    assert any(f"fault {text.partition(';')[0]}" in note for note in first.entry.notes)
    assert b"The fake itself failed" not in first.data
    assert b"The server failed on this request" not in first.data


def test_every_kind_says_what_it_is() -> None:
    """In a whole sentence; the promises that it tests are known ones."""
    for kind in catalogue.kinds().values():
        assert kind.says[:1].isupper() or not kind.says[:1].isalpha(), kind.name
        assert kind.says.endswith("."), kind.name
        assert set(kind.tests) <= set(PROMISES), kind.name


def test_a_kind_strikes_only_where_it_can() -> None:
    """What it does by itself is among what it may be told to do."""
    assert [one.name for one in catalogue.kinds().values() if not one.on <= one.possible] == []


def test_every_promise_is_put_to_the_test() -> None:
    """By at least one kind."""
    assert {promise for kind in catalogue.kinds().values() for promise in kind.tests} == set(
        PROMISES
    )


def test_other_tools_names_are_each_understood() -> None:
    """WireMock's four faults and Toxiproxy's toxics. Source: their documentation."""
    names = (
        *("EMPTY_RESPONSE", "MALFORMED_RESPONSE_CHUNK", "RANDOM_DATA_THEN_CLOSE"),
        *("CONNECTION_RESET_BY_PEER", "latency", "bandwidth", "slow_close", "timeout"),
        *("reset_peer", "slicer", "limit_data", "down"),
    )
    assert [len(catalogue.members(name)) for name in names] == [1] * len(names)


@pytest.mark.parametrize("suite", SUITES)
def test_a_suite_holds_faults_that_there_are(suite: str) -> None:
    """Each with parameters of its own kind."""
    assert all(catalogue.check(member) for member in catalogue.members(suite))


def test_the_suite_all_leaves_nothing_out() -> None:
    """Every kind is in it, once; but for those of handshakes, which strike no request."""
    named = [member.name for member in catalogue.members("all")]
    kinds = catalogue.kinds().values()
    assert sorted(named) == sorted(one.name for one in kinds if one.needs is not Needs.LISTENER)
