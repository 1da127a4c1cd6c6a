"""Rules about what a document tells: schemas, tables and prose beside its examples."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from mockserver.contract.documents import rules
from mockserver.contract.documents.remark import Check, Remark, Subject
from mockserver.library.documents.page import Form, Where
from mockserver.library.documents.schema import schema_of
from mockserver.library.documents.tree import Tree
from mockserver.library.json_text import members
from mockserver.library.validate import SchemaBroken, Validator


_TYPES: Final = frozenset({"array", "boolean", "integer", "number", "object", "string"})
_LIFTED: Final = ("default", "enum", "minimum", "maximum")
_LIMIT: Final = "maximum_with_"


def example_obeys(subject: Subject) -> Iterator[Remark]:
    """Each example is executed against the schema as written, and against all that is told."""
    asked = subject.operation
    requests = [one.body for one in subject.requests() if one.body]
    answers = [one.body for one in subject.successes()]
    for bodies, written, told in (
        (requests, asked.body, asked.of(Where.BODY)),
        (answers, asked.answer, iter(asked.answers)),
    ):
        schemas = [members(written.value)] if written else []
        yield from _disobedient(subject, bodies, (*schemas, schema_of(told)))


def _disobedient(
    subject: Subject, bodies: list[Tree], schemas: tuple[object, ...]
) -> Iterator[Remark]:
    validators: list[Validator] = []
    for schema in schemas:
        with suppress(SchemaBroken):  # which is a finding of its own
            validators.append(Validator(members(schema)))
    for body in bodies:
        found: dict[str, Remark] = {}
        for violation in (fault for one in validators for fault in one.violations(body.value)):
            keys = [key for key in violation.field.split(".") if key]
            part = body.at(*keys)
            one = subject.remark(
                rules.EXAMPLE_OBEYS, part.place, expected=violation.description, seen=part.value
            )
            found.setdefault(part.base, one)
        yield from found.values()


def members_described(subject: Subject) -> Iterator[Remark]:
    """A schema that knows less than its own examples lets through whatever lacks the rest."""
    answers = subject.operation.answers
    described = {one.path for one in answers if "." not in one.path}
    shown = {name: None for one in subject.successes() for name in members(one.body.value)}
    missing = [name for name in shown if name not in described]
    if described and missing:
        written = subject.operation.answer
        place = written.place if written else answers[0].place
        yield subject.remark(
            rules.MEMBERS_DESCRIBED, place, expected=list(shown), seen=sorted(described)
        )


def empty_refused(subject: Subject) -> Iterator[Remark]:
    """Where every member is called optional, `{}` is a right answer."""
    answers = [one for one in subject.operation.answers if "." not in one.path]
    if answers and all(one.said("required") is False for one in answers):
        yield subject.remark(
            rules.EMPTY_REFUSED,
            answers[0].place,
            expected="at least one member that is required",
            seen=[f"{one.name}: optional" for one in answers],
        )


def outer_required(subject: Subject) -> Iterator[Remark]:
    """A member that must be there, inside of one that may be left out, may be left out."""
    known = {one.path: one for one in subject.operation.of(Where.BODY)}
    for path, one in known.items():
        if not path or "[]" in path or one.said("required") is not True:
            continue
        steps = path.split(".")
        around = ["", *(".".join(steps[:end]) for end in range(1, len(steps)))]
        loose = [
            known[outer]
            for outer in around
            if outer in known and known[outer].said("required") is False
        ]
        if loose:
            yield subject.remark(
                rules.OUTER_REQUIRED,
                loose[0].place,
                expected=f"required, as {path} is",
                seen=[f"{outer.path or 'the body'}: optional" for outer in loose],
            )
            return


def token_required(subject: Subject) -> Iterator[Remark]:
    """The header Authorization is optional in one place and needed in another."""
    needed = subject.operation.security
    for one in subject.operation.of(Where.HEADER):
        said = one.fact("required")
        if needed and one.name.lower() == "authorization" and said and said.value is False:
            yield subject.remark(
                rules.TOKEN_REQUIRED,
                said.place,
                expected=f"required, as line {needed[0].place.line} says: {needed[0].value}",
                seen="optional",
            )


def prose_in_schema(subject: Subject) -> Iterator[Remark]:
    """What stands in a description only is read by no program."""
    if subject.page.form is not Form.OPENAPI:
        return
    for one in subject.operation.of(Where.BODY):
        prose = [fact for fact in one.facts if fact.prose and fact.name in _LIFTED]
        written = {fact.name for fact in one.facts if not fact.prose}
        missing = {fact.name: fact.value for fact in prose if fact.name not in written}
        if missing:
            yield subject.remark(
                rules.PROSE_IN_SCHEMA, prose[0].place, expected=missing, seen="prose alone"
            )


def limit_unconditional(subject: Subject) -> Iterator[Remark]:
    """A range, and beside it a lower limit that holds once another input is given."""
    for one in subject.operation.of(Where.BODY):
        for fact in one.facts:
            most = one.said("maximum")
            if fact.name.startswith(_LIMIT) and fact.value != most:
                given = fact.name.removeprefix(_LIMIT)
                yield subject.remark(
                    rules.LIMIT_UNCONDITIONAL,
                    fact.place,
                    expected=f"maximum {most}",
                    seen=f"maximum {fact.value} with {given}",
                )


def default_format_shown(subject: Subject) -> Iterator[Remark]:
    """Who copies the example gets files that end otherwise than those of who leaves it out."""
    request = next(subject.requests(), None)
    for one in subject.operation.of(Where.BODY):
        default = one.said("default")
        if request and request.body and default is not None and one.name.endswith("format"):
            shown = request.body.at(*one.path.split("."))
            if shown.value is not None and shown.value != default:
                yield subject.remark(
                    rules.DEFAULT_FORMAT_SHOWN, shown.place, expected=default, seen=shown.value
                )


def parameters_described(subject: Subject) -> Iterator[Remark]:
    """An example alone does not tell what is required, of which type, and within which limits."""
    told = [one for one in subject.operation.of(Where.BODY) if one.path]
    request = next(subject.requests(), None)
    if request and request.body and not told:
        yield subject.remark(
            rules.PARAMETERS_DESCRIBED,
            request.place,
            expected="type, required, default, values or limits of each parameter",
            seen="an example only",
        )


def member_shown(subject: Subject) -> Iterator[Remark]:
    """A member that no example has is one that nobody captured."""
    shown = [members(one.body.value) for one in subject.operation.responses]
    for one in subject.operation.answers if shown else ():
        if "." not in one.path and not any(one.path in body for body in shown):
            yield subject.remark(
                rules.MEMBER_SHOWN,
                one.place,
                expected=f"an example with {one.path} ({one.said('type') or 'of no type'})",
                seen=sorted({name for body in shown for name in body}),
            )


def schema_valid(subject: Subject) -> Iterator[Remark]:
    """Types that the version does not have, and what no validator takes."""
    for written in (subject.operation.body, subject.operation.answer):
        if written is None:
            continue
        wrong = list(_foreign_types(written, subject.page.version))
        for part in wrong:
            yield subject.remark(
                rules.SCHEMA_VALID,
                part.at("type").place,
                expected=f"a type of OpenAPI {subject.page.version}",
                seen=part.at("type").value,
            )
        if not wrong:
            yield from _unusable(subject, written)


def _foreign_types(schema: Tree, version: str) -> Iterator[Tree]:
    if not isinstance(schema.value, dict):
        return
    known = _TYPES if version.startswith("3.0") else _TYPES | {"null"}
    said = schema.at("type").value
    lists = not version.startswith("3.0") or schema.has("nullable")
    named = said if isinstance(said, list) and lists else [said]
    extra = {"null"} if schema.has("nullable") else set()
    if schema.has("type") and not all(
        isinstance(one, str) and one in known | extra for one in named
    ):
        yield schema
    for _, part in schema.at("properties").members():
        yield from _foreign_types(part, version)
    for word in ("items", "additionalProperties"):
        yield from _foreign_types(schema.at(word), version)
    for word in ("allOf", "anyOf", "oneOf"):
        for part in schema.at(word).items():
            yield from _foreign_types(part, version)


def _unusable(subject: Subject, written: Tree) -> Iterator[Remark]:
    try:
        Validator(members(written.value))
    except SchemaBroken as error:
        yield subject.remark(
            rules.SCHEMA_VALID, written.place, expected="a JSON Schema", seen=str(error)[:200]
        )


CHECKS: Final[tuple[Check, ...]] = (
    example_obeys,
    members_described,
    empty_refused,
    outer_required,
    token_required,
    prose_in_schema,
    limit_unconditional,
    default_format_shown,
    parameters_described,
    member_shown,
    schema_valid,
)
