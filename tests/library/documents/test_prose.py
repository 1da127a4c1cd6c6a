"""Facts in sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.library.documents.prose import facts_of, typed


RATIOS = ["1:1", "16:9"]


@pytest.mark.parametrize(
    ("text", "type_", "facts"),
    [
        ("默认值:“png”。", "string", {"default": "png"}),
        ('默认值:"png",支持png,jpg。', "string", {"default": "png", "enum": ["png", "jpg"]}),
        ("默认为 30,取值范围 0~100", "number", {"default": 30, "minimum": 0, "maximum": 100}),
        ("自动提示改进。默认值:false。", "boolean", {"default": False}),
        ("默认是", "boolean", {}),
        ("可选值:a、b 或 c", "string", {"enum": ["a", "b", "c"]}),
        (
            "使用“auto”。默认值:“auto”,支持1:1,16:9。",
            "string",
            {"default": "auto", "enum": ["auto", *RATIOS]},
        ),
        ("0 最严格,6 最宽松", "integer", {"minimum": 0, "maximum": 6}),
        ("2 是目前使用输入图像时允许的最大值", "integer", {"maximum_with_input_image": 2}),
        ("最小值: 1,最大值: 4", "integer", {"minimum": 1, "maximum": 4}),
        ("Defaults to 2.5.", "number", {"default": 2.5}),
        (
            "Default: webp. One of webp, jpg or png.",
            "string",
            {"default": "webp", "enum": ["webp", "jpg", "png"]},
        ),
        ("Steps (4 to 50, default 28)", "integer", {"default": 28, "minimum": 4, "maximum": 50}),
        ("between 1 and 4", "integer", {"minimum": 1, "maximum": 4}),
        (">= -1 and <= 3", "number", {"minimum": -1, "maximum": 3}),
        ("at most; max: 9", "integer", {"maximum": 9}),
        ("0 is most strict and 6 is most permissive", "integer", {"minimum": 0, "maximum": 6}),
        (
            "2 is currently the maximum allowed when input images are used.",
            "integer",
            {"maximum_with_input_image": 2},
        ),
        ("5 is the maximum if `mask` is given", "integer", {"maximum_with_mask": 5}),
        ("Supports `a`, `b`, and `c`", "string", {"enum": ["a", "b", "c"]}),
    ],
)
def test_a_sentence_tells_facts(text: str, type_: str, facts: dict[str, object]) -> None:
    """Default, values, range, and a limit under a condition, in two languages."""
    assert dict(facts_of(text, type_)) == facts


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("必须是 jpeg、png、gif 或 webp 格式。", "string"),
        ("Must be jpeg, png, gif, or webp.", "string"),
        ("Supports jpg and png pictures as input.", "string"),
        ("default: many", "integer"),
        ("默认值:2.5", "integer"),
        ("Sizes such as 1024x768, ratio 16:9", "integer"),
        ("20-10", "integer"),
        ("between 1 and 4", "string"),
        ("", None),
    ],
)
def test_what_only_looks_like_a_fact_is_none(text: str, type_: str | None) -> None:
    """Values of another type, formats of a file, words that are part of a longer sentence."""
    assert dict(facts_of(text, type_)) == {}


@given(st.text(max_size=300), st.sampled_from(["string", "integer", "number", "boolean", None]))
def test_any_sentence_can_be_read(text: str, type_: str | None) -> None:
    """Each fact at most once, and its value of the type."""
    found = list(facts_of(text, type_))
    assert len(dict(found)) == len(found)


@given(st.integers(-99, 99), st.integers(-99, 99))
def test_a_range_is_read_as_it_is_written(one: int, other: int) -> None:
    """Least and most, where they are told in this order."""
    facts = dict(facts_of(f"范围:{one} 到 {other}", "integer"))
    assert facts == ({"minimum": one, "maximum": other} if one < other else {})


@pytest.mark.parametrize(
    ("text", "type_", "value"),
    [
        ("1", "integer", 1),
        ("1", "number", 1),
        ("1.5", "number", 1.5),
        ("x", "number", None),
        ("1e999", "number", None),
        ("TRUE", "boolean", True),
        ("x", "array", None),
        ("x", None, "x"),
    ],
)
def test_a_word_is_read_for_its_type(text: str, type_: str | None, value: object) -> None:
    """None where the type has no such value."""
    assert typed(text, type_) == value


def test_a_long_text_is_not_read_to_its_end() -> None:
    """No description is as long as that."""
    assert dict(facts_of("x" * 5000 + "默认值:2", "integer")) == {}
    assert dict(facts_of(" " * 3000 + "默认值:2", "integer")) == {"default": 2}
