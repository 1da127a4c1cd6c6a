"""What was created in a world, and what it would have cost."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from mockserver.service.ledger import KEPT_LINES, Ledger, Line, Total


lines = st.builds(
    Line,
    prediction_id=st.just("id"),
    model=st.sampled_from(("a/one", "a/two")),
    at_ms=st.integers(0, 9),
    outputs=st.integers(1, 4),
    usd=st.decimals(0, 1, places=3),
)


@given(st.lists(lines, max_size=20), st.integers(0, 5))
def test_totals_count_forgotten_lines_too(entered: list[Line], kept: int) -> None:
    """Lines are bounded, money is not lost."""
    ledger = Ledger(kept)
    for line in entered:
        ledger.enter(line)
    assert list(ledger) == entered[max(0, len(entered) - kept) :]
    assert sum(total.predictions for total in ledger.totals.values()) == len(entered)
    assert sum(total.usd for total in ledger.totals.values()) == sum(one.usd for one in entered)


def test_each_model_has_its_total() -> None:
    """Predictions, outputs and dollars; three times 0.1 is exactly 0.3."""
    ledger = Ledger()
    for _ in range(3):
        ledger.enter(Line("id", "a/one", 0, 2, Decimal("0.1")))
    ledger.enter(Line("id", "a/two", 0, 1, Decimal("0.04")))
    assert ledger.totals == {
        "a/one": Total(3, 6, Decimal("0.3")),
        "a/two": Total(1, 1, Decimal("0.04")),
    }


def test_who_reads_the_totals_cannot_change_them() -> None:
    """They are told, not lent."""
    ledger = Ledger()
    ledger.totals["a/one"] = Total(1)
    assert ledger.totals == {}


def test_a_ledger_is_bounded_if_nothing_else_is_said() -> None:
    """A fake that runs for weeks does not fill the memory."""
    ledger = Ledger()
    for _ in range(KEPT_LINES + 1):
        ledger.enter(Line("id", "a/one", 0, 1, Decimal(0)))
    assert len(list(ledger)) == KEPT_LINES
