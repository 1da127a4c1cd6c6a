"""A report as JUnit XML, as build servers read it."""

from __future__ import annotations

from dataclasses import replace
from xml.etree.ElementTree import Element, fromstring

from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract.report.junit import junit, legal
from mockserver.contract.report.report import Report


def suite(report: Report) -> Element:
    """The one test suite of a report."""
    (found,) = fromstring(junit(report)).iter("testsuite")  # noqa: S314 - we wrote it
    return found


def test_each_case_is_a_test_case(report: Report) -> None:
    """Failed, skipped or passed; the counts say the same."""
    seen = suite(report)
    cases = {
        one.get("name", "").partition(":")[0]: [it.tag for it in one]
        for one in seen.iter("testcase")
    }
    assert cases == {
        "lifecycle": ["failure", "system-out"],
        "cancel": ["failure"],
        "documents": ["failure"],
        "mistakes": [],
        "stream": ["skipped"],
        "sync": ["skipped"],
        "webhook": ["skipped"],
    }
    counts = {name: seen.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "7", "failures": "3", "errors": "0", "skipped": "3"}
    assert seen.get("time") == "2.500"
    assert seen.get("timestamp") == "2026-01-01T00:00:00Z"


def test_the_properties_say_how_to_repeat_it(report: Report) -> None:
    """Seed, profile, clock, schemas, command."""
    told = {one.get("name"): one.get("value") for one in suite(report).iter("property")}
    assert told == {
        "target": "https://gateway.example/v1",
        "profile": "winfull",
        "version": "0.1.0",
        "schema-hash": "0123456789ab",
        "seed": "7",
        "clock": "manual",
        "predictions": "1",
        "usd": "0.003",
        "command": "mockserver check https://gateway.example/v1 --gateway winfull",
    }


def test_a_failure_tells_every_finding_of_its_case(report: Report) -> None:
    """Its type is the code of the first, and its message says how many more there are."""
    failure = next(suite(report).iter("failure"))
    assert failure.get("type") == "L103"
    assert failure.get("message") == "L103 What has ended stays as it ended (and 1 more)"
    assert "S107 (should) The keys are <sorted>" in (failure.text or "")


def test_a_case_that_was_not_asked_says_why(report: Report) -> None:
    """In the message, which build servers show."""
    told = [one.get("message", "") for one in suite(report).iter("skipped")]
    assert told[0] == "unsupported: Winfull has no stream"


def test_without_a_profile_the_target_names_the_suite(report: Report) -> None:
    """A document is held against itself."""
    seen = suite(replace(report, profile=""))
    assert seen.get("name") == "https://gateway.example/v1"
    assert {one.get("classname") for one in seen.iter("testcase")} == {"mockserver.check"}


@given(st.text(st.characters()))
def test_any_text_is_legal_in_xml(text: str) -> None:
    """What XML cannot hold is replaced, and only that."""
    told = f"<a>{legal(text).replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}</a>"
    seen = fromstring(told).text or ""  # noqa: S314 - we wrote it
    assert seen == legal(text).replace("\r\n", "\n").replace("\r", "\n")
