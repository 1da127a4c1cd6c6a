"""A webhook on its way to an app: looked at, verified, passed on, and what the app answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from mockserver.contract.hooks.reaching import Answer, Receiver
from mockserver.core.clock import wall_ms
from mockserver.core.interaction import HOP_BY_HOP, Request
from mockserver.core.letter import Letter, Seal
from mockserver.core.signature import SignatureRefused, verify
from mockserver.library.json_text import object_in


@dataclass(frozen=True, slots=True)
class Relayed:
    """A webhook that was passed on; `doubt` says why its signature proves nothing, if it does not.

    `at_ms` is Unix time.
    """

    letter: Letter
    at_ms: int
    doubt: str
    answer: Answer

    @property
    def prediction(self) -> Mapping[str, object]:
        """What it tells of; nothing where its body is no JSON object."""
        return object_in(self.letter.body)


@dataclass(frozen=True, slots=True)
class Account:
    """Whoever may have sent a webhook: the secrets in force there, and the time there."""

    secrets: Sequence[str]
    now_ms: int


class Relay:
    """Passes webhooks on to `receiver`, and lets `tell` know of each.

    It is right if one of the `accounts` signed it. Where there is an `own` seal, what is right is
    signed anew with it, and for now, so that an app with another secret takes it.
    """

    def __init__(
        self,
        receiver: Receiver,
        tell: Callable[[Relayed], object],
        *,
        accounts: Callable[[], Iterable[Account]],
        own: Seal | None = None,
        now_ms: Callable[[], int] = wall_ms,
    ) -> None:
        self._receiver = receiver
        self._tell = tell
        self._accounts = accounts
        self._own = own
        self._now_ms = now_ms

    def __call__(self, letter: Letter) -> Answer:
        """What the app answers."""
        now_ms, doubt, passed = self._now_ms(), self._doubt(letter), letter
        if self._own and not doubt:
            passed = self._own(letter, now_ms // 1000, letter.body)
        answer = self._receiver(passed)
        self._tell(Relayed(passed, now_ms, doubt, answer))
        return answer

    def _doubt(self, letter: Letter) -> str:
        doubt = "nobody has a secret yet"
        for one in self._accounts():
            try:
                verify(one.secrets, dict(letter.headers), letter.body, now_ms=one.now_ms)
            except SignatureRefused as reason:
                doubt = str(reason)
            else:
                return ""
        return doubt


def as_letter(request: Request) -> Letter:
    """A webhook that arrived, as it is passed on."""
    return Letter(request.headers, request.body, request.method).without("host", *HOP_BY_HOP)
