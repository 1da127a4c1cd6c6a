"""The command `mockserver` itself: its sub-commands, and how it ends when one goes wrong."""

from __future__ import annotations

import sys
from typing import Final

import click

from mockserver import __version__
from mockserver.cli.audit import audit
from mockserver.cli.cassette import cassette
from mockserver.cli.check import check
from mockserver.cli.completion import completion
from mockserver.cli.demo import demo
from mockserver.cli.diff import diff
from mockserver.cli.doctor import doctor
from mockserver.cli.drift import drift
from mockserver.cli.execute import execute
from mockserver.cli.explain import explain
from mockserver.cli.faults import faults
from mockserver.cli.fuzz import fuzz
from mockserver.cli.hooks import hooks
from mockserver.cli.listen import listen
from mockserver.cli.output import CONTEXT
from mockserver.cli.record import record
from mockserver.cli.replay import replay
from mockserver.cli.schemas import schemas
from mockserver.cli.serve import serve
from mockserver.cli.trigger import trigger


INTERRUPTED: Final = 130
"""The exit code of a command that Ctrl-C ended. Source: POSIX shells, 128 + SIGINT."""


# A \b keeps click from wrapping the paragraph.
_HELP: Final = """A fake of Replicate's prediction API, and of the gateways that resell it.

\b
mockserver demo              see it work
mockserver serve             the API on http://127.0.0.1:4010
mockserver exec -- pytest    run a program against a fake of its own

Options are also read from the environment (MOCKSERVER_PORT=4011) and from mockserver.toml or
[tool.mockserver] in pyproject.toml, found from the current folder upward.
"""


@click.group(help=_HELP, context_settings=CONTEXT)
@click.version_option(__version__, prog_name="mockserver", message="%(prog)s %(version)s")
def app() -> None:
    """The command `mockserver`; what it says of itself is above."""


for _command in (
    serve,
    demo,
    execute,
    audit,
    check,
    fuzz,
    diff,
    hooks,
    listen,
    trigger,
    record,
    replay,
    cassette,
    drift,
    explain,
    faults,
    schemas,
    doctor,
    completion,
):
    app.add_command(_command)


def main() -> None:
    """Run the command and exit: 0 all well, 1 findings, 2 could not, 4 would not, 130 Ctrl-C."""
    try:
        code = app(prog_name="mockserver", standalone_mode=False)
    except click.ClickException as failed:
        failed.show()
        code = failed.exit_code
    except click.Abort:
        code = INTERRUPTED
    sys.exit(code)
