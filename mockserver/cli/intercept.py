"""`--intercept`: a program's hard-coded hosts lead to the fake, all others nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from shlex import quote
from threading import Lock
from typing import TYPE_CHECKING, Final

import click

from mockserver.cli.output import Failure, cell, say


if TYPE_CHECKING:
    from mockserver.intercept.proxy import Interception
    from mockserver.service.fake import Fake
    from mockserver.service.settings import Settings
    from mockserver.web.gate import Turned

_SHOWN_CHARACTERS: Final = 300

intercept_option: Final = click.option(
    "--intercept",
    is_flag=True,
    help="Stand in for the gateways' own hosts, by a proxy for programs that have them fixed.",
)


def parted(settings: Settings, *, https: bool) -> tuple[Settings, str]:
    """What the fake is started with, and the fault of the handshakes, which are the proxy's.

    Raises `Failure`.
    """
    from mockserver.library.errors import LibraryError
    from mockserver.library.faults.catalogue import handshake_apart

    if https:
        raise Failure("--intercept brings an HTTPS of its own; leave --https away")
    try:
        fault, others = handshake_apart(settings.fault)
    except LibraryError as reason:
        raise Failure(f"--fault: {reason}") from None
    return replace(settings, fault=others), fault


def led(given: Mapping[str, str], proxy: Interception) -> dict[str, str]:
    """The variables for a program that is to call its own hosts: those of `proxy`, no address."""
    from mockserver.intercept.environment import ADDRESSES

    return {name: given[name] for name in given if name not in ADDRESSES} | proxy.environment


@contextmanager
def intercepted(fake: Fake, fault: str) -> Iterator[Interception]:
    """A proxy in front of `fake` that tells on the terminal whom it turns away.

    Raises `Failure` if a package is missing.
    """
    from mockserver.intercept.proxy import intercepting
    from mockserver.web.tls import MissingExtra

    teller = Teller()
    try:
        with intercepting(fake, fault=fault, tell=teller.hear) as proxy:
            yield proxy
    except MissingExtra as reason:
        raise Failure(str(reason)) from None
    finally:
        for line in teller.summary():
            say(line)


class Teller:
    """Says each reason once, and at the end how often each was met."""

    def __init__(self) -> None:
        self._times: dict[str, int] = {}
        self._lock = Lock()

    def hear(self, turned: Turned) -> None:
        """One request that was not let through."""
        with self._lock:
            self._times[turned.why] = self._times.get(turned.why, 0) + 1
            first = self._times[turned.why] == 1
        if first:
            say(f"mockserver: {cell(turned.why, _SHOWN_CHARACTERS)}")

    def summary(self) -> Iterator[str]:
        """What was met more than once."""
        for why, times in self._times.items():
            if times > 1:
                yield f"mockserver: {times} times: {cell(why, _SHOWN_CHARACTERS)}"


def told(proxy: Interception) -> dict[str, object]:
    """What a program that starts the server is told of `proxy`."""
    ca, environment = str(proxy.authority), proxy.environment
    return {"proxy": proxy.url, "ca": ca, "environment": environment}


def pasted(proxy: Interception) -> Iterator[str]:
    """What a person pastes before starting a program that is to call its own hosts."""
    yield ""
    yield "  # for a program whose hosts are fixed, instead of REPLICATE_BASE_URL:"
    for name, value in proxy.environment.items():
        yield f"  export {name}={quote(value)}"
