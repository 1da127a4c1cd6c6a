"""The optional tables of a profile: paths, request bodies, pages, and what wraps an answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from mockserver.library.catalogue import Catalogue
from mockserver.library.errors import LibraryError
from mockserver.library.gateways import Gateway
from mockserver.library.manners import (
    Paging,
    arguments,
    load_paging,
    load_paths,
    load_request,
    load_wrapping,
)
from mockserver.library.strict import Table
from mockserver.library.validate import Validator


SURE: Final[dict[str, Any]] = {"documented": True, "source": "a test"}
PAGED: Final[dict[str, Any]] = {
    **SURE,
    "by": "page",
    "at": "page",
    "size": "size",
    "default": 10,
    "most": 50,
    "members": {"items": "results"},
    "filters": ["status"],
}


def table(**keys: Any) -> Table:
    """A table of a profile."""
    return Table(keys, Path("profile.toml"), "it")


def paging(**keys: Any) -> Paging:
    """A paging by pages of ten, but for these keys."""
    return load_paging(table(**{**PAGED, **keys}))


@pytest.mark.parametrize(
    ("template", "path", "found"),
    [
        ("/a/{b}", "/a/x", {"b": "x"}),
        ("/a/{b}", "/a/", None),
        ("/a/{b}", "/a/x/y", None),
        ("/a/{b}/c", "/a/x/d", None),
        ("/a", "/a", {}),
    ],
)
def test_a_template_finds_its_arguments(
    template: str, path: str, found: dict[str, str] | None
) -> None:
    """Segment by segment; a name stands for one that is not empty."""
    assert arguments(template, path) == found


def test_what_spells_out_more_comes_first() -> None:
    """So that /predictions/{id} is not taken for /{owner}/{name}."""
    tables = [table(asked="GET /{a}/{b}", **SURE), table(asked="GET /x/{a}", **SURE)]
    rules = load_paths(iter(tables))
    assert [rule.asked.path for rule in rules] == ["/x/{a}", "/{a}/{b}"]
    assert rules[0].means == rules[0].asked


def test_pages_and_offsets_count_from_their_own_beginning() -> None:
    """The first page is 1, the first prediction is 0."""
    pages, offsets = paging(), paging(by="offset")
    assert (pages.least, pages.offset(3, 10), pages.number(20, 10)) == (1, 20, 3)
    assert (offsets.least, offsets.offset(3, 10), offsets.number(20, 10)) == (0, 3, 20)
    assert (pages.told("results"), pages.told("next")) == ("items", "")


def test_a_page_is_asked_for_within_bounds() -> None:
    """From the first one on, so many at most, and a status that there is."""
    validator = Validator(paging().schema(("created", "failed")))
    asked = (
        {"page": 1, "size": 50, "status": "failed"},
        {"page": 0},
        {"size": 51},
        {"status": ""},
    )
    assert [validator.is_valid(one) for one in asked] == [True, False, False, False]


def test_a_wrapping_tells_success_from_refusal() -> None:
    """By what stands beside the answer."""
    wrapping = load_wrapping(table(member="data", beside={"code": 200}, **SURE))
    assert wrapping.around([1]) == {"code": 200, "data": [1]}
    assert wrapping.is_around({"code": 200})
    assert not wrapping.is_around({"code": 404})


def test_a_request_is_upstreams_unless_something_else_is_said() -> None:
    """Every key but the source may be left out."""
    form = load_request(table(**SURE))
    assert (form.flat, form.webhook_in_query, form.ignores_unknown) == (False, False, False)
    assert form.webhook_events == ()


@pytest.mark.parametrize("gateway", Catalogue().gateways(), ids=lambda one: one.name)
def test_every_table_names_its_source(gateway: Gateway) -> None:
    """A fact without a source is a rumour."""
    tables = (gateway.request, gateway.prediction, gateway.paging, gateway.wrapped, *gateway.paths)
    assert all(one.source for one in tables if one is not None)


@pytest.mark.parametrize(
    ("load", "keys", "named"),
    [
        (load_paging, {**PAGED, "by": "cursor"}, "it.by: expected one of page, offset"),
        (load_paging, {**PAGED, "members": {"a": "b"}}, "it.members.a: expected one of results"),
        (load_paging, {**PAGED, "filters": ["age"]}, "it.filters: expected some of status"),
        (load_request, {**SURE, "flat": 1}, "it.flat: expected true or false"),
        (load_wrapping, {**SURE, "member": "data"}, "it.beside: missing"),
    ],
)
def test_a_wrong_table_is_refused(
    load: Callable[[Table], object], keys: dict[str, Any], named: str
) -> None:
    """The error names the key, what was expected and what was seen."""
    with pytest.raises(LibraryError, match=named):
        load(table(**keys))


@pytest.mark.parametrize(
    ("keys", "named"),
    [
        ({"asked": "/predictions"}, "it.asked: expected a method and a path"),
        ({"asked": "GET /{a}", "means": "GET /{b}"}, "it.means: expected a path over {a}"),
    ],
)
def test_a_wrong_path_is_refused(keys: dict[str, Any], named: str) -> None:
    """Both places have to speak of the same things."""
    with pytest.raises(LibraryError, match=named):
        load_paths(iter([table(**keys, **SURE)]))
