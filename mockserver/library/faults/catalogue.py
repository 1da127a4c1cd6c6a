"""All kinds of faults by their names, and what a name may stand for: a kind, a family, a suite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Final

from mockserver.core import fault as core
from mockserver.core.fault import Fault, Phase
from mockserver.library.errors import LibraryError, unknown_name
from mockserver.library.faults.kinds import Kind, Needs
from mockserver.library.faults.suites import SUITES


_ROOMS: Final = (
    "net",
    "net_pace",
    "net_chunks",
    "http",
    "http_retry",
    "body",
    "body_coded",
    "tls",
    "gw",
    "sse",
    "sse_text",
    "hook",
    "hook_signature",
    "hook_body",
    "future",
    "life",
    "sync",
    "out",
    "out_files",
    "shape",
    "logs",
    "time_",
    "lists",
    "cancel",
    "limit",
    "fail",
    "files",
)
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


def checked(text: str, *, by_server: bool = False) -> tuple[Fault, ...]:
    """The faults of a text, each checked as `check` does. Raises `LibraryError`."""
    try:
        return tuple(check(one, by_server=by_server) for one in core.faults(text))
    except ValueError as reason:
        raise LibraryError(str(reason)) from None


def said(text: str, values: Mapping[str, object]) -> Fault:
    """The fault that `text` tells, `values` said of it besides, checked as `check` does.

    Raises `LibraryError`.
    """
    try:
        return check(core.fault(text, values))
    except ValueError as reason:
        raise LibraryError(str(reason)) from None


def handshake(flags: str) -> str:
    """How the handshakes of a server with these flags fail; empty where they do not.

    Raises `LibraryError`.
    """
    named = [one.name for one in core.faults(flags) if _is_of_handshakes(members(one.name))]
    if len(named) > 1:
        raise LibraryError(f"a handshake fails in one way, not in several: {', '.join(named)}")
    return named[0] if named else ""


def handshake_apart(flags: str) -> tuple[str, str]:
    """How the handshakes of a server with these flags fail, and the flags without that.

    Raises `LibraryError`.
    """
    found = handshake(flags)
    return found, ", ".join(str(one) for one in core.faults(flags) if one.name != found)


def check(fault: Fault, *, by_server: bool = False) -> Fault:
    """The fault, if it can be meant by whoever sets it. Raises `LibraryError`."""
    found = members(fault.name)
    if _is_of_handshakes(found):
        _check_handshake(fault, found, by_server=by_server)
    if len(found) > 1 and fault.params:
        given = ", ".join(name for name, _ in fault.params)
        raise LibraryError(f"{fault.name} is several faults, which share no parameter: {given}")
    if len(found) == 1:
        _check_kind(fault, kinds()[found[0].name])
    return fault


def phases(fault: Fault) -> frozenset[Phase]:
    """The phases in which what it stands for may strike."""
    return frozenset(fault.phase or kinds()[one.name].phase for one in members(fault.name))


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


def _check_handshake(fault: Fault, found: tuple[Fault, ...], *, by_server: bool) -> None:
    if not by_server:
        raise LibraryError(
            f"{fault.name} is about handshakes, which come before any request: "
            "it is set where a server is started, with --https --fault"
        )
    if len(found) > 1:
        known = ", ".join(one.name for one in found)
        raise LibraryError(f"{fault.name} is several faults; a server has one of {known}")
    if fault != Fault(fault.name):
        raise LibraryError(f"{fault.name} is about every handshake; seen: {fault}")


def _is_of_handshakes(found: tuple[Fault, ...]) -> bool:
    return all(kinds()[one.name].needs is Needs.LISTENER for one in found)


def _suite(name: str) -> Iterator[Fault]:
    for text in SUITES[name]:
        for one in core.faults(text):
            yield from (one,) if one.name in kinds() else members(one.name)


def _examples(kind: Kind) -> Iterator[str]:
    shown = [f"{kind.name};{one.name}={value}" for one in kind.params for value in one.examples]
    yield from shown or [kind.name]


def _is_kind(value: object) -> bool:
    return isinstance(value, Kind)
