"""Facts that know where they are from."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mockserver.library.deriving.facts import (
    Dispute,
    Drawn,
    Entry,
    Ground,
    Origin,
    Sayings,
    documents_of,
)
from mockserver.library.documents.tree import Place


def origin(document: str, line: int, ground: Ground = Ground.SAID) -> Origin:
    """A place in a document."""
    return Origin(document, f"{document}.txt", Place(line), ground)


A1, A9 = origin("a/a", 1), origin("a/a", 9)
B2 = origin("b/b", 2, Ground.PROSE)

WORDS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 2)), max_size=12)


@given(WORDS)
def test_of_one_document_the_first_word_counts(words: list[tuple[str, int]]) -> None:
    """What all agree on is told with all of them, the rest is a dispute with the first."""
    said = Sayings()
    first: dict[str, int] = {}
    for line, (document, value) in enumerate(words, start=1):
        said.say("key", value, origin(document, line))
        first.setdefault(document, value)
    drawn = said.drawn("key")
    followed = next(iter(first.values()), None)
    assert (drawn.value if drawn else None) == followed
    agreed = [name for name, value in first.items() if value == followed]
    assert [one.document for one in drawn.origins] == agreed if drawn else not words
    disputed = [other.origin.document for _, _, other in said.disputed()]
    assert disputed == [name for name, value in first.items() if value != followed]
    assert dict(said.all()) == ({"key": drawn} if drawn else {})


def test_a_source_names_documents_and_lines() -> None:
    """In the words of the data files; how it is told stands behind the lines."""
    assert Drawn(1, (A1,)).source == "document a/a, line 1"
    assert Drawn(1, (A1, A9, B2)).source == "document a/a, lines 1, 9; document b/b, line 2, prose"
    assert Drawn(1, (A1,), "b assumed").source == "document a/a, line 1; b assumed"
    assert Drawn(1, (A9, A1)).places == "a/a:9, a/a:1"


def test_what_no_document_says_is_assumed() -> None:
    """With the reason."""
    assert Drawn(1, (), "as upstream").source == "assumed: as upstream"
    assert Drawn(1, (), "as upstream").places == "assumed: as upstream"
    assert Drawn(1).assumed
    assert not Drawn(1, (A1,)).assumed


def test_the_lines_of_a_document_are_told_together() -> None:
    """However it is told there."""
    shown = origin("a/a", 4, Ground.SHOWN)
    assert documents_of([B2, A9, shown, A1]) == "document a/a, lines 1, 4, 9; document b/b, line 2"


def test_only_shown_is_what_no_words_say() -> None:
    """An example is no word."""
    said = Sayings()
    assert said.only_shown("type")
    said.say("type", "string", origin("a/a", 1, Ground.SHOWN))
    assert said.only_shown("type")
    said.say("type", "string", B2)
    assert not said.only_shown("type")


def test_programs_get_all_of_it() -> None:
    """As JSON."""
    told = Entry("models/a/b.json", "Input.required", Drawn(["x"], (B2,))).wire()
    assert told == {
        "file": "models/a/b.json",
        "key": "Input.required",
        "value": ["x"],
        "assumed": None,
        "from": [
            {
                "document": "b/b",
                "page": "b/b.txt",
                "line": 2,
                "pointer": "",
                "ground": "prose",
            }
        ],
    }
    said = Sayings()
    said.say("n", 1, A1)
    said.say("n", 2, B2)
    ((key, first, other),) = said.disputed()
    wire = Dispute("gateways/a.toml", key, first, other).wire()
    assert wire["said"] == [
        {"value": 1, "from": A1.wire()},
        {"value": 2, "from": B2.wire()},
    ]
