"""A prediction as a gateway spells it that does not use upstream's members.

A profile lists the members that it writes, in their order; each says from which of upstream's it
is made, and as what. A gateway that relays upstream's members lists none, or what it adds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from mockserver.library.strict import Table


# A prediction is a tree of whatever JSON can hold; there is nothing to be typed.
Json = dict[str, Any]

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_MISSING: Final = object()


class As(StrEnum):
    """What a member is made into.

    `plain`: as it is, and absent where it is; `list`: always a list; `text`: "" for null;
    `milliseconds`: of seconds, 0 for none; `problem`: an object with `code` and `message`;
    `flags`: false, once for each value.
    """

    PLAIN = "plain"
    LIST = "list"
    TEXT = "text"
    MILLISECONDS = "milliseconds"
    PROBLEM = "problem"
    FLAGS = "flags"


@dataclass(frozen=True, slots=True)
class Member:
    """One member that is written: where (`path`), from which of upstream's, and as what.

    `names` respells texts, `otherwise` those that are not listed there. `by_status` stands for
    null, by upstream's status. `code` is that of a problem. `letters`: in webhooks only. `when`
    are upstream's statuses that it is told with; with others it is as if there were none.
    """

    path: tuple[str, ...]
    of: tuple[str, ...]
    form: As
    names: Mapping[str, str] = field(hash=False)
    otherwise: str
    by_status: Mapping[str, str] = field(hash=False)
    code: str
    letters: bool
    when: tuple[str, ...]

    def told(self, members: Mapping[str, Any]) -> object:
        """The value, from upstream's `members`; `_MISSING` where it is left out."""
        found: Any = members
        for name in self.of:
            found = found.get(name, _MISSING) if isinstance(found, Mapping) else _MISSING
        if self.when and members["status"] not in self.when:
            found = _MISSING
        if self.names or self.otherwise:
            return self.names.get(found, self.otherwise or found)
        if found is None or found is _MISSING:
            found = self.by_status.get(members["status"], found)
        return _MADE[self.form](self, found)


@dataclass(frozen=True, slots=True)
class Added:
    """A member that upstream does not write here, and the one that it stands behind."""

    name: str
    value: str
    behind: str


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a gateway spells a prediction: with `members` of its own, or with some `added`."""

    members: tuple[Member, ...]
    added: tuple[Added, ...]
    documented: bool
    source: str

    def told(self, members: Json, *, letter: bool = False) -> Json:
        """Upstream's `members`, respelled; `letter` is for the body of a webhook."""
        if not self.members:
            return self._with_more(members)
        body: Json = {}
        for member in self.members:
            value = _MISSING if member.letters and not letter else member.told(members)
            if value is not _MISSING:
                _put(body, member.path, value)
        return body

    def member(self, *of: str) -> Member | None:
        """The member that is made of upstream's `of`, if there is one."""
        return next((member for member in self.members if member.of == of), None)

    def status(self, status: str) -> str:
        """How upstream's `status` is called here."""
        member = self.member("status")
        return member.names.get(status, status) if member else status

    def writes(self, *of: str) -> bool:
        """Whether upstream's member `of`, or something inside it, is told in answers."""
        told = [member.of for member in self.members if not member.letters]
        return not told or any(name[: len(of)] == of for name in told)

    def _with_more(self, members: Json) -> Json:
        behind = {added.behind: added for added in self.added}
        body: Json = {}
        for name, value in members.items():
            body[name] = value
            if name in behind and behind[name].name not in members:
                body[behind[name].name] = behind[name].value
        return body


def load_spelling(table: Table) -> Spelling:
    """The spelling that the table `prediction` of a profile describes."""
    spelling = Spelling(
        members=tuple(_members(table.table("members"))) if table.has("members") else (),
        added=tuple(_added(table.table("added"))) if table.has("added") else (),
        documented=table.flag("documented"),
        source=table.text("source"),
    )
    table.done()
    return spelling


def _members(table: Table) -> Iterator[Member]:
    for path in table:
        yield _member(table.table(path), path)
    table.done()


def _member(table: Table, path: str) -> Member:
    member = Member(
        path=tuple(path.split(".")),
        of=tuple(table.text("from", path).split(".")),
        form=As(table.one_of("as", tuple(As))) if table.has("as") else As.PLAIN,
        names=_texts(table, "names"),
        otherwise=table.text("otherwise", ""),
        by_status=_texts(table, "by_status"),
        code=table.text("code", ""),
        letters=table.flag("only_in_webhooks", default=False),
        when=table.texts("when", ()),
    )
    table.done()
    return member


def _texts(table: Table, key: str) -> Mapping[str, str]:
    if not table.has(key):
        return _NOTHING
    inner = table.table(key)
    return {name: inner.text(name) for name in inner}


def _added(table: Table) -> Iterator[Added]:
    for name in table:
        inner = table.table(name)
        yield Added(name, inner.text("value"), inner.text("behind"))
        inner.done()


def _put(body: Json, path: tuple[str, ...], value: object) -> None:
    for name in path[:-1]:
        body = body.setdefault(name, {})
    body[path[-1]] = value


def _plain(_: Member, value: Any) -> object:
    return value


def _list(_: Member, value: Any) -> object:
    if value in (None, _MISSING):
        return []
    return value if isinstance(value, list) else [value]


def _text(_: Member, value: Any) -> object:
    return "" if value in (None, _MISSING) else value


def _milliseconds(_: Member, value: Any) -> object:
    return 0 if value in (None, _MISSING) else round(value * 1000)


def _problem(member: Member, value: Any) -> object:
    return None if value in (None, _MISSING) else {"code": member.code, "message": value}


def _flags(member: Member, value: Any) -> object:
    listed = _list(member, value)
    return [False] * len(listed) if isinstance(listed, list) else []


_MADE: Final[Mapping[As, Callable[[Member, Any], object]]] = {
    As.PLAIN: _plain,
    As.LIST: _list,
    As.TEXT: _text,
    As.MILLISECONDS: _milliseconds,
    As.PROBLEM: _problem,
    As.FLAGS: _flags,
}
