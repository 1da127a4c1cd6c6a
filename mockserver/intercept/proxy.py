"""A proxy on this machine that leads a few hosts to whoever answers for them."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from mockserver.core.interaction import Interaction
from mockserver.intercept.environment import environment
from mockserver.intercept.redirect import Redirect
from mockserver.library.faults.catalogue import handshake
from mockserver.live import running
from mockserver.service.fake import Fake
from mockserver.web.front import Front
from mockserver.web.gate import Gate, Routes, Turned, worded
from mockserver.web.server.doorway import Doorway
from mockserver.web.server.limits import Limits
from mockserver.web.server.run import Server
from mockserver.web.tls import RESET_HANDSHAKE, throw_away


KEPT_TURNED: Final = 1_000

Tell = Callable[[Turned], None]


@dataclass(frozen=True, slots=True)
class Interception:
    """A proxy that listens at `port`, and for TLS without a tunnel at `tls_port`, for `hosts`.

    `authority` is the certificate by which programs trust it; `turned` what it did not let
    through, oldest first, the newest thousand of it.
    """

    hosts: tuple[str, ...]
    port: int
    tls_port: int
    authority: Path
    turned: Sequence[Turned]

    @property
    def url(self) -> str:
        """What programs are given as their proxy."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead a program here which has those of this process besides."""
        return environment(self.hosts, self.port, self.tls_port, self.authority, os.environ)

    @contextmanager
    def here(self) -> Iterator[None]:
        """Leads this very process here, whose clients have read `environment` before."""
        give_back = Redirect(self.hosts, {443: self.tls_port, 80: self.port}).install()
        try:
            yield
        finally:
            give_back()


@contextmanager
def intercepting(
    target: Fake | Routes,
    *,
    fault: str | None = None,
    tell: Tell | None = None,
    limits: Limits | None = None,
) -> Iterator[Interception]:
    """A proxy that listens on free ports of 127.0.0.1 from the first line of the block to its end.

    It leads the hosts of all gateways, and those that their answers lead to, to a fake; or each
    host of `target` to its handler, where `*.x` is every host with one more label than `x`.
    `fault` is one of `tls`; by default that of the fake. `tell` hears, on a thread of the proxy,
    of what is not let through. Raises `MissingExtra` without the packages for HTTPS,
    `LibraryError`, `OSError`.
    """
    kept: deque[Turned] = deque(maxlen=KEPT_TURNED)
    hearers: list[Tell] = [kept.append, *([tell] if tell else ())]
    if isinstance(target, Fake):
        hearers.append(partial(_journal, target))
        fault = handshake(target.settings.fault) if fault is None else fault
    routes, resets = _led(target), fault == RESET_HANDSHAKE
    made = throw_away(routes, fault or "")

    def turned(one: Turned) -> None:
        for hear in hearers:
            hear(one)

    gate = Gate(routes, made.context, turned, resets=resets)
    proxy = Server(
        gate.answer, limits=limits, refuse=worded, connection=lambda ours: Doorway(ours, gate)
    )
    direct = Server(gate.answer, limits=limits, tls=made.context, deaf=resets)
    with _kept(made.authority_pem) as authority, running(proxy), running(direct):
        yield Interception(tuple(routes), proxy.port, direct.port, authority, kept)


@contextmanager
def _kept(authority_pem: bytes) -> Iterator[Path]:
    """A file that only its user can read, as long as the `with` block lasts."""
    with TemporaryDirectory(prefix="mockserver-intercept-") as folder:
        authority = Path(folder, "ca.pem")
        authority.touch(mode=0o600)
        authority.write_bytes(authority_pem)
        yield authority


def _led(target: Fake | Routes) -> Routes:
    """Who answers for each host."""
    if not isinstance(target, Fake):
        return {host.lower(): answer for host, answer in target.items()}
    return dict.fromkeys(target.catalogue.hosts(), Front(target, genuine=True).answer)


def _journal(fake: Fake, turned: Turned) -> None:
    """Show in the fake's journal, among what belongs to no world, what was not let through."""
    at_ms = fake.lobby_clock.now_ms()
    seen = Interaction(turned.request, turned.status, (), turned.why.encode(), at_ms)
    fake.lobby.append(seen, (turned.why,), unmatched=True)
