"""Where in a file a finding is, if it is about a file."""

from __future__ import annotations

from dataclasses import dataclass
from re import compile as pattern
from typing import Final

from mockserver.contract.finding import Finding


_IN_A_DOCUMENT: Final = pattern(r"([^\s:][^:]*):([1-9]\d*)(?: (.*))?")
"""How a remark about a document says where it is."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file."""

    file: str
    line: int


def place_of(finding: Finding) -> Place | None:
    """The line of the document that a finding is about; None if it is about an answer."""
    match = _IN_A_DOCUMENT.fullmatch(finding.at)
    return Place(match[1], int(match[2])) if match else None
