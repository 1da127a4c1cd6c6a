"""Which scenario a prediction gets when its creator does not say."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.service.rules import Rule, Rules, magic_word


PRO = "black-forest-labs/flux-kontext-pro"


def test_without_a_rule_nothing_is_said() -> None:
    """The choice is left to others."""
    assert Rules().take(PRO, "a cat") is None


def test_the_newest_rule_speaks_first() -> None:
    """A test overrules what was set up before it."""
    rules = Rules([Rule("failed")])
    rules.add(Rule("nsfw"))
    assert rules.take(PRO, "a cat") == "nsfw"
    assert [rule.scenario for rule in rules] == ["nsfw", "failed"]


@given(st.integers(1, 20), st.integers(0, 25))
def test_a_rule_speaks_as_often_as_it_says(times: int, asked: int) -> None:
    """Then it is gone, and the next one speaks."""
    rules = Rules([Rule("failed", times=times), Rule("happy")])
    taken = [rules.take(PRO, "") for _ in range(asked)]
    assert taken.count("failed") == min(times, asked)
    assert taken == sorted(taken, key=str)
    assert len(list(rules)) == (2 if asked < times else 1)


def test_a_use_keeps_a_rule_in_its_place() -> None:
    """Counting down does not make a rule newer or older."""
    rules = Rules([Rule("nsfw", model="none/*"), Rule("failed", times=2), Rule("happy")])
    rules.take(PRO, "")
    assert [rule.scenario for rule in rules] == ["nsfw", "failed", "happy"]


@pytest.mark.parametrize(
    ("rule", "spoken"),
    [
        (Rule("failed", model="black-forest-labs/*"), True),
        (Rule("failed", model="*kontext-pro"), True),
        (Rule("failed", model=PRO), True),
        (Rule("failed", model="flux-kontext-pro"), False),
        (Rule("failed", model="BLACK-FOREST-LABS/*"), False),
        (Rule("failed", prompt="cat"), True),
        (Rule("failed", prompt="dog"), False),
        (Rule("failed", model="other/*", prompt="cat"), False),
    ],
)
def test_a_rule_speaks_of_models_and_prompts_like_its_own(rule: Rule, *, spoken: bool) -> None:
    """`model` is a shell pattern over the whole name, `prompt` a part of the prompt."""
    assert (Rules([rule]).take(PRO, "a cat") == "failed") is spoken


def test_cleared_rules_are_silent() -> None:
    """All are forgotten at once."""
    rules = Rules([Rule("failed")])
    rules.clear()
    assert list(rules) == []


def test_worlds_do_not_share_uses() -> None:
    """Rules made of the same rules count on their own."""
    given_to_all = Rules([Rule("failed", times=1)])
    own = Rules(given_to_all)
    assert own.take(PRO, "") == "failed"
    assert given_to_all.take(PRO, "") == "failed"


@pytest.mark.parametrize("name", ["scenario", "model", "prompt"])
def test_a_rule_is_made_of_texts(name: str) -> None:
    """The message names the field and shows the value."""
    fields: dict[str, Any] = {"scenario": "happy", name: 7}
    with pytest.raises(TypeError, match=f'"{name}" of a rule is a text, not 7'):
        Rule(**fields)


@pytest.mark.parametrize("times", [0, -1, 1.5, True, "2"])
def test_a_rule_is_used_a_whole_number_of_times(times: Any) -> None:
    """None, which is the default, is always."""
    with pytest.raises(ValueError, match='"times" of a rule is a whole number from 1 on, not'):
        Rule("happy", times=times)


@pytest.mark.parametrize(
    ("prompt", "scenario"),
    [
        ("a cat [[mock:nsfw]]", "nsfw"),
        ("[[mock:slow-boot]] a cat [[mock:failed]]", "slow-boot"),
        ("a cat", None),
        ("[[mock:]]", None),
        ("[[mock:Failed]]", None),
        ("[mock:failed]", None),
    ],
)
def test_a_magic_word_names_a_scenario(prompt: str, scenario: str | None) -> None:
    """The first of a prompt, for who can send nothing but a prompt."""
    assert magic_word(prompt) == scenario
