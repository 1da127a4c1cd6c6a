"""What an answer told a client: a prediction, a refusal, or nothing that could be read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from mockserver.core.interaction import Interaction
from mockserver.core.timeline import TERMINAL, Status
from mockserver.library.faults import catalogue
from mockserver.library.faults.kinds import Needs
from mockserver.library.json_text import object_in


_WAIT_AGAIN: Final = frozenset({408, 409, 425, 429})
"""Refusals that pass by themselves. Source: RFC 9110, 15.5; RFC 8470, 5.2; RFC 6585, 4."""
_REFUSED: Final = 400
_BROKEN: Final = 500
_REDIRECTED: Final = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Told:
    """An answer as its reader has it.

    `body` has no members where it is no JSON object, or where the journal did not keep it.
    `failed`: it was no success, or it could not be read. `lost`: no whole answer arrived.
    """

    status_code: int
    body: Mapping[str, object] = field(default_factory=dict, hash=False)
    failed: bool = False
    lost: bool = False

    @property
    def id(self) -> str:
        """The prediction that it tells of."""
        told = self.body.get("id")
        return told if isinstance(told, str) else ""

    @property
    def status(self) -> object:
        """The status that it tells; None where it tells none."""
        return self.body.get("status")

    @property
    def tells_a_prediction(self) -> bool:
        """Whether it tells of a prediction as a success does."""
        return not self.failed and bool(self.id)

    @property
    def ended(self) -> bool:
        """Whether it tells an end."""
        return self.tells_a_prediction and self.status in TERMINAL

    @property
    def ended_badly(self) -> bool:
        """Whether it tells an end without success."""
        return self.ended and self.status != Status.SUCCEEDED

    @property
    def has_output(self) -> bool:
        """Whether it tells an output of any shape but none."""
        return self.body.get("output") not in (None, [], "", {})

    @property
    def redirected(self) -> bool:
        """Whether it sends the client elsewhere."""
        return self.status_code in _REDIRECTED

    @property
    def passes(self) -> bool:
        """Whether the same request may go well a moment later."""
        return self.lost or self.status_code >= _BROKEN or self.status_code in _WAIT_AGAIN

    @property
    def refused_for_good(self) -> bool:
        """Whether the same request will be refused as often as it is sent."""
        return _REFUSED <= self.status_code < _BROKEN and self.status_code not in _WAIT_AGAIN


def told_of(seen: Interaction, kinds: Collection[str]) -> Told:
    """What the answer tells, after the faults of these `kinds` struck it."""
    if any(_is_lost(kind) for kind in kinds):
        return Told(seen.status, failed=True, lost=True)
    if seen.status >= _REFUSED or seen.status in _REDIRECTED:
        return Told(seen.status, _object(seen.response_body), failed=True)
    if _is_untold(seen):
        return Told(seen.status)
    body = _object(seen.response_body)
    return Told(seen.status, body, failed=not body)


def _is_lost(name: str) -> bool:
    """Whether a kind leaves no answer that could be read to its end."""
    kind = catalogue.kinds()[name]
    return kind.needs in (Needs.BYTES, Needs.TRANSPORT) and not set(kind.tests) <= _HARMLESS


_HARMLESS: Final = frozenset({"K11", "K19"})
"""What is only about these is told whole, however oddly or slowly."""


def _is_untold(seen: Interaction) -> bool:
    """Whether the journal does not know the body: it came piece by piece, or was too long."""
    return not seen.response_body or _CUT in seen.response_body[-_CUT_BYTES:]


_CUT: Final = b" bytes in all, sha256 "
_CUT_BYTES: Final = 120


def _object(data: bytes) -> Mapping[str, object]:
    """The JSON object in a body; of raw bytes, the one behind their head."""
    if data.startswith(b"HTTP/"):
        start, end = data.find(b"\r\n\r\n{"), data.rfind(b"}")
        data = data[start + 4 : end + 1] if start >= 0 else b""
    return object_in(data)
