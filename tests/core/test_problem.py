"""Refusals are values; every profile can word each one that the API raises."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest

from mockserver.core import problem
from mockserver.core.problem import (
    BadControl,
    Elsewhere,
    FaultRefused,
    InputInvalid,
    InvalidCursor,
    MethodNotAllowed,
    Misdirected,
    ModelNotFound,
    NotRecorded,
    Problem,
    Refused,
    UnsupportedMediaType,
)
from mockserver.library.catalogue import Catalogue
from mockserver.library.gateways import Gateway


GATEWAYS: Final = Catalogue().gateways()
IN_OUR_WORDS: Final = frozenset(
    {Refused, Elsewhere, Misdirected, BadControl, FaultRefused, NotRecorded, UnsupportedMediaType}
)
"""These are told by the fake in its own words, whatever gateway it plays."""


def family(one: type[Problem]) -> Iterator[type[Problem]]:
    """`one` and all that are made from it."""
    yield one
    for child in one.__subclasses__():
        yield from family(child)


ALL: Final = tuple(family(Problem))

each = pytest.mark.parametrize("one", ALL, ids=lambda one: one.__name__)


@pytest.mark.parametrize("gateway", GATEWAYS, ids=lambda gateway: gateway.name)
@pytest.mark.parametrize(
    "one",
    [one for one in ALL if one not in IN_OUR_WORDS],
    ids=lambda one: one.__name__,
)
def test_every_profile_words_what_the_api_raises(gateway: Gateway, one: type[Problem]) -> None:
    """No refusal falls back to "internal" because a profile forgot it."""
    assert gateway.errors.body(one.kind, {"detail": "why"})


@each
def test_a_refusal_is_told_by_an_error_status(one: type[Problem]) -> None:
    """4xx blames the request, 500 the fake, 501 what it runs in; nothing else is used."""
    assert one.status in (500, 501) or 400 <= one.status <= 499
    assert one.title


@each
def test_the_tree_at_the_top_of_the_module_is_complete(one: type[Problem]) -> None:
    """Who looks for a refusal finds it drawn in the module's docstring."""
    assert f" {one.__name__} " in f"{problem.__doc__} ".replace("\n", " \n ")


def test_a_problem_shows_what_was_seen() -> None:
    """`detail` is the text, `facts` are what a profile may speak of."""
    raised = ModelNotFound("a/b", model="a/b")
    assert (str(raised), raised.detail, raised.facts) == ("a/b", "a/b", {"model": "a/b"})
    assert (raised.headers, raised.invalid_fields) == ((), ())


def test_a_method_that_is_not_allowed_tells_those_that_are() -> None:
    """The `Allow` header is the way out. Source: RFC 9110 15.5.6."""
    raised = MethodNotAllowed("PUT", ["POST", "GET"])
    assert raised.headers == (("Allow", "GET, POST"),)
    assert raised.detail == 'Method "PUT" not allowed.'
    assert raised.facts == {"method": "PUT"}


def test_an_invalid_input_names_its_fields() -> None:
    """Each field that is wrong stands for itself beside the text about all of them."""
    field = {"type": "required", "field": "input", "description": "prompt is required"}
    raised = InputInvalid("- input: prompt is required\n", [field])
    assert raised.detail == "- input: prompt is required\n"
    assert raised.invalid_fields == (field,)


def test_a_cursor_nobody_gave_out_is_not_found() -> None:
    """Upstream treats a strange cursor like a strange name. Source: 404 "Invalid cursor"."""
    assert InvalidCursor.status == 404
