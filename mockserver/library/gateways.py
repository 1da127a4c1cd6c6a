"""A gateway as its profile describes it: where it is, how it is asked, how it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from mockserver.core.timeline import Status
from mockserver.library.aliases import Alias, load_alias, load_hosts
from mockserver.library.auth import Auth, load_auth
from mockserver.library.manners import (
    Paging,
    PathRule,
    RequestForm,
    Wrapping,
    load_paging,
    load_paths,
    load_request,
    load_wrapping,
)
from mockserver.library.quirks import Quirk, load_quirk
from mockserver.library.refusals import Refusals, load_refusals
from mockserver.library.rooms import room
from mockserver.library.spelling import Spelling, load_spelling
from mockserver.library.strict import Table, toml_table


T = TypeVar("T")


class Serializer(StrEnum):
    """Which of upstream's two forms an answer has."""

    EDGE = "edge"
    WEB = "web"


class Support(StrEnum):
    """How sure it is that a gateway has something."""

    DOCUMENTED = "documented"
    SUPPORTED = "supported"
    ASSUMED = "assumed"
    UNSUPPORTED = "unsupported"


class UrlsMode(StrEnum):
    """Where `urls` lead: to the gateway itself, to upstream, or nowhere."""

    OWN = "own"
    UPSTREAM = "upstream"
    NONE = "none"


FEATURES: Final = (
    "create",
    "get",
    "cancel",
    "list",
    "stream",
    "files",
    "webhooks",
    "sync",
    "models",
    "trainings",
    "deployments",
    "platform",
)
URL_NAMES: Final = ("cancel", "get", "stream", "web")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """How one operation answers when all is well.

    `body` None is the whole prediction, else the members that are written, in order; those of
    `omit_null` are left out while they are null.
    """

    status: int
    body: tuple[str, ...] | None
    omit_null: tuple[str, ...]
    serializer: Serializer
    documented: bool
    source: str


@dataclass(frozen=True, slots=True)
class Urls:
    """What its documents show for `urls`, what the fake serves, and the upstream's templates.

    `own_get` is the path of `urls.get` behind the base URL, where it is not that of the look.
    """

    mode: UrlsMode
    served: UrlsMode
    upstream: Mapping[str, str] = field(hash=False)
    own_get: str
    documented: bool
    source: str


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway; `waited_out_status` answers a create whose `Prefer: wait` ran out.

    `aliases` are hosts that its answers lead to besides its own.
    Without `paths` it serves all of upstream's. What is None from `request` on is as upstream's.
    """

    name: str
    title: str
    homepage: str
    hosts: tuple[str, ...]
    aliases: tuple[Alias, ...]
    base_path: str
    source: str
    auth: Auth
    create: Endpoint
    waited_out_status: int
    get: Endpoint
    list: Endpoint
    cancel: Endpoint
    urls: Urls
    errors: Refusals
    endpoints: Mapping[str, Support] = field(hash=False)
    quirks: tuple[Quirk, ...]
    paths: tuple[PathRule, ...]
    request: RequestForm | None
    prediction: Spelling | None
    paging: Paging | None
    wrapped: Wrapping | None

    def serves(self, method: str, path: str) -> bool:
        """Whether upstream's operation at this path has a place here."""
        return not self.paths or any(
            rule.means.method == method and rule.means.arguments(path) is not None
            for rule in self.paths
        )

    def writes(self, *member: str) -> bool:
        """Whether its predictions tell upstream's `member`, or something inside it."""
        return self.prediction is None or self.prediction.writes(*member)

    @property
    def statuses(self) -> Mapping[str, Status]:
        """The statuses that its predictions can have, as it calls them; the first of each name."""
        found: dict[str, Status] = {}
        for status in Status:
            found.setdefault(str(self.status(status)), status)
        return found

    def status(self, status: str) -> str:
        """What its predictions call upstream's `status`."""
        return self.prediction.status(status) if self.prediction else status

    def has(self, feature: str) -> bool:
        """Whether it has the feature, as far as anybody knows."""
        return self.endpoints[feature] is not Support.UNSUPPORTED


