"""All kinds of faults by their names, and what a name may stand for: a kind, a family, a suite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Final

from mockserver.core import fault as core
from mockserver.core.fault import Fault
from mockserver.library.errors import LibraryError, unknown_name
from mockserver.library.faults.kinds import Kind
from mockserver.library.faults.suites import SUITES


_ROOMS: Final = ("net",)
"""The rooms that hold the kinds, one for each family or for a few small ones."""


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by its name, family by family; read when first asked for: most runs never do."""
    rooms = (import_module(f"{__package__}.{room}") for room in _ROOMS)
    return {one.name: one for room in rooms for one in vars(room).values() if _is_kind(one)}


@cache
def families() -> Mapping[str, tuple[Kind, ...]]:
    """The kinds of each family."""
    found: dict[str, tuple[Kind, ...]] = {}
    for kind in kinds().values():
        found[kind.family] = (*found.get(kind.family, ()), kind)
    return found


@cache
def aliases() -> Mapping[str, str]:
    """Names that other tools have for some of the kinds, in lower case."""
    return {alias.lower(): kind.name for kind in kinds().values() for alias in kind.aliases}


@cache
def members(name: str) -> tuple[Fault, ...]:
    """The faults that a name stands for: of one kind, of a family (`net`), or of a suite.

    Raises `UnknownName`.
    """
    name = aliases().get(name.lower(), name)
    if name in kinds():
        return (Fault(name),)
    if name in SUITES:
        return tuple(_suite(name))
    family = families().get(name.removesuffix(".*"))
    if family is None:
        raise unknown_name("fault", name, (*kinds(), *families(), *SUITES))
    return tuple(Fault(kind.name) for kind in family)


def examples(*names: str) -> tuple[str, ...]:
    """Each kind that `names` stand for as a text, once for each value that shows what it does."""
    return tuple(
        text
        for name in names
        for member in members(name)
        for text in _examples(kinds()[member.name])
    )


def checked(text: str) -> tuple[Fault, ...]:
    """The faults of a text, each with a name and parameters that there are. Raises `LibraryError`."""
    try:
        return tuple(check(one) for one in core.faults(text))
    except ValueError as reason:
        raise LibraryError(str(reason)) from None


def check(fault: Fault) -> Fault:
    """The fault, if it can be meant. Raises `LibraryError`."""
    found = members(fault.name)
    if len(found) > 1 and fault.params:
        given = ", ".join(name for name, _ in fault.params)
        raise LibraryError(f"{fault.name} is several faults, which share no parameter: {given}")
    if len(found) == 1:
        _check_kind(fault, kinds()[found[0].name])
    return fault


def _check_kind(fault: Fault, kind: Kind) -> None:
    try:
        kind.values(dict(fault.params))
    except ValueError as reason:
        raise LibraryError(f"{fault.name}: {reason}") from None
    if not fault.on <= kind.possible:
        where = ", ".join(sorted(kind.possible))
        seen = ", ".join(sorted(fault.on - kind.possible))
        raise LibraryError(f"{kind.name}: on: expected some of {where}, seen {seen}")
    if kind.fixed and fault.phase not in (None, kind.phase):
        raise LibraryError(f"{kind.name}: phase: it is always {kind.phase}, not {fault.phase}")


def _suite(name: str) -> Iterator[Fault]:
    for text in SUITES[name]:
        for one in core.faults(text):
            yield from (one,) if one.name in kinds() else members(one.name)


def _examples(kind: Kind) -> Iterator[str]:
    shown = [f"{kind.name};{one.name}={value}" for one in kind.params for value in one.examples]
    yield from shown or [kind.name]


def _is_kind(value: object) -> bool:
    return isinstance(value, Kind)
