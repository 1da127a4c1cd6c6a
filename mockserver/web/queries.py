"""The query of a request, read."""

from __future__ import annotations

from urllib.parse import parse_qsl

from mockserver.core.interaction import Request


def query_value(request: Request, name: str) -> str:
    """The first value of `name` in the query, or nothing."""
    for known, value in parse_qsl(request.query, keep_blank_values=True, errors="replace"):
        if known == name:
            return value
    return ""


def has_query(request: Request, name: str) -> bool:
    """Whether the query names `name`, with or without a value."""
    asked = parse_qsl(request.query, keep_blank_values=True, errors="replace")
    return any(known == name for known, _ in asked)
