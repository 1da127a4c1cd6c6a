"""A scenario as the text of its file: what `load_scenario` reads."""

from __future__ import annotations

from collections.abc import Iterator

from mockserver.core.fault import Fault
from mockserver.library.models import LogLine
from mockserver.library.scenarios import MODEL_LOGS, Scenario, ScenarioStep
from mockserver.library.toml_text import toml


def scenario_text(scenario: Scenario, comment: str = "") -> str:
    """The file of `scenario`, with a comment before it."""
    head = "".join(f"# {line}\n" for line in comment.splitlines())
    tables = (*map(_step, scenario.steps), *map(_fault, scenario.faults))
    return "\n".join((f"{head}summary = {toml(scenario.summary)}\n", *tables))


def _step(step: ScenarioStep) -> str:
    return _table("step", _told(step))


def _told(step: ScenarioStep) -> Iterator[tuple[str, str]]:
    yield "status", toml(step.status)
    if step.lasts is not None:
        yield "lasts", toml(step.lasts)
    if step.logs is None:
        yield "logs", toml(MODEL_LOGS)
    elif step.logs:
        yield "logs", f"[{', '.join(map(_line, step.logs))}]"
    if step.error_from is not None:
        yield "error_from", toml(step.error_from)
    if step.error is not None:
        yield "error", toml(step.error)


def _line(line: LogLine) -> str:
    return f"{{ at = {float(line.at)}, text = {toml(line.text)} }}"


def _fault(fault: Fault) -> str:
    """A fault's own text is its name and pairs, which become the members of a table."""
    name, *pairs = str(fault).split(";")
    told = [pair.partition("=") for pair in pairs]
    return _table("fault", (("kind", toml(name)), *((key, toml(it)) for key, _, it in told)))


def _table(name: str, members: Iterator[tuple[str, str]] | tuple[tuple[str, str], ...]) -> str:
    return "\n".join((f"[[{name}]]", *(f"{key} = {value}" for key, value in members), ""))
