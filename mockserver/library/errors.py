"""What goes wrong with data files and the names of what they hold.

LibraryError        a data file is missing or broken, or a name is unknown
└── UnknownName     also a LookupError: nothing has this name
"""

from __future__ import annotations

from collections.abc import Iterable


class LibraryError(Exception):
    """A data file is not what it should be; the text says where, what was seen and expected."""


class UnknownName(LibraryError, LookupError):
    """Nothing of this sort has the name; the text lists the known names and the nearest one."""


def unknown_name(sort: str, name: str, known: Iterable[str]) -> UnknownName:
    """The error for a `name` that no `sort` ("gateway", "scenario") has."""
    # Only here, because it costs more to import than a whole gateway does to load.
    from difflib import get_close_matches

    names = sorted(known)
    near = get_close_matches(name, names, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return UnknownName(f"no {sort} is named {name!r} (known: {', '.join(names)}).{hint}")
