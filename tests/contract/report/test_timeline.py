"""The lives of predictions as pictures."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Final
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract.report.report import Case, Report, Said
from mockserver.contract.report.timeline import WIDTH, Life, Told, lives, svg
from mockserver.core.timeline import Status


_CONTRAST: Final = 4.5
"""Source: WCAG 2.2, 1.4.3."""

moments = st.builds(
    Told,
    at_ms=st.integers(0, 10**9),
    status=st.sampled_from([*Status, "queued", "<b>", "\ud800"]),
    by_webhook=st.booleans(),
)
drawn = st.lists(moments, min_size=1, max_size=20).map(
    lambda told: Life("abc", tuple(sorted(told, key=lambda one: one.at_ms)))
)


def picture(life: Life) -> Element:
    """What is drawn of a life."""
    return fromstring(svg(life))  # noqa: S314 - we wrote it


def case_of(report: Report) -> Case:
    """The case in which a prediction lives."""
    return report.cases[0]


def test_a_life_is_what_looks_and_webhooks_told_in_the_order_of_time(report: Report) -> None:
    """A status that was told again is one span."""
    (life,) = lives(case_of(report))
    assert life.prediction_id == "abc"
    assert [(one.status, one.by_webhook) for one in life.told] == [
        ("starting", False),
        ("processing", False),
        ("succeeded", True),
        ("succeeded", False),
    ]
    assert [one.status for one in life.spans] == ["starting", "processing", "succeeded"]


def test_what_was_spoken_in_other_terms_is_drawn_in_upstreams(report: Report) -> None:
    """A gateway may call a status otherwise."""
    first = case_of(report).said[0]
    body = json.dumps({"id": "abc", "status": "CREATED"}).encode()
    spoken = replace(first.interaction, response_body=body)
    said = Said(first.meant, spoken, read=first.interaction)
    (life,) = lives(replace(case_of(report), said=(said,), hooks=()))
    assert [one.status for one in life.told] == ["starting"]


@given(drawn)
def test_every_picture_is_well_formed_and_stays_within_itself(life: Life) -> None:
    """Whatever the times and statuses are; bars follow each other and reach the edge."""
    seen = picture(life)
    bars = [(float(one.get("x", "")), float(one.get("width", ""))) for one in seen.iter("rect")]
    assert len(bars) == len(life.spans)
    assert all(x >= 0 and width > 0 for x, width in bars)
    assert [x for x, _ in bars] == sorted(x for x, _ in bars)
    assert len([*seen.iter("line"), *seen.iter("path")]) == len(life.told)
    if len(life.spans) < WIDTH // 100:
        assert all(x + width <= WIDTH for x, width in bars)


def test_a_picture_says_what_it_shows(report: Report) -> None:
    """To who cannot see it: the whole, and each of its parts."""
    (life,) = lives(case_of(report))
    seen = picture(life)
    assert seen.get("role") == "img"
    title = seen.find("title")
    assert title is not None
    assert title.text == "abc: starting → processing → succeeded"
    assert [one.findtext("title") for one in seen.iter("path")] == ["1.9 s: succeeded"]


@pytest.mark.parametrize("status", [*Status, "strange"])
def test_white_letters_can_be_read_on_every_status(
    status: str, contrast: Callable[[str, str], float]
) -> None:
    """Also on one that nobody knows."""
    (bar,) = picture(Life("abc", (Told(0, status),))).iter("rect")
    assert contrast("#ffffff", bar.get("fill", "")) >= _CONTRAST
