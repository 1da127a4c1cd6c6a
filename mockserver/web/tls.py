"""Certificates that last as long as a server: HTTPS for tests, without a key on anybody's disk."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final


if TYPE_CHECKING:
    from trustme import CA, LeafCert


LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
"""The names that every certificate holds."""

RESET_HANDSHAKE: Final = "tls.reset_handshake"
"""The fault that is none of the certificate."""

_BEGAN: Final = datetime(2020, 1, 1, tzinfo=UTC)
_EXPIRED: Final = datetime(2020, 4, 1, tzinfo=UTC)
_ANOTHER_HOST: Final = "elsewhere.example"
"""Source: RFC 2606, 3."""


class MissingExtra(ImportError):
    """What HTTPS needs is not installed; the text says how to get it."""


@dataclass(frozen=True, slots=True)
class ThrowAway:
    """What a server speaks TLS with, and the authority that its clients have to trust."""

    context: ssl.SSLContext
    authority_pem: bytes


def throw_away(names: Iterable[str] = (), fault: str = "") -> ThrowAway:
    """A new authority and a server's certificate for loopback and `names`.

    With the name of a `tls` fault, the certificate is what that says.
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
    held = sorted({*LOOPBACK, *filter(_can_be_certified, names)})
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.set_alpn_protocols(["http/1.1"])
    _certificate(authority, held, fault).configure_cert(context)
    return ThrowAway(context, authority.cert_pem.bytes())


def _certificate(authority: CA, names: Iterable[str], fault: str) -> LeafCert:
    """The server's certificate, or what is in its place under `fault`."""
    match fault:
        case "tls.expired":
            return authority.issue_cert(*names, not_before=_BEGAN, not_after=_EXPIRED)
        case "tls.wrong_name":
            return authority.issue_cert(_ANOTHER_HOST)
        case "tls.self_signed":
            return _self_signed()
        case _:
            return authority.issue_cert(*names)


def _self_signed() -> LeafCert:
    """An authority's own certificate in the place of one that it issued; nobody trusts it."""
    from trustme import CA, LeafCert

    unknown = CA(organization_name="mockserver, trusted by nobody")
    return LeafCert(unknown.private_key_pem.bytes(), unknown.cert_pem.bytes(), [])


def _can_be_certified(name: str) -> bool:
    """Whether `name` is a host: neither empty nor every address at once."""
    try:
        return not ip_address(name).is_unspecified
    except ValueError:
        return bool(name)
