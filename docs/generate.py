"""Writes the pages that are made from data: gateways, rules, and each family of faults.

`python docs/generate.py` writes them; with `--check` it only says (exit code 1) which are stale.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from mockserver.contract.codes import by_code
from mockserver.contract.finding import Rule
from mockserver.library.catalogue import Catalogue
from mockserver.library.examples import load_contradictions
from mockserver.library.explanations import Explanation, load_explanations
from mockserver.library.faults import catalogue as faults
from mockserver.library.faults.kinds import API, Kind
from mockserver.library.faults.promises import PROMISES
from mockserver.library.faults.suites import SUITES
from mockserver.library.gateways import FEATURES, Gateway
from mockserver.library.refusals import ErrorKind


DOCS = Path(__file__).parent

_HEAD = """\
# Gateways

What each document says, what we assume where it says nothing, and where documents contradict
themselves, each other, or upstream.
This page is made from `schemas/gateways/*.toml` and `fixtures/docs/contradictions.toml` by
`make docs`; change those.
"""


_RULES_HEAD = """\
# Rules

What a finding's code means; a code never changes its meaning.
`mockserver explain L103` also shows what a broken trace looks like, and says what to do.
A *must* breaks clients where it is broken, a *should* surprises them.
A rule that holds a gateway against what nobody documents is a *should* there.
This page is made from `mockserver/contract/**/rules*.py` and `schemas/rules.toml` by `make docs`;
change those.
"""
_RULE_FAMILIES = {
    "L": "the life of a prediction",
    "S": "shape",
    "E": "refusals",
    "U": "addresses",
    "A": "accounts",
    "P": "sync answers",
    "T": "streams",
    "W": "webhooks",
    "G": "a gateway seen from both ends",
    "D": "documents",
    "C": "clients",
    "H": "a receiver of webhooks",
}

_MADE = "This page is made from `mockserver/library/faults/` by `make docs`; change that."


def pages() -> Mapping[str, str]:
    """Every page that is made, by its path below docs/."""
    families = {
        f"faults/{name}.md": _family(name, kinds) for name, kinds in faults.families().items()
    }
    kept = Catalogue()
    return {
        "gateways.md": gateways_page(kept),
        "rules.md": rules_page(by_code(), load_explanations(kept.schemas)),
        "faults/suites.md": _suites(),
        **families,
    }


def rules_page(rules: Mapping[str, Rule], told: Mapping[str, Explanation]) -> str:
    """Every rule of the contract, as Markdown.

    Raises `ValueError` for a rule of no family, which would stand nowhere.
    """
    if homeless := [code for code in rules if code[0] not in _RULE_FAMILIES]:
        raise ValueError(f"{', '.join(homeless)}: no family has this letter; see _RULE_FAMILIES")
    parts = [_RULES_HEAD]
    for letter, title in _RULE_FAMILIES.items():
        rows = [
            _row(f"`{code}`", rule.severity, rule.title, rule.source, told[code].why)
            for code, rule in rules.items()
            if code.startswith(letter)
        ]
        if rows:
            head = _table("code", "severity", "rule", "source", "why")
            parts += [f"## {letter}: {title}\n", *head, *rows, ""]
    return "\n".join(parts).rstrip() + "\n"


def _family(name: str, kinds: Sequence[Kind]) -> str:
    told = (line for kind in kinds for line in _kind(kind))
    return "\n".join((f"# Faults: `{name}`\n", f"{_MADE}\n", *told)).rstrip() + "\n"


def _kind(kind: Kind) -> Iterator[str]:
    yield f"## `{kind.name}`\n"
    yield f"{kind.says}\n"
    where = "whatever is asked" if kind.on == API else ", ".join(sorted(kind.on))
    yield f"- strikes {where}, {kind.phase} the request took effect"
    if kind.possible != kind.on:
        yield f"- can also be told to strike {', '.join(sorted(kind.possible - kind.on))}"
    yield f"- needs {kind.needs}"
    for one in kind.params:
        values = ", ".join(f"`{choice}`" for choice in one.choices) or f"{one.least} to {one.most}"
        yield f"- `{one.name}`: {values}; by default `{one.default}`"
    yield from (f"- a good client {PROMISES[key]} ({key})" for key in kind.tests)
    if kind.aliases:
        yield f"- elsewhere called {', '.join(f'`{alias}`' for alias in kind.aliases)}"
    if kind.source:
        yield f"- source: {kind.source}"
    yield ""


def _suites() -> str:
    parts = ["# Suites of faults\n", f"{_MADE}\n"]
    for name in SUITES:
        members = "".join(f"- `{member}`\n" for member in faults.members(name))
        parts.append(f"## `{name}`\n\n{members}")
    return "\n".join(parts)


def gateways_page(catalogue: Catalogue) -> str:
    """What is known of gateways, as Markdown."""
    gateways = catalogue.gateways()
    parts = [_HEAD, "## At a glance\n", *_glance(gateways), "\n## Quirks\n"]
    for gateway in gateways:
        parts += [f"### {gateway.title}\n", f"Source: {gateway.source}.\n", *_quirks(gateway), ""]
    parts += ["## Refusals\n", *_refusals(gateways), "\n## Contradictions\n"]
    parts += _contradictions(catalogue)
    return "\n".join(parts) + "\n"


def _glance(gateways: Sequence[Gateway]) -> Iterator[str]:
    yield from _table("gateway", "base path", "create answers", *FEATURES)
    for one in gateways:
        body = "everything" if one.create.body is None else ", ".join(one.create.body)
        supports = (one.endpoints[feature] for feature in FEATURES)
        yield _row(
            f"`{one.name}`", f"`{one.base_path}`", f"{one.create.status}: {body}", *supports
        )


def _quirks(gateway: Gateway) -> Iterator[str]:
    yield from _table("quirk", "says", "documented", "source")
    for quirk in gateway.quirks:
        sure = "yes" if quirk.documented else "assumed"
        yield _row(f"`{quirk.name}`", quirk.says, sure, quirk.source)


def _refusals(gateways: Sequence[Gateway]) -> Iterator[str]:
    speakers: dict[str, list[Gateway]] = {}
    for gateway in gateways:
        speakers.setdefault(gateway.errors.like, []).append(gateway)
    for like, family in speakers.items():
        yield f"### The words of `{like}`\n"
        yield f"Spoken by {', '.join(f'`{one.name}`' for one in family)}.\n"
        shared = family[0].errors.kinds
        yield from _kinds(shared.values())
        yield ""
        for one in family:
            own = [kind for name, kind in one.errors.kinds.items() if _differs(kind, shared[name])]
            if own:
                yield f"What `{one.name}` words in its own way:\n"
                yield from _kinds(own)
                yield ""


def _kinds(kinds: Iterable[ErrorKind]) -> Iterator[str]:
    yield from _table("kind", "status", "text", "documented", "source")
    for kind in kinds:
        sure = "yes" if kind.documented else "assumed"
        text = kind.message.strip()
        yield _row(f"`{kind.name}`", str(kind.told_status), f"`{text}`", sure, kind.source)


def _differs(kind: ErrorKind, shared: ErrorKind) -> bool:
    """Whether it is worded otherwise than by the family, but for the brand."""
    return (kind.status, kind.message, kind.code) != (shared.status, shared.message, shared.code)


def _contradictions(catalogue: Catalogue) -> Iterator[str]:
    yield from _table("document", "says", "but", "place", "lint", "what the fake does")
    for one in load_contradictions(catalogue.fixtures):
        lint = ", ".join(one.codes)
        yield _row(f"`{one.document}`", one.says, one.but, one.source, lint, one.fake)


def _table(*titles: str) -> Iterator[str]:
    yield _row(*titles)
    yield _row(*("---" for _ in titles))


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or say which are not current."""
    wanted = {DOCS / name: text for name, text in pages().items()}
    stale = [path for path, text in wanted.items() if not _is(path, text)]
    stale += sorted(set((DOCS / "faults").glob("*.md")) - set(wanted))
    if "--check" in arguments:
        for path in stale:
            print(f"{path.relative_to(DOCS.parent)} is stale: run `make docs`", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        path.unlink(missing_ok=True)
    for path, text in wanted.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


def _is(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
