"""Secrets taken out of a recording: what stands in their place can be read, and matched again.

Rule 1: of headers only those are kept that are known to matter.
Rule 2: a secret has one name wherever it stands on a cassette, and the names count from 1.
Rule 3: what was split between the pieces of a stream is put together first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from re import compile as pattern
from typing import Final

from mockserver.core.cassette import Cassette, Job, Part, Posted, Recorded, arrivals
from mockserver.core.interaction import Interaction, Request
from mockserver.core.mask import Mask, found_in
from mockserver.core.redaction import names_a_secret


REQUEST_HEADERS: Final = frozenset(
    {
        "accept",
        "authorization",
        "cancel-after",
        "content-disposition",
        "content-type",
        "host",
        "last-event-id",
        "prefer",
        "range",
        "user-agent",
        "webhook-id",
        "webhook-timestamp",
    }
)
"""What is kept of a request. Whatever else there is can hold what nobody expects."""

RESPONSE_HEADERS: Final = frozenset(
    {
        "accept-ranges",
        "allow",
        "cache-control",
        "content-disposition",
        "content-range",
        "content-type",
        "deprecation",
        "etag",
        "last-modified",
        "location",
        "preference-applied",
        "retry-after",
        "sunset",
        "warning",
    }
)
_RATE_LIMIT: Final = pattern(r"(?:x-)?ratelimit-[a-z-]{1,40}")

_KINDS: Final = (("whsec_", "SECRET"), ("http", "URL"))
_PLACEHOLDER: Final = pattern(r"<([A-Z]{1,16}):([0-9]{1,9})>")
_CUT: Final = pattern(rb"(?<=\n\n)|(?<=\r\n\r\n)")


def redacted(cassette: Cassette, secrets: Iterable[str] = ()) -> Cassette:
    """The cassette without `secrets`, and without whatever stands where secrets stand."""
    names = names_of(cassette, secrets)
    mask = Mask(tuple(names), names)
    return replace(
        cassette,
        upstream=mask.text(cassette.upstream),
        recorded=tuple(_kept(_masked(one, mask)) for one in cassette.recorded),
        hooks=tuple(
            Posted(_asked(mask.request(one.request)), one.at_ms) for one in cassette.hooks
        ),
        jobs=tuple(_told(job, mask) for job in cassette.jobs),
    )


def names_of(cassette: Cassette, secrets: Iterable[str] = ()) -> dict[str, str]:
    """The placeholder of each secret: those that are known, then those found where they stand.

    The numbers go on behind those of the placeholders that are there already.
    """
    seen = [one.seen for one in cassette.recorded]
    seen += [Interaction(hook.request, 0, (), b"", 0) for hook in cassette.hooks]
    kinds = {secret: kind for one in seen for kind, secret in _in_headers(one)}
    counts = _counted(seen)
    names: dict[str, str] = {}
    for secret in dict.fromkeys((*filter(None, secrets), *found_in(seen))):
        kind = kinds.get(secret, _kind(secret))
        counts[kind] = counts.get(kind, 0) + 1
        names[secret] = f"<{kind}:{counts[kind]}>"
    return names


def _kind(secret: str) -> str:
    return next((kind for form, kind in _KINDS if secret.startswith(form)), "SECRET")


def _counted(seen: Iterable[Interaction]) -> dict[str, int]:
    """The highest number of each kind of placeholder that is there."""
    counts: dict[str, int] = {}
    for one in seen:
        values = (value for _, value in (*one.request.headers, *one.response_headers))
        texts = (one.request.path, one.request.query, *values)
        bodies = (body.decode(errors="replace") for body in (one.request.body, one.response_body))
        for text in (*texts, *bodies):
            for kind, number in _PLACEHOLDER.findall(text):
                counts[kind] = max(counts.get(kind, 0), int(number))
    return counts


def _in_headers(one: Interaction) -> Iterator[tuple[str, str]]:
    """Tokens, cookies and keys, which have a header to tell them by."""
    for name, value in (*one.request.headers, *one.response_headers):
        kind = _HEADER_KINDS.get(name.lower(), "KEY")
        if kind == "COOKIE":
            yield from ((kind, pair.partition("=")[2].strip()) for pair in value.split(";"))
        elif names_a_secret(name):
            yield kind, value.rsplit(" ", maxsplit=1)[-1]


_HEADER_KINDS: Final = {
    "authorization": "TOKEN",
    "proxy-authorization": "TOKEN",
    "cookie": "COOKIE",
    "set-cookie": "COOKIE",
}


def _told(job: Job, mask: Mask) -> Job:
    """A life without secrets in what it tells."""
    states = (
        replace(
            state,
            body={name: mask.member(name, value) for name, value in state.body.items()},
            logs=mask.text(state.logs),
            outputs=tuple(map(mask.value, state.outputs)),
            error=None if state.error is None else mask.text(state.error),
        )
        for state in job.states
    )
    return replace(job, states=tuple(states))


def _kept(one: Recorded) -> Recorded:
    """The interaction with those headers that matter."""
    headers = tuple(
        (name, value)
        for name, value in one.seen.response_headers
        if name.lower() in RESPONSE_HEADERS or _RATE_LIMIT.fullmatch(name.lower())
    )
    seen = replace(one.seen, request=_asked(one.request), response_headers=headers)
    return replace(one, seen=seen)


def _asked(request: Request) -> Request:
    kept = ((name, value) for name, value in request.headers if name.lower() in REQUEST_HEADERS)
    return replace(request, headers=tuple(kept))


def _masked(one: Recorded, mask: Mask) -> Recorded:
    seen = mask.interaction(one.seen)
    parts = _parts(one.parts, mask)
    if parts:
        seen = replace(seen, response_body=b"".join(part.data for part in parts))
    return replace(one, seen=seen, parts=parts, error=mask.text(one.error))


def _parts(parts: tuple[Part, ...], mask: Mask) -> tuple[Part, ...]:
    """The pieces of a stream; where a secret lies across two of them, its events instead."""
    masked = tuple(replace(part, data=mask.data(part.data)) for part in parts)
    whole = b"".join(part.data for part in parts)
    if mask.data(whole) == b"".join(part.data for part in masked):
        return masked
    return tuple(replace(part, data=mask.data(part.data)) for part in _events(parts, whole))


def _events(parts: tuple[Part, ...], whole: bytes) -> Iterator[Part]:
    """The same stream in pieces that end where its events do, each when its last byte came."""
    came, begun = arrivals(parts), 0
    for end in (*(cut.start() for cut in _CUT.finditer(whole)), len(whole)):
        if end > begun:
            yield Part(came(end) or 0, whole[begun:end])
            begun = end
