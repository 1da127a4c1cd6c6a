"""Text files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final


_READABLE: Final = 0o644
"""As others may read a file that was simply opened; temporary files are closed to them."""


def written(path: Path, text: str) -> None:
    """Put `text` at `path`, in one step: who reads sees what was there before, or all of it.

    Half of a surrogate pair becomes a question mark. A device or a pipe is written to as it is.
    Raises `OSError`, and then leaves what was there before.
    """
    data = text.encode(errors="replace")
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    # A link is kept, and what it leads to is replaced.
    target = Path(os.path.realpath(path))
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:40]}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(target.stat().st_mode if target.exists() else _READABLE)
        Path(name).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def appended(path: Path, text: str) -> None:
    """Put `text` behind what is at `path`. Raises `OSError`."""
    with path.open("ab") as file:
        file.write(text.encode(errors="replace"))
