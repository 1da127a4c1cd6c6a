"""A profile as it is written: TOML, each table with its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from mockserver.library.deriving.answers import OPERATIONS
from mockserver.library.deriving.facts import ASSUMED, Drawn, documents_of
from mockserver.library.deriving.profiles import ProfileDraft, usable_kinds
from mockserver.library.gateways import FEATURES, URL_NAMES
from mockserver.library.quirks import Quirk
from mockserver.library.toml_text import toml


_SERIALIZERS: Final = {"create": "edge", "get": "edge", "list": "web", "cancel": "web"}
"""The two forms in which upstream writes predictions; no page of a gateway tells them apart."""


def profile_text(draft: ProfileDraft) -> str:
    """The file of a profile."""
    return "\n".join(_lines(draft))


def _lines(draft: ProfileDraft) -> Iterator[str]:
    facts = draft.facts
    pages = " and ".join(one.name for one in draft.documents)
    yield f"# {draft.name}: derived from its documents; what they do not say is marked assumed."
    yield "# NAME:LINE is a line of docs/NAME.page.txt."
    yield ""
    yield f"name = {toml(draft.name)}"
    for key in ("title", "homepage", "hosts", "base_path"):
        yield f"# {facts[key].places}"
        yield f"{key} = {toml(facts[key].value)}"
    plural = "s" if len(draft.documents) > 1 else ""
    yield f"source = {toml(f'document{plural} {pages}')}"
    yield from _section("auth", facts, ("header", "schemes"), more=_bare(facts))
    for name, _, _ in OPERATIONS:
        keys = ("status", "waited_out_status", "body", "omit_null")
        more = (f'serializer = "{_SERIALIZERS[name]}"',)
        yield from _section(name, facts, keys, more=more)
    links = ("mode", *(f"upstream.{name}" for name in URL_NAMES))
    yield from _section("urls", facts, links, more=('served = "own"',))
    if "request.flat" in facts:
        yield from _section("request", facts, ("flat",), more=())
    yield from _added(facts)
    yield from _errors(facts)
    yield from ("", "[endpoints]")
    for feature in FEATURES:
        support = facts[f"endpoints.{feature}"]
        if not support.assumed:
            yield f"# {support.places}"
        yield f"{feature} = {toml(support.value)}"
    for one in draft.quirks:
        yield from _quirk(one.quirk)
    yield ""


def _section(
    name: str, facts: Mapping[str, Drawn], keys: Iterable[str], more: Iterable[str]
) -> Iterator[str]:
    """One table: what is known, what is assumed (as a comment says), and where it is from."""
    found = {key: facts[f"{name}.{key}"] for key in keys if f"{name}.{key}" in facts}
    yield from ("", f"[{name}]")
    place = facts.get(f"endpoints.{name}")
    known = [*found.values()] if place is None or place.assumed else [place, *found.values()]
    documented = any(not one.assumed for one in known)
    for key, drawn in found.items():
        # Where nothing is known, the source of the table says so once.
        silent = not documented or (drawn.assumed and key.startswith("upstream"))
        yield from () if silent else (f"# {drawn.places}",)
        yield f"{key} = {toml(drawn.value)}"
    yield from more
    yield f"documented = {toml(documented)}"
    yield f"source = {toml(_source(found, known, documented=documented))}"


def _source(found: Mapping[str, Drawn], known: list[Drawn], *, documented: bool) -> str:
    """Where a table is from, and which of its keys no document tells."""
    if not documented:
        return next(iter(found.values())).source
    assumed = [key for key, one in found.items() if one.assumed and not key.startswith("upstream")]
    where = documents_of(origin for one in known for origin in one.origins)
    return "; ".join((where, *(f"{key} {ASSUMED}" for key in assumed)))


def _bare(facts: Mapping[str, Drawn]) -> tuple[str, ...]:
    """A token without a word before it."""
    return () if facts["auth.schemes"].value else ("bare = true",)


def _added(facts: Mapping[str, Drawn]) -> Iterator[str]:
    added = {key: one for key, one in facts.items() if key.startswith("prediction.added.")}
    if added:
        source = documents_of(origin for one in added.values() for origin in one.origins)
        yield from ("", "[prediction]", "documented = true", f"source = {toml(source)}")
        yield from ("", "[prediction.added]")
    for key, one in added.items():
        told = one.value if isinstance(one.value, dict) else {}
        pairs = ", ".join(f"{name} = {toml(value)}" for name, value in told.items())
        yield f"{key.rpartition('.')[2]} = {{ {pairs} }}"


def _errors(facts: Mapping[str, Drawn]) -> Iterator[str]:
    yield from ("", "[errors]")
    for key in ("like", "brand"):
        yield f"# {facts[f'errors.{key}'].places}"
        yield f"{key} = {toml(facts[f'errors.{key}'].value)}"
    for key, one in usable_kinds(facts):
        told = one.value if isinstance(one.value, dict) else {}
        yield from ("", f"[{key}]")
        yield from (f"{name} = {toml(value)}" for name, value in told.items())
        yield from ("documented = true", f"source = {toml(one.source)}")


def _quirk(quirk: Quirk) -> Iterator[str]:
    yield from ("", "[[quirks]]")
    for key in ("name", "says", "documented", "source", "finding", "fault", "excused"):
        value = getattr(quirk, key)
        if value or key == "documented":
            yield f"{key} = {toml(value)}"
