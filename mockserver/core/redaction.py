"""What is shown instead of a secret."""

from __future__ import annotations

from hashlib import sha256
from typing import Final


SECRET_HEADERS: Final = frozenset(
    {
        "authorization",
        "cookie",
        "proxy-authorization",
        "set-cookie",
        "x-api-key",
        "x-mock-world",
    }
)
SCHEMES: Final = frozenset({"basic", "bearer", "digest", "key", "token"})
"""The words in front of a secret that are none. Any other first word may be half of one."""


def fingerprint(secret: str) -> str:
    """Eight characters by which a secret can be known again, but not guessed."""
    return f"sha256:{sha256(secret.encode()).hexdigest()[:8]}"


def shown_headers(headers: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """The headers as they may be shown; of a secret one, a known scheme and its fingerprint."""
    return [(name, _shown(name, value)) for name, value in headers]


def _shown(name: str, value: str) -> str:
    if name.lower() not in SECRET_HEADERS:
        return value
    scheme, space, secret = value.partition(" ")
    if space and scheme.lower() in SCHEMES:
        return f"{scheme} {fingerprint(secret)}"
    return fingerprint(value)
