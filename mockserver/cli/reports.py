"""`--report`: what an exam came to, in the forms and at the places that were asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mockserver.cli.output import Failure
from mockserver.core.clock import wall_ms


if TYPE_CHECKING:
    from mockserver.contract.report.report import Provenance, Report

STDOUT: Final = "-"
_TERMINAL: Final = "terminal"
_LINES: Final = frozenset({_TERMINAL, "github"})
"""Forms that may stand on stdout together: each of their lines is for itself."""
_STEP_SUMMARY: Final = "GITHUB_STEP_SUMMARY"
"""The variable that names the file to which a step adds. Source: docs.github.com."""


Job = tuple[str, Callable[[], object]]
"""What is to be written besides the report: into which file, and what does it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A form of the report, and the file that it shall be in; None is stdout."""

    form: str
    file: Path | None

    def __str__(self) -> str:
        return f"--report {self.form}={self.file or STDOUT}"


def _wanted(
    _ctx: click.Context, _option: click.Parameter, told: Iterable[str]
) -> tuple[Wanted, ...]:
    """What was asked for, if it can be had: whoever pays for an exam wants to read of it."""
    from mockserver.contract.report.formats import format_called
    from mockserver.library.errors import UnknownName

    found = tuple(_parsed(one) for one in told)
    for one in found:
        try:
            format_called(one.form)
        except UnknownName as reason:
            raise click.BadParameter(str(reason)) from None
        if one.file and not one.file.parent.is_dir():
            raise click.BadParameter(f"{one.file}: there is no folder {one.file.parent}")
        if one.file and one.file.is_dir():
            raise click.BadParameter(f"{one.file} is a folder; name a file in it")
    on_stdout = [one.form for one in found if not one.file]
    if len(on_stdout) > 1 and not _LINES.issuperset(on_stdout):
        both = " and ".join(on_stdout)
        raise click.BadParameter(f"{both} cannot both be on stdout: write FORMAT=FILE")
    return found


def _parsed(told: str) -> Wanted:
    form, _, file = told.partition("=")
    return Wanted(form, None if file in ("", STDOUT) else Path(file).expanduser())


report_option = click.option(
    "--report",
    "reports",
    multiple=True,
    callback=_wanted,
    metavar="FORMAT[=FILE]",
    help="terminal, junit, html, markdown, ndjson, har, sarif or github; again for more.",
)


def one_on_stdout(reports: Sequence[Wanted], *, as_json: bool) -> None:
    """Raise `Failure` if both `--json` and a report would be on stdout."""
    others = [one for one in reports if not one.file]
    if as_json and others:
        raise Failure(f"--json and {others[0]} cannot both be on stdout: write FORMAT=FILE")


def deliver(
    report: Report,
    reports: Sequence[Wanted],
    *,
    told: Callable[[], None] | None = None,
    jobs: Iterable[Job] = (),
) -> None:
    """Print the report, then write it wherever else it was asked for, then do the other `jobs`.

    `told` prints it where no form was asked for on stdout: by default, the terminal's. Raises
    `Failure` when all is done that can be, if something could not be written.
    """
    screen: list[Job] = [
        ("stdout", partial(_show, report, one.form)) for one in reports if not one.file
    ]
    if not screen:
        screen = [("stdout", told or partial(in_terminal, report))]
    files: list[Job] = [
        (str(one.file), partial(_write, report, one.form, one.file)) for one in reports if one.file
    ]
    failed = list(_failed((*screen, *files, *jobs)))
    if failed:
        raise Failure("\n".join(failed))


def in_terminal(report: Report) -> None:
    """Print the report for a person, in colours where somebody looks who wants them.

    Source: no-color.org.
    """
    from mockserver.contract.report.terminal import terminal

    _print(terminal(report, colour=sys.stdout.isatty() and not os.environ.get("NO_COLOR")))


def _show(report: Report, form: str) -> None:
    in_terminal(report) if form == _TERMINAL else _print(_text(report, form))


def _print(text: str) -> None:
    # What a terminal cannot show is shown as a question mark: nothing else of it may get lost.
    encoding = sys.stdout.encoding or "utf-8"
    click.echo(text.encode(encoding, errors="replace").decode(encoding), nl=False)


def _failed(jobs: Iterable[Job]) -> Iterator[str]:
    """Does every job, and tells those that could not be done."""
    for file, job in jobs:
        try:
            job()
        except OSError as reason:
            yield f"{file} could not be written: {reason.strerror or reason}"


def _write(report: Report, form: str, file: Path) -> None:
    from mockserver.contract.report.written import appended, written

    text = _text(report, form)
    summary = os.environ.get(_STEP_SUMMARY)
    if summary and os.path.realpath(summary) == os.path.realpath(file):
        appended(file, text)
    else:
        written(file, text)


def _text(report: Report, form: str) -> str:
    from mockserver.contract.report.formats import format_called

    return format_called(form)(report)


def repeating(ctx: click.Context, secrets: Sequence[str], leave_out: Sequence[str]) -> str:
    """The line that runs the command of `ctx` again: what was said on the line, and no secret."""
    import shlex

    words = ["mockserver", *ctx.command_path.split()[1:]]
    for param in ctx.command.params:
        name = param.name or ""
        source = ctx.get_parameter_source(name)
        if name not in leave_out and source is click.core.ParameterSource.COMMANDLINE:
            told = [shlex.quote(word) for word in _words(param, ctx.params[name])]
            # A variable takes its place, which the shell fills in.
            words += [told[0], f"${name.upper()}"] if name in secrets else told
    return " ".join(words)


def _words(param: click.Parameter, value: Any) -> Iterator[str]:
    """A parameter as it stands on a command line."""
    values = value if isinstance(value, tuple) else (value,)
    if isinstance(param, click.Argument):
        yield from map(str, values)
    elif isinstance(param, click.Option) and param.is_flag:
        yield param.opts[-1]
    else:
        for one in values:
            yield from (param.opts[0], str(one))


def provenance(command: str, begun_ms: int) -> Provenance:
    """Of an exam that ends now, which `command` repeats and our own rules judged."""
    from mockserver import __version__
    from mockserver.contract.report.report import Provenance
    from mockserver.library.explanations import load_explanations
    from mockserver.library.rooms import room, room_hash

    return Provenance(
        started_ms=begun_ms,
        ended_ms=wall_ms(),
        command=command,
        version=__version__,
        schema_hash=room_hash("schemas"),
        explained=load_explanations(room("schemas")),
    )
