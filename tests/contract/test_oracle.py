"""The oracle believes every legal life, and names the one rule that a mutant breaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from mockserver.contract import rules
from mockserver.contract.finding import Rule
from mockserver.contract.looks import Look
from mockserver.contract.oracle import REACHABLE, lifecycle
from mockserver.core.timeline import NEXT, TERMINAL, Status


Body = dict[str, Any]
Life = list[Body]

ID = "tpdf40dypdrma0cram394vvzkg"
"""Carries 2025-07-29T07:12:42.163Z."""


def legal(*, many: bool = False) -> Life:
    """A life in the form of the edge, with every status of success in it."""
    base = {
        "id": ID,
        "model": "a/b",
        "version": "hidden",
        "input": {"prompt": "x"},
        "logs": "",
        "output": None,
        "data_removed": False,
        "error": None,
        "status": "starting",
        "created_at": "2025-07-29T07:12:42.163Z",
    }
    running = base | {"status": "processing", "started_at": "2025-07-29T07:12:43Z"}
    partial = running | {"logs": "one\n", "output": ["u0"] if many else None}
    ended = partial | {
        "status": "succeeded",
        "logs": "one\ntwo\n",
        "output": ["u0", "u1"] if many else "u0",
        "completed_at": "2025-07-29T07:12:45.5Z",
        "metrics": {"predict_time": 2.5},
    }
    removed = ended | {"data_removed": True, "input": {}, "output": None, "logs": ""}
    return [base, running, partial, ended, ended, removed, removed]


def as_listed(body: Body) -> Body:
    """The same look in the form of lists: nulls, six digits, no line end at the end."""
    nulls = dict.fromkeys(("started_at", "completed_at", "metrics", "webhook"))
    told = nulls | body | {"logs": body["logs"].removesuffix("\n") or None}
    return told | {name: _six_digits(told[name]) for name in told if name.endswith("_at")}


def _six_digits(instant: str | None) -> str | None:
    if instant is None:
        return None
    second, _, fraction = instant.removesuffix("Z").partition(".")
    return f"{second}.{fraction:0<6}Z"


def codes(life: Life) -> list[str]:
    """What the oracle finds in it."""
    return [finding.code for finding in lifecycle([Look(body) for body in life])]


@dataclass(frozen=True)
class Mutant:
    """A life in which one rule is broken: `change` breaks look `at`, and all that follow."""

    rule: Rule
    at: int
    change: Callable[[Body], Body]
    until: int | None = None
    many: bool = False

    def life(self) -> Life:
        """The legal life with the change in it."""
        looks = legal(many=self.many)
        broken = range(len(looks))[self.at : self.until]
        return [self.change(body) if n in broken else body for n, body in enumerate(looks)]


def setting(**members: object) -> Callable[[Body], Body]:
    """The change that sets these members."""
    return lambda body: body | members


MUTANTS = {
    "unknown status": Mutant(rules.STATUS_KNOWN, 0, setting(status="queued"), 1),
    "back to starting": Mutant(
        rules.STATUS_REACHABLE, 2, setting(status="starting", started_at=None), 3
    ),
    "other output": Mutant(rules.ENDED_IS_FINAL, 4, setting(output="u9"), 5),
    "other end": Mutant(rules.ENDED_IS_FINAL, 4, setting(completed_at="2025-07-29T07:12:46Z")),
    "lost logs": Mutant(rules.ENDED_IS_FINAL, 4, setting(logs="one\n"), 5),
    "other metrics": Mutant(rules.ENDED_IS_FINAL, 4, setting(metrics={"predict_time": 9})),
    "ends before it starts": Mutant(
        rules.TIMES_ORDERED, 3, setting(completed_at="2025-07-29T07:12:42.9Z")
    ),
    "other start": Mutant(rules.TIMES_STABLE, 2, setting(started_at="2025-07-29T07:12:44Z")),
    "logs rewritten": Mutant(rules.LOGS_GROW, 3, setting(logs="two\n"), 5),
    "output too early": Mutant(rules.NOTHING_BEFORE_THE_RUN, 0, setting(output="u0"), 3),
    "output reordered": Mutant(rules.OUTPUT_GROWS, 3, setting(output=["u1", "u0"]), 5, many=True),
    "output lost": Mutant(rules.OUTPUT_GROWS, 3, setting(output=[]), 5, many=True),
    "other model": Mutant(rules.IDENTITY_STABLE, 1, setting(model="a/c")),
    "other input": Mutant(rules.IDENTITY_STABLE, 1, setting(input={"prompt": "y"}), 5),
    "other version": Mutant(rules.IDENTITY_STABLE, 3, setting(version="0" * 64)),
    "created later": Mutant(
        rules.ID_TELLS_TIME, 0, setting(created_at="2025-07-29T07:12:42.164Z")
    ),
    "reason while running": Mutant(rules.FAILURE_HAS_A_REASON, 1, setting(error="no"), 3),
    "failed without reason": Mutant(rules.FAILURE_HAS_A_REASON, 3, setting(status="failed")),
    "end while running": Mutant(
        rules.END_IS_TOLD, 1, setting(completed_at="2025-07-29T07:12:44Z"), 3
    ),
    "ended without an end": Mutant(rules.END_IS_TOLD, 3, setting(completed_at=None)),
    "data comes back": Mutant(rules.REMOVED_STAYS_REMOVED, 6, setting(**legal()[4])),
}


@pytest.mark.parametrize("many", [False, True], ids=["one", "many"])
@pytest.mark.parametrize("form", [dict, as_listed], ids=["edge", "web"])
def test_a_legal_life_has_no_findings(form: Callable[[Body], Body], *, many: bool) -> None:
    """Whichever of its two forms upstream writes."""
    assert codes([form(body) for body in legal(many=many)]) == []


@pytest.mark.parametrize("first", [dict, as_listed], ids=["edge", "web"])
def test_the_two_forms_may_alternate(first: Callable[[Body], Body]) -> None:
    """get and list tell the same life differently; that is no finding."""
    life = legal()
    mixed = [first(body) if n % 2 else as_listed(body) for n, body in enumerate(life)]
    assert codes(mixed) == []


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=MUTANTS.keys())
def test_a_mutant_breaks_its_rule_and_no_other(mutant: Mutant) -> None:
    """So a code says what is wrong, not merely that something is."""
    assert set(codes(mutant.life())) == {mutant.rule.code}


def test_every_lifecycle_rule_has_a_mutant() -> None:
    """Except those that need to know what was promised, or how long was waited."""
    known = {rule for rule in vars(rules).values() if isinstance(rule, Rule)}
    lifecycle_rules = {rule for rule in known if rule.code.startswith("L")}
    elsewhere = {rules.PROMISED_END, rules.WAITED_FOR_ENDS}
    assert lifecycle_rules - {mutant.rule for mutant in MUTANTS.values()} == elsewhere


@pytest.mark.parametrize("status", Status)
def test_a_poll_may_skip_but_never_turn_back(status: Status) -> None:
    """What can be reached is what some chain of the table's transitions leads to."""
    onward = {later for following in NEXT[status] for later in REACHABLE[following]}
    assert REACHABLE[status] == {status} | onward


