"""Which scenario a prediction gets when its creator does not say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from re import compile as pattern
from typing import Final


MAGIC_WORD: Final = pattern(r"\[\[mock:([a-z0-9-]{1,64})\]\]")


@dataclass(frozen=True, slots=True)
class Rule:
    """The next `times` predictions (None: all) of models like `model` live through `scenario`.

    `model` is a shell pattern over `owner/name`; `prompt` a text that the prompt must contain.
    """

    scenario: str
    model: str = "*"
    prompt: str = ""
    times: int | None = None

    def __post_init__(self) -> None:
        for name in ("scenario", "model", "prompt"):
            value = getattr(self, name)
            if not isinstance(value, str):
                raise TypeError(f'"{name}" of a rule is a text, not {value!r}')
        if self.times is not None and (type(self.times) is not int or self.times < 1):
            raise ValueError(f'"times" of a rule is a whole number from 1 on, not {self.times!r}')

    def matches(self, model: str, prompt: str) -> bool:
        """Whether this rule speaks of such a prediction."""
        return fnmatchcase(model, self.model) and self.prompt in prompt


class Rules:
    """A world's rules, newest first; a rule that is used up is gone."""

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self._rules = tuple(rules)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules)

    def copy(self) -> Rules:
        """The same rules, to be used up apart from these."""
        return Rules(self._rules)

    def add(self, rule: Rule) -> None:
        """Let `rule` speak before all older ones."""
        self._rules = (rule, *self._rules)

    def clear(self) -> None:
        """Forget all rules."""
        self._rules = ()

    def take(self, model: str, prompt: str) -> str | None:
        """The scenario for such a prediction, counted as one use of its rule; None if no rule."""
        for place, rule in enumerate(self._rules):
            if rule.matches(model, prompt):
                self._rules = (*self._rules[:place], *_used(rule), *self._rules[place + 1 :])
                return rule.scenario
        return None


def _used(rule: Rule) -> tuple[Rule, ...]:
    if rule.times is None:
        return (rule,)
    return (replace(rule, times=rule.times - 1),) if rule.times > 1 else ()


def magic_word(prompt: str) -> str | None:
    """The scenario that `[[mock:NAME]]` in a prompt asks for."""
    found = MAGIC_WORD.search(prompt)
    return found[1] if found else None
