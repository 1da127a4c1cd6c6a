"""What stands in a page where a credential belongs: a placeholder, or a credential."""

from __future__ import annotations

from collections.abc import Iterator
from re import compile as pattern
from typing import Final

from mockserver.core.redaction import CREDENTIAL, fingerprint
from mockserver.library.documents.page import Fact
from mockserver.library.documents.tree import Lines, Place


_PLACEHOLDER: Final = (
    r"\*{3,}|<[^<>\s]{1,40}>|\{\{[^{}\n]{1,40}\}\}|\$\{\w{1,40}\}|\$\w{1,40}|\[[A-Z_ ]{3,40}\]"
    r"|(?:your|YOUR|Your)[\w-]{0,40}|(?:r8_|sk-)[*x.…]{2,}|x{4,}"
)
_IN_PLACE: Final = pattern(rf"(?:Bearer|Token)\s+(?:({_PLACEHOLDER})|[\w.\-]{{32,}})")
_ANYWHERE: Final = pattern(rf"(?<![\w-])(?:{CREDENTIAL})")


def masked(value: object) -> object:
    """`value` with the fingerprint of each credential in its texts instead of it."""
    if isinstance(value, str):
        return _ANYWHERE.sub(lambda match: fingerprint(match[0]), value)
    if isinstance(value, dict):
        return {name: masked(one) for name, one in value.items()}
    return [masked(one) for one in value] if isinstance(value, list) else value


def tokens(text: str) -> Iterator[Fact]:
    """The placeholders (`placeholder`) and credentials (`secret`) of a page, by their lines.

    Of a credential only its fingerprint is kept.
    """
    found: list[tuple[int, str, str]] = []
    for match in _IN_PLACE.finditer(text):
        if match[1]:
            found.append((match.start(), "placeholder", match[1]))
        else:
            found.append((match.start(), "secret", fingerprint(match[0].split()[-1])))
    known = {word for _, _, word in found}
    others = ((match.start(), fingerprint(match[0])) for match in _ANYWHERE.finditer(text))
    found += [(at, "secret", word) for at, word in others if word not in known]
    lines = Lines(text)
    for offset, name, word in sorted(found):
        yield Fact(name, word, Place(lines.of(offset)))
