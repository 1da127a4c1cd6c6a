"""What the documents show: their examples as values, and where they contradict themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from mockserver.library.strict import Table, json_table, toml_table


METHODS: Final = ("GET", "POST")

CONTRADICTIONS: Final = "contradictions.toml"
"""The file in fixtures/docs that lists what the documents contradict."""

CONTRADICTION_KINDS: Final = (
    "schema-against-example",
    "example-against-example",
    "prose-against-schema",
    "document-against-document",
    "document-against-upstream",
)


@dataclass(frozen=True, slots=True)
class ExampleRequest:
    """A request as a document prints it, placeholder of the token included."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: Mapping[str, object] = field(hash=False)


@dataclass(frozen=True, slots=True)
class ExampleResponse:
    """A response as a document prints it; `status` None where it prints none."""

    status: int | None
    body: Mapping[str, object] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Example:
    """A response and the request it answers, or None where the document shows none for it."""

    name: str
    request: ExampleRequest | None
    response: ExampleResponse
    provenance: str
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One document: its examples, snippets by language, and what it declares beside them.

    `declared` holds the types, `required` and prose of parameters as facts, by dotted path.
    """

    document: str
    read: str
    modified: str | None
    gateway: str
    model: str
    declared: Mapping[str, object] = field(hash=False, repr=False)
    examples: tuple[Example, ...]
    snippets: Mapping[str, str] = field(hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What a document says, what speaks against it, and what the fake makes of the two."""

    id: str
    document: str
    kind: str
    says: str
    but: str
    source: str
    fake: str
    codes: tuple[str, ...]
    """The rules about documents that find it; none where no rule can or should."""


def load_documents(fixtures: Path) -> tuple[Document, ...]:
    """All documents in the room `fixtures`, by gateway and model."""
    return tuple(load_document(path) for path in sorted(fixtures.glob("docs/*/*.json")))


def load_document(path: Path) -> Document:
    """The document kept at `path`; `LibraryError` if the file is not right."""
    table = json_table(path)
    document = Document(
        document=table.text("document"),
        read=table.text("read"),
        modified=None if table.value("modified") is None else table.text("modified"),
        gateway=_gateway(table),
        model=_model(table),
        declared=table.raw("declared"),
        examples=tuple(_example(example) for example in table.tables("examples")),
        snippets=_texts(table.table("snippets")),
    )
    table.done()
    return document


def load_contradictions(fixtures: Path) -> tuple[Contradiction, ...]:
    """The known contradictions of the documents, in the order of the file."""
    return contradictions_in(fixtures / "docs" / CONTRADICTIONS)


def contradictions_in(path: Path) -> tuple[Contradiction, ...]:
    """The contradictions that the table at `path` lists, in order."""
    table = toml_table(path)
    found = tuple(_contradictions(table))
    table.done()
    return found


def _contradictions(table: Table) -> Iterator[Contradiction]:
    known: set[str] = set()
    for row in table.tables("contradiction", ()):
        found = Contradiction(
            id=row.text("id"),
            document=row.text("document"),
            kind=row.one_of("kind", CONTRADICTION_KINDS),
            says=row.text("says"),
            but=row.text("but"),
            source=row.text("source"),
            fake=row.text("fake"),
            codes=row.texts("codes"),
        )
        if found.id in known:
            raise row.error("id", "a name that no other row has", found.id)
        known.add(found.id)
        row.done()
        yield found


def _gateway(table: Table) -> str:
    seen, folder = table.text("gateway"), table.file.parent.name
    if seen != folder:
        raise table.error("gateway", f"{folder!r}, as the path says", seen)
    return seen


def _model(table: Table) -> str:
    seen, name = table.text("model"), table.file.stem
    if seen.rpartition("/")[2] != name:
        raise table.error("model", f"a model named {name!r}, as the path says", seen)
    return seen


def _example(table: Table) -> Example:
    example = Example(
        name=table.text("name"),
        request=None if table.value("request") is None else _request(table.table("request")),
        response=_response(table.table("response")),
        provenance=table.text("provenance"),
        summary=table.text("summary", ""),
    )
    table.done()
    return example


def _request(table: Table) -> ExampleRequest:
    request = ExampleRequest(
        method=table.one_of("method", METHODS),
        url=table.text("url"),
        headers=tuple(_texts(table.table("headers")).items()),
        body=table.raw("body"),
    )
    table.done()
    return request


def _response(table: Table) -> ExampleResponse:
    response = ExampleResponse(
        status=None if table.value("status") is None else table.integer("status"),
        body=table.raw("body"),
    )
    table.done()
    return response


def _texts(table: Table) -> Mapping[str, str]:
    return {key: table.text(key) for key in table}
