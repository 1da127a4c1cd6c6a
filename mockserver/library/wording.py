"""Text that stands in for a model's: words drawn from a seed, split as a tokenizer splits them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import shake_128
from re import compile as pattern
from typing import Final

from mockserver.library.models import Model
from mockserver.library.pieces import tokens


_COMMON: Final = (
    "the a of and to in is that for it with as on by this from are be or an at which not can "
    "all one more when there out light harbour paper window river stone signal garden winter "
    "quiet number letter engine table colour café naïve façade señor Ω 東京 🙂"
)
_WORDS: Final = tuple(_COMMON.split())
_ENDS: Final = (".", ".", ".", "?", "!", ".\n\n")
_LONGEST_SENTENCE: Final = 14
_SHORTEST_SENTENCE: Final = 4
_NAME: Final = pattern(r"\{(\w+)\}")


def chunks(model: Model, given: Mapping[str, object], drawn_from: bytes) -> tuple[str, ...]:
    """A text of as many tokens as were asked for; joined, they make the whole."""
    count = tokens(model, given)
    drawn = tuple(_tokens(shake_128(drawn_from).digest(2 * count)))
    # A text that was not cut short ends as a sentence does.
    whole = count >= model.wording.tokens
    return _ended(drawn) if whole and count > _SHORTEST_SENTENCE else drawn


def text(model: Model, given: Mapping[str, object], drawn_from: bytes) -> str:
    """The same text in one piece."""
    if model.wording.template:
        return _template(model, given)
    return "".join(chunks(model, given, drawn_from))


def prompt_tokens(given: Mapping[str, object]) -> int:
    """About how many tokens the texts of an input have: four letters make one."""
    letters = sum(len(value) for value in given.values() if isinstance(value, str))
    return (letters + 3) // 4


def _ended(drawn: tuple[str, ...]) -> tuple[str, ...]:
    """The same number of tokens, the last of which ends the sentence."""
    *most, before, _ = drawn
    return (*most, " so" if before in _ENDS else before, ".")


def _template(model: Model, given: Mapping[str, object]) -> str:
    return _NAME.sub(
        lambda found: str(given.get(found[1], model.default(found[1]) or "")),
        model.wording.template,
    )


def _tokens(drawn: bytes) -> Iterator[str]:
    """One token for every two bytes."""
    length, glue = 0, ""
    for choice, pause in zip(drawn[::2], drawn[1::2], strict=True):
        long_enough = length > _SHORTEST_SENTENCE and pause % _LONGEST_SENTENCE < length // 2
        if long_enough or length > _LONGEST_SENTENCE:
            end = _ENDS[choice % len(_ENDS)]
            length, glue = 0, "" if end.endswith("\n") else " "
            yield end
            continue
        word = _WORDS[choice % len(_WORDS)]
        yield glue + (word if length else f"{word[0].upper()}{word[1:]}")
        length, glue = length + 1, " "
