"""What the profiles say of gateways is what an exam finds of them, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Final

import pytest

from mockserver.contract.budget import Budget
from mockserver.contract.outcome import Outcome
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


def results(gateway: str, fault: str = "") -> list[Result]:
    """What an exam of our own fake comes to, as `mockserver check --gateway` makes it."""
    target = Target("", gateway, "a-token", MODEL, 120.0, fault)
    with exam_of(target, Budget(None)) as exam:
        return list(examined(exam, CASES))


def codes(found: list[Result]) -> set[str]:
    """The codes of all findings."""
    return {finding.code for result in found for finding in result.findings}


@pytest.mark.parametrize("gateway", CATALOGUE.gateway_names())
def test_our_own_fakes_are_what_their_profiles_say(gateway: str) -> None:
    """No finding, and every case that the gateway supports was asked."""
    found = results(gateway)
    assert codes(found) == set()
    reasons = {result.case.name: result.reason for result in found if result.reason}
    assert {"lifecycle", "strangers", "mistakes"}.isdisjoint(reasons)
    assert [one.outcome for one in found if not one.reason] == [Outcome.PASSED] * (
        len(CASES) - len(reasons)
    )


@pytest.mark.parametrize("quirk", PLAYED.values(), ids=PLAYED)
def test_a_quirk_alone_is_found_as_itself(quirk: Quirk) -> None:
    """Played at upstream, each yields exactly its code."""
    assert codes(results("replicate", quirk.fault)) == {quirk.finding}


@pytest.mark.parametrize(
    "pair", list(combinations(PLAYED.values(), 2)), ids=lambda pair: "+".join(q.name for q in pair)
)
def test_two_quirks_are_found_as_both(pair: tuple[Quirk, Quirk]) -> None:
    """No quirk hides another, and none is taken for a third."""
    fault = ", ".join(quirk.fault for quirk in pair)
    assert codes(results("replicate", fault)) == {quirk.finding for quirk in pair}


def test_every_quirk_that_is_found_cites_its_document() -> None:
    """A finding that is excused is excused by a source."""
    assert [quirk.name for quirk in PLAYED.values() if not (quirk.source and quirk.finding)] == []


def test_an_excused_quirk_is_told_but_does_not_count() -> None:
    """Where the profile declares it, it stands beside the findings, with its name."""
    found = results("winfull", PLAYED["urls-lead-upstream"].fault)
    assert codes(found) == set()
    declared = {quirk for result in found for quirk, _ in result.declared}
    assert declared == {"urls-lead-upstream"}
