"""What is read of a refusal, in each of the forms that gateways have for them."""

from __future__ import annotations

import json

import pytest

from mockserver.contract.refusal import faults, problem, speaks_of
from mockserver.core.interaction import Interaction, Request
from mockserver.library.catalogue import Catalogue


CATALOGUE = Catalogue()
LINES = "- input.seed: Invalid type\n- input: prompt is required\n"


def refused(told: object) -> Interaction:
    """A refusal with this body."""
    headers = (("content-type", "application/json"),)
    return Interaction(Request("POST", "/"), 422, headers, json.dumps(told).encode(), 0)


@pytest.mark.parametrize(
    "told",
    [{"detail": LINES}, {"error": {"message": LINES}}, {"code": 422, "message": LINES}],
    ids=["problem", "openai", "wrapped"],
)
def test_upstreams_words_are_found_in_every_envelope(told: object) -> None:
    """The fields by their dotted paths, each line's."""
    assert faults(refused(told)) == {"input.seed", "input"}


@pytest.mark.parametrize("told", [{}, [], {"detail": "no"}, {"detail": "-- x"}], ids=repr)
def test_other_words_name_no_field(told: object) -> None:
    """What is not a line of upstream's is no fault."""
    assert faults(refused(told)) == set()


@pytest.mark.parametrize(
    ("told", "speaks"),
    [
        ({"detail": "- input.prompt: no"}, True),
        ({"errors": [{"field": "prompt"}]}, True),
        ({"detail": "'prompt' is wrong"}, True),
        ({"detail": "promptly refused"}, False),
        ({"detail": "negative_prompt is wrong"}, False),
        ({"detail": "something is wrong"}, False),
        ({}, False),
    ],
)
def test_a_field_is_named_by_a_word_of_its_own(told: object, *, speaks: bool) -> None:
    """In whatever words and members; a longer word is another field."""
    assert speaks_of(refused(told), "input.prompt") is speaks


@pytest.mark.parametrize(
    ("gateway", "told"),
    [
        ("replicate", {"detail": "no"}),
        ("winfull", {"error": {"detail": "no"}}),
        ("winfull", {"error": "no"}),
    ],
)
def test_the_members_are_found_where_the_envelope_has_them(gateway: str, told: object) -> None:
    """At the top, or in `error`; anything else has none."""
    seen = problem(CATALOGUE.gateway(gateway).errors, refused(told))
    assert seen == ({} if told == {"error": "no"} else {"detail": "no"})
