"""What documents say of inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from mockserver.library.deriving.inputs import inputs_of, required, unconditional


if TYPE_CHECKING:
    from tests.library.deriving.conftest import Reader

PageText = Callable[..., str]


@pytest.mark.parametrize(
    ("given", "constraints"),
    [
        ('{"n": 3}', {"type": "integer"}),
        ('{"n": 2.5}', {"type": "number"}),
        ('{"n": true}', {"type": "boolean"}),
        ('{"n": "x"}', {"type": "string"}),
        ('{"n": "https://a.example/1.png"}', {"type": "string", "format": "uri"}),
        ('{"n": "data:image/png;base64,AA=="}', {"type": "string", "format": "uri"}),
        ('{"n": "see https://a.example"}', {"type": "string"}),
        ('{"n": [1]}', {"type": "array"}),
        ('{"n": {"a": 1}}', {"type": "object"}),
        ('{"n": null}', {}),
    ],
)
def test_an_example_shows_a_type(
    documents: Reader, page: PageText, given: str, constraints: dict[str, object]
) -> None:
    """And that a text is an address; nothing is known of null."""
    found = inputs_of(documents(page(given=given)))["n"]
    assert {key: drawn.value for key, drawn in found.said.all()} == constraints
    assert found.text == ""


def test_examples_together_show_the_wider_type(documents: Reader, page: PageText) -> None:
    """Of one page or of several; what is no text in one of them is no address."""
    one = page(given='{"n": 3, "m": "https://a.example/1"}')
    other = page(given='{"n": 2.5, "m": "none"}').replace("clip", "film")
    found = inputs_of(documents(one, other))
    number = found["n"].said.drawn("type")
    assert number is not None
    assert (number.value, len(number.origins)) == ("number", 2)
    assert found["m"].said.drawn("format") is None


def test_values_of_several_types_show_all_of_them(documents: Reader, page: PageText) -> None:
    """A request and its echo may differ."""
    echo = '{"id": "x", "input": {"n": "3"}}'
    drawn = inputs_of(documents(page(given='{"n": 3}', answer=echo)))["n"].said.drawn("type")
    assert drawn is not None
    assert drawn.value == ["integer", "string"]


def test_words_go_before_examples(documents: Reader, page: PageText) -> None:
    """A table says number where the example is whole."""
    rows = "n number optional How strong, 0 to 4. Default: 1\n"
    found = inputs_of(documents(page(rows, given='{"n": 3, "m": 1}')))
    assert {key: (it.value, it.source) for key, it in found["n"].said.all()} == {
        "type": ("number", "document clip/clip, line 2"),
        "required": (False, "document clip/clip, line 2"),
        "default": (1, "document clip/clip, line 2, prose"),
        "minimum": (0, "document clip/clip, line 2, prose"),
        "maximum": (4, "document clip/clip, line 2, prose"),
    }
    assert found["n"].text == "How strong, 0 to 4. Default: 1"
    assert list(found) == ["n", "m"]


def test_a_type_that_json_schema_does_not_know_is_left_out(
    documents: Reader, page: PageText
) -> None:
    """Then the example shows it."""
    rows = "n any optional Whatever.\nfile file optional A picture.\n"
    found = inputs_of(documents(page(rows, given='{"n": 3}')))
    type_, format_ = found["n"].said.drawn("type"), found["file"].said.drawn("format")
    assert type_ is not None
    assert format_ is not None
    assert (type_.value, format_.value) == ("integer", "uri")


def test_required_is_what_is_told_to_be(documents: Reader, page: PageText) -> None:
    """With the lines; what beside the input is required is none of the model's."""
    rows = (
        "input object required The input.\nprompt string required\n"
        "n integer optional\nwebhook string required\n"
    )
    told = required(inputs_of(documents(page(rows))))
    assert (told.value, told.source) == (["prompt"], "document clip/clip, line 3")


def test_that_nothing_is_required_can_be_told(documents: Reader, page: PageText) -> None:
    """And it may not be told at all."""
    told = required(inputs_of(documents(page("prompt string optional\n"))))
    assert (told.value, told.source) == ([], "document clip/clip, line 2")
    silent = required(inputs_of(documents(page())))
    assert (silent.value, silent.assumed) == ([], True)


def test_a_limit_under_a_condition_names_the_other_input(
    documents: Reader, page: PageText
) -> None:
    """If it is an input of the model."""
    rows = "level integer optional 0 to 6. 2 is the maximum when input_image is set.\n"
    both = inputs_of(documents(page(rows + "input_image string optional\n")))
    assert [(one.name, other, it.value) for one, other, it in unconditional(both)] == [
        ("level", "input_image", 2)
    ]
    assert list(unconditional(inputs_of(documents(page(rows))))) == []
