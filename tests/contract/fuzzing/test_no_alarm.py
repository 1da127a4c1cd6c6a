"""No false alarm: our own fake of every gateway, under the examples of the profile `ci`.

Fewer are drawn where a gateway is of the family of `anyapi`, which is asked everything.
"""

from __future__ import annotations

import pytest

from mockserver.contract.budget import MODEL, Budget
from mockserver.contract.fuzzing.profiles import PROFILES, searching
from mockserver.contract.fuzzing.search import Search
from mockserver.examine import Target
from mockserver.fuzzed import subject_of
from mockserver.library.catalogue import Catalogue
from tests.related import RELATED


FEW = 30


@pytest.mark.slow
@pytest.mark.parametrize("gateway", Catalogue().gateway_names())
def test_our_own_fakes_keep_every_rule_whatever_is_drawn(gateway: str) -> None:
    """Nothing is found, and nothing was seen that did not show again."""
    examples = FEW if gateway in RELATED else PROFILES["ci"].max_examples
    target = Target("", gateway, "a-token", MODEL, 0.0, draws=False)
    with subject_of(target, Budget(None)) as subject:
        search = Search(subject.begin, searching("ci", examples))
        search.all(subject.scope)
        assert list(search.failures()) == []
    assert (search.unrepeated, search.over) == ([], "")
    assert search.cases >= 3 * examples
