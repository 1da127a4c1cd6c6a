"""What is shown instead of a secret, and where secrets stand.

Two things are known of a secret: what it is (`core/mask.py` finds it in any spelling), or where
it stands: in a header, behind a name, in front of the `@` of an address, or in a form of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from re import IGNORECASE, MULTILINE, Match, Pattern
from re import compile as pattern
from typing import Final


SECRET_HEADERS: Final = frozenset(
    {
        "api-key",
        "authorization",
        "cookie",
        "proxy-authorization",
        "set-cookie",
        "x-amz-security-token",
        "x-api-key",
        "x-auth-token",
        "x-goog-api-key",
        "x-mock-world",
    }
)
SCHEMES: Final = frozenset({"basic", "bearer", "digest", "key", "token"})
"""The words in front of a secret that are none. Any other first word may be half of one."""

CREDENTIAL: Final = r"r8_[A-Za-z0-9]{30,}|sk-[A-Za-z0-9_-]{20,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}"
"""What is a credential by its form.

Source: the forms in which Replicate, the families of its gateways, and JWT write credentials.
"""

_SURE: Final = (
    r"[\w.-]{0,40}?(?:token|secret|passw(?:or)?d|api[_-]?key|access[_-]?key|private[_-]?key"
    r"|credentials?|authorization|cookie)"
)
_LIKELY: Final = r"[\w.-]{0,40}?(?:signature|session(?:[_-]?id)?)|key|auth|sig|sid|jwt|pwd"
_ANY: Final = f"{_SURE}|{_LIKELY}"
_NAMES_A_SECRET: Final = pattern(_ANY, IGNORECASE)
PLACEHOLDER: Final = r"<[A-Z]{1,16}:[0-9]{1,9}>"
"""What a cassette has in the place of a secret: what it was, and which of them."""
STANDS_FOR: Final = rf"sha256:[0-9a-f]{{8}}|{PLACEHOLDER}"
"""What stands for a secret: a fingerprint, or a placeholder."""
_HIDDEN: Final = pattern(STANDS_FOR)
_HEADER_NAMES: Final = "|".join(sorted(SECRET_HEADERS))
_SCHEME_NAMES: Final = "|".join(sorted(SCHEMES))


def _places(name: str) -> tuple[Pattern[str], ...]:
    """Where secrets stand, some of them behind a `name`.

    The last group is the secret, and all before it stays. Every repetition is bounded, cannot be
    begun anew within itself, or gives nothing back: else a hostile answer takes quadratic time.
    """
    return tuple(
        pattern(text, MULTILINE)
        for text in (
            # https://user:password@host
            r"(://)([^/\s@\"'<>?#]+)(?=@)",
            # {"token": "…"}, also as text in JSON, its quotes escaped.
            (
                rf"(?<!\\)(\\{{0,16}}[\"'])(?i:{name})\1\s{{0,8}}:\s{{0,8}}"
                r"(\\{0,16}[\"'])(?!\2)([^\n]+?)(?=(?<!\\)\2|\n|\Z)"
            ),
            # ?token=…, and forms
            rf"(?:^|[?&;\s\"'])(?i:{name})=([^&;\s\"'<>#$]+)",
            # A multipart form
            (
                rf"\bform-data; {{0,8}}name=\"?(?i:{name})\"?[^\n]{{0,300}}\n"
                r"(?:[^\r\n]{1,300}\r?\n){0,5}\r?\n([^\r\n]+)"
            ),
            # A header as text; a variable is no secret.
            (
                rf"\b(?i:{_HEADER_NAMES}): {{0,8}}+(?:(?i:{_SCHEME_NAMES}) {{1,8}}+)?+"
                r"(?!\$\w)([^\r\n\"']++)"
            ),
            r"\b(?i:basic|bearer|token) {1,8}+((?=[a-z_./-]*[^a-z_./\s-])[\w.~+/=-]{16,})",
            rf"(?<![\w-])({CREDENTIAL}|whsec_[A-Za-z0-9+/=_-]{{16,}})",
        )
    )


_PLACES: Final = _places(_ANY)
_SURE_PLACES: Final = _places(_SURE)


def fingerprint(secret: str) -> str:
    """Eight characters by which a secret can be known again, but not guessed."""
    return f"sha256:{sha256(secret.encode(errors='surrogatepass')).hexdigest()[:8]}"


def shown_headers(headers: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """The headers as they may be shown; of a secret one, a known scheme and its fingerprint."""
    return [(name, _shown(name, value)) for name, value in headers]


def hidden(secret: str) -> str:
    """The fingerprint of `secret`, which may be one already, or a placeholder."""
    return secret if _HIDDEN.fullmatch(secret) else fingerprint(secret)


def hidden_value(value: str) -> str:
    """The value of a header as it may be shown: a known scheme, and the rest as a fingerprint."""
    scheme, space, secret = value.partition(" ")
    if space and scheme.lower() in SCHEMES:
        return f"{scheme} {hidden(secret)}"
    return hidden(value)


def names_a_secret(name: str) -> bool:
    """Whether what is called so (a parameter, a member, a header) is a secret."""
    return name.lower() in SECRET_HEADERS or bool(_NAMES_A_SECRET.fullmatch(name))


def concealed(text: str) -> str:
    """`text` without what stands where secrets stand; doing it again changes nothing."""
    for place in _PLACES:
        text = place.sub(_replaced, text)
    return text


def standing(text: str) -> Iterator[str]:
    """What stands in `text` where only secrets stand, as it is spelled there."""
    for place in _SURE_PLACES:
        for match in place.finditer(text):
            yield match[match.re.groups]


def _replaced(match: Match[str]) -> str:
    start, end = match.span(match.re.groups)
    offset = match.start()
    whole = match[0]
    return whole[: start - offset] + hidden(match[match.re.groups]) + whole[end - offset :]


def _shown(name: str, value: str) -> str:
    return hidden_value(value) if name.lower() in SECRET_HEADERS else value
