"""Rules that compare a document with what is known of the models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from mockserver.contract.documents import rules
from mockserver.contract.documents.remark import Check, Remark, Subject, properties
from mockserver.contract.finding import Rule
from mockserver.library.documents.page import Fact, Where
from mockserver.library.documents.tree import Tree
from mockserver.library.json_text import members
from mockserver.library.models import Model


_INPUT: Final = "input."


def input_of_model(subject: Subject) -> Iterator[Remark]:
    """Of a response, the model is the one that it names."""
    shown: list[tuple[Tree, str]] = [
        (one.body.at("input"), subject.model_name) for one in subject.requests() if one.body
    ]
    for response in subject.operation.responses:
        named = response.body.at("model").text() or subject.model_name
        shown.append((response.body.at("input"), named))
    for given, name in shown:
        model = subject.catalogue.model(name)
        strange = [key for key, _ in given.members() if model and key not in _inputs(model)]
        if strange and model:
            yield subject.remark(
                rules.INPUT_OF_MODEL,
                given.place,
                expected=f"inputs of {name}: {', '.join(_inputs(model))}",
                seen=strange,
            )


def type_of_model(subject: Subject) -> Iterator[Remark]:
    """An integer where the model takes any number makes clients refuse what is right."""
    model = subject.model
    for one in subject.operation.of(Where.BODY) if model else ():
        said = one.fact("type")
        known = _types(_inputs(model).get(one.name)) if model else set()
        if said and known and one.path == f"{_INPUT}{one.name}":
            yield from _unlike(subject, rules.TYPE_OF_MODEL, said, known)


def inputs_complete(subject: Subject) -> Iterator[Remark]:
    """What upstream takes and the document does not tell."""
    told = [one for one in subject.operation.of(Where.BODY) if one.path.startswith(_INPUT)]
    names = {one.name for one in told}
    missing = [name for name in _inputs(subject.model) if name not in names]
    if told and missing:
        outer = [one for one in subject.operation.of(Where.BODY) if one.path == _INPUT[:-1]]
        place = (outer or told)[0].place
        yield subject.remark(rules.INPUTS_COMPLETE, place, expected=missing, seen=sorted(names))


def output_of_model(subject: Subject) -> Iterator[Remark]:
    """A list where a text was told, or a text where a list was."""
    known = _types(subject.model.output_schema) if subject.model else set()
    for one in subject.operation.answers:
        said = one.fact("type")
        if one.path == "output" and said and known:
            yield from _unlike(subject, rules.OUTPUT_OF_MODEL, said, known)


def _unlike(subject: Subject, rule: Rule, said: Fact, known: set[str]) -> Iterator[Remark]:
    if not known & _types({"type": said.value}):
        yield subject.remark(rule, said.place, expected=sorted(known), seen=said.value)


def _inputs(model: Model | None) -> Mapping[str, object]:
    return properties(model.input_schema) if model else {}


def _types(schema: object) -> set[str]:
    """The types that a schema names; null is never meant."""
    said = members(schema).get("type")
    named = said if isinstance(said, list) else [said]
    return {one for one in named if isinstance(one, str) and one != "null"}


CHECKS: Final[tuple[Check, ...]] = (
    input_of_model,
    type_of_model,
    inputs_complete,
    output_of_model,
)
