"""Every rule is known by its code, and there is something to say of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mockserver.contract import codes
from mockserver.contract.codes import by_code
from mockserver.contract.finding import Rule
from mockserver.library.errors import LibraryError
from mockserver.library.explanations import load_explanations
from mockserver.library.rooms import room, room_hash


CODES = sorted(by_code())
ROOT = Path(__file__).resolve().parents[2]


def test_every_rule_in_the_source_is_known() -> None:
    """However its module is called: a rule that `explain` does not know cannot be looked up."""
    sources = (ROOT / "mockserver" / "contract").rglob("*.py")
    made = re.compile(r"\bRule\(\s*\"([A-Z]\d{3})\"")
    written = {code for path in sources for code in made.findall(path.read_text(encoding="utf-8"))}
    assert written == set(CODES)


def test_rules_and_explanations_are_of_the_same_codes() -> None:
    """None is left unexplained, and nothing is explained that is no rule."""
    assert sorted(load_explanations(room("schemas"))) == CODES


@pytest.mark.parametrize("code", CODES)
def test_a_rule_is_explained_in_sentences(code: str) -> None:
    """Why and what to do are more than a word; the example says more than the title."""
    told, rule = load_explanations(room("schemas"))[code], by_code()[code]
    for text in (told.why, told.remedy):
        assert text.endswith(".")
        assert len(text.split()) > 2
    assert rule.title not in (told.why, told.example, told.remedy)
    assert rule.source


def test_no_two_rules_have_one_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever gives a code again is told which rule has it."""
    twice = (Rule("L101", "One", "a"), Rule("L101", "Two", "a"))
    monkeypatch.setattr(codes, "_rules", lambda: iter(twice))
    with pytest.raises(ValueError, match="L101 means two rules: One; Two"):
        by_code()


def test_the_documents_tell_every_rule_as_it_is() -> None:
    """A title that changes is seen there: a code never changes its meaning."""
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([A-Z]\d{3})` \| \w+ \| (.*?) \|", page, re.MULTILINE)
    assert dict(rows) == {code: rule.title.replace("|", "\\|") for code, rule in by_code().items()}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[L101]\nwhy = 'a'\nexample = 'b'", "remedy: missing"),
        ("[L101]\nwhy = ' '\nexample = 'b'\nremedy = 'c'", "L101.why: expected a text"),
        ("[L101]\nwhy = 'a'\nexample = 'b'\nremedy = 'c'\nmore = 1", "unknown key"),
    ],
)
def test_an_explanation_that_says_nothing_is_refused(tmp_path: Path, text: str, says: str) -> None:
    """With the file and the key."""
    (tmp_path / "rules.toml").write_text(text)
    with pytest.raises(LibraryError, match=says):
        load_explanations(tmp_path)


def test_the_hash_of_the_schemas_changes_with_any_of_their_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And with nothing else: a report says by it what it was judged by."""
    monkeypatch.setattr("mockserver.library.rooms.room", lambda name: tmp_path / name)
    (tmp_path / "schemas" / "a").mkdir(parents=True)
    file = tmp_path / "schemas" / "a" / "b.json"
    file.write_text("{}")
    first = room_hash("schemas")
    assert room_hash("schemas") == first
    file.write_text("{ }")
    assert room_hash("schemas") != first
    file.write_text("{}")
    file.rename(tmp_path / "schemas" / "b.json")
    assert room_hash("schemas") != first
