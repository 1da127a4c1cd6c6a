"""Pages that are damaged, hold a secret, or do not agree with each other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract.documents.drafts import draft, files
from mockserver.library.catalogue import Catalogue
from mockserver.library.deriving.told import About
from mockserver.library.documents.reading import read_page
from mockserver.library.errors import LibraryError


if TYPE_CHECKING:
    from tests.contract.documents.conftest import Drafter

FURTHER: Final = Path(__file__).parent / "further"
CATALOGUE: Final = Catalogue()
TEXTS: Final = {path.name: path.read_text(encoding="utf-8") for path in sorted(FURTHER.iterdir())}
PIECES: Final = (
    *('"', "{", "}", "]", "\n", "null", "1e999", "| "),
    *("http://[", "$ref", "{0}", "\x7f"),
)


@given(
    st.sampled_from(sorted(TEXTS)),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 80), st.sampled_from(PIECES)), max_size=5),
)
def test_a_damaged_page_is_derived_or_refused(
    name: str, damages: list[tuple[float, int, str]]
) -> None:
    """Whatever is cut out or put in: files that their own readers take, or a `LibraryError`."""
    text = TEXTS[name]
    for where, length, piece in damages:
        at = int(where * len(text))
        text = text[:at] + piece + text[at + length :]
    try:
        made = draft([read_page(text.encode(), name)], About(), CATALOGUE, {name: "2026-07-01"})
    except LibraryError:
        return
    for path, content in files(made, {name: text}).items():
        if path.endswith(".json"):
            json.loads(content)


def test_a_page_about_very_many_models_is_refused() -> None:
    """It would be copied for each of them."""
    text = "".join(
        f'POST https://a.example/v1/models/a/b{at}/predictions\n请求\n{{"input": {{}}}}\n'
        for at in range(40)
    )
    made = draft([read_page(text.encode(), "many")], About(), CATALOGUE, {"many": "2026-07-01"})
    assert len(files(made, {"many": text})) > 80
    with pytest.raises(LibraryError, match="derive them apart"):
        files(made, {"many": text + " " * (2 << 20)})


def test_a_credential_is_written_nowhere(tmp_path: Path, drafted: Drafter) -> None:
    """Not into the copy of the page, a fixture, a source or a contradiction."""
    secret = "r8_" + "Zx9Yw8Vu7T" * 4
    path = tmp_path / "leak.txt"
    path.write_text(TEXTS["glued.txt"].replace("<token>", secret), encoding="utf-8")
    made, texts = drafted(path)
    assert "D252" in {remark.finding.code for _, remark in made.found}
    assert secret not in "".join(texts.values())
    assert "sha256:" in texts["docs/moyun-hub/portrait-v2.page.txt"]


def test_documents_that_disagree_are_told_and_the_first_is_followed(
    tmp_path: Path, drafted: Drafter
) -> None:
    """Two gateways on one model: what only one says is taken, what both say is sourced twice."""
    other = tmp_path / "other.txt"
    text = TEXTS["tables.txt"].replace("gate.clipway.dev", "api.filmhub.dev")
    other.write_text(text.replace("Default: 6", "Default: 8"), encoding="utf-8")
    made, texts = drafted(FURTHER / "tables.txt", other)
    (model,) = made.models
    duration = model.described["Input"]["properties"]["duration"]
    sources = {it["constraint"]: it["from"] for it in duration["x-source"]}
    assert duration["default"] == 6
    assert sources["default"] == "document clipway/ray-mini, line 30, prose"
    assert sources["maximum"].count("document ") == 2
    (dispute,) = made.disputes
    assert (dispute.first.value, dispute.other.value) == (6, 8)
    table = texts["docs/clipway/contradictions.toml"]
    assert 'document = "clipway/ray-mini, filmhub/ray-mini"' in table
    assert 'source = "clipway/ray-mini:30; filmhub/ray-mini:30"' in table
    assert "codes = []" in table
