"""Every interaction a world served: a ring that forgets the oldest."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

from mockserver.core.fault import Operation
from mockserver.core.interaction import Interaction


KEPT_INTERACTIONS: Final = 1_000
KEPT_BODY_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request was understood to ask, of the fake of which gateway.

    `prediction_id` is the prediction whose path it called, which need not exist.
    """

    operation: Operation = Operation.OTHER
    prediction_id: str = ""
    gateway: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One interaction as it is kept: numbered from 1, with what the fake wants to say about it.

    `faults` names those that struck it.
    """

    number: int
    interaction: Interaction
    notes: tuple[str, ...] = ()
    unmatched: bool = False
    faults: tuple[str, ...] = ()
    asked: Asked = Asked()


class Journal:
    """The newest interactions of a world. Bodies beyond `body_bytes` are cut and hashed."""

    def __init__(
        self, kept: int = KEPT_INTERACTIONS, *, body_bytes: int = KEPT_BODY_BYTES
    ) -> None:
        self._body_bytes = body_bytes
        self._entries: deque[Entry] = deque(maxlen=kept)
        self._count = 0

    def append(
        self,
        interaction: Interaction,
        notes: tuple[str, ...] = (),
        *,
        unmatched: bool = False,
        faults: tuple[str, ...] = (),
        asked: Asked = Asked(),
    ) -> None:
        """Keep `interaction`; `unmatched` marks a path that the API does not have."""
        self._count += 1
        kept = _cut(interaction, self._body_bytes)
        self._entries.append(Entry(self._count, kept, notes, unmatched, faults, asked))

    def copy(self) -> Journal:
        """The same entries, to be added to apart from these."""
        other = copy(self)
        vars(other).update(_entries=self._entries.copy())
        return other

    def __iter__(self) -> Iterator[Entry]:
        """The entries kept, oldest first."""
        return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def count(self) -> int:
        """How many interactions there were in all, those forgotten included."""
        return self._count


def _cut(interaction: Interaction, most: int) -> Interaction:
    request = interaction.request
    if len(request.body) > most:
        short = _short(request.body, most)
        interaction = replace(interaction, request=replace(request, body=short))
    if len(interaction.response_body) > most:
        short = _short(interaction.response_body, most)
        interaction = replace(interaction, response_body=short)
    return interaction


def _short(body: bytes, most: int) -> bytes:
    told = f"… {len(body)} bytes in all, sha256 {sha256(body).hexdigest()}"
    return body[:most] + told.encode()
