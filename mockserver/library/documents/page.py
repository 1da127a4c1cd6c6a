"""What a page says: operations, their examples and parameters, each fact with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from mockserver.library.documents.addresses import parts_of
from mockserver.library.documents.tree import Place, Tree
from mockserver.library.errors import LibraryError


class DocumentError(LibraryError):
    """A page that cannot be read; the text says which, where, what was seen and expected."""


class Form(StrEnum):
    """How a page is written."""

    OPENAPI = "openapi"
    TEXT = "text"


class Where(StrEnum):
    """Where a parameter travels."""

    HEADER = "header"
    PATH = "path"
    QUERY = "query"
    BODY = "body"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is said; `prose` where it stands in a sentence only.

    Names are those of JSON Schema (type, default, enum, minimum, maximum, required), and
    `maximum_with_NAME` for a limit that holds once the input NAME is given.
    """

    name: str
    value: object = field(hash=False)
    place: Place
    prose: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """A header, or a member of a body by its dotted path, and all that is said of it."""

    where: Where
    path: str
    place: Place
    facts: tuple[Fact, ...]
    text: str = ""
    """What is said of it in words."""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition(".")[2]

    def fact(self, name: str) -> Fact | None:
        """What is said under that name; a schema's word goes before a sentence."""
        known = sorted((one for one in self.facts if one.name == name), key=lambda one: one.prose)
        return known[0] if known else None

    def said(self, name: str) -> object:
        """The value said under that name, or None."""
        known = self.fact(name)
        return known.value if known else None


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the page prints it; `body` is None where it prints none."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: Tree | None
    place: Place


@dataclass(frozen=True, slots=True)
class Response:
    """A response as the page prints it.

    `status` is None where it prints none, and 0 where it is for every status not told otherwise.
    """

    status: int | None
    body: Tree
    place: Place
    name: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked for.

    `body` and `answer` are the schemas as written, where the page has schemas. `security` holds
    what says that a token is needed. `statuses` are those that are printed, with or without body.
    """

    method: str
    url: str
    place: Place
    requests: tuple[Request, ...] = ()
    responses: tuple[Response, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    answers: tuple[Parameter, ...] = ()
    security: tuple[Fact, ...] = ()
    statuses: tuple[Fact, ...] = ()
    body: Tree | None = None
    answer: Tree | None = None

    @property
    def path(self) -> str:
        """The path of the address."""
        return parts_of(self.url).path

    @property
    def host(self) -> str:
        """The host that is asked; empty where only a path is told."""
        return parts_of(self.url).hostname or ""

    def of(self, where: Where) -> Iterator[Parameter]:
        """The parameters that travel there."""
        return (one for one in self.parameters if one.where is where)


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was read.

    `version` and `title` are those of an OpenAPI document. `tokens` are the words that stand
    where a credential belongs; `broken` are the examples that are meant as JSON and are none.
    `schemes` tell how a token is sent: header and word before it. `snippets` are programs, by
    their language; `modified` is the day that the page itself tells.
    """

    name: str
    form: Form
    operations: tuple[Operation, ...]
    tokens: tuple[Fact, ...] = ()
    broken: tuple[Fact, ...] = ()
    version: str = ""
    title: Fact | None = None
    schemes: tuple[Fact, ...] = ()
    snippets: tuple[Fact, ...] = ()
    modified: Fact | None = None
