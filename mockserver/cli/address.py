"""What clients are told of a server, and why one could not be had."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

from mockserver.cli.output import Failure


if TYPE_CHECKING:
    from ssl import SSLContext

    from mockserver.live import LiveServer
    from mockserver.service.fake import Fake
    from mockserver.service.settings import Settings


ANY_TOKEN: Final = "mockserver"  # noqa: S105 - it opens nothing
"""What clients are told to send where every token is accepted."""

_LOOPBACK: Final = ("127.", "::1", "localhost")
_WAYS_OUT: Final = {
    errno.EADDRINUSE: "something listens there already; name another with --port, "
    "or take a free one with --port 0",
    errno.EACCES: "this user may not listen there; name a port above 1023 with --port",
    errno.EADDRNOTAVAIL: "this machine has no such address; leave --host away for 127.0.0.1",
}


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server that listens on `host`."""
    return host.startswith(_LOOPBACK)


def token_of(settings: Settings) -> str:
    """A token that a fake with these settings accepts."""
    return min(settings.tokens, default=ANY_TOKEN)


@contextmanager
def listening(host: str, port: int) -> Iterator[None]:
    """Makes a `Failure` that says what to do of an address that cannot be had."""
    try:
        yield
    except OSError as reason:
        way_out = _WAYS_OUT.get(reason.errno or 0, str(reason))
        raise Failure(f"cannot listen on {host} port {port}: {way_out}") from None


@contextmanager
def served(
    fake: Fake, host: str, port: int, tls: SSLContext | None = None
) -> Iterator[LiveServer]:
    """A server in a thread. Raises `Failure` if the address cannot be had."""
    from mockserver import live

    with ExitStack() as open_:
        # What goes wrong later is not the address's fault.
        with listening(host, port):
            server = open_.enter_context(live.serve(fake=fake, host=host, port=port, tls=tls))
        yield server
