"""Cassettes of vcrpy and of Ruby's VCR, read and written.

Their YAML is read by a loader that makes nothing but texts, numbers, lists and tables, and that
copies nothing: a name that stands for something else is looked at, and not followed.
They keep no times: what has a `Date` is put there, anything else behind the one before it.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Final

from mockserver.core.cassette import Cassette, Recorded
from mockserver.core.interaction import Interaction, Request
from mockserver.core.packed import Unreadable, unpacked
from mockserver.library.addressed import addressed
from mockserver.library.cassettes.reading import NotACassette
from mockserver.library.errors import LibraryError
from mockserver.library.http_status import PHRASES


# A cassette of others is a tree of whatever YAML can hold.
Json = dict[str, Any]

PACE_MS: Final = 500
"""What is taken to lie between two interactions that say nothing of their time."""
MOST_BYTES: Final = 64 * 1024 * 1024


def vcr_of(cassette: Cassette) -> bytes:
    """The same interactions as vcrpy writes them; times and lives are lost.

    Raises `LibraryError` where PyYAML is not installed.
    """
    yaml = _yaml()
    told = {"interactions": [_told(one) for one in cassette.recorded], "version": 1}
    text: str = yaml.safe_dump(told, allow_unicode=True, sort_keys=True)
    return text.encode()


def cassette_of_vcr(data: bytes, name: str = "the cassette") -> Cassette:
    """What a cassette of VCR's holds; no lives in it yet.

    Raises `NotACassette`, and `LibraryError` where PyYAML is not installed.
    """
    told = _loaded(data, name)
    try:
        recorded = tuple(_recorded(told["interactions"]))
    except (KeyError, TypeError, ValueError, AttributeError) as reason:
        raise NotACassette(f"{name}: expected a cassette of VCR's: {reason!r:.200}") from None
    first = recorded[0].request if recorded else None
    upstream = f"{first.scheme}://{first.header('host')}" if first else ""
    begun_ms = next((_date_ms(one.seen.response_headers) or 0 for one in recorded), 0)
    return Cassette(upstream, recorded_ms=begun_ms, recorded=recorded)


def _loaded(data: bytes, name: str) -> Json:
    """The tree of a file. Raises `NotACassette`."""
    yaml = _yaml()
    if len(data) > MOST_BYTES:
        raise NotACassette(f"{name}: expected at most {MOST_BYTES} bytes, seen {len(data)}")
    try:
        loader = (yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader)(data.decode())
        # Nothing is merged: a few lines could stand for any number of entries.
        loader.flatten_mapping = lambda _: None
        told = loader.get_single_data()
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as reason:
        raise NotACassette(f"{name}: expected YAML: {str(reason)[:300]}") from None
    if not isinstance(told, dict):
        raise NotACassette(f"{name}: expected a table, seen {type(told).__name__}")
    return told


def _recorded(interactions: Iterable[Json]) -> Iterator[Recorded]:
    at_ms, begun_ms = -PACE_MS, None
    for one in interactions:
        response = one["response"]
        headers = _pairs(response.get("headers") or {})
        at_ms += PACE_MS
        dated_ms = _date_ms(headers)
        if dated_ms is not None:
            begun_ms = dated_ms if begun_ms is None else begun_ms
            at_ms = max(at_ms, dated_ms - begun_ms)
        seen = Interaction(
            request=_request(one["request"]),
            status=_status(response["status"]),
            response_headers=_unpacked_headers(headers),
            response_body=_unpacked(headers, _bytes(response.get("body"))),
            at_ms=at_ms,
        )
        yield Recorded(seen)


def _request(told: Json) -> Request:
    headers = _pairs(told.get("headers") or {})
    body = _bytes(told.get("body"))
    return addressed(str(told["method"]).upper(), str(told["uri"]), headers, body)


def _status(told: object) -> int:
    return int(told["code"]) if isinstance(told, Mapping) else int(str(told))


def _bytes(told: object) -> bytes:
    """A body: a text, bytes, or a table that holds one of them."""
    match told:
        case None:
            return b""
        case bytes():
            return told
        case str():
            return told.encode()
        case {"base64_string": str() as text}:
            return b64decode(text)
        case Mapping():
            return _bytes(told.get("string"))
    raise TypeError(f"a body of the type {type(told).__name__}")


def _pairs(told: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    found = []
    for name, values in told.items():
        for value in values if isinstance(values, list) else [values]:
            if not isinstance(value, (str, int, float)):
                raise TypeError(f"the header {name} is of the type {type(value).__name__}")
            found.append((str(name), str(value)))
    return tuple(found)


def _date_ms(headers: Iterable[tuple[str, str]]) -> int | None:
    for name, value in headers:
        if name.lower() == "date":
            try:
                return round(parsedate_to_datetime(value).timestamp() * 1000)
            except ValueError:
                return None
    return None


def _unpacked(headers: tuple[tuple[str, str], ...], body: bytes) -> bytes:
    """The body as it reads; vcrpy keeps it as it was sent."""
    encoding = next((value for name, value in headers if name.lower() == "content-encoding"), "")
    try:
        return unpacked(body, encoding)
    except Unreadable as reason:
        raise ValueError(str(reason)) from None


def _unpacked_headers(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in headers if name.lower() != "content-encoding")


def _told(one: Recorded) -> Json:
    request, seen = one.request, one.seen
    return {
        "request": {
            "method": request.method,
            "uri": request.url,
            "body": _text(request.body) if request.body else None,
            "headers": _lists(pair for pair in request.headers if pair[0] != "host"),
        },
        "response": {
            "status": {"code": seen.status, "message": PHRASES.get(seen.status, "")},
            "headers": _lists(seen.response_headers),
            "body": {"string": _text(seen.response_body)},
        },
    }


def _text(data: bytes) -> str | bytes:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data


def _lists(headers: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name, []).append(value)
    return found


def _yaml() -> Any:
    try:
        import yaml
    except ImportError:
        raise LibraryError(
            "cassettes in YAML need PyYAML: pip install 'mockserver[yaml]'"
        ) from None
    return yaml
