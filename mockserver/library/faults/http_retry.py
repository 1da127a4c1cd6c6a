"""`Retry-After` in every form that it was seen in, and some that it should not have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Final

from mockserver.core.fault import Phase
from mockserver.core.reply import Reply
from mockserver.library.faults import wire
from mockserver.library.faults.kinds import Strike, reply_fault
from mockserver.library.faults.params import choice


_DATE: Final = timedelta(seconds=2)
"""How far ahead a date lies."""
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def _imf(at: datetime) -> str:
    return format_datetime(at, usegmt=True)


def _rfc850(at: datetime) -> str:
    return f"{_DAYS[at.weekday()]}, {at:%d}-{_MONTHS[at.month - 1]}-{at:%y %H:%M:%S} GMT"


def _asctime(at: datetime) -> str:
    day, month = _DAYS[at.weekday()][:3], _MONTHS[at.month - 1]
    return f"{day} {month} {at.day:2} {at:%H:%M:%S} {at.year}"


_Form = Callable[[datetime], wire.Headers]


def _fixed(*values: str) -> _Form:
    return lambda _now: tuple(("Retry-After", value) for value in values)


def _dated(spelled: Callable[[datetime], str], ahead: timedelta = _DATE) -> _Form:
    """A date, and the time by which it is meant: a client's clock may show another."""
    return lambda now: (("Retry-After", spelled(now + ahead)), ("Date", _imf(now)))


_FORMS: Final[Mapping[str, _Form]] = {
    "one": _fixed("1"),
    "zero": _fixed("0"),
    "fraction": _fixed("1.5"),
    "imf": _dated(_imf),
    "rfc850": _dated(_rfc850),
    "asctime": _dated(_asctime),
    "iso": _dated(lambda at: f"{at:%Y-%m-%dT%H:%M:%SZ}"),
    "past": _dated(_imf, -_DATE),
    "negative": _fixed("-5"),
    "huge": _fixed("86400"),
    "list": _fixed("1, 2"),
    "word": _fixed("soon"),
    "two": _fixed("1", "2"),
    "ms": lambda _now: (("retry-after-ms", "500"), ("Retry-After", "1")),
    "reset": lambda _now: (("ratelimit-remaining", "0"), ("ratelimit-reset", "2")),
    "none": lambda _now: (),
}
_OTHERS: Final = (
    *("retry-after", "retry-after-ms", "date"),
    *("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"),
)
"""What would say the same in another way."""


@reply_fault(
    "http.retry_after",
    phase=Phase.BEFORE,
    params=(choice("form", *_FORMS), choice("status", "429", "503")),
    tests=("K2", "K3", "K4"),
    source="RFC 9110, 10.2.3 and 5.6.7",
)
def retry_after(_reply: Reply, strike: Strike) -> Reply:
    """The request is refused for now, and `Retry-After` says when to come back in some form.

    Dates lie two seconds ahead of the world's time, which stands in `Date`.
    """
    refusal = strike.refusal(int(strike.word("status")))
    now = datetime.fromtimestamp(strike.now_ms // 1000, UTC)
    told = _FORMS[strike.word("form")](now)
    return Reply(refusal.status, (*wire.without(refusal.headers, *_OTHERS), *told), refusal.body)
