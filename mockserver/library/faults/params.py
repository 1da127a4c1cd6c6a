"""What a kind of fault can be told besides where and when: a number within bounds, or a word."""

from __future__ import annotations

from dataclasses import dataclass
from re import compile as pattern
from typing import Final


Value = int | str

_WHOLE: Final = pattern(r"[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter and its default. One with `choices` is a word, any other a whole number.

    Numbers go from `least` to `most`; units end names.
    """

    name: str
    default: Value
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 86_400_000

    def value(self, text: str | None) -> Value:
        """The value that `text` stands for, None for the default. Raises `ValueError`."""
        if text is None:
            return self.default
        if self.choices:
            if text not in self.choices:
                raise ValueError(
                    f'"{self.name}" is one of {", ".join(self.choices)}, not {text!r}'
                )
            return text
        if not _WHOLE.fullmatch(text) or not self.least <= int(text) <= self.most:
            bounds = f"{self.least} to {self.most}"
            raise ValueError(f'"{self.name}" is a whole number from {bounds}, not {text!r}')
        return int(text)

    @property
    def examples(self) -> tuple[Value, ...]:
        """Values that together show all it does: every choice, or the default."""
        return self.choices or (self.default,)


def choice(name: str, *choices: str) -> Param:
    """A word out of `choices`, by default the first."""
    return Param(name, choices[0], choices)


def number(name: str, default: int, least: int = 0, most: int = 86_400_000) -> Param:
    """A whole number."""
    return Param(name, default, (), least, most)
