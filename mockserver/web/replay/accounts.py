"""Who asks, as far as it matters: a recording may be of several accounts, and of strangers.

What stands on a cassette for a token is bound to the first token that it was played to, so that
two accounts stay apart and one account may send any token.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from mockserver.core.cassette import Cassette, Recorded
from mockserver.core.interaction import Request


_UNAUTHORIZED = 401


class Fit(IntEnum):
    """How well an interaction is one of whoever asks; the least is the best."""

    SAME = 0
    UNBOUND = 1
    LENIENT = 2
    OTHER = 3


@dataclass(slots=True)
class Accounts:
    """The tokens that were sent, and what stands for each on the cassette."""

    recorded: frozenset[str]
    bound: dict[str, str] = field(default_factory=dict)

    def fit(self, one: Recorded, request: Request) -> Fit:
        """How well `one` is of whoever sends `request`."""
        known, sent = credential(one.request), credential(request)
        if known == sent:
            return Fit.SAME
        if not known:
            # What a stranger was refused is not played to somebody with a token.
            return Fit.OTHER if one.seen.status == _UNAUTHORIZED else Fit.LENIENT
        if not sent:
            return Fit.LENIENT
        if sent in self.bound:
            return Fit.SAME if self.bound[sent] == known else Fit.OTHER
        taken = known in self.bound.values() and len(self.recorded) > 1
        return Fit.OTHER if taken else Fit.UNBOUND

    def bind(self, one: Recorded, request: Request) -> None:
        """Let whoever sends `request` be the account of `one` from now on."""
        known, sent = credential(one.request), credential(request)
        if known and sent:
            self.bound.setdefault(sent, known)


def accounts_of(cassette: Cassette) -> Accounts:
    """The accounts of a cassette, none of them bound."""
    return Accounts(
        frozenset(filter(None, (credential(one.request) for one in cassette.recorded)))
    )


def credential(request: Request) -> str:
    """What a request says of who sends it; nothing if it is a stranger."""
    return request.header("authorization")
