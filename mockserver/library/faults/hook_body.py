"""Webhooks whose body is not what was signed, is no JSON, or says what it should not."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from gzip import compress
from typing import Final

from mockserver.core import ids
from mockserver.core.letter import Letter
from mockserver.library.faults.kinds import Strike, letter_fault
from mockserver.library.faults.params import choice, number


_FORMS: Final[Mapping[str, Callable[[object], str]]] = {
    "spaces": lambda value: json.dumps(value, indent=2, ensure_ascii=False),
    "keys": lambda value: _compact(value, sort_keys=True),
    "escapes": lambda value: _escaped(_compact(value)),
}


@letter_fault(
    "hook.body_reserialised",
    tests=("K14",),
    params=(choice("form", *_FORMS), choice("signed", "before", "after")),
)
def body_reserialised(letter: Letter, strike: Strike) -> Letter:
    """The same JSON comes in other bytes; signed are those it had before, or those that come."""
    value = _value(letter.body)
    if value is None:
        return letter
    # What JSON can say and UTF-8 cannot, a lone surrogate, is spelled as JSON's own escape.
    body = _FORMS[strike.word("form")](value).encode(errors="backslashreplace")
    if strike.word("signed") == "before":
        return replace(letter, body=body)
    return strike.sealed(letter, body)


@letter_fault("hook.gzip", tests=("K14",))
def gzip(letter: Letter, _strike: Strike) -> Letter:
    """The body comes compressed, and signed is what it is when it is not."""
    packed = replace(letter, body=compress(letter.body, mtime=0))
    return packed.with_header("Content-Encoding", "gzip")


@letter_fault("hook.huge_body", params=(number("bytes", 10_000_000, 1, 100_000_000),))
def huge_body(letter: Letter, strike: Strike) -> Letter:
    """The body has a member more, of so many bytes; the signature is right."""
    more = b',"padding":"' + b"x" * strike.number("bytes") + b'"}'
    return strike.sealed(letter, letter.body.removesuffix(b"}") + more)


_NO_JSON: Final[Mapping[str, tuple[str, Callable[[bytes], bytes]]]] = {
    "cut": ("application/json", lambda body: body[: len(body) // 2]),
    "empty": ("application/json", lambda _: b""),
    "text": ("text/plain", lambda _: b"prediction succeeded"),
    "form": ("application/x-www-form-urlencoded", lambda _: b"status=succeeded"),
    "html": ("text/html", lambda _: b"<html><body>succeeded</body></html>"),
    "list": ("application/json", lambda body: b"[" + body + b"]"),
}


@letter_fault("hook.not_json", params=(choice("form", *_NO_JSON),))
def not_json(letter: Letter, strike: Strike) -> Letter:
    """The body is no JSON, or no object; the signature is right."""
    told, spell = _NO_JSON[strike.word("form")]
    return strike.sealed(letter.with_header("Content-Type", told), spell(letter.body))


@letter_fault("hook.charset", params=(choice("charset", "gbk", "utf-16", "latin-1"),))
def charset(letter: Letter, strike: Strike) -> Letter:
    """The body is encoded as its `Content-Type` says, and not in UTF-8; the signature is right."""
    name = strike.word("charset")
    body = letter.body.decode(errors="replace").encode(name, errors="replace")
    return strike.sealed(
        letter.with_header("Content-Type", f"application/json; charset={name}"), body
    )


@letter_fault("hook.bad_utf8")
def bad_utf8(letter: Letter, strike: Strike) -> Letter:
    """A text in the body holds a byte that is no UTF-8; the signature is right."""
    return strike.sealed(letter, _with_member(letter.body, b'"note":"\xff"'))


@letter_fault("hook.forged_prediction", tests=("K12",))
def forged_prediction(letter: Letter, strike: Strike) -> Letter:
    """The body tells of a prediction that the receiver never made; the signature is right."""
    value = _value(letter.body)
    own = value.get("id") if isinstance(value, dict) else None
    if not isinstance(own, str) or not own:
        return letter
    other = ids.token(strike.draw.octets(16), len(own), ids.ALPHABET)
    return strike.sealed(letter, letter.body.replace(own.encode(), other.encode()))


_PROTOTYPE: Final = b'"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}'


@letter_fault("hook.prototype")
def prototype(letter: Letter, strike: Strike) -> Letter:
    """The body has a member `__proto__`, which must not become part of any object."""
    return strike.sealed(letter, _with_member(letter.body, _PROTOTYPE))


def _with_member(body: bytes, member: bytes) -> bytes:
    """A JSON object with one member more, in front; what is none gets the member behind it."""
    inside = body.removeprefix(b"{")
    if inside == body:
        return body + member
    return b"{" + member + (b"" if inside == b"}" else b",") + inside


def _value(body: bytes) -> object:
    """What a body means as JSON; None where it means nothing."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _compact(value: object, *, sort_keys: bool = False) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=sort_keys)


def _escaped(text: str) -> str:
    r"""The same JSON with its first letter, and all that is not ASCII, as `\u` escapes."""
    before, quote, rest = text.partition('"')
    first = rest[:1]
    if first.isascii() and first.isalpha():
        first = f"\\u{ord(first):04x}"
    signs = (first, *rest[1:])
    spelled = (sign if sign.isascii() else json.dumps(sign)[1:-1] for sign in signs)
    return before + quote + "".join(spelled)
