"""What documents contradict, in the form of the table that is kept beside them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Final

from mockserver.contract.documents.remark import Remark
from mockserver.library.deriving.facts import Dispute
from mockserver.library.examples import Contradiction
from mockserver.library.toml_text import toml


_HEAD: Final = """\
# Where the documents contradict themselves, each other, or upstream, and what the fake makes of
# it. `codes` are the rules by which `mockserver schemas lint` finds a row; `source` is the line of
# docs/NAME.page.txt, and the JSON pointer there.
"""
_SHOWN: Final = "schema-against-example"
_EXAMPLES: Final = "example-against-example"
_PROSE: Final = "prose-against-schema"
_DOCUMENTS: Final = "document-against-document"
_UPSTREAM: Final = "document-against-upstream"

# By code, which two sides contradict each other, and what the derived files make of it.
_SORTS: Final = {
    "D201": (_SHOWN, "follows the schema and the prose, and refuses the example (422)"),
    "D202": (_SHOWN, "answers what the examples show"),
    "D203": (_SHOWN, "always answers what the examples show"),
    "D204": (_SHOWN, "refuses a body without input (422)"),
    "D205": (_PROSE, "answers 401 without a token"),
    "D206": (_PROSE, "they are lifted into the model's Input schema, and checked"),
    "D207": (_PROSE, "accepts the wider range; the condition is a switch, off by default"),
    "D208": (_SHOWN, "the default unless another format is asked for; defaults are not echoed"),
    "D209": (_UPSTREAM, "types are those of the examples, and nothing is required"),
    "D210": (_SHOWN, "leaves it out while it is null"),
    "D211": (_EXAMPLES, "echoes and makes what was asked for"),
    "D212": (_EXAMPLES, "echoes the request"),
    "D213": (_SHOWN, "answers with the model of the path"),
    "D214": (_EXAMPLES, "unknown input keys are accepted by every model"),
    "D215": (_EXAMPLES, "examples are told apart by their keys"),
    "D216": (_EXAMPLES, "the example is left out"),
    "D221": (_UPSTREAM, "urls lead to the fake itself unless asked otherwise"),
    "D222": (_UPSTREAM, "answers the documented status"),
    "D223": (_UPSTREAM, "answers the status that is assumed in the profile"),
    "D224": (_UPSTREAM, "refusals are those of the family, marked documented = false"),
    "D225": (_UPSTREAM, "serves upstream's other operations, marked documented = false"),
    "D231": (_UPSTREAM, "follows the document; the model that ships follows upstream"),
    "D232": (_UPSTREAM, "unknown input keys are accepted by every model"),
    "D233": (_UPSTREAM, "follows the document; the model that ships follows upstream"),
    "D241": (_SHOWN, "is called after its host"),
    "D242": (_SHOWN, "leaves the type out"),
    "D251": (_EXAMPLES, "takes any token; a placeholder is no secret"),
    "D252": (_EXAMPLES, "the copy of the page holds a fingerprint instead"),
    "D261": (_DOCUMENTS, "ids are its own"),
    "D262": (_DOCUMENTS, "one profile for each host"),
}
_FOLLOWED: Final = "follows the first document"


def contradictions(
    named: Iterable[tuple[str, Remark]], disputes: Iterable[Dispute]
) -> Iterator[Contradiction]:
    """A row for each thing that was found, and for each thing that documents say differently."""
    seen: Counter[str] = Counter()
    for document, remark in named:
        finding = remark.finding
        kind, fake = _SORTS[finding.code]
        place = f"{document}:{remark.place.line} {remark.place.pointer}".strip()
        yield Contradiction(
            id=_once(f"{document.replace('/', '-')}-{finding.code.lower()}", seen),
            document=document,
            kind=kind,
            says=f"{finding.title}: {_words(finding.expected)}",
            but=f"seen: {_words(finding.seen)}",
            source=place,
            fake=fake,
            codes=(finding.code,),
        )
    for one in disputes:
        first, other = one.first, one.other
        yield Contradiction(
            id=_once(f"{other.origin.document.replace('/', '-')}-{one.key}".lower(), seen),
            document=f"{first.origin.document}, {other.origin.document}",
            kind=_DOCUMENTS,
            says=f"{one.key} is {_words(first.value)}",
            but=f"it is {_words(other.value)}",
            source=f"{first.origin.document}:{first.origin.place.line}; "
            f"{other.origin.document}:{other.origin.place.line}",
            fake=_FOLLOWED,
            codes=(),
        )


def table_text(rows: Iterable[Contradiction]) -> str:
    """The file that holds these rows."""
    return _HEAD + "".join(map(_row, rows))


def _row(row: Contradiction) -> str:
    lines = [f"{one.name} = {toml(getattr(row, one.name))}" for one in fields(row)]
    return "\n".join(("", "[[contradiction]]", *lines, ""))


def _words(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _once(name: str, seen: Counter[str]) -> str:
    seen[name] += 1
    return name if seen[name] == 1 else f"{name}-{seen[name]}"
