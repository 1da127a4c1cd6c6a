"""The table of rules."""

from __future__ import annotations

from re import fullmatch

from mockserver.contract import rules
from mockserver.contract.finding import Rule


RULES = [rule for rule in vars(rules).values() if isinstance(rule, Rule)]


def test_codes_are_unique() -> None:
    """A code means one rule."""
    codes = [rule.code for rule in RULES]
    assert sorted(set(codes)) == sorted(codes)


def test_codes_are_a_family_and_three_digits() -> None:
    """Lifecycle, Shape, Errors, Urls, Accounts, Prefer, sTreams, Webhooks, Gateways, Documents."""
    assert [
        rule.code for rule in RULES if not fullmatch("[LSEUAPTWGD][1-9][0-9]{2}", rule.code)
    ] == []


def test_every_rule_says_what_and_from_where() -> None:
    """No rule without a title and a source."""
    assert [rule.code for rule in RULES if not (rule.title and rule.source)] == []