@pytest.mark.parametrize("ended", sorted(TERMINAL))
@pytest.mark.parametrize("later", sorted(NEXT))
def test_what_has_ended_can_take_no_other_status(ended: Status, later: Status) -> None:
    """Any change after the end is a finding of its own code."""
    life = [{"id": "x", "status": ended}, {"id": "x", "status": later}]
    assert codes(life) == ([] if ended == later else [rules.ENDED_IS_FINAL.code])


def test_a_reduced_answer_is_judged_by_what_it_tells() -> None:
    """QuickRouter's create tells id and status; what is not told cannot be wrong."""
    assert codes([{"id": ID, "status": "starting"}, *legal()]) == []


def test_a_written_out_file_and_its_address_may_be_the_same() -> None:
    """A sync answer carries `data:` outputs, the looks that follow carry addresses."""
    held = legal()[1] | {"output": "data:image/png;base64,AA"}
    assert codes([held, legal()[3]]) == []


def test_a_failure_takes_back_what_was_put_out() -> None:
    """Its output is null, and no shorter list."""
    running = legal(many=True)[2]
    ended = running | {"status": "failed", "error": "no", "completed_at": "2025-07-29T07:12:45Z"}
    assert codes([running, ended | {"output": None}]) == []
    assert codes([running, ended | {"output": []}]) == [rules.OUTPUT_GROWS.code]


def test_instants_that_are_none_do_not_stop_the_oracle() -> None:
    """The schema judges their form; the oracle goes on with what it can read."""
    assert codes([legal()[0] | {"created_at": "yesterday"}]) == []
