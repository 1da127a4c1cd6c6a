"""How much an account may ask for: its buckets, and the tokens that stand for accounts in need."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from threading import Lock
from typing import Final

from mockserver.core.limit import Bucket, Level, Verdict, full, take


CREATE: Final = Bucket("create", 600, 600)
"""Creations of predictions. Source: replicate.com/docs/topics/predictions/rate-limits."""
LOOK: Final = Bucket("look", 60_000, 60_000)
"""Looks at a single prediction. Source: a recorded 59999/1; the pace follows from the reset."""
OTHER: Final = Bucket("other", 3_000, 3_000)
"""Everything else. Source: as `CREATE`; a recorded 2999/1."""
REDUCED: Final = Bucket("reduced", 1, 6)
"""Creations of an account with little credit. Source: bodies of 429 reported 2025 to 2026."""
UNPAID: Final = Bucket("unpaid", 1, 6)
"""Creations of an account without a payment method. Source: as `REDUCED`."""


class Standing(Enum):
    """How an account stands, which decides what it is refused."""

    GOOD = "nothing"
    INVALID = "everything, with 401"
    FORBIDDEN = "everything, with 403"
    NO_CREDIT = "creations, with 402"
    LOW_CREDIT = "creations above 6 a minute, with 429"
    NO_PAYMENT = "the same, until it adds a payment method"
    FREE_LIMIT = "creations, with 402: what was free is used up"


MAGIC: Final[Mapping[str, Standing]] = {
    "r8_invalid": Standing.INVALID,
    "r8_forbidden": Standing.FORBIDDEN,
    "r8_nocredit": Standing.NO_CREDIT,
    "r8_lowcredit": Standing.LOW_CREDIT,
    "r8_nopayment": Standing.NO_PAYMENT,
    "r8_freelimit": Standing.FREE_LIMIT,
}
"""What a token begins with whose account stands so: for clients that cannot set other headers."""

_PREFIXES: Final = tuple(MAGIC)


def standing(token: str | None) -> Standing:
    """How the account of `token` stands."""
    if token is None or not token.startswith(_PREFIXES):
        return Standing.GOOD
    return next(told for prefix, told in MAGIC.items() if token.startswith(prefix))


class Limits:
    """The levels of one world's buckets; a bucket is full until it is first asked."""

    def __init__(self) -> None:
        self._levels: dict[str, Level] = {}
        self._lock = Lock()

    def copy(self) -> Limits:
        """The same levels, to be taken from apart from these."""
        other = Limits()
        other._levels.update(self._levels)
        return other

    def take(self, bucket: Bucket, now_ms: int) -> Verdict:
        """Take a token out of `bucket` at `now_ms` (world time)."""
        with self._lock:
            level = self._levels.get(bucket.name) or full(bucket, now_ms)
            self._levels[bucket.name], verdict = take(bucket, level, now_ms)
        return verdict
