"""Handshakes that a client must refuse: of a whole server, `--https --fault tls.expired`."""

from __future__ import annotations

from mockserver.library.faults.kinds import handshake_fault


@handshake_fault("tls.self_signed", tests=("K9", "K10"))
def self_signed() -> None:
    """The server's certificate is signed by itself, and by nobody whom a client trusts."""


@handshake_fault("tls.expired", tests=("K9", "K10"))
def expired() -> None:
    """The server's certificate ran out years ago."""


@handshake_fault("tls.wrong_name", tests=("K9", "K10"))
def wrong_name() -> None:
    """The server's certificate is of another host."""


@handshake_fault("tls.reset_handshake", tests=("K10", "K16"))
def reset_handshake() -> None:
    """The connection is reset (RST) as soon as the client begins the handshake."""