def load_gateway(path: Path) -> Gateway:
    """The gateway described by the TOML file at `path`; `LibraryError` if it is not right.

    Its refusals stand in a file that gateways share, `../errors/<like>.toml`, or one that ships.
    """
    return read_gateway(toml_table(path))


def read_gateway(table: Table) -> Gateway:
    """The gateway that `table` describes, which is or will be kept at `table.file`."""
    create = table.table("create")
    waited_out_status = create.integer("waited_out_status")
    gateway = Gateway(
        name=_name(table),
        title=table.text("title"),
        homepage=table.text("homepage"),
        hosts=load_hosts(table),
        aliases=_aliases(table),
        base_path=_base_path(table),
        source=table.text("source"),
        auth=load_auth(table.table("auth")),
        create=_endpoint(create),
        waited_out_status=waited_out_status,
        get=_endpoint(table.table("get")),
        list=_endpoint(table.table("list")),
        cancel=_endpoint(table.table("cancel")),
        urls=_urls(table.table("urls")),
        errors=_errors(table.table("errors")),
        endpoints=_endpoints(table.table("endpoints")),
        quirks=tuple(load_quirk(quirk) for quirk in table.tables("quirks", ())),
        paths=load_paths(table.tables("paths", ())),
        request=_if_there(table, "request", load_request),
        prediction=_if_there(table, "prediction", load_spelling),
        paging=_if_there(table, "paging", load_paging),
        wrapped=_if_there(table, "wrapped", load_wrapping),
    )
    table.done()
    return gateway


def roots_of_hosts(path: Path) -> Mapping[str, str]:
    """What each host and alias in the profile at `path` stands for, without reading the rest."""
    table = toml_table(path)
    besides = {host: alias.root for alias in _aliases(table) for host in alias.hosts}
    return dict.fromkeys(load_hosts(table), "") | besides


def _if_there(table: Table, key: str, load: Callable[[Table], T]) -> T | None:
    return load(table.table(key)) if table.has(key) else None


def _name(table: Table) -> str:
    seen = table.text("name")
    if seen != table.file.stem:
        raise table.error("name", f"{table.file.stem!r}, as the path says", seen)
    return seen


def _aliases(table: Table) -> tuple[Alias, ...]:
    return tuple(load_alias(alias) for alias in table.tables("aliases", ()))


def _base_path(table: Table) -> str:
    seen = table.text("base_path")
    if not seen.startswith("/") or seen.endswith("/"):
        raise table.error("base_path", "a path that begins with / and does not end with one", seen)
    return seen


def _endpoint(table: Table) -> Endpoint:
    endpoint = Endpoint(
        status=_success(table),
        body=_body(table),
        omit_null=table.texts("omit_null", ()),
        serializer=Serializer(table.one_of("serializer", tuple(Serializer))),
        documented=table.flag("documented"),
        source=table.text("source"),
    )
    table.done()
    return endpoint


def _success(table: Table) -> int:
    status = table.integer("status")
    if not 200 <= status <= 299:  # noqa: PLR2004 - the class of success, RFC 9110 15.3
        raise table.error("status", "a status from 200 to 299", status)
    return status


def _body(table: Table) -> tuple[str, ...] | None:
    return None if table.value("body") == "full" else table.texts("body")


def _urls(table: Table) -> Urls:
    upstream = table.table("upstream")
    urls = Urls(
        mode=UrlsMode(table.one_of("mode", tuple(UrlsMode))),
        served=UrlsMode(table.one_of("served", tuple(UrlsMode))),
        upstream={name: upstream.text(name) for name in URL_NAMES},
        own_get=table.text("own_get", ""),
        documented=table.flag("documented"),
        source=table.text("source"),
    )
    upstream.done()
    table.done()
    return urls


def _errors(table: Table) -> Refusals:
    name = f"errors/{table.text('like')}.toml"
    beside = table.file.parent.parent / name
    path = beside if beside.is_file() else room("schemas") / name
    own = table.table("kinds") if table.has("kinds") else None
    refusals = load_refusals(path, brand=table.text("brand"), own=own)
    table.done()
    return refusals


def _endpoints(table: Table) -> Mapping[str, Support]:
    found = {name: Support(table.one_of(name, tuple(Support))) for name in FEATURES}
    table.done()
    return found
