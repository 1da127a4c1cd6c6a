"""The good client keeps every promise; each planted bug breaks exactly its own."""

from __future__ import annotations

import pytest

from examples.reference_client import ReferenceClient
from mockserver.contract.consumer.result import TESTED, matrix
from mockserver.contract.consumer.rules import promise_of
from tests.audit.conftest import Audit, by, by_async
from tests.audit.planted import PLANTED, Planted, names


@pytest.mark.slow
@pytest.mark.parametrize("flavour", ["sync", "async"])
def test_the_good_client_keeps_every_promise(audit: Audit, flavour: str) -> None:
    """Nothing is found, and each promise is put to the test by some case."""
    results = audit(by_async if flavour == "async" else by(ReferenceClient))
    assert [str(one) for result in results for one in result.findings] == []
    assert {promise for result in results for promise in result.met} >= set(TESTED)


@pytest.mark.slow
def test_the_good_client_keeps_every_promise_in_all_suites(audit: Audit) -> None:
    """Whatever can be met in-process: two hundred kinds, and nothing is found."""
    results = audit(by(ReferenceClient), ["all"])
    assert [str(one) for result in results for one in result.findings] == []


@pytest.mark.slow
@pytest.mark.parametrize("planted", PLANTED, ids=names())
def test_a_planted_bug_breaks_exactly_its_promise(audit: Audit, planted: Planted) -> None:
    """It is found, and nothing else is."""
    results = audit(by(planted.client))
    found = {promise_of(one.code) for result in results for one in result.findings}
    assert found == {planted.promise}
    assert "broken" in matrix(results)[planted.promise].values()


def test_every_promise_has_a_planted_bug() -> None:
    """No promise is judged that nobody has seen broken."""
    assert {planted.promise for planted in PLANTED} == set(TESTED)
