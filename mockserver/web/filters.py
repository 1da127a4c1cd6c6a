"""What a list of predictions is asked for in its query, and how the way on keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlencode

from mockserver.core.interaction import Request
from mockserver.core.problem import InputInvalid
from mockserver.core.timestamps import parse_timestamp
from mockserver.service.filters import WEB, Filter
from mockserver.web.call import Call
from mockserver.web.queries import has_query, query_value


_SCHEMA: Final = "PredictionFilter"
_NAMES: Final = ("created_after", "created_before", "source")


def filter_of(call: Call) -> Filter | None:
    """What the query asks for; None where it asks for everything.

    Raises `InputInvalid`; upstream's refusal of what it cannot read is not known (assumed).
    """
    request = call.request
    if not request.query:
        return None
    sent = {name: query_value(request, name) for name in _NAMES if has_query(request, name)}
    if not sent:
        return None
    call.fake.registry.forms.check(_SCHEMA, sent)
    return Filter(
        after_ms=instant(sent, "created_after"),
        before_ms=instant(sent, "created_before"),
        web=sent.get("source") == WEB,
    )


def kept(request: Request) -> str:
    """The query of the next page, up to its cursor: what this one was asked for."""
    sent = parse_qsl(request.query) if request.query else ()
    filters = [(name, value) for name, value in sent if name in _NAMES]
    return f"{urlencode(filters)}&" if filters else ""


def instant(sent: Mapping[str, str], name: str) -> int | None:
    """The instant at `name` in milliseconds. Raises `InputInvalid` for a leap second."""
    if name not in sent:
        return None
    try:
        return parse_timestamp(sent[name].upper())
    except (ValueError, OverflowError):
        says = "Does not match format 'date-time'"
        wrong = {"type": "format", "field": name, "description": says}
        raise InputInvalid(f"- {name}: {says}\n", [wrong]) from None
