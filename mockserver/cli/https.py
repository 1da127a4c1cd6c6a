"""`--https`: what a program needs to trust the certificate of a server, and where it finds it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from mockserver.cli.output import Failure


if TYPE_CHECKING:
    import ssl

    from mockserver.library.catalogue import Catalogue
    from mockserver.service.settings import Settings


@dataclass(frozen=True, slots=True)
class Trust:
    """What the server speaks TLS with, and the two files by which its clients trust it."""

    context: ssl.SSLContext
    authority: Path
    """Our authority's certificate alone."""
    bundle: Path
    """It behind those that were trusted before, for programs that read one file only."""

    @property
    def environment(self) -> dict[str, str]:
        """The variables that make programs trust the server besides whom they trust anyway.

        Source: SSL_CERT_FILE: OpenSSL, httpx; REQUESTS_CA_BUNDLE: requests;
        NODE_EXTRA_CA_CERTS: Node, which adds it to its own; CURL_CA_BUNDLE: curl.
        """
        return {
            "SSL_CERT_FILE": str(self.bundle),
            "REQUESTS_CA_BUNDLE": str(self.bundle),
            "NODE_EXTRA_CA_CERTS": str(self.authority),
            "CURL_CA_BUNDLE": str(self.bundle),
        }

    def lines(self) -> Iterator[str]:
        """What a person pastes before calling the server."""
        yield f"  export SSL_CERT_FILE={self.bundle} REQUESTS_CA_BUNDLE={self.bundle}  # Python"
        yield f"  export NODE_EXTRA_CA_CERTS={self.authority}  # Node"
        yield f"  export CURL_CA_BUNDLE={self.bundle}  # curl, or: curl --cacert {self.authority}"


def names(settings: Settings, host: str, data: Catalogue) -> Iterator[str]:
    """Under which names a server on `host` may be called: its own, and those it stands for."""
    from urllib.parse import urlsplit

    yield host
    yield urlsplit(settings.public_url).hostname or ""
    yield from settings.allowed_hosts
    yield from data.hosts()


def spoken(
    *, wanted: bool, settings: Settings, host: str, data: Catalogue
) -> AbstractContextManager[Trust | None]:
    """What `--https` makes for a server on `host`; nothing where it is not given.

    Raises `Failure` where a fault needs it, or where two faults do not go together.
    """
    from mockserver.library.errors import LibraryError
    from mockserver.library.faults.catalogue import handshake

    try:
        fault = handshake(settings.fault) if settings.fault else ""
    except LibraryError as reason:
        raise Failure(f"--fault: {reason}") from None
    if fault and not wanted:
        raise Failure(f"{fault} is about the handshakes of HTTPS; add --https")
    return trusted(names(settings, host, data), fault=fault) if wanted else nullcontext()


@contextmanager
def trusted(
    hosts: Iterable[str], before: Mapping[str, str] = os.environ, fault: str = ""
) -> Iterator[Trust]:
    """A certificate for `hosts`, whose authority lies in files as long as the `with` block lasts.

    It is what `fault` says, if that names one of `tls`. Raises `Failure` if a package is missing.
    """
    from mockserver.web import tls

    try:
        made = tls.throw_away(hosts, fault)
    except tls.MissingExtra as reason:
        raise Failure(str(reason)) from None
    with TemporaryDirectory(prefix="mockserver-https-") as folder:
        authority, bundle = Path(folder, "ca.pem"), Path(folder, "bundle.pem")
        _keep(authority, made.authority_pem)
        _keep(bundle, b"\n".join((_trusted_before(before), made.authority_pem)))
        yield Trust(made.context, authority, bundle)


def _keep(path: Path, data: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(data)


def _trusted_before(environ: Mapping[str, str]) -> bytes:
    """The certificates that Python programs trust without us. Raises `Failure`."""
    import certifi

    path = Path(environ.get("SSL_CERT_FILE") or certifi.where())
    try:
        return path.read_bytes()
    except OSError as reason:
        raise Failure(f"{path}: {reason.strerror}; check SSL_CERT_FILE") from None
