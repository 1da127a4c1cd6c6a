"""Webhooks whose signature is wrong, or right in a way that few receivers have thought of.

Source: the specification of Standard Webhooks 1.0.0.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Final

from mockserver.core.letter import Letter
from mockserver.core.signature import ID, SECRET_PREFIX, SIGNATURE, TIMESTAMP, secret
from mockserver.library.faults.kinds import Strike, letter_fault
from mockserver.library.faults.params import choice


_AGES_S: Final = {"301s": 301, "30d": 30 * 86_400}
# A receiver's clock may have gone on by a second or two when it looks.
_AHEAD_S: Final = {"330s": 330, "30d": 30 * 86_400}
_KEY_BYTES: Final = 24


@letter_fault("hook.old_timestamp", tests=("K14",), params=(choice("age", *_AGES_S),))
def old_timestamp(letter: Letter, strike: Strike) -> Letter:
    """A webhook is signed for a time that is past: somebody sends again what was once heard."""
    return strike.seal(letter, _second(letter, strike) - _AGES_S[strike.word("age")], letter.body)


@letter_fault("hook.future", tests=("K14",), params=(choice("ahead", *_AHEAD_S),))
def future(letter: Letter, strike: Strike) -> Letter:
    """A webhook is signed for a time that has not come."""
    ahead_s = _AHEAD_S[strike.word("ahead")]
    return strike.seal(letter, _second(letter, strike) + ahead_s, letter.body)


_ODD_TIMES: Final[Mapping[str, Callable[[int], str]]] = {
    "float": lambda second: f"{second}.5",
    "nan": lambda _: "nan",
    "text": lambda _: "now",
    "empty": lambda _: "",
    "millis": lambda second: f"{second}000",
    "negative": lambda second: f"-{second}",
}


@letter_fault("hook.odd_timestamp", tests=("K14",), params=(choice("form", *_ODD_TIMES),))
def odd_timestamp(letter: Letter, strike: Strike) -> Letter:
    """The timestamp is not whole seconds; what is there is signed as it stands."""
    told = _ODD_TIMES[strike.word("form")](_second(letter, strike))
    return strike.seal(letter, told, letter.body)


@letter_fault(
    "hook.bad_signature",
    tests=("K14",),
    params=(choice("signed", "other_secret", "other_body", "other_id", "other_time"),),
)
def bad_signature(letter: Letter, strike: Strike) -> Letter:
    """The signature is that of another secret, body, id or time."""
    second = _second(letter, strike)
    match strike.word("signed"):
        case "other_secret":
            return _signed(letter, _stranger(letter, strike))
        case "other_body":
            other = strike.seal(letter, second, letter.body + b" ")
        case "other_id":
            named = letter.with_header(ID, letter.header(ID)[::-1])
            other = strike.seal(named, second, letter.body)
        case _:
            other = strike.seal(letter, second - 1, letter.body)
    return _signed(letter, other.header(SIGNATURE))


_EMPTY: Final = {"nothing": "", "scheme": "v1,", "signs": "v1,===="}


@letter_fault("hook.empty_signature", tests=("K14",), params=(choice("form", *_EMPTY),))
def empty_signature(letter: Letter, strike: Strike) -> Letter:
    """The header of the signature is there, with nothing that could be compared."""
    return _signed(letter, _EMPTY[strike.word("form")])


@letter_fault("hook.scheme_v2", tests=("K14",))
def scheme_v2(letter: Letter, _strike: Strike) -> Letter:
    """The right code stands under `v2`, a scheme that nobody knows."""
    return _signed(letter, letter.header(SIGNATURE).replace("v1,", "v2,"))


@letter_fault("hook.v1a_first", tests=("K14",))
def v1a_first(letter: Letter, strike: Strike) -> Letter:
    """Before the right signature stands one of the asymmetric scheme `v1a`."""
    stranger = _stranger(letter, strike).replace("v1,", "v1a,")
    return _signed(letter, f"{stranger} {letter.header(SIGNATURE)}")


@letter_fault(
    "hook.second_valid", tests=("K14",), params=(choice("before", "stranger", "garbage"),)
)
def second_valid(letter: Letter, strike: Strike) -> Letter:
    """Of two signatures only the second is right, as while a secret is rotated.

    The first is that of another secret, or garbage: no scheme, no code.
    """
    first = _stranger(letter, strike) if strike.word("before") == "stranger" else "garbage"
    return _signed(letter, f"{first} {letter.header(SIGNATURE)}")


_COMMAS: Final[Mapping[str, Callable[[str, str], str]]] = {
    "behind": lambda right, _: f"{right},x",
    "doubled": lambda right, _: right.replace("v1,", "v1,,"),
    "leading": lambda right, _: f",{right}",
    "between": lambda right, wrong: f"{wrong},{right}",
    "none": lambda right, _: right.replace("v1,", "v1"),
}


@letter_fault("hook.commas", tests=("K14",), params=(choice("form", *_COMMAS),))
def commas(letter: Letter, strike: Strike) -> Letter:
    """The right signature has a comma too many, or too few."""
    told = _COMMAS[strike.word("form")](letter.header(SIGNATURE), _stranger(letter, strike))
    return _signed(letter, told)


_BAD_BASE64: Final[Mapping[str, Callable[[str], str]]] = {
    "unpadded": lambda text: text.rstrip("="),
    "signs": lambda text: f"%%%{text}",
    "hex": lambda text: b64decode(text).hex(),
    "non_ascii": lambda text: f"é{text[1:]}",
}


@letter_fault("hook.bad_base64", tests=("K14",), params=(choice("form", *_BAD_BASE64),))
def bad_base64(letter: Letter, strike: Strike) -> Letter:
    """The signature is not spelled in standard base64."""
    spell = _BAD_BASE64[strike.word("form")]
    told = (one.removeprefix("v1,") for one in letter.header(SIGNATURE).split(" "))
    return _signed(letter, " ".join(f"v1,{_spelt(text, spell)}" for text in told))


@letter_fault(
    "hook.undecoded_secret", tests=("K14",), params=(choice("key", "behind_prefix", "whole"),)
)
def undecoded_secret(letter: Letter, strike: Strike) -> Letter:
    """The key is the text of the secret, not what that text means in base64."""
    whole = strike.word("key") == "whole"
    texts = (one if whole else one.removeprefix(SECRET_PREFIX) for one in strike.seal.secrets)
    seal = strike.seal.of(*(secret(text.encode()) for text in texts))
    return seal(letter, _second(letter, strike), letter.body)


@letter_fault("hook.secret_rotated", tests=("K14",), params=(choice("signed", "new", "both"),))
def secret_rotated(letter: Letter, strike: Strike) -> Letter:
    """A webhook is signed with the secret that the next rotation brings, alone or as well."""
    old = strike.seal.secrets if strike.word("signed") == "both" else ()
    return strike.seal.of(strike.seal.coming, *old)(letter, _second(letter, strike), letter.body)


def _second(letter: Letter, strike: Strike) -> int:
    """The time for which a letter is signed; that of its attempt where it tells none."""
    told = letter.header(TIMESTAMP)
    return int(told) if told.isascii() and told.isdigit() else strike.now_ms // 1000


def _signed(letter: Letter, value: str) -> Letter:
    return letter.with_header(SIGNATURE, value)


def _stranger(letter: Letter, strike: Strike) -> str:
    """The signature of somebody who does not know the secret."""
    seal = strike.seal.of(secret(strike.draw.octets(_KEY_BYTES)))
    return seal(letter, _second(letter, strike), letter.body).header(SIGNATURE)


def _spelt(text: str, spell: Callable[[str], str]) -> str:
    """The text spelled so; as it is where an other fault has left no base64 of it."""
    try:
        return spell(text)
    except ValueError:
        return text
