"""Two providers held against each other: what differs, and what only seems to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import combinations
from typing import Final

import pytest

from mockserver.contract.budget import Budget
from mockserver.contract.comparing import Difference, differences, was_compared
from mockserver.contract.run import CASES, Result, examined
from mockserver.examine import Target, exam_of
from mockserver.library.catalogue import Catalogue
from mockserver.library.quirks import Quirk


CATALOGUE: Final = Catalogue()
MODEL: Final = "black-forest-labs/flux-schnell"
PLAYED: Final[Mapping[str, Quirk]] = {
    quirk.name: quirk
    for gateway in CATALOGUE.gateways()
    for quirk in gateway.quirks
    if quirk.fault
}


@cache
def results(gateway: str, fault: str = "", account: str = "one") -> list[Result]:
    """What an exam of our own fake comes to; in another account all ids are others."""
    target = Target("", gateway, f"token-of-{account}", MODEL, 120.0, fault)
    with exam_of(target, Budget(None)) as exam:
        return list(examined(exam, CASES))


def between(fault: str) -> set[Difference]:
    """How upstream differs from one at which something goes wrong, in another account."""
    wrong = results("replicate", fault, account="another")
    return set(differences(results("replicate"), wrong))


@pytest.mark.parametrize("gateway", CATALOGUE.gateway_names())
def test_a_provider_does_not_differ_from_itself(gateway: str) -> None:
    """Ids, times, seeds and signatures are of one run, and no difference."""
    other = results(gateway, account="another")
    ids = [
        {one.prediction_id for result in run for one in result.evidence.exchanges} - {""}
        for run in (results(gateway), other)
    ]
    assert not ids[0] & ids[1]
    assert list(differences(results(gateway), other)) == []


@pytest.mark.parametrize(
    ("one", "other"), [("replicate", "winfull"), ("quickrouter", "wavespeed")]
)
def test_a_difference_is_one_from_either_side(one: str, other: str) -> None:
    """Who is called A does not matter."""
    there = set(differences(results(one), results(other)))
    back = set(differences(results(other), results(one)))
    assert there == {Difference(it.case, it.phase, it.at, it.b, it.a) for it in back}
    assert there


@pytest.mark.parametrize(
    ("fault", "phase", "at", "a", "b"),
    [
        ("gw.create_200", "create", "status", "201", "200"),
        ("shape.urls_foreign", "create", "/urls/get", "(own address)", "(address elsewhere)"),
        ("gw.num_outputs_clamped", "look succeeded", "/output", "2 of them", "1 of them"),
        ("gw.num_outputs_clamped", "create", "/input/num_outputs", "2", "1"),
        ("gw.webhook_dropped", "webhook", "", "seen", "not seen"),
        ("gw.header_stripped", "create_sync", "preference-applied", "wait=10", "-"),
        ("http.status;status=503;on=cancel", "cancel", "status", "200", "503"),
        ("net.close_before;on=list", "list", "answer", "-", "RemoteProtocolError"),
    ],
)
def test_what_differs_is_told_with_its_phase_and_place(
    fault: str, phase: str, at: str, a: str, b: str
) -> None:
    """Statuses, members, values, headers, addresses, and what never came."""
    told = {(one.phase, one.at, one.a, one.b) for one in between(fault)}
    assert (phase, at, a, b) in told


@pytest.mark.parametrize(
    "pair", list(combinations(PLAYED.values(), 2)), ids=lambda pair: "+".join(q.name for q in pair)
)
def test_two_quirks_differ_in_what_either_does(pair: tuple[Quirk, Quirk]) -> None:
    """No quirk hides another altogether, and together they are nothing else."""
    both = {(one.phase, one.at) for one in between(", ".join(quirk.fault for quirk in pair))}
    alone = [{(one.phase, one.at) for one in between(quirk.fault)} for quirk in pair]
    assert all(both & one for one in alone)
    assert both <= alone[0] | alone[1]


def test_members_are_told_once_and_not_all_that_is_below_them() -> None:
    """An envelope of another kind is one difference."""
    told = [
        one
        for one in differences(results("replicate"), results("winfull"))
        if one.phase == "unknown_id" and one.at.startswith(("/", "members"))
    ]
    assert [(one.at, one.a, one.b) for one in told] == [("members", "/detail /status", "/error")]


def test_a_case_that_only_one_supports_is_told_as_such() -> None:
    """It is not compared with nothing."""
    found = list(differences(results("replicate"), results("wavespeed")))
    assert ("case stream", "asked", "unsupported") in {(it.phase, it.a, it.b) for it in found}
    assert "stream" not in {it.phase for it in found}


def test_who_answers_nothing_is_not_compared() -> None:
    """Nobody is the same as somebody."""
    silent = results("replicate", "net.close_before")
    lives = [result for result in silent if result.case.name == "lifecycle"]
    assert was_compared(results("replicate"), results("winfull"))
    assert not was_compared(results("replicate"), lives)
    assert not was_compared(lives, results("replicate"))
