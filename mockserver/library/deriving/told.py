"""The documents that something is derived from: pages, named by their gateway and model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import PurePath
from re import compile as pattern
from typing import Final

from mockserver.library.catalogue import Catalogue
from mockserver.library.deriving.facts import Ground, Origin
from mockserver.library.documents.addresses import CREATE, base_of, model_in, parts_of
from mockserver.library.documents.page import Fact, Operation, Page, Response, Where
from mockserver.library.documents.tree import Place, Tree
from mockserver.library.errors import LibraryError


_FULL_NAME: Final = pattern(r"[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*")
_HOST: Final = pattern(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_BASE_PATH: Final = pattern(r"(?:/[A-Za-z0-9._~-]+)+")
_STRANGE: Final = pattern(r"[^A-Za-z0-9_-]+")
_GATEWAY: Final = pattern(r"[a-z0-9][a-z0-9-]*")
# Labels of a host that name nobody, and second levels that are rented out below a country.
_GENERIC: Final = frozenset({"ac", "co", "com", "edu", "example", "gov", "net", "org"})
_SUCCESS: Final = 2


@dataclass(frozen=True, slots=True)
class About:
    """What a person says besides: where the gateway is, what it and the model are called."""

    origin: str = ""
    gateway: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A page of a gateway, and of what it says, what creates predictions of `model`.

    `creation` is None, and `model` empty, where the page tells of something else, such as how to
    look at a prediction.
    """

    page: Page
    gateway: str
    host: str
    base_path: str
    creation: Operation | None = None
    model: str = ""

    @property
    def name(self) -> str:
        """The document's name, `gateway/model`; a page of another kind is called as its file."""
        stem = PurePath(self.page.name).name.partition(".")[0]
        own = self.model.rpartition("/")[2] or _STRANGE.sub("-", stem) or "page"
        return f"{self.gateway}/{own}"

    def origin(self, place: Place, ground: Ground = Ground.SAID) -> Origin:
        """Where a thing in this page stands."""
        return Origin(self.name, self.page.name, place, ground)

    def of(self, fact: Fact) -> Origin:
        """Where a fact of this page stands."""
        return self.origin(fact.place, Ground.PROSE if fact.prose else Ground.SAID)

    @property
    def origin_url(self) -> str:
        """Where the gateway is, as far as the page says how it is spoken to."""
        asked = self.creation or self.page.operations[0]
        return f"{parts_of(asked.url).scheme or 'https'}://{self.host}"

    def url(self, operation: Operation) -> str:
        """The address of an operation, behind the base path of the gateway."""
        behind = operation.path.removeprefix(base_of(operation.path))
        return f"{self.origin_url}{self.base_path}{behind}"

    @property
    def flat(self) -> bool:
        """Whether the body of the create call is the input itself, and the path names the model.

        It has to be shown so, and nothing may speak of an `input`.
        """
        asked = self.creation
        if asked is None or not model_in(asked.path):
            return False
        shown = [one.body for one in asked.requests if one.body]
        told = any(one.path.partition(".")[0] == "input" for one in asked.of(Where.BODY))
        return bool(shown) and not told and not any(one.has("input") for one in shown)

    def successes(self) -> Iterator[Response]:
        """The responses to a create call that are no refusals."""
        return successes(self.creation) if self.creation else iter(())

    def inputs(self) -> Iterator[Tree]:
        """Every input that the page shows, sent or echoed."""
        flat = self.flat
        for request in self.creation.requests if self.creation else ():
            if request.body and flat:
                yield request.body
            elif request.body and request.body.has("input"):
                yield request.body.at("input")
        for response in self.successes():
            if response.body.has("input"):
                yield response.body.at("input")


def successes(operation: Operation) -> Iterator[Response]:
    """The responses of an operation that are no refusals."""
    return (
        one for one in operation.responses if one.status is None or one.status // 100 == _SUCCESS
    )


