"""Writes docs/gateways.md from the profiles and the table of contradictions.

`python docs/generate.py` writes it; with `--check` it only says (exit code 1) whether it is stale.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from mockserver.library.catalogue import Catalogue
from mockserver.library.examples import load_contradictions
from mockserver.library.gateways import FEATURES, Gateway


PAGE = Path(__file__).with_name("gateways.md")

_HEAD = """\
# Gateways

What each document says, what we assume where it says nothing, and where documents contradict
themselves, each other, or upstream.
This page is made from `schemas/gateways/*.toml` and `fixtures/docs/contradictions.toml` by
`make docs`; change those.
"""


def page(catalogue: Catalogue) -> str:
    """The whole page, as Markdown."""
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
        yield from _table("kind", "status", "text", "documented", "source")
        for kind in family[0].errors.kinds.values():
            sure = "yes" if kind.documented else "assumed"
            yield _row(f"`{kind.name}`", str(kind.status), f"`{kind.message}`", sure, kind.source)
        yield ""


def _contradictions(catalogue: Catalogue) -> Iterator[str]:
    yield from _table("document", "says", "but", "place", "what the fake does")
    for one in load_contradictions(catalogue.fixtures):
        yield _row(f"`{one.document}`", one.says, one.but, one.source, one.fake)


def _table(*titles: str) -> Iterator[str]:
    yield _row(*titles)
    yield _row(*("---" for _ in titles))


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def main(arguments: Sequence[str]) -> int:
    """Write the page, or say whether it is current."""
    wanted = page(Catalogue())
    if "--check" not in arguments:
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == wanted:
        return 0
    print(f"{PAGE.name} is stale: run `make docs`", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
