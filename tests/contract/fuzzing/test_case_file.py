"""A case is what its file says, whatever stands in its inputs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract.fuzzing.case_file import Case, load_case, written
from mockserver.contract.fuzzing.steps import Advance, Cancel, Create, ListAll, Look, Mistake
from mockserver.library.errors import LibraryError


WHOLE = st.integers(0, 100_000)
TEXTS = st.text(max_size=20)
VALUES = st.none() | st.booleans() | st.integers() | TEXTS | st.lists(TEXTS, max_size=2)
INPUTS = st.dictionaries(TEXTS, VALUES, max_size=3)
STEPS = st.one_of(
    st.builds(Create, INPUTS, WHOLE, TEXTS),
    st.builds(Mistake, INPUTS, TEXTS),
    st.builds(Look, WHOLE),
    st.builds(Cancel, WHOLE),
    st.just(ListAll()),
    st.builds(Advance, WHOLE),
)
CASES = st.builds(Case, TEXTS, TEXTS, st.lists(STEPS, min_size=1, max_size=4).map(tuple))


@given(case=CASES)
def test_a_case_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, case: Case
) -> None:
    """Null, numbers of any size and control characters included."""
    path = tmp_path_factory.mktemp("case") / "case.toml"
    path.write_text(written(case, "L103 (must) a title"), encoding="utf-8")
    assert load_case(path) == case


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ('do = "jump"', "do: expected one of create, mistake, look, cancel, list, advance"),
        ('do = "look"\nof = "0"', "of: expected a whole number"),
        ('do = "create"\ninput = "[]"', "input: expected a JSON object as text"),
        ('do = "create"\ninput = "{"', "input: expected a JSON object as text"),
        ('do = "list"\nof = 1', "of"),
    ],
)
def test_a_wrong_file_is_told_where(tmp_path: Path, step: str, says: str) -> None:
    """With the file, the key, and what was expected."""
    path = tmp_path / "case.toml"
    path.write_text(f'gateway = "replicate"\nmodel = "a/b"\n[[step]]\n{step}\n')
    with pytest.raises(LibraryError, match=r"case\.toml") as told:
        load_case(path)
    assert says in str(told.value)
