"""Texts that stand in for a model's."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.library.catalogue import Catalogue
from mockserver.library.models import Model, Wording
from mockserver.library.wording import chunks, prompt_tokens, text


CATALOGUE: Final = Catalogue()


def model(full_name: str) -> Model:
    """The model of that name, which ships."""
    found = CATALOGUE.model(full_name)
    assert found is not None
    return found


LLAMA: Final = model("meta/meta-llama-3-8b-instruct")
HELLO: Final = model("replicate/hello-world")


@given(drawn=st.binary(max_size=20), count=st.integers(1, 300))
def test_a_text_has_as_many_tokens_as_were_asked_for(drawn: bytes, count: int) -> None:
    """No more, no fewer, and none of them empty."""
    told = chunks(LLAMA, {"max_tokens": count, "min_tokens": count}, drawn)
    assert len(told) == count
    assert all(told)


@given(drawn=st.binary(max_size=20))
def test_the_same_draw_gives_the_same_text(drawn: bytes) -> None:
    """And its pieces make up the whole."""
    assert chunks(LLAMA, {}, drawn) == chunks(LLAMA, {}, drawn)
    assert "".join(chunks(LLAMA, {}, drawn)) == text(LLAMA, {}, drawn)


def test_another_draw_gives_another_text() -> None:
    """So that two answers can be told apart."""
    assert text(LLAMA, {}, b"1") != text(LLAMA, {}, b"2")


@given(drawn=st.binary(max_size=20))
def test_a_text_that_was_not_cut_short_ends_as_a_sentence(drawn: bytes) -> None:
    """And begins as one."""
    told = text(LLAMA, {}, drawn)
    assert told.endswith(".")
    assert told[:1] == told[:1].upper() != " "


def test_words_are_told_with_the_space_before_them() -> None:
    """As tokenizers split them; some have letters of several bytes."""
    told = chunks(LLAMA, {"min_tokens": 2000, "max_tokens": 2000}, b"")
    assert any(token.startswith(" ") for token in told)
    assert any(len(token.encode()) > len(token) for token in told)
    assert any("\n" in token for token in told)


@pytest.mark.parametrize(
    ("template", "given_input", "told"),
    [
        ("hello {text}", {"text": "Ada"}, "hello Ada"),
        ("hello {text}", {"text": "{text} {0}"}, "hello {text} {0}"),
        ("hello {text}", {}, "hello "),
        ("{text}, {text.__class__}", {"text": 1}, "1, {text.__class__}"),
    ],
)
def test_a_template_speaks_of_the_input(
    template: str, given_input: dict[str, object], told: str
) -> None:
    """Names in braces are inputs; nothing else in it is read."""
    assert text(replace(HELLO, wording=Wording(template=template)), given_input, b"") == told


@pytest.mark.parametrize(
    ("given_input", "count"),
    [({}, 0), ({"prompt": "abcd"}, 1), ({"prompt": "abcde", "system_prompt": "abc", "n": 4}, 2)],
)
def test_a_prompt_has_about_a_token_for_four_letters(
    given_input: dict[str, object], count: int
) -> None:
    """All texts of the input are counted."""
    assert prompt_tokens(given_input) == count
