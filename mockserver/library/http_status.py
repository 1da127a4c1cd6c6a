"""What HTTP itself says about its statuses."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final


BODILESS: Final = frozenset((*range(100, 200), 204, 304))
"""Statuses behind which no body comes. Source: RFC 9110, 6.4.1."""
PHRASES: Final[Mapping[int, str]] = {status.value: status.phrase for status in HTTPStatus}
"""The reason phrase of each status that has one. Source: the IANA registry of status codes."""
