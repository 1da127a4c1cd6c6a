"""A report as lines of JSON, for programs."""

from __future__ import annotations

import json
from typing import Any

from mockserver.contract.report.ndjson import ndjson
from mockserver.contract.report.report import Report


def lines(report: Report) -> list[dict[str, Any]]:
    """Every line, read."""
    return [json.loads(line) for line in ndjson(report).split("\n")[:-1]]


def test_the_report_comes_first_with_all_that_repeats_it(report: Report) -> None:
    """And with the version of the format, for whoever reads it later."""
    first = lines(report)[0]
    assert (first["type"], first["format"], first["kind"]) == (
        "report",
        "mockserver report 1",
        "check",
    )
    assert (first["seed"], first["profile"], first["clock"]) == (7, "winfull", "manual")
    assert (first["exit_code"], first["predictions"]) == (1, ["abc"])
    assert first["command"].startswith("mockserver check")


def test_findings_follow_their_case(report: Report) -> None:
    """Each names it; what is excused says by whom and why."""
    told = [(one["type"], one.get("case", one.get("name"))) for one in lines(report)]
    assert told[:6] == [
        ("report", None),
        ("row", None),
        ("case", "lifecycle"),
        ("finding", "lifecycle"),
        ("finding", "lifecycle"),
        ("excused", "lifecycle"),
    ]
    excused = lines(report)[5]
    assert (excused["by"], excused["why"], excused["code"]) == ("the profile", "quirk-a", "D211")


def test_values_stay_what_they_are_if_json_has_them(report: Report) -> None:
    """A list is a list; what JSON does not have is text."""
    found = {one["code"]: one for one in lines(report) if one["type"] == "finding"}
    assert found["S107"]["expected"] == ["a", "b"]
    assert found["D211"]["seen"] == "[1]"


def test_a_table_is_told_row_by_row(report: Report) -> None:
    """Each cell by its head."""
    (row,) = [one for one in lines(report) if one["type"] == "row"]
    assert row == {
        "type": "row",
        "table": "What it can do",
        "cells": {"feature": "get", "seen": "works"},
    }
