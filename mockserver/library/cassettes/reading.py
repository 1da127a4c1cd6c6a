"""A cassette read from JSON: nothing is taken that the schema does not know."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from re import compile as pattern
from typing import Any, Final

import jsonschema_rs

from mockserver.core.cassette import Cassette, Job, Part, Posted, Recorded, State, plan
from mockserver.core.interaction import Interaction, Request
from mockserver.core.timeline import Status
from mockserver.core.timestamps import parse_timestamp
from mockserver.library.addressed import addressed
from mockserver.library.bodies import body_of
from mockserver.library.cassettes.written import FORMAT
from mockserver.library.errors import LibraryError
from mockserver.library.json_text import JsonError, loads
from mockserver.library.rooms import room


# A cassette is a tree of whatever JSON can hold.
Json = dict[str, Any]
Side = Callable[[str, int], bytes]
"""The bytes of a side file, by its SHA-256 and its size. Raises `LibraryError`."""

_MOST_ERRORS: Final = 5
_OTHER: Final = pattern(r"mockserver cassette [0-9]{1,9}$")


class NotACassette(LibraryError):
    """A file that is there, and is none; the text says where it goes wrong."""


def cassette_of(data: bytes, side: Side, name: str = "the cassette") -> Cassette:
    """The cassette that `data` holds. Raises `NotACassette`, and what `side` raises."""
    try:
        told = loads(data)
    except JsonError as reason:
        raise NotACassette(f"{name}: expected JSON: {reason}") from None
    written_by = told.get("format") if isinstance(told, dict) else None
    if written_by != FORMAT and _OTHER.match(str(written_by)):
        raise NotACassette(
            f"{name}: expected the format {FORMAT!r}, seen {written_by!r}: "
            "use the mockserver that wrote it, or record it anew"
        )
    wrong = list(problems(told))
    if wrong:
        raise NotACassette("\n".join(f"{name}: {line}" for line in wrong))
    # The schema has said that it is one.
    return _cassette(told, side, name)  # type: ignore[arg-type]


def problems(told: object) -> list[str]:
    """What the schema finds wrong with a JSON value; nothing if it is a cassette."""
    found = []
    for error in _validator().iter_errors(told):
        at = "".join(f"/{step}" for step in error.instance_path) or "the whole file"
        found.append(f"{at}: {error.message:.300}")
        if len(found) == _MOST_ERRORS:
            break
    return found


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    schema = Path(room("schemas")) / "cassette.schema.json"
    return jsonschema_rs.Draft202012Validator(json.loads(schema.read_text(encoding="utf-8")))


def _cassette(told: Json, side: Side, name: str) -> Cassette:
    recorded = tuple(_recorded(one, side, name, at) for at, one in enumerate(told["interactions"]))
    jobs = tuple(
        _job(one, len(recorded), f"{name}: /timelines/{at}")
        for at, one in enumerate(told["timelines"])
    )
    expires = told["expires_at"]
    where = f"{name}: /recorded_at"
    return Cassette(
        upstream=told["upstream"],
        gateway=told["gateway"],
        recorded_ms=_instant(told["recorded_at"], where),
        expires_ms=None if expires is None else _instant(expires, f"{name}: /expires_at"),
        recorded=recorded,
        hooks=tuple(
            Posted(_request(one["request"], f"{name}: /webhooks/{at}"), one["at_ms"])
            for at, one in enumerate(told["webhooks"])
        ),
        jobs=jobs,
    )


def _instant(text: str, where: str) -> int:
    try:
        return parse_timestamp(text)
    except ValueError as reason:
        raise NotACassette(f"{where}: {reason}") from None


def _recorded(one: Json, side: Side, name: str, at: int) -> Recorded:
    where = f"{name}: /interactions/{at}"
    response = one["response"]
    parts = tuple(
        Part(part["after_ms"], _bytes(part["body"], where)) for part in response.get("parts", ())
    )
    body, side_file = response.get("body", ""), ""
    if isinstance(body, dict) and "sha256" in body:
        side_file = body["sha256"]
        data = side(side_file, body["bytes"])
    else:
        data = b"".join(part.data for part in parts) if parts else _bytes(body, where)
    seen = Interaction(
        request=_request(one["request"], where),
        status=response["status"],
        response_headers=tuple((name, value) for name, value in response["headers"]),
        response_body=data,
        at_ms=one["at_ms"],
    )
    return Recorded(seen, one["took_ms"], parts, one.get("error", ""), side_file)


def _request(one: Json, where: str) -> Request:
    body = _bytes(one["body"], where)
    try:
        return addressed(one["method"], one["url"], one["headers"], body)
    except ValueError as reason:
        raise NotACassette(f"{where}/request/url: {reason}") from None


def _job(one: Json, count: int, where: str) -> Job:
    sync = one["sync"]
    places = (*one["creates"], *one["streams"], *one["cancels"], *([] if sync is None else [sync]))
    if any(place >= count for place in places):
        raise NotACassette(f"{where}: expected places below {count}, seen {max(places)}")
    job = Job(
        id=one["prediction"],
        model=one["model"],
        states=tuple(_state(state) for state in one["states"]),
        begun_ms=one["begun_ms"],
        creates=tuple(one["creates"]),
        sync=sync,
        streams=tuple(one["streams"]),
        cancels=tuple(one["cancels"]),
        seen_until_ms=one["seen_until_ms"],
    )
    try:
        plan(job)
    except ValueError as reason:
        raise NotACassette(f"{where}/states: this is no life: {reason}") from None
    return job


def _state(one: Json) -> State:
    return State(
        after_ms=one["after_ms"],
        status=Status(one["status"]),
        body=one["body"],
        unseen_ms=one["unseen_ms"],
        logs=one["logs"],
        outputs=tuple(one["outputs"]),
        error=one["error"],
        inferred=one["inferred"],
    )


def _bytes(told: str | Json, where: str) -> bytes:
    try:
        return body_of(told)
    except ValueError as reason:
        raise NotACassette(f"{where}: a body that is no base64: {reason}") from None
