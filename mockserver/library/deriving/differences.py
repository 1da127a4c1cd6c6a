"""Where kept facts and documents differ: what no document bears out, and the reverse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from re import compile as pattern
from typing import Final

from mockserver.library.deriving.facts import Drawn, Ground, Origin
from mockserver.library.json_text import same


class Verdict(StrEnum):
    """What is wrong: a kept fact is not in its document, a document's fact is not kept.

    What is kept from elsewhere, and said otherwise by a document, is no mistake.
    """

    NOT_SAID = "not said"
    NOT_KEPT = "not kept"
    ELSEWHERE = "from elsewhere"


@dataclass(frozen=True, slots=True)
class Difference:
    """What a file keeps at `key`, what the documents say, and where."""

    verdict: Verdict
    file: str
    key: str
    kept: object = field(hash=False)
    said: object = field(hash=False)
    origins: tuple[Origin, ...] = ()

    def wire(self) -> Mapping[str, object]:
        """The difference as JSON."""
        return {
            "verdict": str(self.verdict),
            "file": self.file,
            "key": self.key,
            "kept": self.kept,
            "said": self.said,
            "from": [one.wire() for one in self.origins],
        }


@dataclass(frozen=True, slots=True)
class Source:
    """What the source of a kept fact names: documents, and whether something else too."""

    documents: frozenset[str] = frozenset()
    elsewhere: bool = False
    assumed: frozenset[str] = frozenset()
    """The keys that the source calls assumed."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A kept fact."""

    value: object = field(hash=False)
    source: Source


ELSEWHERE: Final = Source(elsewhere=True)
_NAME: Final = r"[\w.-]+/[\w.-]+"
_DATED: Final = rf"{_NAME}(?: \([^)]*\))?"
_DOCUMENTS: Final = pattern(rf"documents? {_DATED}(?: and {_DATED})*")
_NAMES: Final = pattern(_NAME)
_ASSUMED: Final = pattern(r"(\w+) assumed")
_NOTHING: Final = Claim(None, Source())
_UNORDERED: Final = frozenset({"enum", "hosts", "required", "type"})


def source_of(text: str) -> Source:
    """What a source names, clause by clause; a semicolon stands between two."""
    clauses = text.split("; ") if text else ()
    told = [_DOCUMENTS.match(one) for one in clauses]
    guessed = [_ASSUMED.fullmatch(one) for one in clauses]
    return Source(
        frozenset(name for one in told if one for name in _NAMES.findall(one[0])),
        any(not one and not other for one, other in zip(told, guessed, strict=True)),
        frozenset(one[1] for one in guessed if one),
    )


def differences(
    file: str,
    claims: Mapping[str, Claim],
    facts: Mapping[str, Drawn],
    documents: frozenset[str],
) -> Iterator[Difference]:
    """Where what a file claims of these documents is not what they say, and the reverse."""
    for key, claim in claims.items():
        drawn = facts.get(key, Drawn(None))
        sayers = {one.document for one in drawn.origins}
        named = claim.source.documents & documents
        if named - sayers:
            yield Difference(Verdict.NOT_SAID, file, key, claim.value, None)
        elif named and not _agree(key, claim, drawn):
            yield Difference(Verdict.NOT_SAID, file, key, claim.value, drawn.value, drawn.origins)
    for key, drawn in facts.items():
        claim = claims.get(key, _NOTHING)
        if drawn.assumed or claim.source.documents & documents or _agree(key, claim, drawn):
            continue
        verdict = Verdict.ELSEWHERE if claim.source.elsewhere else Verdict.NOT_KEPT
        yield Difference(verdict, file, key, claim.value, drawn.value, drawn.origins)


def _agree(key: str, claim: Claim, drawn: Drawn) -> bool:
    """Whether the two are the same; a source from elsewhere may know more values."""
    constraint = key.rpartition(".")[2]
    if constraint not in _UNORDERED or same(claim.value, drawn.value):
        return same(claim.value, drawn.value)
    more, fewer = _listed(claim.value), _listed(drawn.value)
    # What an example shows as a whole number can be any number.
    if constraint == "type" and all(one.ground is Ground.SHOWN for one in drawn.origins):
        fewer = ["number" if one == "integer" and one not in more else one for one in fewer]
    within = all(one in more for one in fewer)
    return within and (claim.source.elsewhere or len(more) == len(fewer))


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
