"""A report for programs: one JSON object in each line, the report itself first."""

from __future__ import annotations

from collections.abc import Iterator

from mockserver.contract.finding import Finding
from mockserver.contract.report.report import Case, Report
from mockserver.contract.report.words import FORMAT, json_text, shown
from mockserver.library.json_text import dumps


def ndjson(report: Report) -> str:
    """The report as NDJSON. Whoever reads it skips the types and members it does not know."""
    return "".join(json_text(one) for one in _objects(report))


def finding_object(one: Finding) -> dict[str, object]:
    """A finding as JSON."""
    return {
        "code": one.code,
        "severity": str(one.severity),
        "title": one.title,
        "at": one.at,
        "expected": _value(one.expected),
        "seen": _value(one.seen),
        "source": one.source,
        "prediction_id": one.prediction_id,
        "curl": one.curl,
    }


def _objects(report: Report) -> Iterator[dict[str, object]]:
    yield {
        "type": "report",
        "format": FORMAT,
        "kind": report.kind,
        **{name.replace("-", "_"): value for name, value in report.facts()},
        "seed": report.seed,
        "predictions": list(report.created),
        "started_ms": report.provenance.started_ms,
        "ended_ms": report.provenance.ended_ms,
        "exit_code": report.exit_code,
        "notes": list(report.notes),
    }
    for table in report.tables:
        for row in table.rows:
            cells = dict(zip(table.heads, row, strict=True))
            yield {"type": "row", "table": table.title, "cells": cells}
    for case in report.cases:
        yield from _case(case)


def _case(case: Case) -> Iterator[dict[str, object]]:
    yield {
        "type": "case",
        "name": case.name,
        "title": case.title,
        "outcome": str(case.outcome),
        "reason": case.reason,
        "findings": len(case.findings),
        "interactions": len(case.said),
        "took_ms": case.took_ms,
    }
    for one in case.findings:
        yield {"type": "finding", "case": case.name, **finding_object(one)}
    for excused in case.excused:
        told = finding_object(excused.finding)
        yield {
            "type": "excused",
            "case": case.name,
            "by": excused.by,
            "why": excused.why,
            **told,
        }


def _value(value: object) -> object:
    """A value as it is if JSON has it, else as text."""
    try:
        dumps(value)
    except (TypeError, ValueError):
        return shown(value)
    return value
