"""A report as a value: who was examined, how, what it cost, and what each case came to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from mockserver.contract.capabilities import Capability
from mockserver.contract.evidence import Exchange, Hook
from mockserver.contract.finding import Finding


NO_FINDINGS: Final = 0
FINDINGS: Final = 1
NOTHING_TESTED: Final = 2


class Verdict(StrEnum):
    """What a case came to."""

    PASSED = "passed"
    FOUND = "found"
    UNSUPPORTED = "unsupported"
    UNDOCUMENTED = "undocumented"
    SKIPPED = "skipped"

    @property
    def tested(self) -> bool:
        """Whether the case was asked at all."""
        return self in (Verdict.PASSED, Verdict.FOUND)


@dataclass(frozen=True, slots=True)
class Excused:
    """A finding that does not count: who excuses it (the profile, the baseline), and why."""

    finding: Finding
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Case:
    """One case: its verdict, the reason where it was not asked, its findings and its evidence."""

    name: str
    title: str
    verdict: Verdict
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    excused: tuple[Excused, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    hooks: tuple[Hook, ...] = ()

    @property
    def took_ms(self) -> int:
        """How long its answers took, all together."""
        return sum(one.took_ms for one in self.exchanges)


@dataclass(frozen=True, slots=True)
class Told:
    """A finding, and the names of all the cases that it was made in."""

    finding: Finding
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One exam. `notes` are what else has to be told, such as a baseline that has expired.

    `seed` None is an exam without one; `command` repeats it; `usd` is what it cost, by the prices
    of the schemas. `schema_hash` and `version` say what it was judged by.
    """

    target: str
    profile: str
    started_ms: int
    ended_ms: int
    version: str
    schema_hash: str
    command: str
    cases: tuple[Case, ...]
    seed: int | None = None
    clock: str = "real"
    created: tuple[str, ...] = ()
    usd: Decimal = Decimal(0)
    capabilities: tuple[Capability, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[Told, ...]:
        """Each finding once, by its code and place, in the order in which they were made."""
        first: dict[tuple[str, str], Finding] = {}
        where: dict[tuple[str, str], dict[str, None]] = {}
        for case in self.cases:
            for one in case.findings:
                key = one.code, one.at
                first.setdefault(key, one)
                where.setdefault(key, {})[case.name] = None
        return tuple(Told(one, tuple(where[key])) for key, one in first.items())

    @property
    def excused(self) -> tuple[Excused, ...]:
        """Each excused finding once, by its code, its place and who excuses it."""
        first: dict[tuple[str, str, str], Excused] = {}
        for case in self.cases:
            for one in case.excused:
                first.setdefault((one.finding.code, one.finding.at, one.by), one)
        return tuple(first.values())

    @property
    def exit_code(self) -> int:
        """0: nothing found; 1: findings; 2: nothing was tested."""
        if any(case.findings for case in self.cases):
            return FINDINGS
        tested = any(case.verdict.tested for case in self.cases)
        return NO_FINDINGS if tested else NOTHING_TESTED

    def facts(self) -> Iterator[tuple[str, str]]:
        """What the report is about, by names that programs find it under."""
        yield "target", self.target
        yield "profile", self.profile
        yield "version", self.version
        yield "schema-hash", self.schema_hash
        yield "seed", "" if self.seed is None else str(self.seed)
        yield "clock", self.clock
        yield "predictions", str(len(self.created))
        yield "usd", str(self.usd)
        yield "command", self.command

    def counts(self) -> dict[Verdict, int]:
        """How many cases had each verdict; those that none had are left out."""
        verdicts = [case.verdict for case in self.cases]
        return {one: verdicts.count(one) for one in Verdict if one in verdicts}
