"""Documents that a command is given: files, or what stands on stdin."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import click

from mockserver.cli.output import Failure


STDIN: Final = "-"

documents_argument = click.argument(
    "documents", metavar="DOC...", nargs=-1, required=True, type=click.Path(allow_dash=True)
)
"""One document or more, by their paths."""


def opened(name: str) -> tuple[bytes, str]:
    """What is in that file, or on stdin, and what it is called. Raises `OSError`."""
    from mockserver.library.documents.reading import MAX_BYTES

    # One byte more than is allowed is enough to know that it is too large.
    if name == STDIN:
        return sys.stdin.buffer.read(MAX_BYTES + 1), "stdin"
    path = Path(name)
    if path.is_dir():
        raise Failure(f"{name} is a folder; name the documents in it")
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1), name
