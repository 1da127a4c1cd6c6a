"""OpenAPI in YAML, within a page."""

from __future__ import annotations

import json
import sys

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mockserver.library.documents.page import DocumentError
from mockserver.library.documents.yaml_slice import yaml_slice, yaml_tree


PRINTABLE = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=9
)
SCALARS = st.none() | st.booleans() | st.integers(-9999, 9999) | PRINTABLE
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PRINTABLE, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_json_is_yaml(value: object) -> None:
    """What JSON says is read as it is."""
    assert yaml_tree(json.dumps(value, ensure_ascii=False), "page").value == value


@given(VALUES)
def test_what_is_written_as_yaml_is_read(value: object) -> None:
    """In the block style of documents, folded lines and quotes included."""
    text = yaml.safe_dump(value, allow_unicode=True)
    assert yaml_tree(text, "page").value == value


def test_plain_words_are_those_of_json() -> None:
    """No date, no yes and no octal: YAML 1.2's core schema."""
    text = "a: 2025-07-29\nb: yes\nc: 010\nd: 1.5\ne: ~\nf: 1e999\ng: '1'\n200: x\nh: on\ni: .5"
    assert yaml_tree(text, "page").value == {
        "a": "2025-07-29",
        "b": "yes",
        "c": 10,
        "d": 1.5,
        "e": None,
        "f": "1e999",
        "g": "1",
        "200": "x",
        "h": "on",
        "i": 0.5,
    }


def test_every_part_has_a_line() -> None:
    """That of its key; a folded text stands where its key does."""
    tree = yaml_tree("a:\n  b: >-\n    long\n    text\n  c: [1,\n    2]\n- no"[:-4], "page", 10)
    places = [tree.at("a", "b"), tree.at("a", "c"), tree.at("a", "c", 1)]
    assert [it.place.line for it in places] == [11, 14, 15]
    assert tree.at("a", "b").value == "long text"


def test_the_document_ends_where_the_page_goes_on() -> None:
    """At the first line that is none of its own."""
    page = (
        "Skip\n\nopenapi: 3.0.1\ninfo:\n  title: a\n\ntags:\n- x\n# note\nx-a: 1\nA page\nb: 2\n"
    )
    assert yaml_slice(page) == (
        "openapi: 3.0.1\ninfo:\n  title: a\n\ntags:\n- x\n# note\nx-a: 1\n",
        3,
    )
    assert yaml_slice("no document") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &x [1]\nb: [*x, *x]", r"page:2: expected no alias; .* seen \*x"),
        ("a: !!python/object/apply:os.system [id]", "page:1: expected no tag, seen .*os.system"),
        ("a: !secret b", "page:1: expected no tag, seen !secret"),
        ("a:\n b: [", r"page:\d: expected YAML: "),
        ("a: \x01", "page: expected YAML: "),
        ("? [a]\n: b", "page:1: expected a text as key"),
        ("[" * 65 + "]" * 65, "page:1: expected at most 64 levels of YAML"),
    ],
)
def test_what_json_cannot_say_is_refused(text: str, expected: str) -> None:
    """A tag, an alias, a key that is no text, a depth that no author needs."""
    with pytest.raises(DocumentError, match=expected):
        yaml_tree(text, "page")


def test_without_pyyaml_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """YAML is read at the edges only, so its reader is an extra."""
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(DocumentError, match=r"pip install 'mockserver\[yaml\]'"):
        yaml_tree("a: 1", "page")


def test_without_libyaml_it_is_read_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the same parser in Python."""
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    assert yaml_tree("a: {b: 1, c: 'd'}", "page").value == {"a": {"b": 1, "c": "d"}}
