"""A case as a scenario file: TOML that says who is asked about which model, and step by step what.

An input stands there as JSON text, because TOML has neither null nor numbers of any size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from mockserver.contract.fuzzing.steps import (
    Advance,
    Cancel,
    Create,
    Input,
    ListAll,
    Look,
    Mistake,
    Step,
    Steps,
)
from mockserver.library.json_text import JsonError, dumps, loads
from mockserver.library.strict import Table, toml_table
from mockserver.library.toml_text import toml


@dataclass(frozen=True, slots=True)
class Case:
    """Steps about a model, at a provider that is held against the profile `gateway`."""

    gateway: str
    model: str
    steps: Steps


def written(case: Case, title: str) -> str:
    """The file of a case; `title` says what it shows."""
    heads = (f"# {title}", f"gateway = {toml(case.gateway)}", f"model = {toml(case.model)}")
    steps = ("\n".join(("", "[[step]]", *_lines(step))) for step in case.steps)
    return "\n".join((*heads, *steps)) + "\n"


def load_case(path: Path) -> Case:
    """The case in the file at `path`; `LibraryError` if it is not right."""
    table = toml_table(path)
    steps = tuple(_step(step) for step in table.tables("step"))
    case = Case(table.text("gateway"), table.text("model"), steps)
    table.done()
    return case


def _lines(step: Step) -> Iterator[str]:
    yield f"do = {toml(_WORDS[type(step)])}"
    for one in fields(step):
        value = getattr(step, one.name)
        if isinstance(value, Mapping):
            yield f"{one.name} = {toml(dumps(value).decode())}"
        elif value != one.default:
            yield f"{one.name} = {toml(value)}"


def _step(table: Table) -> Step:
    step = _READ[table.one_of("do", tuple(_READ))](table)
    table.done()
    return step


def _input(table: Table) -> Input:
    text = table.text("input")
    try:
        given = loads(text.encode())
    except JsonError:
        given = None
    if not isinstance(given, dict):
        raise table.error("input", "a JSON object as text", text)
    return given


_WORDS: Final[Mapping[type[Step], str]] = {
    Create: "create",
    Mistake: "mistake",
    Look: "look",
    Cancel: "cancel",
    ListAll: "list",
    Advance: "advance",
}
_READ: Final[Mapping[str, Callable[[Table], Step]]] = {
    "create": lambda it: Create(_input(it), it.integer("wait_s", 0), it.text("scenario", "")),
    "mistake": lambda it: Mistake(_input(it), it.text("field")),
    "look": lambda it: Look(it.integer("of")),
    "cancel": lambda it: Cancel(it.integer("of")),
    "list": lambda _: ListAll(),
    "advance": lambda it: Advance(it.integer("ms")),
}
