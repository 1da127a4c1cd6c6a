"""A report's interactions as an HTTP archive."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

from mockserver.contract.outcome import Outcome
from mockserver.contract.report.har import har
from mockserver.contract.report.report import Case, Report, Said
from mockserver.core.interaction import Interaction, Request


def log(report: Report) -> dict[str, Any]:
    """What is in the archive."""
    found: dict[str, Any] = json.loads(har(report))["log"]
    return found


def test_every_entry_has_what_the_format_demands(report: Report) -> None:
    """Source: HAR 1.2: these members are not optional."""
    seen = log(report)
    assert (seen["version"], seen["creator"]) == (
        "1.2",
        {"name": "mockserver", "version": "0.1.0"},
    )
    pages = {one["id"] for one in seen["pages"]}
    for entry in seen["entries"]:
        assert entry["pageref"] in pages
        assert {"startedDateTime", "time", "request", "response", "cache", "timings"} <= set(entry)
        assert entry["time"] == sum(entry["timings"].values())
        asked = {"method", "url", "httpVersion", "cookies", "headers", "queryString"}
        assert asked | {"headersSize", "bodySize"} <= set(entry["request"])
        answered = {"status", "statusText", "httpVersion", "cookies", "headers", "content"}
        assert answered | {"redirectURL", "headersSize", "bodySize"} <= set(entry["response"])
        assert {"size", "mimeType"} <= set(entry["response"]["content"])


def test_only_cases_in_which_something_was_said_have_a_page(report: Report) -> None:
    """It begins with what was said first."""
    (page,) = log(report)["pages"]
    assert (page["id"], page["startedDateTime"]) == ("lifecycle", "2026-01-01T00:00:00.000000Z")


def test_an_entry_is_the_request_and_its_answer(report: Report) -> None:
    """With what was meant by it as a comment."""
    first, second, *_ = log(report)["entries"]
    assert first["comment"] == "create a prediction"
    assert first["request"]["url"] == "https://gateway.example/v1/models/a/b/predictions"
    assert first["request"]["postData"] == {
        "mimeType": "application/octet-stream",
        "text": '{"input": {}}',
    }
    assert (first["response"]["status"], first["response"]["statusText"]) == (201, "Created")
    assert json.loads(first["response"]["content"]["text"])["status"] == "starting"
    assert second["request"]["queryString"] == [
        {"name": "a", "value": "1"},
        {"name": "b", "value": ""},
    ]


def test_what_is_no_text_is_base64(report: Report) -> None:
    """Of an answer the format says so; of what was posted, a comment."""
    entries = log(report)["entries"]
    content = entries[3]["response"]["content"]
    assert content["encoding"] == "base64"
    assert base64.b64decode(content["text"]).startswith(b"\x89PNG")
    assert entries[4]["request"]["postData"]["comment"] == "base64"


def test_a_request_without_an_answer_says_why(report: Report) -> None:
    """Status 0, as browsers write it."""
    broken = log(report)["entries"][4]
    assert broken["response"]["status"] == 0
    assert broken["_error"].startswith("ReadError: ")


def test_webhooks_and_what_arrived_behind_a_gateway_are_entries(report: Report) -> None:
    """Each with a comment that says what it is."""
    asked = Interaction(Request("GET", "/a"), 299, (("Location", "/b"),), b"", 0)
    said = Said("look", asked, behind=(asked,))
    case = Case("both", "ends", Outcome.PASSED, said=(said,))
    entries = log(replace(report, cases=(*report.cases, case)))["entries"]
    comments = [one["comment"] for one in entries]
    assert comments.count("a webhook that arrived") == 2
    assert comments[-1] == "behind the gateway"
    assert entries[-1]["response"]["redirectURL"] == "/b"
    assert entries[-1]["response"]["statusText"] == ""
