"""`--baseline` and `--write-baseline`: findings that are known and accepted, with reasons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mockserver.cli.output import Failure, say
from mockserver.cli.reports import Job


if TYPE_CHECKING:
    from mockserver.contract.baseline import Entry
    from mockserver.contract.report.report import Report

Command = Callable[..., None]

_FILE: Final = click.Path(dir_okay=False, path_type=Path)
_OPTIONS: Final = (
    click.option("--baseline", type=_FILE, metavar="FILE", help="What is accepted, and why."),
    click.option(
        "--write-baseline",
        "new_baseline",
        type=_FILE,
        metavar="FILE",
        help="Accept what was found; a FILE that is there is added to.",
    ),
    click.option("--reason", default="", metavar="TEXT", help="Why, for --write-baseline."),
    click.option(
        "--expires",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="DATE",
        help="Until when, for --write-baseline: YYYY-MM-DD.",
    ),
)


@dataclass(frozen=True, slots=True)
class Accepting:
    """What the command line says of baselines."""

    baseline: Path | None
    new_baseline: Path | None
    reason: str
    expires: date | None

    @property
    def file(self) -> str:
        """The baseline, as it is called from the folder in which we are; empty without one."""
        path = self.baseline or self.new_baseline
        if path is None:
            return ""
        here = Path.cwd()
        whole = path.resolve()
        return whole.relative_to(here).as_posix() if whole.is_relative_to(here) else str(path)


def baseline_options(command: Command) -> Command:
    """Gives a command the options about baselines."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def accepting(options: dict[str, Any]) -> Accepting:
    """What the options about baselines say, which are taken out of `options`.

    Raises `Failure` where they do not go together: before anything is asked, or paid for.
    """
    names = ("baseline", "new_baseline", "reason", "expires")
    told = {name: options.pop(name) for name in names}
    day = told["expires"].date() if told["expires"] else None
    asked = Accepting(told["baseline"], told["new_baseline"], told["reason"].strip(), day)
    if asked.new_baseline and not asked.reason:
        raise Failure("--write-baseline needs a --reason: who reads it later wants to know why")
    if asked.new_baseline and not asked.new_baseline.parent.is_dir():
        raise Failure(f"--write-baseline: there is no folder {asked.new_baseline.parent}")
    if not asked.new_baseline and (asked.reason or asked.expires):
        raise Failure("--reason and --expires are about --write-baseline FILE")
    if day and day < _today():
        raise Failure(f"--expires {day} has passed: it would accept nothing")
    return asked


def _today() -> date:
    from mockserver.contract.baseline import day_of
    from mockserver.core.clock import wall_ms

    return day_of(wall_ms())


def known(asked: Accepting) -> tuple[Entry, ...]:
    """Every entry that is there already. Raises `LibraryError` or `OSError`."""
    from mockserver.contract.baseline import load

    new = asked.new_baseline if asked.new_baseline and asked.new_baseline.exists() else None
    files = dict.fromkeys(path.resolve() for path in (asked.baseline, new) if path)
    return tuple(entry for path in files for entry in load(path))


def accepted(
    report: Report, asked: Accepting, entries: tuple[Entry, ...]
) -> tuple[Report, list[Job]]:
    """The report, what is accepted set apart, and what is to be written of that."""
    from mockserver.contract.baseline import accepting as applied
    from mockserver.contract.baseline import additions

    report = applied(report, entries)
    path = asked.new_baseline
    if path is None:
        return report, []
    found = [one.finding for one in report.findings]
    new = additions(found, reason=asked.reason, expires=asked.expires)
    return applied(report, new), [(str(path), lambda: _add(path, new))]


def _add(path: Path, entries: tuple[Entry, ...]) -> None:
    from mockserver.contract.baseline import text_of
    from mockserver.contract.report.written import written

    before = path.read_text(encoding="utf-8") if path.exists() else ""
    written(path, text_of(entries, before))
    say(f"{len(entries)} more accepted in {path}")
