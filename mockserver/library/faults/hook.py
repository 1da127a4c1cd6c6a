"""Webhooks that come twice, late, in the wrong order, at the wrong place, or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mockserver.core import signature
from mockserver.core.fault import Operation
from mockserver.core.letter import Letter, Posting
from mockserver.library.faults.kinds import Strike, letter_fault, posting_fault
from mockserver.library.faults.params import choice, number


_COPIES: Final = number("copies", 2, 2, 20)
_PROOFS: Final = (signature.ID, signature.TIMESTAMP, signature.SIGNATURE)


@posting_fault("hook.duplicate", params=(_COPIES, number("gap_ms", 1_000, 0, 86_400_000)))
def duplicate(posting: Posting, strike: Strike) -> Posting:
    """A webhook that was taken comes again: the same `webhook-id`, signed for a later time."""
    return replace(posting, copies=strike.number("copies"), gap_ms=strike.number("gap_ms"))


@posting_fault("hook.duplicate_concurrent", params=(_COPIES,))
def duplicate_concurrent(posting: Posting, strike: Strike) -> Posting:
    """A webhook comes several times at once, on several connections."""
    return replace(posting, copies=strike.number("copies"), together=True)


@posting_fault("hook.reorder")
def reorder(posting: Posting, _strike: Strike) -> Posting:
    """`completed` comes first, and what happened before it in reverse, each as it was then."""
    return replace(posting, last=posting.event != "completed")


@posting_fault("hook.before_create_response", on=frozenset({Operation.CREATE}))
def before_create_response(posting: Posting, _strike: Strike) -> Posting:
    """The first webhook comes before create has answered: the answer waits until it is posted."""
    return replace(posting, early=True)


@posting_fault("hook.lost", tests=("K6",))
def lost(posting: Posting, _strike: Strike) -> Posting:
    """Nothing is posted, the sender believes that it was, and does not try again."""
    return replace(posting, lost=True)


@posting_fault("hook.delayed", tests=("K6",), params=(number("delay_ms", 60_000),))
def delayed(posting: Posting, strike: Strike) -> Posting:
    """A webhook comes later than what it tells; it is signed for the time at which it comes."""
    return replace(posting, delay_ms=posting.delay_ms + strike.number("delay_ms"))


@letter_fault("hook.wrong_method", params=(choice("method", "GET", "PUT"),))
def wrong_method(letter: Letter, strike: Strike) -> Letter:
    """A webhook comes as another method than POST, with its body."""
    return replace(letter, method=strike.word("method"))


@letter_fault("hook.wrong_path")
def wrong_path(letter: Letter, _strike: Strike) -> Letter:
    """A webhook comes to a path of the receiver that nobody gave."""
    return replace(letter, path="/somebody-elses-hook")


@letter_fault("hook.chunked")
def chunked(letter: Letter, _strike: Strike) -> Letter:
    """The body comes in chunks, and no header says how long it is."""
    return letter.with_header("Transfer-Encoding", "chunked")


@letter_fault(
    "hook.missing_header",
    tests=("K14",),
    params=(choice("header", *_PROOFS, "all"),),
)
def missing_header(letter: Letter, strike: Strike) -> Letter:
    """One of the headers that prove a webhook's origin is missing, or all three are."""
    name = strike.word("header")
    return letter.without(*(_PROOFS if name == "all" else (name,)))
