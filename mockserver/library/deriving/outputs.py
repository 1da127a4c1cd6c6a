"""What documents say of the output of a model: its form, and what is in its files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from re import IGNORECASE
from re import compile as pattern
from typing import Any, Final

from mockserver.library.assumed import has_files, medium_of
from mockserver.library.deriving.facts import Drawn, Ground
from mockserver.library.deriving.inputs import ADDRESS, TYPE_NAMES, Input
from mockserver.library.deriving.told import Told, successes
from mockserver.library.documents.addresses import parts_of
from mockserver.library.documents.page import Parameter
from mockserver.library.documents.tree import Tree
from mockserver.library.models import Medium


Json = dict[str, Any]

_FILE: Final[Json] = {"type": "string", "title": "Output", "format": "uri"}
# Inputs that only models have which make files, and words for what is in these.
_OF_FILES: Final = pattern(r"aspect_ratio|width|height|duration|fps|(?:\w+_)?format|image|mask")
_WORDS: Final = (
    (Medium.VIDEO, pattern(r"视频|\bvideo|\bfilm", IGNORECASE)),
    (Medium.AUDIO, pattern(r"音频|\baudio|\bsound", IGNORECASE)),
    (Medium.IMAGE, pattern(r"图|\bimage|\bpicture|\burls?\b|地址|链接", IGNORECASE)),
)


@dataclass(frozen=True, slots=True)
class Output:
    """The schema of an output, what is known of it by keyword, and the medium of its files."""

    schema: Json = field(hash=False)
    facts: Mapping[str, Drawn] = field(hash=False)
    source: str
    medium: Medium | None


def output_of(documents: Sequence[Told], inputs: Mapping[str, Input]) -> Output:
    """The output of the model that all the documents are about."""
    for document in documents:
        for shown in _shown(document):
            return _exemplary(document, shown, inputs, documents)
    for document in documents:
        for one in document.creation.answers if document.creation else ():
            if one.path == "output" and one.fact("type"):
                return _described(document, one, inputs, documents)
    reason = "no document says what comes out; most models give the address of a file"
    medium = _medium((), inputs, documents) or Medium.IMAGE
    return Output(dict(_FILE), {}, f"assumed: {reason}", medium)


def _shown(document: Told) -> Iterator[Tree]:
    """The outputs in examples, of whichever operation, that are those of the document's model."""
    for operation in document.page.operations:
        for response in successes(operation):
            output = response.body.at("output")
            if response.body.at("model").text() in {"", document.model}:
                yield from (output,) if output.value not in (None, []) else ()


def _exemplary(
    document: Told, shown: Tree, inputs: Mapping[str, Input], documents: Sequence[Told]
) -> Output:
    """An output like the one that is shown."""
    schema = _form(shown.value)
    drawn = Drawn(schema["type"], (document.origin(shown.place, Ground.SHOWN),))
    addresses = shown.value if isinstance(shown.value, list) else [shown.value]
    medium = None
    if has_files(schema):
        medium = _medium(map(str, addresses), inputs, documents) or Medium.IMAGE
    return Output({"title": "Output", **schema}, {"type": drawn}, drawn.source, medium)


def _form(value: object) -> Json:
    """The schema of such a value; a list has one of its items where all are alike."""
    if isinstance(value, str) and ADDRESS.fullmatch(value):
        return {"type": "string", "format": "uri"}
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        addressed = all(map(ADDRESS.fullmatch, value))
        return {"type": "array", "items": _form(value[0]) if addressed else {"type": "string"}}
    return {"type": TYPE_NAMES[type(value)]}


def _described(
    document: Told, one: Parameter, inputs: Mapping[str, Input], documents: Sequence[Told]
) -> Output:
    """An output as a schema or a table describes it; what is in a text, its words tell."""
    said, format_ = one.fact("type"), _format(document, one)
    types = said.value if said and isinstance(said.value, list) else [said.value if said else ""]
    type_ = next((it for it in types if it != "null"), "string")
    drawn = Drawn(type_, (document.of(said),) if said else ())
    word = next((medium for medium, words in _WORDS if words.search(one.text)), None)
    files = bool(format_ or word or any(map(_OF_FILES.fullmatch, inputs)))
    piece: Json = {"type": "string", "format": "uri"} if files else {"type": "string"}
    schemas: Mapping[object, Json] = {"string": piece, "array": {"type": "array", "items": piece}}
    source, facts = drawn.source, {"type": drawn}
    if format_ and type_ == "string":
        facts["format"] = format_
    elif type_ in schemas and not format_:
        source += f"; that it is {'an address' if files else 'a text'} is assumed"
    schema = {"title": "Output", **schemas.get(type_, {"type": type_})}
    medium = word or _medium((), inputs, documents) or Medium.IMAGE
    return Output(schema, facts, source, medium if files and type_ in schemas else None)


def _format(document: Told, one: Parameter) -> Drawn | None:
    """That it is an address, or a list of such."""
    said = one.fact("format")
    if said and said.value == "uri":
        return Drawn("uri", (document.of(said),))
    answer = document.creation.answer if document.creation else None
    items = answer.at("properties", one.path, "items", "format") if answer else None
    if items and items.value == "uri":
        return Drawn("uri", (document.origin(items.place),))
    return None


def _medium(
    addresses: Iterable[str], inputs: Mapping[str, Input], documents: Sequence[Told]
) -> Medium | None:
    """The medium of the files at these addresses, or of the format that is asked for."""
    endings = [PurePosixPath(parts_of(one).path).suffix.removeprefix(".") for one in addresses]
    found = medium_of(endings)
    for name, one in inputs.items():
        if found is None and name.endswith("format"):
            found = medium_of(_values(one, documents))
    return found


def _values(one: Input, documents: Sequence[Told]) -> Iterator[object]:
    """The values that are told or shown for an input."""
    default, enum = one.said.drawn("default"), one.said.drawn("enum")
    if enum and isinstance(enum.value, list):
        yield from enum.value
    if default:
        yield default.value
    for document in documents:
        yield from (given.at(one.name).value for given in document.inputs())
