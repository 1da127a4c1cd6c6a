"""A client meets servers that were drawn, until it fails at one: the smallest is told and kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from mockserver.audit.inprocess import Trial, met
from mockserver.contract.consumer.behaviours import behaviours
from mockserver.contract.consumer.cases import scripted
from mockserver.contract.consumer.fuzzing import smallest
from mockserver.contract.consumer.judge import findings
from mockserver.contract.consumer.rules import promise_of
from mockserver.contract.finding import Finding, told
from mockserver.library.scenario_text import scenario_text
from mockserver.library.scenarios import Scenario


@dataclass(frozen=True, slots=True)
class Failure:
    """The smallest behaviour of a server at which a client fails, and what is wrong then."""

    scenario: Scenario
    findings: tuple[Finding, ...]

    @property
    def text(self) -> str:
        """The scenario file that plays it."""
        broken = (f"{one.code} {one.title}" for one in self.findings)
        return scenario_text(self.scenario, "\n".join(("A client failed at this:", *broken)))

    def saved(self, file: Path) -> Iterator[str]:
        """Write the scenario into `file`, and tell all that is known."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self.text, encoding="utf-8")
        yield self.text
        yield from told(self.findings)
        yield f'again: suites = ("{file}",), or: mockserver audit --case {file} -- CMD'


def failure(
    trial: Trial, sort: str, examples: int, accepted: Collection[str] = ()
) -> Failure | None:
    """The smallest of the drawn behaviours at which the client breaks a promise.

    Those that are `accepted` do not count. None where it keeps all others in all `examples`.
    """

    def found(scenario: Scenario) -> tuple[Finding, ...]:
        conduct = met(trial, scripted(scenario))
        return tuple(one for one in findings(conduct) if promise_of(one.code) not in accepted)

    chosen = behaviours(sort)
    seen = smallest(chosen, lambda one: bool(found(one)), examples=examples, seed=trial.seed)
    if seen is None:
        return None
    named = replace(seen, name=f"found-{sort}")
    return Failure(named, found(seen))
