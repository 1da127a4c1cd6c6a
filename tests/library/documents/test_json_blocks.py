"""JSON in the text of a page."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.library.documents.json_blocks import blocks, json_tree, lines_of
from mockserver.library.documents.page import DocumentError
from mockserver.library.documents.tree import Place, under


SCALARS = st.none() | st.booleans() | st.integers(-9999, 9999) | st.text(max_size=9)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.text(max_size=5), VALUES, max_size=5)
NOISE = st.text(st.characters(exclude_characters='{}"[]', exclude_categories=["Cs"]), max_size=20)


def parts(value: object, at: str = "") -> Iterator[str]:
    """The pointers of a value and of everything in it."""
    yield at
    pairs = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, inner in pairs:
        yield from parts(inner, under(at, key))


@given(OBJECTS, NOISE, NOISE)
def test_an_object_is_found_between_any_words(value: object, before: str, after: str) -> None:
    """Words may stick to both of its ends."""
    text = f"{before}{json.dumps(value)}{after}"
    (found,) = blocks(text, "page")
    assert found.tree is not None
    assert found.tree.value == value
    assert text[: found.start] == before
    assert text[found.end :] == after
    assert found.line == before.count("\n") + 1


@given(OBJECTS)
def test_every_part_has_a_line(value: object) -> None:
    """Written with one part a line, each pointer stands in the line that begins with its key."""
    text = json.dumps(value, indent=1)
    lines = lines_of(text, 5)
    assert set(lines) == set(parts(value))
    printed = text.split("\n")
    for pointer, line in lines.items():
        key = pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
        shown = printed[line - 5].strip()
        assert not pointer or key.isdecimal() or shown.startswith(json.dumps(key))


def test_a_page_holds_several_objects() -> None:
    """Each is found once, the outermost only."""
    text = 'a {"x": {"y": 1}} b\n{"z": [{}, {}]}c'
    assert [(it.start, it.line) for it in blocks(text, "page")] == [(2, 1), (20, 2)]


@pytest.mark.parametrize("text", ["{{KEY}}", "{id}", "{'a': 1}", '{"a": False}', "{a: {}}"])
def test_braces_that_are_no_json_are_told_so(text: str) -> None:
    """Placeholders, and the objects of other languages, with nothing looked for inside."""
    (found,) = blocks(text, "page")
    assert found.tree is None
    assert found.reason


def test_a_brace_that_nothing_closes_is_passed_over() -> None:
    """What comes behind it is read."""
    assert [it.start for it in blocks('{ and {"a": 1}', "page")] == [6]


def test_a_quote_in_a_string_closes_nothing() -> None:
    """Escapes and braces in strings are part of the string."""
    (found,) = blocks(r'{"a\"}": "{"}', "page")
    assert found.tree is not None
    assert found.tree.value == {'a"}': "{"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a":' * 65 + "1" + "}" * 65, "page:1: expected at most 64 levels of JSON"),
        ("\n" + "{" * 100, "page:2: expected at most 64 levels of JSON"),
        ("{ " * 60 + " " * 20_000, "a tangle of braces and quotes"),
    ],
)
def test_what_is_made_to_be_slow_is_refused(text: str, expected: str) -> None:
    """Depth has a bound, and so has the reading of one text again and again."""
    with pytest.raises(DocumentError, match=expected):
        list(blocks(text, "page"))


def test_a_part_is_asked_for_by_its_keys() -> None:
    """What is not there is None, and stands where its parent does."""
    tree = json_tree('{"a": {\n"b/c": [1,\n2]}}', 3)
    assert tree.at("a", "b/c", 1).value == 2
    assert tree.at("a", "b/c", 1).place == Place(5, "/a/b~1c/1")
    assert tree.at("a", "b/c", 7).value is None
    assert tree.at("a", "x", "y").place == Place(3, "/a/x/y")
    assert [name for name, _ in tree.at("a").members()] == ["b/c"]
    assert [it.value for it in tree.at("a", "b/c").items()] == [1, 2]
    assert (tree.at("a").text(), tree.has("a"), tree.at("a", "b/c").has("a")) == ("", True, False)
    assert list(tree.at("a").items()) == []
    assert list(tree.at("a", "b/c").members()) == []
