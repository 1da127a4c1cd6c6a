"""What kept files claim that documents say: models, profiles, fixtures, contradictions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final

from mockserver.library.deriving.differences import (
    ELSEWHERE,
    Claim,
    Difference,
    Source,
    Verdict,
    source_of,
)
from mockserver.library.deriving.fixtures import A_PERSONS
from mockserver.library.deriving.inputs import LIMIT
from mockserver.library.json_text import members, same


Claims = Iterator[tuple[str, Claim]]

_TABLES: Final = ("auth", "create", "get", "list", "cancel", "urls", "request")
_TOLD: Final = ("header", "schemes", "status", "body", "omit_null", "mode", "flat")
"""What a table of a profile tells that a document can say."""
_ABOUT: Final = frozenset({"documented", "source"})


def of_model(kept: Mapping[str, object]) -> Claims:
    """Every constraint in a model's file, by the key that derived facts have."""
    input_ = members(kept.get("Input"))
    yield from _sourced(input_, "Input")
    for name, one in members(input_.get("properties")).items():
        yield from _sourced(members(one), f"Input.properties.{name}")
    source = source_of(str(kept.get("x-output-source", "")))
    for keyword, value in members(kept.get("Output")).items():
        yield f"Output.{keyword}", Claim(value, source if keyword == "type" else ELSEWHERE)
    rule = members(kept.get("x-conditional"))
    needed = members(rule.get("if")).get("required")
    limits = members(members(rule.get("then")).get("properties"))
    for _, text in _sources(rule):
        for name, limit in limits.items():
            for other in needed if isinstance(needed, list) else ():
                key = f"Input.properties.{name}.{LIMIT}{other}"
                yield key, Claim(members(limit).get("maximum"), source_of(text))


def _sourced(schema: Mapping[str, object], at: str) -> Claims:
    for constraint, source in _sources(schema):
        yield f"{at}.{constraint}", Claim(schema.get(constraint), source_of(source))


def _sources(schema: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    entries = schema.get("x-source")
    for one in entries if isinstance(entries, list) else ():
        yield str(members(one).get("constraint")), str(members(one).get("from"))


def of_profile(kept: Mapping[str, object]) -> Claims:
    """What a profile says, by dotted keys."""
    whole = source_of(str(kept.get("source", "")))
    for key in ("hosts", "base_path"):
        yield key, Claim(kept.get(key), whole)
    for key in ("title", "homepage"):
        yield key, Claim(kept.get(key), ELSEWHERE)
    for name in _TABLES:
        yield from _of_table(name, members(kept.get(name)))
    for feature, support in members(kept.get("endpoints")).items():
        sure = {"documented": whole, "assumed": Source()}
        yield f"endpoints.{feature}", Claim(support, sure.get(str(support), ELSEWHERE))
    quirks = kept.get("quirks")
    for one in map(members, quirks if isinstance(quirks, list) else ()):
        source = source_of(str(one.get("source", ""))) if one.get("documented") else ELSEWHERE
        yield f"quirks.{one.get('name')}", Claim("shown", source)
    errors = members(kept.get("errors"))
    for key in ("like", "brand"):
        yield f"errors.{key}", Claim(errors.get(key), ELSEWHERE)
    for key, table in chain(
        _tables(errors.get("kinds"), "errors.kinds"),
        _tables(members(kept.get("prediction")).get("added"), "prediction.added"),
    ):
        told = {name: value for name, value in table.items() if name not in _ABOUT}
        yield key, Claim(told, source_of(str(table.get("source", ""))))


def _of_table(name: str, table: Mapping[str, object]) -> Claims:
    """The keys of a table; what it calls assumed, or no document can say, is from elsewhere."""
    source = source_of(str(table.get("source", "")))
    documented = source if table.get("documented") is True else Source()
    links = {f"upstream.{key}": it for key, it in members(table.get("upstream")).items()}
    for key, value in {**table, **links}.items():
        told = key in _TOLD and key not in source.assumed
        yield f"{name}.{key}", Claim(value, documented if told else ELSEWHERE)


def _tables(value: object, at: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    return ((f"{at}.{name}", members(one)) for name, one in members(value).items())


def of_fixture(file: str, derived: object, kept: object, at: str = "") -> Iterator[Difference]:
    """Where a kept fixture is not what its document gives, but for what is a person's."""
    if isinstance(derived, Mapping) and isinstance(kept, Mapping):
        for name in dict.fromkeys((*derived, *kept)):
            key = f"{at}.{name}" if at else str(name)
            if key not in A_PERSONS and name not in A_PERSONS:
                yield from of_fixture(file, derived.get(name), kept.get(name), key)
    elif isinstance(derived, list) and isinstance(kept, list) and len(derived) == len(kept):
        for index, (one, other) in enumerate(zip(derived, kept, strict=True)):
            yield from of_fixture(file, one, other, f"{at}.{index}")
    elif not same(derived, kept):
        verdict = Verdict.NOT_KEPT if kept is None else Verdict.NOT_SAID
        yield Difference(verdict, file, at, kept, derived)


def of_contradictions(
    file: str, found: Iterable[tuple[str, str]], kept: Iterable[tuple[str, str]]
) -> Iterator[Difference]:
    """Pairs of document and code that are found and not in the table, or the reverse."""
    seen, known = dict.fromkeys(found), dict.fromkeys(kept)
    for document, code in known:
        if (document, code) not in seen:
            yield Difference(Verdict.NOT_SAID, file, document, code, None)
    for document, code in seen:
        if (document, code) not in known:
            yield Difference(Verdict.NOT_KEPT, file, document, None, code)
