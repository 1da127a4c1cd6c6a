"""Cases as data: what a receiver is sent, and how it should answer (`fixtures/receiver.toml`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from mockserver.contract.finding import Rule
from mockserver.contract.hooks import rules
from mockserver.contract.hooks.letters import spoiling
from mockserver.contract.hooks.story import Job
from mockserver.core.fault import Fault
from mockserver.library.errors import LibraryError
from mockserver.library.rooms import room
from mockserver.library.strict import Table, toml_table


RULES: Final[Mapping[str, Rule]] = {
    rule.code: rule for rule in vars(rules).values() if isinstance(rule, Rule)
}


class Expect(StrEnum):
    """What answer is expected."""

    TAKEN = "taken"
    REFUSED = "refused"
    ANSWERED = "answered"
    ENDED = "ended"
    ANY = "any"


class Needs(StrEnum):
    """What a way to a receiver must have; each has what stands before it."""

    NOTHING = "nothing"
    HTTP = "http"
    SOCKET = "socket"


@dataclass(frozen=True, slots=True)
class Send:
    """One thing that comes: an event of the job, whole or spoiled by a `fault`.

    `copies` come at once. `slow`: its second half is held back until all behind it was answered.
    """

    event: str
    expect: Expect = Expect.ANY
    fault: Fault | None = None
    copies: int = 1
    slow: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """What is sent, one after the other, and the rules that are broken by another answer or end.

    The end is right that the app has after the events in `like`; none are those that are sent,
    once each and in the order in which they happened.
    A `diagnosis` means something even where the receiver refuses what is right.
    """

    name: str
    title: str
    rule: Rule
    sends: tuple[Send, ...]
    ends: Rule | None = None
    like: tuple[str, ...] = ()
    needs: Needs = Needs.NOTHING
    diagnosis: bool = False


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The cases of one file, and the job that they are about, if they are about a certain one."""

    cases: tuple[Case, ...]
    job: Job | None = None


def shipped() -> tuple[Case, ...]:
    """Every case of ours."""
    return load_cases(room("fixtures") / "receiver.toml").cases


def load_cases(path: Path) -> CaseFile:
    """What the TOML file at `path` holds; `LibraryError` if it is not right."""
    table = toml_table(path)
    job = _job(table.table("job")) if table.has("job") else None
    file = CaseFile(tuple(_case(one) for one in table.tables("case")), job)
    table.done()
    return file


def _job(table: Table) -> Job:
    job = Job(
        model=table.text("model"),
        scenario=table.text("scenario"),
        seed=table.integer("seed"),
        polls=table.integer("polls"),
    )
    table.done()
    return job


def _case(table: Table) -> Case:
    case = Case(
        name=table.text("name"),
        title=table.text("title"),
        rule=_rule(table, "rule"),
        sends=tuple(_sends(table)),
        ends=_rule(table, "ends") if table.has("ends") else None,
        like=table.texts("like", ()),
        needs=Needs(table.one_of("needs", tuple(Needs)) if table.has("needs") else "nothing"),
        diagnosis=table.flag("diagnosis", default=False),
    )
    table.done()
    return case


def _rule(table: Table, key: str) -> Rule:
    return RULES[table.one_of(key, tuple(RULES))]


def _sends(table: Table) -> Iterator[Send]:
    for one in table.tables("send"):
        yield Send(
            event=one.text("event"),
            expect=Expect(one.one_of("expect", tuple(Expect)) if one.has("expect") else "any"),
            fault=_fault(one),
            copies=one.integer("copies", 1),
            slow=one.flag("slow", default=False),
        )
        one.done()


def _fault(table: Table) -> Fault | None:
    text = table.text("fault", "")
    if not text:
        return None
    try:
        return spoiling(text)
    except LibraryError as reason:
        raise table.error("fault", f"a fault ({reason})", text) from None
