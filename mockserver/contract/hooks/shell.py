"""The shell line that sends a webhook again, signed for the time at which it is run.

The secret stays in a variable. A code that somebody with the secret reckoned is reckoned anew;
any other stands as it was, and is wrong again.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urljoin

from mockserver.contract.hooks.sent import Sent
from mockserver.core.letter import Letter
from mockserver.core.signature import ID, SECRET_PREFIX, SIGNATURE, TIMESTAMP, secret, signatures


MOST_BYTES: Final = 16_384
"""How long a body may be that still stands in a line."""
MOST_AWAY_S: Final = 40 * 86_400
"""How far from its sending a time may lie that is told as a distance."""

_VARIABLE: Final = "WEBHOOK_SECRET"
_BEHIND: Final = f"${{{_VARIABLE}#{SECRET_PREFIX}}}"
_HEX: Final = "od -An -vtx1 | tr -d ' \\n'"
_SHORTENED: Final = "${S%=}"


def repeated(sent: Sent, url: str, case: str) -> str:
    """What sends it again: a line with `curl`, or where no shell could spell it, our own command.

    Nothing where there is no address.
    """
    if not url or sent.letter is None:
        return ""
    if not _is_text(sent.letter.body):
        return f'mockserver hooks test {shlex.quote(url)} --secret "${_VARIABLE}" --case {case}'
    return " ".join(_words(sent, sent.letter, url))


def _words(sent: Sent, letter: Letter, url: str) -> Iterator[str]:
    told, reckoned = _reckoned(sent, letter)
    yield f"T={_time(letter.header(TIMESTAMP), sent.at_s)};"
    yield f"B={shlex.quote(letter.body.decode())};"
    yield from reckoned
    yield f"curl -sS -i -X {letter.method}"
    own = {TIMESTAMP: "$T", SIGNATURE: told}
    for name, value in letter.headers:
        yield f"-H {_header(name, value, own)}"
    yield f'--data-raw "$B" {shlex.quote(urljoin(url, letter.path) if letter.path else url)}'


def _header(name: str, value: str, own: Mapping[str, str]) -> str:
    if not value:
        # As curl wants to be told that a header is to be sent without a value.
        return shlex.quote(f"{name};")
    told = own.get(name.lower())
    return shlex.quote(f"{name}: {value}") if told is None else f'"{name}: {told}"'


def _time(told: str, at_s: int) -> str:
    """The time as an expression: so far from the time at which the line is run."""
    away_s = int(told) - at_s if told.isascii() and told.isdigit() else 0
    if told and (not told.isdigit() or abs(away_s) > MOST_AWAY_S):
        return shlex.quote(told)
    return f"$(($(date +%s){away_s:+d}))"


def _reckoned(sent: Sent, letter: Letter) -> tuple[str, list[str]]:
    """The header's value as it stands in double quotes, and the words that make `S` before."""
    header = letter.header(SIGNATURE)
    for key, whole in _keys(sent.secret).items():
        for body, spelled in ((letter.body, '"$B"'), (sent.part.body, _quoted(sent.part.body))):
            code = _code(whole, letter, body, sent)
            for text, told in ((code, "$S"), (code.rstrip("="), _SHORTENED)):
                if text in header:
                    return header.replace(text, told), [_reckoning(letter, sent, spelled, key)]
    return "$S", [f"S={shlex.quote(header)};"]


def _keys(whole: str) -> dict[str, str]:
    """What may have been the key: how a shell spells it, and the secret that means it."""
    behind = whole.removeprefix(SECRET_PREFIX)
    return {
        f'printf %s "{_BEHIND}" | base64 -d': whole,
        f'printf %s "{_BEHIND}"': secret(behind.encode()),
        f'printf %s "${_VARIABLE}"': secret(whole.encode()),
    }


def _code(whole: str, letter: Letter, body: bytes, sent: Sent) -> str:
    at = letter.header(TIMESTAMP) or str(sent.at_s)
    return signatures([whole], _id(letter, sent), at, body).partition(",")[2]


def _id(letter: Letter, sent: Sent) -> str:
    return letter.header(ID) or sent.part.letter.header(ID)


def _reckoning(letter: Letter, sent: Sent, body: str, key: str) -> str:
    signed = f'printf %s {shlex.quote(_id(letter, sent))}."$T".{body}'
    hashed = f'openssl dgst -sha256 -mac HMAC -macopt "hexkey:$({key} | {_HEX})" -binary'
    return f"S=$({signed} | {hashed} | base64);"


def _quoted(body: bytes) -> str:
    return shlex.quote(body.decode(errors="replace"))


def _is_text(body: bytes) -> bool:
    """Whether a shell can hold it in a variable."""
    if len(body) > MOST_BYTES or b"\0" in body:
        return False
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
