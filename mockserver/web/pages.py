"""Lists in pages, and the JSON of what is not a prediction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar
from urllib.parse import parse_qsl, urlencode

from mockserver.core import cursor
from mockserver.core.cursor import Cursor
from mockserver.core.problem import InvalidCursor
from mockserver.core.reply import Reply
from mockserver.library.json_text import dumps
from mockserver.web.call import Call
from mockserver.web.queries import query_value


T = TypeVar("T")

PAGE_SIZE: Final = 25
"""Entries on a page of models. Source: upstream's recording of models.list."""

NOTHING: Final = Reply(204)


def told(value: object, status: int = 200) -> Reply:
    """`value` as the API's answer."""
    return Reply(status, (("Content-Type", "application/json"),), dumps(value))


def text(value: str) -> Reply:
    """`value` as plain text."""
    return Reply(200, (("Content-Type", "text/plain; charset=utf-8"),), value.encode())


def asked(call: Call) -> Cursor | None:
    """Where the page that is asked for begins; None for the first. Raises `InvalidCursor`."""
    sent = query_value(call.request, "cursor")
    found = cursor.cursor(sent) if sent else None
    if sent and found is None:
        raise InvalidCursor("Invalid cursor")
    return found


def page(
    call: Call, found: Sequence[T], tell: Callable[[T], object], size: int = PAGE_SIZE
) -> Reply:
    """The page of `found` that the call asks for. Raises `InvalidCursor`."""
    at = asked(call) or Cursor(0)
    if at.position > len(found):
        raise InvalidCursor("Invalid cursor")
    first = max(0, at.position - size) if at.newer else at.position
    last = at.position if at.newer else min(len(found), first + size)
    return told(
        {
            "next": _address(call, Cursor(last)) if last < len(found) else None,
            "previous": _address(call, Cursor(first, newer=True)) if first else None,
            "results": [tell(one) for one in found[first:last]],
        }
    )


def neighbours(call: Call, following: Cursor | None, before: Cursor | None) -> dict[str, object]:
    """`next` and `previous` of a page, as addresses."""
    return {
        "next": _address(call, following) if following else None,
        "previous": _address(call, before) if before else None,
    }


def _address(call: Call, to: Cursor) -> str:
    kept = [pair for pair in parse_qsl(call.request.query) if pair[0] != "cursor"]
    query = urlencode([*kept, ("cursor", str(to))])
    return f"{call.face.base_url}{call.path}?{query}"
