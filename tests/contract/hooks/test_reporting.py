"""The test of a receiver as a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mockserver.contract.hooks.permuting import Permuted
from mockserver.contract.hooks.reporting import MOST_BYTES, report_of
from mockserver.contract.hooks.run import UNSEEN
from mockserver.contract.outcome import Outcome
from mockserver.contract.report.report import Provenance
from tests.contract.hooks.receivers import CASES, SECRET, Constant, trial_of


if TYPE_CHECKING:
    from mockserver.contract.hooks.run import Result
    from mockserver.contract.hooks.story import Story
    from mockserver.contract.report.report import Report

URL: Final = "http://127.0.0.1:8080/hook?token=hunter2hunter2"


def reported(*results: Result, permuted: Permuted | None = None) -> Report:
    """The report of these results."""
    return report_of(
        results,
        permuted,
        url=URL,
        secret=SECRET,
        provenance=Provenance(
            started_ms=1,
            ended_ms=2,
            version="0",
            schema_hash="0",
            command=f"mockserver hooks test {URL} --secret {SECRET}",
        ),
        seed=3,
    )


def results(story: Story, *names: str) -> tuple[Result, ...]:
    """What these cases come to at somebody who takes everything."""
    receiver = Constant(200, url=URL)
    return tuple(trial_of(receiver, story).examined(CASES[name] for name in names))


def test_a_report_tells_what_was_sent_and_answered(story: Story) -> None:
    """Each webhook as a request of its own, to the address of the receiver."""
    (case,) = reported(*results(story, "stale")).cases
    (said,) = case.said
    request = said.interaction.request
    assert (said.meant, said.status) == ("completed hook.old_timestamp;age=301s", 200)
    assert (request.method, request.path, request.header("host")) == (
        "POST",
        "/hook",
        "127.0.0.1:8080",
    )
    assert (case.outcome, [one.code for one in case.findings]) == (Outcome.FOUND, ["H103"])


def test_no_secret_is_in_it_and_a_line_is_whole(story: Story) -> None:
    """Neither ours nor one in the address; a code that was wrong stands as it was."""
    report = reported(*results(story, "wrong-secret", "valid"))
    assert SECRET.removeprefix("whsec_") not in repr(report)
    assert "hunter2" not in repr(report)
    (found,) = report.cases[0].findings
    assert "S=v1," in found.curl
    assert found.seen == "200"


def test_a_huge_body_is_cut_and_a_missing_header_stays_missing(story: Story) -> None:
    """A report is for reading."""
    huge, unsigned = reported(*results(story, "huge", "unsigned")).cases
    assert len(huge.said[0].interaction.request.body) == MOST_BYTES
    assert unsigned.said[0].interaction.request.header("webhook-signature", "none") == "none"


def test_what_was_not_looked_at_is_a_note_and_what_was_not_tried_a_reason(story: Story) -> None:
    """The first was passed as far as it went."""
    duplicate, untried = (report := reported(*results(story, "duplicate", "before-create"))).cases
    assert (duplicate.outcome, duplicate.reason) == (Outcome.PASSED, "")
    assert report.notes == (f"duplicate: {UNSEEN}",)
    assert (untried.outcome, untried.reason) == (
        Outcome.SKIPPED,
        "nobody says how to tell the app of created",
    )


def test_orders_are_a_case_of_their_own() -> None:
    """How many were tried stands in its title."""
    (case,) = reported(permuted=Permuted(9, 120)).cases
    assert (case.name, case.title) == ("orders", "a job is told in 9 of 120 orders")
    assert case.outcome is Outcome.PASSED
