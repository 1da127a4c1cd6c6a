"""A baseline: findings that are known and accepted, each with a reason, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from glob import escape
from pathlib import Path
from typing import Final

from mockserver.contract.finding import Finding
from mockserver.contract.outcome import Outcome
from mockserver.contract.report.report import Case, Excused, Report
from mockserver.library.strict import Table, toml_table
from mockserver.library.toml_text import toml


ANYWHERE: Final = "*"
BY_BASELINE: Final = "the baseline"
_HEAD: Final = """\
# Findings that are known and accepted. `where` is a pattern for the place of a finding
# (* is any text, ? any character, [ab] either); without `expires` an entry holds for ever.
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is accepted: a rule's findings at the places that fit `where`, through `expires`."""

    code: str
    where: str
    reason: str
    expires: date | None = None

    def fits(self, finding: Finding) -> bool:
        """Whether it is about this finding."""
        return self.code == finding.code and fnmatchcase(finding.at, self.where)

    def __str__(self) -> str:
        return f"{self.code} at {self.where!r} ({self.reason})"


@dataclass(frozen=True, slots=True)
class Applied:
    """What a baseline leaves of the findings, and what is wrong with its entries.

    `accepted` are the others, each with its entry. `expired` entries accept nothing any more;
    `unmatched` ones hold, and nothing was found that they are about.
    """

    findings: tuple[Finding, ...]
    accepted: tuple[tuple[Entry, Finding], ...]
    expired: tuple[Entry, ...]
    unmatched: tuple[Entry, ...]


def load(path: Path) -> tuple[Entry, ...]:
    """The entries of the baseline at `path`. Raises `LibraryError`."""
    table = toml_table(path)
    entries = tuple(_entry(one) for one in table.tables("accepted", []))
    table.done()
    return entries


def applied(entries: Sequence[Entry], findings: Iterable[Finding], today: date) -> Applied:
    """The findings, those set apart that an entry accepts."""
    expired = tuple(one for one in entries if one.expires and one.expires < today)
    held = [one for one in entries if one not in expired]
    left: list[Finding] = []
    accepted: list[tuple[Entry, Finding]] = []
    for finding in findings:
        entry = next((one for one in held if one.fits(finding)), None)
        if entry:
            accepted.append((entry, finding))
        else:
            left.append(finding)
    # An entry is of use even if another one comes before it.
    fitting = {entry for entry in held for _, finding in accepted if entry.fits(finding)}
    unmatched = tuple(one for one in held if one not in fitting)
    return Applied(tuple(left), tuple(accepted), expired, unmatched)


def accepting(report: Report, entries: Sequence[Entry]) -> Report:
    """The report, what is accepted on the day that it ended set apart, and notes on the rest."""
    today = day_of(report.provenance.ended_ms)
    every = [finding for case in report.cases for finding in case.findings]
    seen = applied(entries, every, today)
    cases = tuple(_case(one, entries, today) for one in report.cases)
    return replace(report, cases=cases, notes=(*report.notes, *_notes(seen)))


def day_of(at_ms: int) -> date:
    """The day of an instant, in UTC."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).date()


def additions(
    findings: Iterable[Finding], *, reason: str, expires: date | None
) -> tuple[Entry, ...]:
    """An entry for each place where something was found, which accepts what was found there."""
    places = dict.fromkeys((one.code, one.at) for one in findings)
    return tuple(Entry(code, escape(at), reason, expires) for code, at in sorted(places))


def text_of(entries: Sequence[Entry], before: str = "") -> str:
    """A baseline with these entries, behind what stood there `before`: that stays as it is."""
    head = before.rstrip("\n") + "\n" if before.strip() else _HEAD
    return "\n".join((head, *map(_told, entries))) if entries else head


def _entry(table: Table) -> Entry:
    reason = table.text("reason").strip()
    if not reason:
        raise table.error("reason", "why it is accepted", "")
    entry = Entry(table.text("code"), table.text("where", ANYWHERE), reason, _expires(table))
    table.done()
    return entry


def _expires(table: Table) -> date | None:
    if not table.has("expires"):
        return None
    value = table.value("expires")
    # TOML knows dates with a time too, and Python counts them among the dates.
    if type(value) is not date:
        raise table.error("expires", "a date without quotes, like 2027-01-31", value)
    return value


def _case(case: Case, entries: Sequence[Entry], today: date) -> Case:
    seen = applied(entries, case.findings, today)
    if not seen.accepted:
        return case
    excused = tuple(Excused(found, BY_BASELINE, entry.reason) for entry, found in seen.accepted)
    passed = case.outcome is Outcome.FOUND and not seen.findings
    return replace(
        case,
        findings=seen.findings,
        excused=(*case.excused, *excused),
        outcome=Outcome.PASSED if passed else case.outcome,
    )


def _notes(seen: Applied) -> Iterator[str]:
    for entry in seen.expired:
        yield f"baseline: {entry} expired on {entry.expires}: mend it, or accept it anew"
    for entry in seen.unmatched:
        yield f"baseline: {entry} matches nothing: take it out if it is mended"


def _told(entry: Entry) -> str:
    lines = [
        "[[accepted]]",
        f"code = {toml(entry.code)}",
        f"where = {toml(entry.where)}",
        f"reason = {toml(entry.reason)}",
    ]
    if entry.expires:
        lines.append(f"expires = {entry.expires.isoformat()}")
    return "\n".join((*lines, ""))
