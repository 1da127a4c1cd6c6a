"""A report as a value: who was examined, how, what it cost, and what each case came to.

An exam of a gateway makes one, and so does any other: of a client, of a document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from mockserver.contract.evidence import Hook
from mockserver.contract.finding import Finding
from mockserver.contract.outcome import Outcome
from mockserver.core.interaction import Interaction
from mockserver.library.explanations import Explanation


NO_FINDINGS: Final = 0
FINDINGS: Final = 1
NOTHING_TESTED: Final = 2


@dataclass(frozen=True, slots=True)
class Said:
    """One request and its answer as they were on the wire, and what was `meant` by it.

    `read` is the same in upstream's terms, where it was spoken in others. `error` says why there
    is no answer; then the status is 0. `behind` is what arrived behind a gateway meanwhile.
    """

    meant: str
    interaction: Interaction
    took_ms: int = 0
    error: str = ""
    read: Interaction | None = None
    behind: tuple[Interaction, ...] = ()

    @property
    def status(self) -> int:
        """The status of the answer; 0 where none came."""
        return self.interaction.status


@dataclass(frozen=True, slots=True)
class Excused:
    """A finding that does not count: who excuses it (the profile, the baseline), and why."""

    finding: Finding
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Case:
    """One case: how it ended, the reason where it was not asked, what was found and said.

    `hooks` are the webhooks that arrived, or that were sent.
    """

    name: str
    title: str
    outcome: Outcome
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    excused: tuple[Excused, ...] = ()
    said: tuple[Said, ...] = ()
    hooks: tuple[Hook, ...] = ()

    @property
    def took_ms(self) -> int:
        """How long its answers took, all together."""
        return sum(one.took_ms for one in self.said)


@dataclass(frozen=True, slots=True)
class Table:
    """What else there is to tell: a title, and cells below heads, as many in each row."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A finding, and the names of all the cases that it was made in."""

    finding: Finding
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Provenance:
    """When an exam was made, which `command` repeats it, and by what it was judged.

    `explained` is what there is to say about the rules, by their codes.
    """

    started_ms: int
    ended_ms: int
    command: str
    version: str
    schema_hash: str
    explained: Mapping[str, Explanation] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Report:
    """One exam, made by the command of ours called `kind`.

    `target` is who was examined: a base URL, a command line, a document; `profile` the gateway
    that it was held against, or played for it. `notes` are what else has to be told, such as a
    baseline that has expired. `seed` None is an exam without one; `usd` is what it cost, by the
    prices of the schemas. `file` is where a finding is shown that is about no file, below the
    folder it was run in.
    """

    kind: str
    target: str
    profile: str
    provenance: Provenance
    cases: tuple[Case, ...]
    seed: int | None = None
    clock: str = "real"
    created: tuple[str, ...] = ()
    usd: Decimal = Decimal(0)
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    file: str = ""

    @property
    def command_name(self) -> str:
        """Which command of ours made it."""
        return f"mockserver {self.kind}"

    @property
    def title(self) -> str:
        """Which command made it, and of what."""
        return f"{self.command_name}: {self.profile or self.target}"

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
        """Each excused finding once, by its code, its place, who excuses it and why."""
        first: dict[tuple[str, str, str, str], Excused] = {}
        for case in self.cases:
            for one in case.excused:
                first.setdefault((one.finding.code, one.finding.at, one.by, one.why), one)
        return tuple(first.values())

    @property
    def exit_code(self) -> int:
        """0: nothing found; 1: findings; 2: nothing was tested."""
        if any(case.findings for case in self.cases):
            return FINDINGS
        tested = any(case.outcome.tested for case in self.cases)
        return NO_FINDINGS if tested else NOTHING_TESTED

    def facts(self) -> Iterator[tuple[str, str]]:
        """What the report is about, by names that programs find it under."""
        yield "target", self.target
        yield "profile", self.profile
        yield "version", self.provenance.version
        yield "schema-hash", self.provenance.schema_hash
        yield "seed", "" if self.seed is None else str(self.seed)
        yield "clock", self.clock
        yield "predictions", str(len(self.created))
        yield "usd", str(self.usd)
        yield "command", self.provenance.command

    def counts(self) -> dict[Outcome, int]:
        """How many cases ended so; what none did is left out."""
        outcomes = [case.outcome for case in self.cases]
        return {one: outcomes.count(one) for one in Outcome if one in outcomes}
