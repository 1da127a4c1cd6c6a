"""What a command says and how it fails: data on stdout, talk on stderr."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import click

from mockserver.core.columns import columns


CONTEXT: Final[dict[str, Any]] = {"help_option_names": ["-h", "--help"], "max_content_width": 99}
"""How click treats every command."""

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print the result as one JSON document on stdout."
)


class Failure(click.ClickException):
    """A command that could not do its job; the text says why and what to do."""

    exit_code = 2


class Unsafe(click.ClickException):
    """A command that refused to write something, because a secret was in it."""

    exit_code = 4


def say(text: str = "") -> None:
    """Print to a person."""
    click.echo(text, err=True)


def document(value: object) -> None:
    """Print `value` as one line of JSON on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False))


def counted(count: int, what: str) -> str:
    """So many of something: `1 fact`, `2 facts`."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def cell(text: str, most: int) -> str:
    """`text` in one line of at most so many characters, without what a terminal obeys."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The lines of a table, each column as wide as its widest cell."""
    return columns(head, rows)


@contextmanager
def data_needed() -> Iterator[None]:
    """Makes a `Failure` of a data file that is missing, broken, or cannot be read or written."""
    from mockserver.library.errors import LibraryError

    try:
        yield
    except (LibraryError, OSError) as reason:
        raise Failure(str(reason)) from None