@dataclass(slots=True)
class _Names:
    """What gateways are called: as they are known, as was said, or after their host."""

    about: About
    catalogue: Catalogue
    by_host: dict[str, str] = field(default_factory=dict)

    def of(self, host: str, where: str) -> str:
        """The name of the gateway at `host`. Raises `LibraryError` for one that is another's."""
        if host not in self.by_host:
            self.by_host[host] = self._name(host, where)
        return self.by_host[host]

    def _name(self, host: str, where: str) -> str:
        known = self.catalogue.gateway_of_host(host)
        name = self.about.gateway or (known.name if known else _after(host))
        taken = [other for other, called in self.by_host.items() if called == name]
        if name in self.catalogue.gateway_names():
            taken += [*self.catalogue.gateway(name).hosts]
        if taken and host not in taken:
            raise LibraryError(
                f"{where}: {host} would be called {name}, which is the gateway at {taken[0]}; "
                "call it otherwise with --gateway, one gateway at a time"
            )
        return name


def told(pages: Sequence[Page], about: About, catalogue: Catalogue) -> tuple[Told, ...]:
    """The documents in these pages, in order: one for each create call, or for a page without.

    Raises `LibraryError` where none creates a prediction, or it cannot be said of whom or where.
    """
    names = _Names(about, catalogue)
    found = _once(chain.from_iterable(_of_page(page, about, names) for page in pages))
    if not any(one.creation for one in found):
        seen = "; ".join(
            f"{one.page.name}:{it.place.line} {it.method} {it.path}"
            for one in found
            for it in one.page.operations
        )
        raise LibraryError(
            "expected a call that creates a prediction, POST …/models/OWNER/NAME/predictions, "
            f"seen {seen:.300}"
        )
    return found


def _once(documents: Iterable[Told]) -> tuple[Told, ...]:
    """Each document once. Raises `LibraryError` where two pages would be one document."""
    found: dict[str, Told] = {}
    for one in documents:
        known = found.setdefault(one.name, one)
        if known.page is not one.page:
            raise LibraryError(
                f"{one.page.name}: expected a document that no other page is, seen {one.name}, as "
                f"{known.page.name} is; derive them apart, each with an --output of its own"
            )
    return tuple(found.values())


def _of_page(page: Page, about: About, names: _Names) -> Iterator[Told]:
    creating = [one for one in page.operations if one.method == "POST" and CREATE.search(one.path)]
    if not creating:
        yield _placed(page, page.operations[0], about, names)
    for one in creating:
        around = _placed(page, one, about, names)
        yield Told(
            page, around.gateway, around.host, around.base_path, one, _model(page, one, about)
        )


def _placed(page: Page, operation: Operation, about: About, names: _Names) -> Told:
    """The page of the gateway that an operation leads to."""
    where = f"{page.name}:{operation.place.line}"
    given = parts_of(about.origin)
    host, base = operation.host, given.path.rstrip("/") + base_of(operation.path)
    if not _HOST.fullmatch(host):
        host = given.hostname or ""
    if not host:
        raise LibraryError(
            f"{where}: expected an address with a host, seen {operation.url!r:.100}; "
            "say where the gateway is with --origin https://…"
        )
    if not _BASE_PATH.fullmatch(base):
        raise LibraryError(
            f"{where}: expected a path before /models or /predictions, as in "
            f"https://{host}/v1/models/…, seen {operation.path!r:.100}; add it with --origin"
        )
    return Told(page, names.of(host, where), host, base)


def _model(page: Page, operation: Operation, about: About) -> str:
    """The model that is asked for: in the path, in a body, or as was said."""
    shown = [one.body for one in operation.requests if one.body]
    named = [one.at(key).text() for one in shown for key in ("version", "model")]
    named += [one.body.at("model").text() for one in operation.responses]
    candidates = (model_in(operation.path), about.model, *(one.partition(":")[0] for one in named))
    found = next((one for one in candidates if _FULL_NAME.fullmatch(one)), "")
    if not found:
        raise LibraryError(
            f"{page.name}:{operation.place.line}: expected a model, OWNER/NAME, in the path or an "
            f"example, seen {operation.path!r:.100}; name it with --model"
        )
    return found


def _after(host: str) -> str:
    """A name after the label of a host that somebody registered."""
    labels = host.split(".")
    own = [one for one in labels[:-1] if one not in _GENERIC] or labels
    name = own[-1].replace("_", "-").strip("-")
    numbers = all(label.isdecimal() for label in labels)
    return name if _GATEWAY.fullmatch(name) and not numbers else "gateway"
