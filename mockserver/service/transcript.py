"""The last of what a world was asked and answered, for whoever wants to know why a test failed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mockserver.core.redaction import fingerprint, shown_headers
from mockserver.service.handle import Handle
from mockserver.service.journal import Entry


SHOWN_INTERACTIONS: Final = 20
SHOWN_CHARACTERS: Final = 400
SHOWN_HEADERS: Final = frozenset({"authorization", "prefer", "x-mock-scenario", "x-mock-world"})


def transcript(handle: Handle, lobby_count: int) -> Iterator[str]:
    """The last interactions of a world, and those that reached none; secrets left out."""
    entries = tuple(handle.journal)[-SHOWN_INTERACTIONS:]
    now = handle.clock.now.isoformat(timespec="milliseconds")
    yield f"{len(entries)} of {handle.journal.count} interactions; now it is {now}"
    yield from (line for entry in entries for line in _lines(handle, entry))
    strangers = [entry for entry in handle.fake.lobby if entry.number > lobby_count]
    if strangers:
        yield "without a usable token:"
        for entry in strangers[-SHOWN_INTERACTIONS:]:
            yield from _lines(handle, entry)


def _lines(handle: Handle, entry: Entry) -> Iterator[str]:
    seen = entry.interaction
    request = seen.request
    query = f"?{request.query}" if request.query else ""
    yield f"{entry.number:>4}  {request.method} {request.path}{query} -> {seen.status}"
    yield from (f"      {line}" for line in _details(handle, entry))


def _details(handle: Handle, entry: Entry) -> Iterator[str]:
    seen = entry.interaction
    for name, value in shown_headers(seen.request.headers):
        if name in SHOWN_HEADERS:
            yield f"{name}: {value}"
    for arrow, body in ((">", seen.request.body), ("<", seen.response_body)):
        text = body[: 4 * SHOWN_CHARACTERS].decode(errors="replace")
        text = text.replace(handle.token, fingerprint(handle.token)).strip()
        if text:
            yield f"{arrow} {text[:SHOWN_CHARACTERS]}{'…' if len(text) > SHOWN_CHARACTERS else ''}"
    yield from entry.notes
    if entry.unmatched:
        yield "no such path in the API"
