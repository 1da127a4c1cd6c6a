"""Files written as a whole, none of them over another without being told to."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import click


def write_all(files: Mapping[Path, str], *, force: bool = False) -> tuple[Path, ...]:
    """Write the files that are not yet as they should be; returns their paths.

    Raises `click.UsageError` where there is another file and `force` is not given, and `OSError`;
    nothing was written then, and never is one by halves.
    """
    changed = {path: text for path, text in files.items() if not _holds(path, text)}
    there = [str(path) for path in changed if path.exists()]
    if there and not force:
        raise click.UsageError(f"{', '.join(there)} exists; --force replaces it")
    unfinished = {path: path.with_name(f".{path.name}.{os.getpid()}") for path in changed}
    try:
        for path, text in changed.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished[path].write_text(text, encoding="utf-8")
        for path, beside in unfinished.items():
            beside.replace(path)
    finally:
        for beside in unfinished.values():
            beside.unlink(missing_ok=True)
    return tuple(changed)


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()
