"""One thing changed in what was said of a good gateway, and the judge names that one rule."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Final

import pytest

from mockserver import contract
from mockserver.contract.budget import Budget
from mockserver.contract.evidence import BOTH_ENDS, FUZZED, Evidence, Intent
from mockserver.contract.finding import Rule
from mockserver.contract.judge import PROBES, findings
from mockserver.contract.probes.probe import Probe
from mockserver.contract.provider import create
from mockserver.contract.run import CASES, examined, whole
from mockserver.examine import Target, exam_of
from tests.contract.mutants import channels, documented, lifecycle, refused, shape
from tests.contract.mutants.mutant import BOTH, Mutant
from tests.contract.test_gateway_rules import MUTANTS as BEHIND
from tests.mutations import Mutation, ends


if TYPE_CHECKING:
    from tests.contract.conftest import Examine

MODEL: Final = "black-forest-labs/flux-schnell"
A_PAGE: Final = 100
MUTANTS: Final[tuple[Mutant, ...]] = (
    *lifecycle.MUTANTS,
    *shape.MUTANTS,
    *refused.MUTANTS,
    *channels.MUTANTS,
    *documented.MUTANTS,
)
EACH: Final = [(mutant, gateway) for mutant in MUTANTS for gateway in mutant.gateways]


@pytest.fixture(scope="session")
def traces() -> Mapping[str, Evidence]:
    """Everything that an exam brings to light, of our own fake of each gateway."""
    return {gateway: trace(gateway) for gateway in BOTH}


def trace(gateway: str) -> Evidence:
    """The evidence of an account that has made a page of predictions before."""
    target = Target("", gateway, "a-token", MODEL, 120.0)
    with exam_of(target, Budget()) as exam:
        for _ in range(A_PAGE):
            create(exam.provider, MODEL, exam.input)
        return whole(list(examined(exam, CASES)))


def codes(evidence: Evidence) -> set[str]:
    """The codes of what any probe finds."""
    return {finding.code for finding in findings(evidence)}


@pytest.mark.parametrize("gateway", BOTH)
def test_nothing_is_found_in_what_was_said_of_a_good_gateway(
    traces: Mapping[str, Evidence], gateway: str
) -> None:
    """And much was said: every case was asked, within the budget that a live gateway has."""
    good = traces[gateway]
    assert codes(good) == set()
    judges = {one.judge for one in MUTANTS}
    assert [judge for judge in judges if [*judge(good)]] == []
    assert {one.intent for one in good.exchanges} == set(Intent) - BOTH_ENDS - FUZZED
    assert any(ends(hook) for hook in good.hooks)
    assert good.hook_secret


@pytest.mark.parametrize(
    ("mutant", "gateway"),
    EACH,
    ids=[f"{one.rule.code}-{one.wrong.replace(' ', '-')}-{gateway}" for one, gateway in EACH],
)
def test_a_mutant_breaks_its_rule_and_no_other(
    traces: Mapping[str, Evidence], mutant: Mutant, gateway: str
) -> None:
    """One cause, one code."""
    assert mutant.codes(traces[gateway]) == {mutant.rule.code}


def test_every_rule_has_a_mutant() -> None:
    """A rule that nothing breaks here is not known to be judged at all."""
    broken = {*(mutant.rule.code for mutant in MUTANTS), *(rule.code for rule, _ in BEHIND)}
    missing = sorted(known_rules() - broken)
    assert missing == [], f"tests/contract/mutants has none for {missing}"


@pytest.mark.slow
def test_every_probe_is_hit(traces: Mapping[str, Evidence], relayed: Examine) -> None:
    """A probe that no mutant makes speak could be left out, and nobody would notice."""
    both = whole(relayed())
    changed: list[tuple[Mutation, Evidence]] = [
        *((mutant.mutation, traces[gateway]) for mutant, gateway in EACH),
        *((mutation, both) for _, mutation in BEHIND),
    ]
    silent = list(PROBES)
    for mutation, good in changed:
        mutated = mutation(good)
        silent = [probe for probe in silent if not _speaks(probe, mutated)]
    assert [f"{probe.__module__}.{probe.__name__}" for probe in silent] == []


def known_rules() -> set[str]:
    """The codes of all rules about providers, in whatever module of the room they stand."""
    names = [one.name for one in iter_modules(contract.__path__) if one.name.startswith("rules")]
    modules = [import_module(f"{contract.__name__}.{name}") for name in names]
    return {it.code for one in modules for it in vars(one).values() if isinstance(it, Rule)}


def _speaks(probe: Probe, evidence: Evidence) -> bool:
    return next(probe(evidence), None) is not None
