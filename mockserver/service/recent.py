"""A dictionary that does not grow for ever."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Final, TypeVar


KEPT: Final = 10_000
"""So many keys are kept; the longest unused is forgotten."""

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Recent(OrderedDict[_Key, _Value]):
    """A dictionary that forgets what was not kept for longest."""

    def keep(self, key: _Key, value: _Value) -> _Value:
        """Put `value` at `key`."""
        self[key] = value
        self.move_to_end(key)
        if len(self) > KEPT:
            self.popitem(last=False)
        return value
