"""Whom the fake may dial: this machine, and whoever was allowed by name or address.

An allow-list, because a list of forbidden addresses is never complete: the same machine has many
spellings. A decision needs no network; a name is resolved once, by whoever dials, and every
address it has is decided upon as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from re import compile as pattern
from socket import inet_aton
from typing import Final
from urllib.parse import urlsplit


Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

PORTS: Final = {"http": 80, "https": 443}

_NAME: Final = pattern(r"[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?\.?")
_TARGET: Final = pattern(r"[\x21-\x7e]*")
_NAT64: Final = IPv6Network("64:ff9b::/96")


class Blocked(Exception):
    """An address that must not be dialed; the text says why, and how to allow it."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to dial: a name, or the `address` that the host is spelled as."""

    scheme: str
    host: str
    port: int
    path: str
    address: Address | None = None

    @property
    def authority(self) -> str:
        """The host and, unless it is the scheme's own, the port: what `Host` says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Allowance:
    """A host by name, or a network; with `port` None, all its ports."""

    text: str
    host: str = ""
    network: Network | None = None
    port: int | None = None


class Egress:
    """The allow-list. Loopback is always on it, on every port."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        """`allowed` holds `HOST`, `HOST:PORT`, an address or a CIDR. Raises `ValueError`."""
        self._allowed = tuple(allowance(text) for text in sorted(allowed))

    def target(self, url: str) -> Target:
        """Where `url` leads. Raises `Blocked`, unless it may be dialed or at least resolved."""
        target = _target(url)
        if target.address is not None:
            self.check(target, target.address)
        elif not self._may_resolve(target):
            raise Blocked(
                f"{target.host} is not this machine; "
                f"start with --allow-webhook {target.host} to allow it"
            )
        return target

    def check(self, target: Target, address: Address) -> Address:
        """`address` as it may be dialed for `target`. Raises `Blocked`."""
        native = _mapped(address)
        faces = {native, _embedded(native)}
        if native.is_loopback or all(self._covered(target, face) for face in faces):
            return native
        named = "" if target.address is not None else f"{target.host} is "
        raise Blocked(
            f"{named}{address}, which is not loopback; "
            f"start with --allow-webhook {address} to allow it"
        )

    def _covered(self, target: Target, address: Address) -> bool:
        return any(_covers(one, target, address) for one in self._allowed)

    def _may_resolve(self, target: Target) -> bool:
        """Whether asking for the addresses of the name is worth it: the question is a packet."""
        if target.host == "localhost" or target.host.endswith(".localhost"):
            return True
        return any(
            one.network is not None or _names(one, target)
            for one in self._allowed
            if one.port in (None, target.port)
        )


def allowance(text: str) -> Allowance:
    """What one entry of the list allows. Raises `ValueError`."""
    try:
        return Allowance(text, network=ip_network(text.strip("[]")))
    except ValueError:
        host, port = _host_and_port(text)
    address = _literal(host)
    if address is not None:
        return Allowance(text, network=ip_network(address), port=port)
    if not _NAME.fullmatch(host):
        raise ValueError(f"expected HOST, HOST:PORT, an address or a CIDR, seen {text!r}")
    return Allowance(text, host=host.removesuffix("."), port=port)


def _host_and_port(text: str) -> tuple[str, int | None]:
    parts = urlsplit(f"//{text}")
    if parts.netloc != text or "@" in text:
        raise ValueError(f"expected HOST, HOST:PORT, an address or a CIDR, seen {text!r}")
    return _ascii(parts.hostname or ""), parts.port


def _target(url: str) -> Target:
    try:
        parts = urlsplit(url)
        host, port = _ascii(parts.hostname or ""), parts.port
    except ValueError as reason:
        raise Blocked(f"it is no address that can be dialed: {reason}") from None
    if parts.scheme not in PORTS:
        raise Blocked(f"only http and https are dialed, not {parts.scheme!r}")
    if parts.username is not None or parts.password is not None:
        raise Blocked("it carries a user name or a password, which are not sent")
    address = _literal(host)
    if address is None and not _NAME.fullmatch(host):
        raise Blocked("it names no host that can be dialed")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not _TARGET.fullmatch(path):
        raise Blocked("its path holds characters that must be percent-encoded")
    known = port if port is not None else PORTS[parts.scheme]
    return Target(parts.scheme, host.removesuffix("."), known, path, address)


def _ascii(host: str) -> str:
    """The host in lower case, characters of other scripts spelled as resolvers do."""
    return host.lower() if host.isascii() else host.encode("idna").decode("ascii").lower()


def _literal(host: str) -> Address | None:
    """The address that `host` spells, in all the ways in which a resolver understands it.

    Source: inet_aton(3): decimal, hexadecimal and octal numbers, one to four of them.
    """
    try:
        return ip_address(host)
    except ValueError:
        if not host[:1].isdigit() or any(letter.isspace() for letter in host):
            return None
    try:
        return IPv4Address(inet_aton(host))
    except OSError:
        return None


def _mapped(address: Address) -> Address:
    """The IPv4 address that an IPv4-mapped one is."""
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


def _embedded(address: Address) -> Address:
    """The IPv4 address to which a 6to4 or NAT64 address leads; any other leads to itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.sixtofour or address


def _covers(one: Allowance, target: Target, address: Address) -> bool:
    if one.port not in (None, target.port):
        return False
    if one.network is not None:
        return address in one.network
    return _names(one, target) and not _needs_literal(address)


def _names(one: Allowance, target: Target) -> bool:
    return bool(one.host) and one.host == target.host


def _needs_literal(address: Address) -> bool:
    """Whether a name is not enough: the addresses under which clouds keep their secrets."""
    return address.is_link_local or address.is_multicast or address.is_unspecified
