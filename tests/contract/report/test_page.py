"""A report as one HTML file: nothing is fetched, nothing that was said acts, all can be read."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from itertools import product
from typing import Final

import pytest

from mockserver.contract.outcome import Outcome
from mockserver.contract.report import evidence_page, page_style
from mockserver.contract.report.page import MOST_FINDINGS, page
from mockserver.contract.report.report import Case, Report, Said
from mockserver.core.interaction import Interaction, Request


_VOID: Final = {"meta", "link", "img", "br", "hr", "input"}
_CONTRAST: Final = 4.5
"""Source: WCAG 2.2, 1.4.3."""


class Seen(HTMLParser):
    """Every element of a page, and what is open where it ends."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins, and is open unless it has no end."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """The element that was opened last ends."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Text between elements."""
        self.text.append(data)

    def named(self, tag: str) -> list[dict[str, str]]:
        """The attributes of each element called so."""
        return [about for name, about in self.elements if name == tag]


def test_every_element_is_closed(report: Report) -> None:
    """In the order in which they were opened, whatever was said."""
    assert Seen(page(report)).open == []


def test_nothing_is_fetched_and_nothing_runs(report: Report) -> None:
    """No address leads out of the page, no element brings a program, no attribute is one."""
    seen = Seen(page(report))
    tags = {tag for tag, _ in seen.elements}
    assert tags & {"script", "img", "iframe", "link", "object", "form"} == set()
    names = {name for _, about in seen.elements for name in about}
    assert [name for name in names if name.startswith("on") or name in ("src", "style")] == []
    assert [one["href"] for one in seen.named("a") if not one["href"].startswith("#")] == []
    assert "url(" not in page_style.STYLE


def test_its_policy_allows_its_own_style_and_nothing_else(report: Report) -> None:
    """By the hash of the style as it stands there."""
    text = page(report)
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style
    digest = b64encode(sha256(style[1].encode()).digest()).decode()
    policy = [one["content"] for one in Seen(text).named("meta") if "http-equiv" in one]
    assert policy == [
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    ]


def test_links_lead_to_what_is_there(report: Report) -> None:
    """Each case has its evidence; no id is there twice."""
    seen = Seen(page(report))
    ids = [about["id"] for _, about in seen.elements if "id" in about]
    assert len(ids) == len(set(ids))
    assert {one["href"][1:] for one in seen.named("a")} <= set(ids)


def test_who_hears_the_page_knows_where_they_are(report: Report) -> None:
    """A language, one first heading and none left out, heads and a name for each table."""
    seen = Seen(page(report))
    assert seen.named("html")[0]["lang"] == "en"
    levels = [int(tag[1]) for tag, _ in seen.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(one["scope"] in ("col", "row") for one in seen.named("th"))
    assert len(seen.named("caption")) == len(seen.named("table"))
    assert all(one["role"] == "img" for one in seen.named("svg"))


def test_the_verdict_is_the_heading(report: Report, nothing: Report) -> None:
    """In words, not by a colour alone."""
    passed = replace(nothing, cases=(Case("a", "b", Outcome.PASSED),))
    heads = [re.findall(r"<h1>(.*)</h1>", page(one)) for one in (report, nothing, passed)]
    assert heads == [["3 findings"], ["Nothing was tested"], ["Nothing found"]]


def test_a_finding_says_why_it_matters_and_what_to_do(report: Report) -> None:
    """As `mockserver explain` does; as text, whatever it holds."""
    text = page(report)
    assert "Clients &lt;stop&gt; to look." in text
    assert "<b>What to do:</b> Write it once." in text


def test_each_exchange_can_be_opened(report: Report) -> None:
    """Its headers and bodies; of what is no text only how much it is."""
    text = page(report)
    assert "(10 bytes that are no text)" in text
    assert "{&quot;id&quot;: &quot;abc&quot;, &quot;status&quot;: &quot;starting&quot;}" in text
    assert "set-cookie: " in text


def test_cases_that_found_something_are_open(report: Report) -> None:
    """The others can be opened."""
    cases = [one for one in Seen(page(report)).named("details") if one["class"] == "case"]
    assert [place for place, one in enumerate(cases) if "open" in one] == [0, 1, 2]


@pytest.mark.parametrize(
    ("status", "error", "look"),
    [(201, "", "passed"), (404, "", "refused"), (502, "", "found"), (0, "ReadError: x", "found")],
)
def test_a_refusal_looks_otherwise_than_a_failure(
    nothing: Report, status: int, error: str, look: str
) -> None:
    """Many refusals are what was asked for."""
    said = Said("look", Interaction(Request("GET", "/a"), status, (), b"", 0), error=error)
    text = page(replace(nothing, cases=(Case("a", "b", Outcome.PASSED, said=(said,)),)))
    assert f'<span class="chip {look}">{error or status}</span>' in text


def test_very_much_is_cut(nothing: Report, many: Callable[[int, str], Report]) -> None:
    """A page has to open; how much is left out is told."""
    assert f"and {7} more" in page(many(MOST_FINDINGS + 7, "x"))
    body = b"x" * 100_000
    answers = [
        Interaction(Request("GET", f"/predictions/{n}"), 200, (), body, 0)
        for n in range(evidence_page.MOST_EXCHANGES + 7)
    ]
    json_type = (("content-type", "application/json"),)
    short = [
        replace(one, response_headers=json_type, response_body=b'{"id": "%d", "status": "x"}' % n)
        for n, one in enumerate(answers)
    ]
    for every, left in ((answers, "and 7 more exchanges"), (short, "more predictions")):
        case = Case("a", "b", Outcome.PASSED, said=tuple(Said("look", one) for one in every))
        text = page(replace(nothing, cases=(case,)))
        assert left in text
        assert len(text) < 2_000_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_can_be_read(scheme: str, contrast: Callable[[str, str], float]) -> None:
    """In both schemes each colour of letters has contrast to what it stands on."""
    light, dark = page_style.STYLE.split("@media (prefers-color-scheme: dark)", 1)
    found = re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light if scheme == "light" else dark)
    colour = dict(found)
    pairs = [
        *product(("ink", "soft", "link"), ("ground", "sheet", "box")),
        *((kind, f"{kind}-box") for kind in ("good", "bad", "warn")),
        *((kind, "ground") for kind in ("good", "bad", "warn")),
        ("soft", "calm-box"),
    ]
    seen = {(one, on): contrast(colour[one], colour[on]) for one, on in pairs}
    assert {pair: ratio for pair, ratio in seen.items() if ratio < _CONTRAST} == {}
