"""How many pieces an input asks for."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.library.catalogue import Catalogue
from mockserver.library.models import Model
from mockserver.library.pieces import MOST_FILES, MOST_TOKENS, pieces, tokens


CATALOGUE: Final = Catalogue()


def model(full_name: str) -> Model:
    """The model of that name, which ships."""
    found = CATALOGUE.model(full_name)
    assert found is not None
    return found


LLAMA: Final = model("meta/meta-llama-3-8b-instruct")
SDXL: Final = model("stability-ai/sdxl")


@pytest.mark.parametrize(
    "full_name",
    [
        "black-forest-labs/flux-kontext-pro",
        "minimax/video-01",
        "openai/whisper",
        "replicate/hello-world",
    ],
)
def test_a_single_output_is_one_piece(full_name: str) -> None:
    """A file, a text and an object alike, whatever is asked for."""
    assert pieces(model(full_name), {"num_outputs": 4, "max_tokens": 9}) == 1


@pytest.mark.parametrize(
    ("asked", "count"), [({}, 1), ({"num_outputs": 3}, 3), ({"num_outputs": 0}, 1)]
)
def test_files_are_as_many_as_are_asked_for(asked: dict[str, object], count: int) -> None:
    """By default as many as the model says."""
    assert pieces(SDXL, asked) == count


def test_nobody_gets_files_without_number() -> None:
    """A schema that sets no bound does not make the fake draw for ever."""
    assert pieces(SDXL, {"num_outputs": 10**9}) == MOST_FILES


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({}, 40),
        ({"max_tokens": 7}, 7),
        ({"min_tokens": 90}, 90),
        ({"min_tokens": 90, "max_tokens": 8}, 8),
        ({"max_tokens": 0}, 1),
        ({"max_tokens": "many"}, 40),
    ],
)
def test_a_text_is_as_long_as_usual_within_what_was_asked_for(
    asked: dict[str, object], count: int
) -> None:
    """The most wins over the least; an empty piece ends a text that grows."""
    assert tokens(LLAMA, asked) == count
    assert pieces(LLAMA, asked) == count + 1


@given(least=st.integers(), most=st.integers())
def test_a_text_is_bounded(least: int, most: int) -> None:
    """Whatever is asked for."""
    assert 1 <= tokens(LLAMA, {"min_tokens": least, "max_tokens": most}) <= MOST_TOKENS
