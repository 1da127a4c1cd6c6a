"""Instants as upstream writes them. Two of its services write the same instant differently."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache


_NO_MARKS = str.maketrans("", "", "-T:")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=256)
def _second(unix_s: int) -> str:
    return (_EPOCH + timedelta(seconds=unix_s)).strftime("%Y-%m-%dT%H:%M:%S")


def edge_timestamp(at_ms: int) -> str:
    """RFC 3339 in UTC, trailing zeros of the fraction trimmed: `2025-07-29T07:12:42.163Z`."""
    second, ms = divmod(at_ms, 1000)
    fraction = f".{ms:03d}".rstrip("0") if ms else ""
    return f"{_second(second)}{fraction}Z"


def web_timestamp(at_ms: int) -> str:
    """RFC 3339 in UTC with six digits of a second: `2025-07-29T07:12:42.163000Z`."""
    second, ms = divmod(at_ms, 1000)
    return f"{_second(second)}.{ms:03d}000Z"


def compact_timestamp(at_ms: int) -> str:
    """The instant in UTC as 17 digits: `20250729071242163`."""
    second, ms = divmod(at_ms, 1000)
    return _second(second).translate(_NO_MARKS) + f"{ms:03d}"


def parse_timestamp(text: str) -> int:
    """Milliseconds of the RFC 3339 instant `text`. Raises `ValueError` if it is none."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} names no time zone; write it like 2026-01-01T00:00:00Z")
    return (instant - _EPOCH) // timedelta(milliseconds=1)
