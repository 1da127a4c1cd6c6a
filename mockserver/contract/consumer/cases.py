"""The cases of an audit: the lives that a prediction can have, and what can go wrong.

A case is a world to begin in. Which promises it puts to the test is said by the kinds of its
faults; only of a life that nothing goes wrong in, the table here says it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mockserver.core.fault import Fault, Operation
from mockserver.library.faults import catalogue
from mockserver.library.faults.kinds import Kind, Needs
from mockserver.library.scenarios import Scenario, load_scenario


LIVES: Final = "lives"
"""The cases in which a prediction only lives, in one way or another."""
DEFAULT: Final = (LIVES, "client")
"""What an audit asks unless somebody names suites: a case or more for each promise."""

POLLED: Final = "gw.header_stripped"
"""What makes clients look that would otherwise be told the end by the create call."""


@dataclass(frozen=True, slots=True)
class Case:
    """A world for one run of a client: the scenario of its predictions, and its faults.

    `lives` are the promises that the scenario itself puts to the test. `script` is that scenario,
    where it is none of those that everybody knows.
    """

    name: str
    title: str
    scenario: str = "happy"
    fault: str = ""
    lives: tuple[str, ...] = ()
    script: Scenario | None = None

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of its faults, without what only makes clients look."""
        return tuple(
            catalogue.kinds()[member.name]
            for fault in (*catalogue.checked(self.fault), *self._scripted)
            for member in catalogue.members(fault.name)
            if member.name != POLLED
        )

    @property
    def _scripted(self) -> tuple[Fault, ...]:
        return self.script.faults if self.script else ()

    @property
    def promises(self) -> frozenset[str]:
        """What it puts to the test, if its faults strike."""
        return frozenset(self.lives).union(*(kind.tests for kind in self.kinds))

    def lacks(self, means: Iterable[Needs]) -> str:
        """What of it cannot be had where there is only this to be had; empty: all of it can."""
        had = frozenset(means)
        return ", ".join(
            f"{kind.name} needs {kind.needs}" for kind in self.kinds if kind.needs not in had
        )


_LIVES: Final = (
    Case("happy", "boots, runs, succeeds", lives=("K1", "K7", "K9", "K11")),
    Case("instant", "has succeeded before anybody looks", "instant", lives=("K5", "K7")),
    Case("slow", "takes half a minute to boot", "slow-boot", lives=("K8", "K11", "K18")),
    Case("failed", "fails halfway", "failed", POLLED, ("K5", "K7")),
    Case("nsfw", "fails because its result is called unsafe", "nsfw", lives=("K5", "K7")),
    Case("canceled", "is canceled by somebody else", "canceled", POLLED, ("K5", "K7")),
    Case("aborted", "is aborted before it ran", "aborted", POLLED, ("K5", "K7")),
    Case("stuck-starting", "never begins", "stuck-starting", lives=("K6", "K18", "K20")),
    Case("stuck-processing", "never ends", "stuck-processing", lives=("K6", "K18", "K20")),
    Case(
        "sync-expired",
        "a create call that waits is answered before the end",
        fault="life.slow_queue;ms=90000",
        lives=("K8",),
    ),
)


def cases(suites: Sequence[str] = DEFAULT) -> tuple[Case, ...]:
    """The cases of these suites, families or kinds of faults, lives or scenario files; each once.

    Raises `LibraryError` for what there is not.
    """
    found: dict[str, Case] = {}
    for suite in suites or DEFAULT:
        found |= {case.name: case for case in _members(suite) if case.name not in found}
    return tuple(found.values())


def scripted(scenario: Scenario) -> Case:
    """The case in which predictions live through `scenario`, whose lives test what lives do."""
    return Case(scenario.name, scenario.summary, scenario.name, lives=_ANY_LIFE, script=scenario)


_ANY_LIFE: Final = ("K1", "K5", "K6", "K7", "K8", "K11", "K18", "K20")


def _members(suite: str) -> Sequence[Case]:
    if suite.endswith(".toml"):
        return [scripted(load_scenario(Path(suite)))]
    return [case for case in _LIVES if suite in (LIVES, case.name)] or _faulty(suite)


def _faulty(suite: str) -> list[Case]:
    whole = catalogue.checked(suite) if ";" in suite else catalogue.members(suite)
    return [_with(fault) for fault in whole if _can_be_met(fault)]


def _with(fault: Fault) -> Case:
    kind = catalogue.kinds()[fault.name]
    about_create = (fault.on or kind.on) == {Operation.CREATE}
    text = str(fault) if about_create else f"{fault}, {POLLED}"
    return Case(str(fault), kind.says.splitlines()[0], fault=text)


def _can_be_met(fault: Fault) -> bool:
    """Whether a client meets it that makes one prediction: nobody sends webhooks to it."""
    return bool((fault.on or catalogue.kinds()[fault.name].on) - {Operation.WEBHOOK})
