"""Whoever stands behind a gateway, as far as an exam that sees both ends needs them."""

from __future__ import annotations

from typing import Protocol

from mockserver.core.interaction import Interaction


class Upstream(Protocol):
    """An upstream in the hands of the exam: it tells what arrived, and fails on purpose."""

    @property
    def url(self) -> str:
        """Its root, without a slash at its end."""
        ...

    def news(self) -> tuple[Interaction, ...]:
        """What arrived since this was asked last, in order, and what was answered.

        A status of 0 is a connection that was broken on purpose.
        """
        ...

    def fail(self, fault: str) -> None:
        """Let `fault` strike whatever arrives from now on."""
        ...

    def mend(self) -> None:
        """Let nothing fail any more."""
        ...
