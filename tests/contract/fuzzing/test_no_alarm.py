"""No false alarm: our own fake of every gateway, under the examples of the profile `ci`."""

from __future__ import annotations

import pytest

from mockserver.contract.budget import MODEL, Budget
from mockserver.contract.fuzzing.profiles import PROFILES, searching
from mockserver.contract.fuzzing.search import Search
from mockserver.examine import Target
from mockserver.fuzzed import subject_of
from mockserver.library.catalogue import Catalogue


@pytest.mark.slow
@pytest.mark.parametrize("gateway", Catalogue().gateway_names())
def test_our_own_fakes_keep_every_rule_whatever_is_drawn(gateway: str) -> None:
    """Nothing is found, and nothing was seen that did not show again."""
    target = Target("", gateway, "a-token", MODEL, 0.0, draws=False)
    with subject_of(target, Budget(None)) as subject:
        search = Search(subject.begin, searching("ci"))
        search.all(subject.scope)
        assert list(search.failures()) == []
    assert (search.unrepeated, search.over) == ([], "")
    assert search.cases >= 3 * PROFILES["ci"].max_examples
