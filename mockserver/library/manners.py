"""The manners that a gateway may have of its own: paths, request bodies, pages, and a wrapping.

All of them are keys that a profile may leave out; a gateway without them has upstream's manners.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mockserver.library.strict import Table


Arguments = Mapping[str, str]

PAGED: Final = ("results", "next", "previous", "total", "at")
"""What a page can tell: its predictions, its neighbours, how many there are, and where it is."""

FILTERS: Final = ("status", "model", "created_after", "created_before")
"""What a list can be asked for, beside its place."""


@dataclass(frozen=True, slots=True)
class Place:
    """A method and a path template with names in braces."""

    method: str
    path: str

    def arguments(self, path: str) -> Arguments | None:
        """What stands for the names in `path`; None where it is another path."""
        return arguments(self.path, path)


@dataclass(frozen=True, slots=True)
class PathRule:
    """A place of the gateway's own, and the one of upstream's operation that answers there."""

    asked: Place
    means: Place
    documented: bool
    source: str


@dataclass(frozen=True, slots=True)
class RequestForm:
    """How a create call is written.

    `flat`: the body is the input, without members around it. `webhook_in_query`: so is the
    webhook told. `webhook_events`: what it is told, if not what upstream tells.
    `ignores_unknown`: members around the input that are not known are passed over.
    """

    flat: bool
    webhook_in_query: bool
    webhook_events: tuple[str, ...]
    ignores_unknown: bool
    documented: bool
    source: str


@dataclass(frozen=True, slots=True)
class Paging:
    """A list that is asked for by number: of the first prediction (`at_first` 0) or of the page.

    `at` and `size` are the names of its parameters; `members` says, in order, which member of the
    answer tells what of `PAGED`.
    """

    counts_pages: bool
    at: str
    size: str
    default: int
    most: int
    members: Mapping[str, str] = field(hash=False)
    filters: tuple[str, ...]
    documented: bool
    source: str

    @property
    def least(self) -> int:
        """The number of the first page, or of the first prediction."""
        return 1 if self.counts_pages else 0

    def offset(self, at: int, size: int) -> int:
        """How many predictions come before the page."""
        return (at - 1) * size if self.counts_pages else at

    def number(self, offset: int, size: int) -> int:
        """The number of the page that begins so far down the list."""
        return offset // size + 1 if self.counts_pages else offset

    def schema(self, statuses: tuple[str, ...]) -> dict[str, Any]:
        """The JSON Schema of what such a list is asked for, where these `statuses` are known."""
        numbers = {
            self.at: {"type": "integer", "minimum": self.least},
            self.size: {"type": "integer", "minimum": 1, "maximum": self.most},
        }
        known = {
            "status": {"type": "string", "enum": list(statuses)},
            "model": {"type": "string"},
            "created_after": {"type": "string", "format": "date-time"},
            "created_before": {"type": "string", "format": "date-time"},
        }
        return {"type": "object", "properties": numbers | {it: known[it] for it in self.filters}}

    def told(self, what: str) -> str:
        """The member that tells `what`, or nothing."""
        return next((name for name, tells in self.members.items() if tells == what), "")


@dataclass(frozen=True, slots=True)
class Wrapping:
    """What stands around every answer: members `beside` the one that holds it."""

    member: str
    beside: Mapping[str, Any] = field(hash=False)
    documented: bool
    source: str

    def around(self, held: object) -> dict[str, object]:
        """The answer that holds `held`."""
        return {**self.beside, self.member: held}

    def is_around(self, answer: Mapping[str, Any]) -> bool:
        """Whether `answer` is one of success."""
        return all(answer.get(name) == value for name, value in self.beside.items())


def arguments(template: str, path: str) -> Arguments | None:
    """What stands in `path` for the names of `template`; None where it does not match."""
    pattern, segments = template.split("/"), path.split("/")
    if len(pattern) != len(segments):
        return None
    found = {}
    for known, seen in zip(pattern, segments, strict=True):
        if known[:1] == "{" and seen:
            found[known[1:-1]] = seen
        elif known != seen:
            return None
    return found


def load_paths(tables: Iterator[Table]) -> tuple[PathRule, ...]:
    """The list `paths` of a profile; what is not listed there is not served."""
    rules = (_path_rule(table) for table in tables)
    # A path that is spelled out is meant before one with a name in its place.
    return tuple(sorted(rules, key=lambda rule: rule.asked.path.count("{")))


def load_request(table: Table) -> RequestForm:
    """The table `request` of a profile."""
    form = RequestForm(
        flat=table.flag("flat", default=False),
        webhook_in_query=table.flag("webhook_in_query", default=False),
        webhook_events=table.texts("webhook_events", ()),
        ignores_unknown=table.flag("ignores_unknown", default=False),
        documented=table.flag("documented"),
        source=table.text("source"),
    )
    table.done()
    return form


def load_paging(table: Table) -> Paging:
    """The table `paging` of a profile."""
    told = table.table("members")
    paging = Paging(
        counts_pages=table.one_of("by", ("page", "offset")) == "page",
        at=table.text("at"),
        size=table.text("size"),
        default=table.integer("default"),
        most=table.integer("most"),
        members={name: told.one_of(name, PAGED) for name in told},
        filters=tuple(_known(table, "filters", FILTERS)),
        documented=table.flag("documented"),
        source=table.text("source"),
    )
    table.done()
    return paging


def load_wrapping(table: Table) -> Wrapping:
    """The table `wrapped` of a profile."""
    wrapping = Wrapping(
        member=table.text("member"),
        beside=table.raw("beside"),
        documented=table.flag("documented"),
        source=table.text("source"),
    )
    table.done()
    return wrapping


def _path_rule(table: Table) -> PathRule:
    asked = _place(table, "asked")
    means = _place(table, "means") if table.has("means") else asked
    if _names(asked) != _names(means):
        raise table.error("means", f"a path over {', '.join(_names(asked))}", means.path)
    rule = PathRule(asked, means, documented=table.flag("documented"), source=table.text("source"))
    table.done()
    return rule


def _place(table: Table, key: str) -> Place:
    method, _, path = table.text(key).partition(" ")
    if not path.startswith("/"):
        raise table.error(key, "a method and a path, as in GET /predictions", table.text(key))
    return Place(method, path)


def _names(place: Place) -> tuple[str, ...]:
    return tuple(sorted(part for part in place.path.split("/") if part[:1] == "{"))


def _known(table: Table, key: str, choices: tuple[str, ...]) -> tuple[str, ...]:
    found = table.texts(key, ())
    if not set(found) <= set(choices):
        raise table.error(key, f"some of {', '.join(choices)}", found)
    return found
