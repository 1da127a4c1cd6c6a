"""The command `mockserver` itself: its sub-commands, and how it ends when one goes wrong."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from typing import Final, cast

import click

from mockserver import __version__
from mockserver.cli.output import CONTEXT


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


_COMMANDS: Final[Mapping[str, str]] = {
    "serve": "serve",
    "demo": "demo",
    "exec": "execute",
    "audit": "audit",
    "check": "check",
    "fuzz": "fuzz",
    "diff": "diff",
    "hooks": "hooks",
    "listen": "listen",
    "trigger": "trigger",
    "record": "record",
    "replay": "replay",
    "cassette": "cassette",
    "drift": "drift",
    "explain": "explain",
    "faults": "faults",
    "schemas": "schemas",
    "doctor": "doctor",
    "completion": "completion",
}
"""What each command is called, and the module and function in which it is."""


class Commands(Mapping[str, click.Command]):
    """The commands, each imported when it is asked for: starting must stay fast."""

    def __getitem__(self, name: str) -> click.Command:
        where = _COMMANDS[name]
        command: click.Command = getattr(import_module(f"mockserver.cli.{where}"), where)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(_COMMANDS)

    def __len__(self) -> int:
        return len(_COMMANDS)


# Click asks for one that it can add to, and adds nothing by itself.
@click.group(
    help=_HELP,
    context_settings=CONTEXT,
    commands=cast("MutableMapping[str, click.Command]", Commands()),
)
@click.version_option(__version__, prog_name="mockserver", message="%(prog)s %(version)s")
def app() -> None:
    """The command `mockserver`; what it says of itself is above."""


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
