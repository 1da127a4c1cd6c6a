"""Which worlds a control request speaks of, and how it speaks."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.core.problem import BadControl
from mockserver.core.reply import Reply
from mockserver.library.json_text import JsonError, dumps, loads
from mockserver.service.worlds import World
from mockserver.web.call import WORLD_HEADER, Call
from mockserver.web.queries import query_value


def named(call: Call) -> str:
    """The world the request names, by header, query or token; nothing if it names none."""
    name = call.request.header(WORLD_HEADER) or query_value(call.request, "world")
    return name or call.token or ""


def worlds(call: Call) -> list[World]:
    """The one world that is named, by name or by key, or all there are."""
    name = named(call)
    if not name:
        return list(call.fake.worlds)
    return [call.fake.worlds.with_key(name) or call.fake.worlds.named(name)]


def body(call: Call) -> Mapping[str, object]:
    """The JSON object that was sent; an empty one if nothing was. Raises `BadControl`."""
    try:
        sent = loads(call.request.body) if call.request.body.strip() else {}
    except JsonError as reason:
        raise BadControl(f"The body must be a JSON object: {reason}") from None
    if not isinstance(sent, dict):
        raise BadControl(f"The body must be a JSON object, not {type(sent).__name__}")
    return sent


def told(value: object, status: int = 200) -> Reply:
    """`value` as the reply of a control request."""
    headers = (("Content-Type", "application/json"), ("Cache-Control", "no-store"))
    return Reply(status, headers, dumps(value))
