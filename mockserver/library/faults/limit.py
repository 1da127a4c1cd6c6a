"""Limits that are narrower than an account was told, or told wrongly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from mockserver.core.fault import Operation, Phase
from mockserver.core.limit import Bucket
from mockserver.core.reply import Answer, Reply
from mockserver.library.faults.kinds import (
    API,
    Ask,
    BucketEdit,
    Kind,
    Strike,
    ask_fault,
    kind,
    reply_fault,
)
from mockserver.library.faults.params import Param, choice, number


REDUCED: Final = Bucket("reduced", 1, 6)
"""The bucket that the fake has for such accounts, by its name: so it is worded as theirs."""

_CREATE: Final = frozenset({Operation.CREATE})
_LIMITED: Final = API - {Operation.STREAM, Operation.OUTPUT, Operation.FILES}
"""What counts against a limit."""


def _bucket_fault(name: str, *params: Param) -> Callable[[BucketEdit], Kind]:
    """Makes an edit of the bucket that requests take from a kind."""
    return lambda edit: kind(
        name,
        edit,
        {"bucket": edit},
        {
            "on": _CREATE,
            "possible": _LIMITED,
            "phase": Phase.BEFORE,
            "fixed": True,
            "params": params,
            "tests": ("K2",),
        },
    )


@_bucket_fault(
    "limit.bucket", number("capacity", 2, 1, 100_000), number("per_minute", 60, 1, 100_000)
)
def bucket(_bucket: Bucket, strike: Strike) -> Bucket:
    """An account may ask `capacity` times at once, `per_minute` in the long run; then 429.

    Text and headers are those of the gateway: some tell no `Retry-After`.
    """
    return Bucket("narrow", strike.number("capacity"), strike.number("per_minute"))


@_bucket_fault("limit.low_credit")
def low_credit(_bucket: Bucket, _strike: Strike) -> Bucket:
    """An account with little credit may create once at a time and six times a minute; then 429."""
    return REDUCED


@ask_fault(
    "limit.concurrent",
    on=_CREATE,
    phase=Phase.BEFORE,
    params=(number("most", 1, 0, 1_000),),
    tests=("K2", "K18"),
)
def concurrent(ask: Ask, strike: Strike) -> Answer:
    """While `most` predictions of an account have not ended, it creates no other one: 429."""
    return strike.refusal(429) if strike.running() >= strike.number("most") else ask()


_LIES: Final[Mapping[str, Mapping[str, str]]] = {
    "plenty": {"ratelimit-remaining": "599", "ratelimit-reset": "0", "retry-after": "0"},
    "none": {"ratelimit-remaining": "0", "ratelimit-reset": "86400", "retry-after": "86400"},
    "garbage": {"ratelimit-remaining": "-1", "ratelimit-reset": "soon", "retry-after": "later"},
}


@reply_fault(
    "limit.headers_lie",
    on=_LIMITED,
    fixed=True,
    params=(choice("form", *_LIES),),
    tests=("K2", "K4"),
)
def headers_lie(reply: Reply, strike: Strike) -> Reply:
    """What headers tell of a limit is wrong: plenty is left, nothing is, or no number is told.

    None is added: a gateway that tells no limit tells none wrongly.
    """
    lies = _LIES[strike.word("form")]
    told = tuple((name, lies.get(name.lower(), value)) for name, value in reply.headers)
    return reply if told == reply.headers else replace(reply, headers=told)
