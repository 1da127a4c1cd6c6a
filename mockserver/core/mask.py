"""Hides secrets that are known, in whatever spelling, and those that stand where secrets stand.

Whatever is asked of it takes time in proportion to what it is given: who answers may be hostile.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from re import compile as pattern
from re import sub as substituted
from typing import Final

from mockserver.core.interaction import Interaction, Request
from mockserver.core.packed import Unreadable, unpacked
from mockserver.core.redaction import (
    STANDS_FOR,
    concealed,
    fingerprint,
    hidden,
    hidden_value,
    names_a_secret,
    standing,
)
from mockserver.core.spelled import Spelled, spelled


Headers = tuple[tuple[str, str], ...]
Span = tuple[int, int, str]

LEAST_CHARACTERS: Final = 4
"""Shorter secrets are hidden where they stand, and not sought elsewhere: they are everywhere."""
MOST_FOUND: Final = 64
"""How many of the secrets that stood somewhere are sought elsewhere as well."""
_LEAST_FOUND: Final = 8
_MOST_FOUND_CHARACTERS: Final = 8192
_LEAST_BASE64: Final = 8
_NO_SECRET: Final = pattern(rf"[a-z_./-]*|\$\w+|{STANDS_FOR}")
"""What stands where a secret should, and is too common a word to be sought elsewhere."""


@dataclass(frozen=True, slots=True)
class Mask:
    """Hides `secrets` in texts, bytes, values and interactions; what it returns may be shown.

    A secret is found as it is, percent-encoded, escaped as in JSON, HTML or a shell, all of it in
    one another, in base64 at any of its three alignments, and in what was compressed.
    What stands in its place is its name among `names`, else its fingerprint.
    """

    secrets: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    _sought: tuple[_Sought, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # The longest comes first: it may hold another.
        known = sorted({one for one in self.secrets if len(one) >= LEAST_CHARACTERS})
        known.sort(key=len, reverse=True)
        object.__setattr__(self, "secrets", tuple(known))
        object.__setattr__(
            self, "_sought", tuple(_sought(one, self.names.get(one)) for one in known)
        )

    def text(self, text: str) -> str:
        """`text` without secrets."""
        if self._sought:
            known = self._known(text.encode(errors="surrogatepass"))
            text = known.decode(errors="surrogatepass")
        return concealed(text)

    def data(self, data: bytes) -> bytes:
        """`data` without secrets, whatever it holds."""
        text = self._known(data).decode(errors="surrogateescape")
        return concealed(text).encode(errors="surrogateescape")

    def value(self, value: object) -> object:
        """A JSON value without secrets; anything else as the text that shows it, if it has one."""
        match value:
            case str():
                return self.text(value)
            case bytes():
                return self.data(value)
            case Mapping():
                return {self._key(name): self.member(name, one) for name, one in value.items()}
            case list():
                return [self.value(one) for one in value]
            case tuple():
                return tuple(self.value(one) for one in value)
        shown = repr(value)
        return value if self.text(shown) == shown else self.text(shown)

    def member(self, name: object, value: object) -> object:
        """The value of the member called `name`, without secrets: it may be one by its name."""
        if isinstance(name, str) and names_a_secret(name):
            return self.value(_all_hidden(value))
        return self.value(value)

    def headers(self, headers: Headers) -> Headers:
        """Headers without secrets."""
        return tuple(
            (name, hidden_value(shown) if names_a_secret(name) else shown)
            for name, shown in ((name, self.text(value)) for name, value in headers)
        )

    def request(self, request: Request) -> Request:
        """A request without secrets."""
        return replace(
            request,
            path=self.text(request.path),
            query=self.text(request.query),
            headers=self.headers(request.headers),
            body=self._body(request.headers, request.body),
        )

    def interaction(self, one: Interaction) -> Interaction:
        """An interaction without secrets; a body that was compressed comes out unpacked."""
        return replace(
            one,
            request=self.request(one.request),
            response_headers=self.headers(one.response_headers),
            response_body=self._body(one.response_headers, one.response_body),
        )

    def _body(self, headers: Headers, body: bytes) -> bytes:
        encoding = _encoding(headers)
        try:
            plain = unpacked(body, encoding)
        except Unreadable as reason:
            return f"({reason}; not shown, for there may be a secret in it)".encode()
        shown = self.data(plain)
        return body if shown == plain and not encoding else shown

    def _known(self, data: bytes) -> bytes:
        """`data` with a fingerprint for each known secret; where several meet, one for all."""
        if not self._sought:
            return data
        text = spelled(data)
        spans = sorted(
            (span for one in self._sought for span in one.spans(data, text)),
            key=lambda span: (span[0], -span[1]),
        )
        parts: list[bytes] = []
        last = 0
        for start, end, told in spans:
            if start >= last:
                parts += (data[last:start], told.encode())
            last = max(last, end)
        return b"".join((*parts, data[last:]))

    def _key(self, name: object) -> object:
        return self.text(name) if isinstance(name, str) else name


@dataclass(frozen=True, slots=True)
class _Sought:
    """One secret, as it is and as it is said, and the letters that it is in base64."""

    told: str
    raw: bytes
    said: bytes
    letters: tuple[tuple[bytes, bool, bool], ...]

    def spans(self, data: bytes, text: Spelled) -> Iterator[Span]:
        """Where it stands in `data`, which says `text`."""
        yield from ((at, at + len(self.raw), self.told) for at in _places(data, self.raw))
        said = text.said.translate(_FORM)
        for at in _places(said, self.said):
            yield (*text.span(at, at + len(self.said)), self.told)
        letters = text.said.translate(_WEB_SAFE)
        for core, before, after in self.letters:
            for at in _places(letters, core):
                start = at - int(before and letters[at - 1 : at] in _LETTERS and at > 0)
                end = at + len(core)
                end += int(after and letters[end : end + 1] in _LETTERS and end < len(letters))
                yield (*text.span(start, end), self.told)


def _sought(secret: str, name: str | None) -> _Sought:
    raw = secret.encode(errors="surrogatepass")
    said = spelled(raw).said
    letters = dict.fromkeys(one for form in (raw, said) for one in _base64(form))
    if len(said) < LEAST_CHARACTERS:
        said = raw
    return _Sought(name or fingerprint(secret), raw, said.translate(_FORM), tuple(letters))


def _base64(secret: bytes) -> Iterator[tuple[bytes, bool, bool]]:
    """The letters that `secret` makes wherever it stands in what is written in base64.

    At its edges a letter holds bits of a neighbour too: whether there is one before and after.
    """
    for offset in range(3):
        text = b64encode(bytes(offset) + secret).rstrip(b"=")
        first, last = (offset * 8 + 5) // 6, (offset + len(secret)) * 8 // 6
        if last - first >= _LEAST_BASE64:
            yield text[first:last], offset > 0, (offset + len(secret)) % 3 > 0


_FORM: Final = bytes.maketrans(b"+", b" ")
"""A space may be written as a plus."""
_WEB_SAFE: Final = bytes.maketrans(b"-_ ", b"+/+")
"""Base64 has two alphabets, and a form makes a space of a plus."""
_LETTERS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def _places(data: bytes, part: bytes) -> Iterator[int]:
    at = data.find(part)
    while at >= 0:
        yield at
        at = data.find(part, at + len(part))


def mask_of(interactions: Iterable[Interaction], secrets: Iterable[str] = ()) -> Mask:
    """The mask that hides `secrets`, and what stands in the interactions where secrets stand.

    Of these the first `MOST_FOUND` are sought elsewhere; the others are hidden where they stand.
    """
    return Mask((*secrets, *found_in(interactions)))


def found_in(interactions: Iterable[Interaction]) -> tuple[str, ...]:
    """The first `MOST_FOUND` of what stands where secrets stand, each once."""
    every = dict.fromkeys(one for exchange in interactions for one in secrets_in(exchange))
    return tuple(islice(every, MOST_FOUND))


def secrets_in(exchange: Interaction) -> Iterator[str]:
    """What stands where secrets stand, if it is no common word; what was asked comes first."""
    asked = exchange.request
    sent = _of_message(asked.headers, asked.body, (asked.path, f"?{asked.query}"))
    came = _of_message(exchange.response_headers, exchange.response_body)
    yield from (one for told in (sent, came) for one in told if _is_secret(one))


def _of_message(headers: Headers, body: bytes, texts: Iterable[str] = ()) -> Iterator[str]:
    for name, value in headers:
        yield from _of_header(name.lower(), value)
    try:
        plain = unpacked(body, _encoding(headers)).decode(errors="replace")
    except Unreadable:
        plain = ""
    for text in (*texts, plain):
        for told in standing(text):
            yield from _readings(told)


def _is_secret(one: str) -> bool:
    fits = _LEAST_FOUND <= len(one) <= _MOST_FOUND_CHARACTERS
    return fits and one.split() == [one] and not _NO_SECRET.fullmatch(one)


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
    """What a text may stand for: itself, percent-decoded, or a password behind `:`."""
    percent = substituted("(?:%[0-9a-fA-F]{2})+", lambda run: _bytes(run[0]), told)
    yield from (percent, percent.partition(":")[2])


def _bytes(run: str) -> str:
    return bytes.fromhex(run.replace("%", "")).decode(errors="replace")


def _decoded(secret: str) -> str:
    """What Basic credentials say; nothing if they are none."""
    try:
        return b64decode(secret, validate=True).decode()
    except ValueError:
        return ""


def _encoding(headers: Headers) -> str:
    named = (value for name, value in headers if name.lower() == "content-encoding")
    return next(named, "")


def _all_hidden(value: object) -> object:
    """A value with a fingerprint for every text in it."""
    match value:
        case str():
            return hidden(value) if value else value
        case Mapping():
            return {name: _all_hidden(one) for name, one in value.items()}
        case list():
            return [_all_hidden(one) for one in value]
    return value
