"""A scenario: the script of a prediction's life, and its plan for one model."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Final

from mockserver.core.fault import Fault, Operation, Phase
from mockserver.core.timeline import NEXT, TERMINAL, Beat, Plan, Status, Step
from mockserver.library.errors import LibraryError
from mockserver.library.faults.catalogue import phases, said
from mockserver.library.model_files import log_lines
from mockserver.library.models import LogLine, Model
from mockserver.library.strict import Table, toml_table


class Lasts(StrEnum):
    """How long a step lasts, said by the model or by nobody."""

    BOOT = "boot"
    RUN = "run"
    FOREVER = "forever"


MODEL_LOGS: Final = "model"
"""The word for the model's own log lines."""

RUNNING: Final = Status.PROCESSING

FIRST_PIECE: Final = 0.1
LAST_PIECE: Final = 0.95
"""Which part of a run has passed when an output begins, and when it is nearly whole."""

MOST_BEATS: Final = 16
"""In how many steps an output grows, however many pieces it has."""

NSFW: Final = "nsfw"
"""The word for the model's own refusal of an unsafe result."""


@dataclass(frozen=True, slots=True)
class ScenarioStep:
    """One status: how long it lasts (ms, or a word), what it prints, why it fails.

    `lasts` is None for a final status; `logs` None stands for the model's own lines, and
    `error_from` names a text of the model.
    """

    status: Status
    lasts: int | Lasts | None
    logs: tuple[LogLine, ...] | None = ()
    error: str | None = None
    error_from: str | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named script of one or more steps, and the faults that go with whoever lives it."""

    name: str
    summary: str
    steps: tuple[ScenarioStep, ...]
    faults: tuple[Fault, ...] = ()


def load_scenario(path: Path) -> Scenario:
    """The scenario described by the TOML file at `path`; `LibraryError` if it is not right."""
    table = toml_table(path)
    steps = tuple(_step(step) for step in table.tables("step"))
    _check_order(table, steps)
    faults = tuple(_fault(fault) for fault in table.tables("fault", ()))
    scenario = Scenario(path.stem, table.text("summary"), steps, faults)
    table.done()
    return scenario


def plan(scenario: Scenario, model: Model, outputs: int) -> Plan:
    """What `scenario` means for a prediction of `model` with so many `outputs`.

    Log texts keep their {seed}: plans are shared by predictions whose seeds differ.
    """
    last = scenario.steps[-1]
    return Plan(
        steps=tuple(_planned(step, model, outputs) for step in scenario.steps),
        outputs=outputs,
        error=model.nsfw_error if last.error_from == NSFW else last.error,
    )


def _step(table: Table) -> ScenarioStep:
    status = Status(table.one_of("status", tuple(Status)))
    step = ScenarioStep(
        status=status,
        lasts=None if status in TERMINAL else _lasts(table),
        logs=() if status in TERMINAL else _logs(table),
        **(_reason(table) if status is Status.FAILED else {}),
    )
    table.done()
    return step


def _fault(table: Table) -> Fault:
    """A fault of the file: `kind`, and what else is said of it, as anywhere."""
    values = {key: table.value(key) for key in table if key != "kind"}
    try:
        fault = said(table.text("kind"), values)
    except LibraryError as reason:
        raise LibraryError(f"{table.file}: {table.at}: {reason}") from None
    if Operation.CREATE in fault.on and all(one is Phase.BEFORE for one in phases(fault)):
        # The file is chosen by what was created.
        raise table.error("phase", "after: what creates has taken effect", Phase.BEFORE)
    table.done()
    return fault


def _lasts(table: Table) -> int | Lasts:
    match table.value("lasts"):
        case bool() as seen:
            raise table.error("lasts", _LASTS_EXPECTED, seen)
        case int(lasts_ms) if lasts_ms >= 0:
            return lasts_ms
        case "boot" | "run" | "forever" as word:
            return Lasts(word)
        case seen:
            raise table.error("lasts", _LASTS_EXPECTED, seen)


_LASTS_EXPECTED: Final = f"0 or more milliseconds, or one of {', '.join(Lasts)}"


def _logs(table: Table) -> tuple[LogLine, ...] | None:
    if not table.has("logs"):
        return ()
    return None if table.value("logs") == MODEL_LOGS else log_lines(table, "logs")


def _reason(table: Table) -> dict[str, str]:
    if table.has("error_from"):
        return {"error_from": table.one_of("error_from", (NSFW,))}
    return {"error": table.text("error")}


def _check_order(table: Table, steps: tuple[ScenarioStep, ...]) -> None:
    """Refuse what the transition table does not allow."""
    if not steps or steps[0].status is not Status.STARTING:
        raise table.error("step[0].status", Status.STARTING, steps[0].status if steps else None)
    for index, (before, after) in enumerate(pairwise(steps), start=1):
        if after.status not in NEXT[before.status] or before.lasts is Lasts.FOREVER:
            legal = sorted(NEXT[before.status]) if before.lasts is not Lasts.FOREVER else []
            expected = f"one of {', '.join(legal)}" if legal else "no further step"
            raise table.error(f"step[{index}].status", expected, str(after.status))
    if steps[-1].lasts not in (None, Lasts.FOREVER):
        expected = f"{Lasts.FOREVER}, or a final status after it"
        raise table.error(f"step[{len(steps) - 1}].lasts", expected, str(steps[-1].lasts))


def _planned(step: ScenarioStep, model: Model, outputs: int) -> Step:
    lasts_ms = _lasts_ms(step.lasts, model)
    # What lasts for ever prints its lines in the time that a run would have taken.
    span_ms = model.timing.run_ms if lasts_ms is None else lasts_ms
    lines = model.log if step.logs is None else step.logs
    printed = [
        Beat(round(line.at * span_ms), line.text.replace("{outputs}", str(outputs)))
        for line in lines
    ]
    grown = _growing(span_ms, outputs) if model.grows and step.status is RUNNING else []
    beats = sorted((*printed, *grown), key=lambda beat: beat.after_ms)
    return Step(step.status, lasts_ms, tuple(beats))


def _growing(span_ms: int, outputs: int) -> list[Beat]:
    """When pieces of the output are told; the last of them comes with success.

    They come a few at a time: who polls sees the output grow in a bearable number of looks.
    """
    before_last = outputs - 1
    steps = min(MOST_BEATS, before_last)
    return [
        Beat(
            round((FIRST_PIECE + (LAST_PIECE - FIRST_PIECE) * (place - 1) / steps) * span_ms),
            outputs=before_last * place // steps,
        )
        for place in range(1, steps + 1)
    ]


def _lasts_ms(lasts: int | Lasts | None, model: Model) -> int | None:
    match lasts:
        case Lasts.BOOT:
            return model.timing.boot_ms
        case Lasts.RUN:
            return model.timing.run_ms
        case Lasts.FOREVER | None:
            return None
        case lasts_ms:
            return lasts_ms
