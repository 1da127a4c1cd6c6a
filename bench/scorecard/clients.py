"""The published clients that are looked at: what runs each, and where it is installed."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final


PROGRAMS: Final = Path(__file__).parent / "programs"
INSTALLED: Final = Path(sys.prefix) / "clients"
"""Where the Makefile puts those that cannot live beside the tools."""


@dataclass(frozen=True, slots=True)
class Client:
    """A client in the version the project pins; `program` makes one picture with it."""

    title: str
    interpreter: Path | str
    program: str
    folder: Path
    """Where it runs: JavaScript looks for its packages from there upward."""
    stamp: Path

    @property
    def missing(self) -> bool:
        """Whether it cannot be run here."""
        return not self.stamp.exists() or shutil.which(str(self.interpreter)) is None

    def command(self) -> tuple[str, ...]:
        """What runs its program, given as text so that its imports are looked up in `folder`."""
        text = (PROGRAMS / self.program).read_text(encoding="utf-8")
        how = ("--input-type=module", "--eval") if self.program.endswith(".mjs") else ("-c",)
        return (str(self.interpreter), *how, text)


CLIENTS: Final[Mapping[str, Client]] = {
    "py1": Client(
        "replicate 1.0.7", sys.executable, "replicate_py.py", PROGRAMS, Path(sys.executable)
    ),
    "py2": Client(
        "replicate 2.0.0b4",
        INSTALLED / "replicate-2" / "bin" / "python",
        "replicate_py.py",
        PROGRAMS,
        INSTALLED / "replicate-2" / "replicate.stamp",
    ),
    "js": Client(
        "npm replicate 1.4.0",
        "node",
        "replicate_js.mjs",
        INSTALLED / "js",
        INSTALLED / "js" / "npm.stamp",
    ),
    "ai": Client(
        "@ai-sdk/replicate 3.0.46",
        "node",
        "ai_sdk.mjs",
        INSTALLED / "js",
        INSTALLED / "js" / "npm.stamp",
    ),
}
