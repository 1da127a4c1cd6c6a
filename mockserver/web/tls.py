"""Certificates that last as long as a server: HTTPS for tests, without a key on anybody's disk."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final


LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
"""The names that every certificate holds."""


class MissingExtra(ImportError):
    """What HTTPS needs is not installed; the text says how to get it."""


@dataclass(frozen=True, slots=True)
class ThrowAway:
    """What a server speaks TLS with, and the authority that its clients have to trust."""

    context: ssl.SSLContext
    authority_pem: bytes


def throw_away(names: Iterable[str] = ()) -> ThrowAway:
    """A new authority and a server's certificate for loopback and `names`.

    The authority's key never leaves the memory, and is forgotten here: nothing else can be signed
    with it. Raises `MissingExtra`.
    """
    try:
        from trustme import CA
    except ImportError:
        raise MissingExtra(
            "HTTPS needs the package trustme; install it with: pip install 'mockserver[https]'"
        ) from None
    authority = CA(organization_name="mockserver, for tests only")
    certificate = authority.issue_cert(*sorted({*LOOPBACK, *filter(_can_be_certified, names)}))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.set_alpn_protocols(["http/1.1"])
    certificate.configure_cert(context)
    return ThrowAway(context, authority.cert_pem.bytes())


def _can_be_certified(name: str) -> bool:
    """Whether `name` is a host: neither empty nor every address at once."""
    try:
        return not ip_address(name).is_unspecified
    except ValueError:
        return bool(name)
