"""What faults make of a delivery: whether and when it goes out, what its letter says.

A delivery is asked about once, when it first becomes due, and what strikes it then strikes each
of its attempts; only what is sent again by hand goes out as it should have.
Where no fault is set, none of this costs anything.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from mockserver.core import signature
from mockserver.core.fault import Operation
from mockserver.core.interaction import Interaction, Request
from mockserver.core.letter import Letter, Posting, Seal
from mockserver.library.faults.kinds import Strike
from mockserver.service.deliveries import Attempt, Delivery
from mockserver.service.faults import Occasion, Unable
from mockserver.service.worlds import World


USER_AGENT: Final = "Replicate-Webhooks/1.0"
"""Assumed: the documents show no request's headers."""

_log = logging.getLogger(__name__)


def goes_out(world: World, delivery: Delivery, at_ms: int) -> bool:
    """Whether a delivery that is due at `at_ms` goes out now; if not, it is to be put off."""
    if delivery.strikes is not None or delivery.attempts or not world.faults.active:
        return True
    delivery.strikes = _strikes(world, delivery, at_ms)
    delivery.posting = posted(delivery.strikes, Posting(event=delivery.event))
    return not (delivery.posting.last or delivery.posting.delay_ms)


def posted(strikes: Iterable[Strike], posting: Posting) -> Posting:
    """How what is struck so goes out."""
    for strike in strikes:
        if strike.kind.posting:
            posting = strike.kind.posting(posting, strike)
    return posting


def plain(world: World, delivery: Delivery, at_ms: int) -> Letter:
    """The letter of an attempt at `at_ms`, as it should be."""
    headers = (
        ("Content-Type", "application/json"),
        ("User-Agent", USER_AGENT),
        (signature.ID, delivery.id),
    )
    body = delivery.render(world, delivery.due_ms)
    return Seal(world.outbox.secrets(at_ms))(Letter(headers, b""), at_ms // 1000, body)


def letter(
    world: World, delivery: Delivery, at_ms: int, show: Callable[[Letter], object]
) -> Letter:
    """The letter of an attempt at `at_ms`, as faults make it; `show` sees what they made."""
    written = plain(world, delivery, at_ms)
    if not delivery.strikes:
        return written
    seal = Seal(world.outbox.secrets(at_ms), world.outbox.coming_secret)
    for strike in delivery.strikes:
        if strike.kind.letter:
            written = strike.kind.letter(written, replace(strike, now_ms=at_ms, seal=seal))
    show(written)
    return written


def record(
    world: World, delivery: Delivery, letters: Iterable[Letter], tried: Iterable[Attempt]
) -> None:
    """Tell the journal of attempts that faults struck, each as a request of the fake's own."""
    told = tuple(strike.told for strike in delivery.strikes or ())
    for written in letters:
        request = _request(delivery, written)
        lost = ", and was not sent" if delivery.posting.lost else ""
        notes = (f"webhook {delivery.id} goes to {request.header('host')}{lost}", *told)
        for attempt in tried:
            seen = Interaction(request, attempt.status or 0, (), b"", attempt.at_ms)
            world.journal.append(seen, notes, faults=delivery.faults)


def _strikes(world: World, delivery: Delivery, at_ms: int) -> tuple[Strike, ...]:
    occasion = Occasion(
        operation=Operation.WEBHOOK,
        subject=world.faults.subject(delivery.prediction_id),
        now_ms=at_ms,
        model=delivery.model,
        prediction_id=delivery.prediction_id,
    )
    among = (*world.faults.own(delivery.prediction_id), *world.faults)
    try:
        return world.faults.strikes(occasion, among)
    except Unable as reason:
        _log.warning("webhook %s goes out unharmed: %s", delivery.id, reason)
        return ()


def _request(delivery: Delivery, written: Letter) -> Request:
    """What the receiver is asked; a URL that cannot be dialed was refused before."""
    parts = urlsplit(delivery.url)
    host = parts.netloc.rpartition("@")[2]
    headers = ((name.lower(), value) for name, value in written.headers)
    return Request(
        method=written.method,
        path=written.path or parts.path or "/",
        query="" if written.path else parts.query,
        headers=(("host", host), *headers),
        body=written.body,
        scheme=parts.scheme,
    )
