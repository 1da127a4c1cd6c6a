"""What an account may ask for now: its standing and its buckets, told in headers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mockserver.core.limit import Bucket, Verdict
from mockserver.core.problem import (
    Forbidden,
    FreeLimitReached,
    InsufficientCredit,
    Throttled,
    ThrottledReduced,
    ThrottledUnpaid,
)
from mockserver.core.reply import Answer, edited
from mockserver.service.limits import CREATE, LOOK, OTHER, REDUCED, UNPAID, Standing
from mockserver.service.settings import LimitStyle
from mockserver.web.call import Call
from mockserver.web.routes import ROUTES, Area, Route


_UNLIMITED: Final = "/files"
"""Paths that begin so know no limit. Source: recordings of `files`, which lack the headers."""

_SLOWED: Final[Mapping[Standing, Bucket]] = {
    Standing.LOW_CREDIT: REDUCED,
    Standing.NO_PAYMENT: UNPAID,
}
"""What accounts take from that may create little, in the place of `CREATE`."""
_THROTTLED: Final[Mapping[str, type[Throttled]]] = {
    REDUCED.name: ThrottledReduced,
    UNPAID.name: ThrottledUnpaid,
}
_PENNILESS: Final[Mapping[Standing, type[InsufficientCredit]]] = {
    Standing.NO_CREDIT: InsufficientCredit,
    Standing.FREE_LIMIT: FreeLimitReached,
}


def admit(call: Call, route: Route) -> None:
    """Let the account of `call` use `route`, and note the headers that go with its answer.

    Raises `Forbidden`, `Throttled` or `InsufficientCredit`: before the body is read (assumed).
    """
    stands = call.standing
    if stands is Standing.FORBIDDEN:
        raise Forbidden("This account may do nothing here")
    bucket = _BUCKETS.get((route.method, route.rule))
    if bucket is None:
        return
    if bucket is CREATE:
        bucket = _SLOWED.get(stands, CREATE)
    _take(call, _struck(call, bucket))
    if bucket is CREATE and stands in _PENNILESS:
        raise _PENNILESS[stands]("This account cannot pay")


def told(call: Call, answer: Answer) -> Answer:
    """The same answer, with the headers of the limit it counted against."""
    more = call.limit_headers
    if not more:
        return answer
    return edited(answer, lambda reply: reply.with_headers(*more))


def _struck(call: Call, bucket: Bucket) -> Bucket:
    """The bucket that the faults of `call` leave in the place of `bucket`."""
    for strike in call.struck:
        bucket = strike.kind.bucket(bucket, strike) if strike.kind.bucket else bucket
    return bucket


def _take(call: Call, bucket: Bucket) -> None:
    settings, errors = call.fake.settings, call.face.gateway.errors
    # What stands in a token, or is a fault, is what a test asks for: no setting takes it back.
    asked_for = bucket.name in _THROTTLED or any(strike.kind.bucket for strike in call.struck)
    if settings.limits is LimitStyle.OFF and not asked_for:
        return
    world = call.world
    verdict = world.limits.take(bucket, world.clock.now_ms())
    if errors.ratelimit_headers:
        call.limit_headers = (
            ("ratelimit-remaining", str(verdict.remaining)),
            ("ratelimit-reset", str(verdict.reset_s)),
        )
    if not verdict.passes and (settings.limits is LimitStyle.ENFORCED or asked_for):
        if errors.retry_after and settings.retry_after:
            call.limit_headers += (("Retry-After", str(verdict.reset_s)),)
        raise _throttled(call, bucket, verdict)


def _throttled(call: Call, bucket: Bucket, verdict: Verdict) -> Throttled:
    """The refusal, and a note on why for whoever did not expect it."""
    call.notes.append(
        f"throttled: the bucket {bucket.name!r} holds {bucket.capacity} and gets "
        f"{bucket.per_minute} a minute of this world's time; --limits told lets everything pass"
    )
    return _THROTTLED.get(bucket.name, Throttled)(
        f"Request was throttled. Your rate limit resets in ~{verdict.reset_s}s.",
        limit=str(bucket.per_minute),
        burst=str(bucket.capacity),
        retry_after=str(verdict.reset_s),
    )


def _bucket(route: Route) -> Bucket:
    if route.method == "POST" and route.rule.endswith("/predictions"):
        return CREATE
    return LOOK if (route.method, route.rule) == _LOOK else OTHER


_LOOK: Final = ("GET", "/predictions/<prediction_id>")

_BUCKETS: Final[Mapping[tuple[str, str], Bucket]] = {
    (route.method, route.rule): _bucket(route)
    for route in ROUTES
    if route.area is Area.API and not route.rule.startswith(_UNLIMITED)
}
"""Which bucket each operation takes from."""
