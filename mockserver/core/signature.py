"""Signatures of webhooks: Standard Webhooks 1.0, scheme `v1` (HMAC-SHA256).

Signed is `{id}.{timestamp}.{body}`; the key is what the text behind `whsec_` means in base64, not
the text itself. A header may carry several signatures, so that a secret can be rotated.
Source: the specification of Standard Webhooks 1.0.0; replicate.com/docs/topics/webhooks.
"""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Final


ID: Final = "webhook-id"
TIMESTAMP: Final = "webhook-timestamp"
SIGNATURE: Final = "webhook-signature"

SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - what secrets begin with opens nothing
TOLERANCE_S: Final = 300
"""How far from now a timestamp may lie. Source: the documents' five minutes."""

_SCHEME: Final = "v1"
_MOST_DIGITS: Final = 15


class SignatureRefused(ValueError):
    """A webhook that cannot be shown to come from who holds the secret; the text says why."""


def secret(key: bytes) -> str:
    """The secret as it is handed out. 24 bytes make the 32 characters that upstream gives."""
    return SECRET_PREFIX + b64encode(key).decode("ascii")


def signatures(
    secrets: Iterable[str], message_id: str, timestamp_s: int | str, body: bytes
) -> str:
    """The header's value: one signature for each secret. Raises `SignatureRefused`.

    A text is signed as it stands, whether or not it is a time.
    """
    return " ".join(
        f"{_SCHEME},{b64encode(_mac(_key(one), message_id, str(timestamp_s), body)).decode()}"
        for one in secrets
    )


def verify(
    secrets: Iterable[str],
    headers: Mapping[str, str],
    body: bytes,
    *,
    now_ms: int,
    tolerance_s: int = TOLERANCE_S,
) -> None:
    """Return only if one of the signatures is that of one of the secrets, and is fresh.

    Raises `SignatureRefused`, and nothing else whatever was received. `now_ms` is Unix time.
    """
    told = {name.lower(): value for name, value in headers.items()}
    message_id, timestamp, sent = (_told(told, name) for name in (ID, TIMESTAMP, SIGNATURE))
    _fresh(timestamp, now_ms, tolerance_s)
    macs = [_mac(_key(one), message_id, timestamp, body) for one in secrets]
    for one in sent.split(" "):
        scheme, _, text = one.partition(",")
        if scheme == _SCHEME and any(hmac.compare_digest(_decoded(text), mac) for mac in macs):
            return
    raise SignatureRefused(f"none of the signatures in {SIGNATURE} is right: {sent!r}")


def _told(headers: Mapping[str, str], name: str) -> str:
    if not headers.get(name):
        raise SignatureRefused(f"the header {name} is missing")
    return headers[name]


def _fresh(timestamp: str, now_ms: int, tolerance_s: int) -> None:
    # Digits only: `int` and `float` would take "1_0", "nan" and digits of other scripts as well.
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _MOST_DIGITS):
        raise SignatureRefused(f"{TIMESTAMP} is whole seconds since 1970, not {timestamp!r}")
    off_s = abs(int(timestamp) - now_ms // 1000)
    if off_s > tolerance_s:
        raise SignatureRefused(
            f"{TIMESTAMP} {timestamp} is {off_s} s from now; at most {tolerance_s} s are accepted"
        )


def _key(whole: str) -> bytes:
    key = _decoded(whole.removeprefix(SECRET_PREFIX))
    if not whole.startswith(SECRET_PREFIX) or not key:
        raise SignatureRefused(f"a secret is {SECRET_PREFIX} and standard base64")
    return key


def _decoded(text: str) -> bytes:
    """What `text` means in base64; nothing where it means nothing."""
    try:
        return b64decode(text, validate=True)
    except (Error, ValueError):
        return b""


def _mac(key: bytes, message_id: str, timestamp: str, body: bytes) -> bytes:
    # What arrives as a header is bytes to whoever signed it; no text is too strange to be hashed.
    head = f"{message_id}.{timestamp}.".encode(errors="surrogatepass")
    return hmac.digest(key, head + body, sha256)
