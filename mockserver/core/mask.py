"""Hides secrets that are known, in whatever spelling, and those that stand where secrets stand."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from re import Match, Pattern, escape
from re import compile as pattern
from re import sub as substituted
from typing import Final

from mockserver.core.interaction import Interaction, Request
from mockserver.core.redaction import (
    concealed,
    fingerprint,
    hidden,
    hidden_value,
    names_a_secret,
    standing,
)


Headers = tuple[tuple[str, str], ...]

LEAST_CHARACTERS: Final = 4
"""Shorter secrets are hidden where they stand, and not sought elsewhere: they are everywhere."""
_LEAST_FOUND: Final = 8
_LEAST_BASE64: Final = 8
_NO_SECRET: Final = pattern(r"[a-z_./-]*|\$\w+|sha256:[0-9a-f]{8}|\s*|.*\s.*")
"""What stands where a secret should, and is too common a word to be sought elsewhere."""
_NAMED: Final = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}
_QUOTED: Final = "\"'/&`$"


@dataclass(frozen=True, slots=True)
class Mask:
    """Hides `secrets` in texts, bytes, values and interactions; what it returns may be shown.

    A secret is found as it is, percent-encoded (once or more), escaped as in JSON, HTML or a
    shell, and in base64 at any of its three alignments.
    """

    secrets: tuple[str, ...]
    _pattern: Pattern[str] | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # The longest comes first: it may hold another.
        known = sorted({one for one in self.secrets if len(one) >= LEAST_CHARACTERS})
        known.sort(key=len, reverse=True)
        object.__setattr__(self, "secrets", tuple(known))
        spelled = "|".join(f"(?P<s{number}>{_any(one)})" for number, one in enumerate(known))
        object.__setattr__(self, "_pattern", pattern(spelled) if known else None)

    def text(self, text: str) -> str:
        """`text` without secrets."""
        if self._pattern:
            text = self._pattern.sub(self._known, text)
        return concealed(text)

    def data(self, data: bytes) -> bytes:
        """`data` without secrets, whatever it holds."""
        text = data.decode(errors="surrogateescape")
        return self.text(text).encode(errors="surrogateescape")

    def value(self, value: object) -> object:
        """A JSON value without secrets; anything else as the text that shows it, if it has one."""
        match value:
            case str():
                return self.text(value)
            case bytes():
                return self.data(value)
            case Mapping():
                return {self._key(name): self._member(name, one) for name, one in value.items()}
            case list():
                return [self.value(one) for one in value]
            case tuple():
                return tuple(self.value(one) for one in value)
        shown = repr(value)
        return value if self.text(shown) == shown else self.text(shown)

    def headers(self, headers: Headers) -> Headers:
        """Headers without secrets."""
        return tuple(
            (name, hidden_value(value) if names_a_secret(name) else self.text(value))
            for name, value in headers
        )

    def request(self, request: Request) -> Request:
        """A request without secrets."""
        return replace(
            request,
            path=self.text(request.path),
            query=self.text(request.query),
            headers=self.headers(request.headers),
            body=self.data(request.body),
        )

    def interaction(self, one: Interaction) -> Interaction:
        """An interaction without secrets."""
        return replace(
            one,
            request=self.request(one.request),
            response_headers=self.headers(one.response_headers),
            response_body=self.data(one.response_body),
        )

    def _known(self, match: Match[str]) -> str:
        return fingerprint(self.secrets[int((match.lastgroup or "s0")[1:])])

    def _key(self, name: object) -> object:
        return self.text(name) if isinstance(name, str) else name

    def _member(self, name: object, value: object) -> object:
        if isinstance(value, str) and isinstance(name, str) and names_a_secret(name):
            return hidden(value) if value else value
        return self.value(value)


def mask_of(interactions: Iterable[Interaction], secrets: Iterable[str] = ()) -> Mask:
    """The mask that hides `secrets`, and what stands in the interactions where secrets stand."""
    found = {one for exchange in interactions for one in secrets_in(exchange)}
    return Mask((*secrets, *sorted(found)))


def secrets_in(exchange: Interaction) -> Iterator[str]:
    """What stands where secrets stand, if it is no common word."""
    asked = exchange.request
    for name, value in (*asked.headers, *exchange.response_headers):
        found = _of_header(name.lower(), value)
        yield from (one for one in found if _is_secret(one))
    bodies = (body.decode(errors="replace") for body in (asked.body, exchange.response_body))
    for text in (asked.path, f"?{asked.query}", *bodies):
        for told in standing(text):
            yield from (one for one in _readings(told) if _is_secret(one))


def _is_secret(one: str) -> bool:
    return len(one) >= _LEAST_FOUND and not _NO_SECRET.fullmatch(one)


def _of_header(name: str, value: str) -> Iterator[str]:
    if not names_a_secret(name):
        yield from (one for told in standing(value) for one in _readings(told))
    elif name.endswith("cookie"):
        pairs = value.split(";") if name == "cookie" else value.split(";")[:1]
        yield from (pair.partition("=")[2].strip() for pair in pairs)
    else:
        secret = value.rsplit(" ", maxsplit=1)[-1]
        yield from (secret, *_readings(_decoded(secret)))


def _readings(told: str) -> Iterator[str]:
    """What a text may stand for: itself, percent-decoded, unescaped, or a password behind `:`."""
    percent = substituted("(?:%[0-9a-fA-F]{2})+", lambda run: _bytes(run[0]), told)
    yield from (told, percent, percent.replace("+", " "), percent.partition(":")[2])
    try:
        unescaped = json.loads(f'"{told}"')
    except ValueError:
        return
    yield str(unescaped)


def _bytes(run: str) -> str:
    return bytes.fromhex(run.replace("%", "")).decode(errors="replace")


def _decoded(secret: str) -> str:
    """What Basic credentials say; nothing if they are none."""
    try:
        return b64decode(secret, validate=True).decode()
    except ValueError:
        return ""


def _any(secret: str) -> str:
    """A pattern for every spelling of `secret`."""
    plain = "".join(_spellings(char) for char in secret)
    return "|".join((plain, *dict.fromkeys(_base64(secret.encode(errors="surrogatepass")))))


def _spellings(char: str) -> str:
    octets = char.encode(errors="surrogatepass")
    percent = "".join(f"%(?:25)*(?i:{octet:02x})" for octet in octets)
    units = char.encode("utf-16-be", errors="surrogatepass")
    codes = (units[at : at + 2].hex() for at in range(0, len(units), 2))
    escaped = "".join(rf"\\{{1,16}}u(?i:{code})" for code in codes)
    html = f"&(?:amp;)*#(?:0*{ord(char)}|[xX]0*(?i:{ord(char):x}));"
    found = [_literal(char), percent, escaped, html]
    if char in _NAMED:
        found.append(f"&(?:amp;)*{_NAMED[char]};")
    if char == " ":
        found.append(r"\+")
    if char == "'":
        found.append("'\"'\"'")
    return f"(?:{'|'.join(found)})"


def _literal(char: str) -> str:
    if char == "\\":
        return r"\\{1,16}"
    return rf"\\{{0,16}}{escape(char)}" if char in _QUOTED else escape(char)


def _base64(secret: bytes) -> Iterator[str]:
    """The letters that `secret` makes wherever it stands in what is written in base64.

    At its edges a letter holds bits of a neighbour too: any letter is taken there.
    """
    for offset in range(3):
        text = b64encode(bytes(offset) + secret).decode().rstrip("=")
        first, last = (offset * 8 + 5) // 6, (offset + len(secret)) * 8 // 6
        core = text[first:last]
        if len(core) >= _LEAST_BASE64:
            before = "[A-Za-z0-9+/_-]?" if offset else ""
            after = "[A-Za-z0-9+/_-]?" if (offset + len(secret)) % 3 else ""
            yield before + "".join(_LETTERS.get(letter, letter) for letter in core) + after


_LETTERS: Final = {
    "+": r"(?:\+|-|%(?:25)*2[bB])",
    "/": r"(?:\\{0,16}/|_|%(?:25)*2[fF])",
}
