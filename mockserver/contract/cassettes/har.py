"""A cassette as an HTTP archive, and back. What the format has no place for stands behind a `_`.

Source: HAR 1.2, w3c.github.io/web-performance/specs/HAR/Overview.html.
"""

from __future__ import annotations

import json
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from mockserver import __version__
from mockserver.contract.report.har import entry
from mockserver.core.cassette import Cassette, Part, Posted, Recorded
from mockserver.core.interaction import Interaction, Request
from mockserver.core.timestamps import edge_timestamp, parse_timestamp
from mockserver.library.addressed import addressed
from mockserver.library.cassettes.reading import NotACassette
from mockserver.library.json_text import JsonError, loads, members


# An archive is a tree of whatever JSON can hold.
Json = dict[str, Any]

_TEXT_NOT_UTF8: Final = "base64"


def har_of(cassette: Cassette) -> bytes:
    """The archive with everything that was said; lives are not in it, they are told by that."""
    begun_ms = cassette.recorded_ms
    entries = [_recorded(one, begun_ms) for one in cassette.recorded]
    entries += [_posted(one, begun_ms) for one in cassette.hooks]
    expires = cassette.expires_ms
    log = {
        "version": "1.2",
        "creator": {"name": "mockserver", "version": __version__},
        "entries": entries,
        "_upstream": cassette.upstream,
        "_gateway": cassette.gateway,
        "_recorded_at": edge_timestamp(begun_ms),
        "_expires_at": None if expires is None else edge_timestamp(expires),
    }
    return json.dumps({"log": log}, ensure_ascii=False, indent=2).encode() + b"\n"


def cassette_of_har(data: bytes, name: str = "the archive") -> Cassette:
    """What an archive holds, of whichever tool; no lives in it yet. Raises `NotACassette`."""
    try:
        return _cassette(dict(members(loads(data))["log"]))  # type: ignore[call-overload]
    except (JsonError, KeyError, TypeError, ValueError, AttributeError, NotBase64) as reason:
        raise NotACassette(f"{name}: expected an HTTP archive 1.2: {reason!r:.200}") from None


def _recorded(one: Recorded, begun_ms: int) -> Json:
    seen = replace(one.seen, at_ms=begun_ms + one.seen.at_ms)
    told = entry(seen, one.took_ms)
    if one.parts:
        told["_parts"] = [[part.after_ms, len(part.data)] for part in one.parts]
    if one.error:
        told["_error"] = one.error
    return told


def _posted(one: Posted, begun_ms: int) -> Json:
    answer = Interaction(one.request, HTTPStatus.OK, (), b"", begun_ms + one.at_ms)
    return {**entry(answer, 0), "_webhook": True}


def _cassette(log: Json) -> Cassette:
    entries = log["entries"]
    times = [parse_timestamp(one["startedDateTime"]) for one in entries]
    told = log.get("_recorded_at")
    begun_ms = parse_timestamp(told) if told else min(times, default=0)
    recorded, hooks = [], []
    for one, at_ms in zip(entries, times, strict=True):
        request = _request(one["request"])
        if one.get("_webhook"):
            hooks.append(Posted(request, at_ms - begun_ms))
            continue
        recorded.append(_exchange(one, request, at_ms - begun_ms))
    expires = log.get("_expires_at")
    return Cassette(
        upstream=str(log.get("_upstream") or _origin(recorded)),
        gateway=str(log.get("_gateway") or "replicate"),
        recorded_ms=begun_ms,
        expires_ms=parse_timestamp(expires) if expires else None,
        recorded=tuple(sorted(recorded, key=lambda each: each.seen.at_ms)),
        hooks=tuple(hooks),
    )


def _exchange(one: Json, request: Request, at_ms: int) -> Recorded:
    response = one["response"]
    data = _body(response.get("content") or {})
    parts: list[Part] = []
    at = 0
    for after_ms, size in one.get("_parts", ()):
        parts.append(Part(int(after_ms), data[at : at + int(size)]))
        at += len(parts[-1].data)
    seen = Interaction(request, int(response["status"]), _pairs(response["headers"]), data, at_ms)
    timings = one.get("timings") or {}
    took_ms = max(0, round(timings.get("wait", 0) or 0))
    return Recorded(seen, took_ms, tuple(parts), str(one.get("_error") or ""))


def _request(told: Json) -> Request:
    posted = told.get("postData") or {}
    text = str(posted.get("text") or "")
    base64 = posted.get("comment") == _TEXT_NOT_UTF8
    body = b64decode(text, validate=True) if base64 else text.encode()
    headers = (pair for pair in _pairs(told["headers"]) if not pair[0].startswith(":"))
    return addressed(str(told["method"]), told["url"], headers, body)


def _body(content: Mapping[str, Any]) -> bytes:
    text = str(content.get("text") or "")
    return b64decode(text, validate=True) if content.get("encoding") == "base64" else text.encode()


def _pairs(told: list[Json]) -> tuple[tuple[str, str], ...]:
    return tuple((str(one["name"]), str(one["value"])) for one in told)


def _origin(recorded: list[Recorded]) -> str:
    """Who was called first."""
    first = recorded[0].request if recorded else None
    return f"{first.scheme}://{first.header('host')}" if first else ""
