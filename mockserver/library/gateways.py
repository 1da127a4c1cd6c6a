"""A gateway as its profile describes it: where it is, how it is asked, how it answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from mockserver.library.refusals import Refusals, load_refusals
from mockserver.library.strict import Table, toml_table


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
class Auth:
    """Which header carries the token, behind which words."""

    header: str
    schemes: tuple[str, ...]
    documented: bool
    source: str

    def token(self, sent: str) -> str:
        """The token in the header's value; empty where the words before it are not accepted."""
        scheme, _, token = sent.strip().partition(" ")
        return token.strip() if scheme.lower() in self._accepted else ""

    @property
    def _accepted(self) -> Iterator[str]:
        return map(str.lower, self.schemes)


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
    """What its documents show for `urls`, what the fake serves, and the upstream's templates."""

    mode: UrlsMode
    served: UrlsMode
    upstream: Mapping[str, str] = field(hash=False)
    documented: bool
    source: str


@dataclass(frozen=True, slots=True)
class Quirk:
    """One named way in which a gateway differs from upstream."""

    name: str
    says: str
    documented: bool
    source: str


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway; `waited_out_status` answers a create whose `Prefer: wait` ran out."""

    name: str
    title: str
    homepage: str
    hosts: tuple[str, ...]
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


def load_gateway(path: Path) -> Gateway:
    """The gateway described by the TOML file at `path`; `LibraryError` if it is not right.

    Its refusals stand in a file that gateways share, `../errors/<like>.toml`.
    """
    table = toml_table(path)
    create = table.table("create")
    waited_out_status = create.integer("waited_out_status")
    gateway = Gateway(
        name=_name(table),
        title=table.text("title"),
        homepage=table.text("homepage"),
        hosts=_hosts(table),
        base_path=_base_path(table),
        source=table.text("source"),
        auth=_auth(table.table("auth")),
        create=_endpoint(create),
        waited_out_status=waited_out_status,
        get=_endpoint(table.table("get")),
        list=_endpoint(table.table("list")),
        cancel=_endpoint(table.table("cancel")),
        urls=_urls(table.table("urls")),
        errors=_errors(table.table("errors")),
        endpoints=_endpoints(table.table("endpoints")),
        quirks=tuple(_quirk(quirk) for quirk in table.tables("quirks", ())),
    )
    table.done()
    return gateway


def hosts_of(path: Path) -> tuple[str, ...]:
    """The hosts of the profile at `path`, without reading the rest of it."""
    return _hosts(toml_table(path))


def _name(table: Table) -> str:
    seen = table.text("name")
    if seen != table.file.stem:
        raise table.error("name", f"{table.file.stem!r}, as the path says", seen)
    return seen


def _hosts(table: Table) -> tuple[str, ...]:
    hosts = table.texts("hosts")
    if not hosts or any(host != host.lower() or "/" in host for host in hosts):
        raise table.error("hosts", "host names in lower case, without a scheme", hosts)
    return hosts


def _base_path(table: Table) -> str:
    seen = table.text("base_path")
    if not seen.startswith("/") or seen.endswith("/"):
        raise table.error("base_path", "a path that begins with / and does not end with one", seen)
    return seen


def _auth(table: Table) -> Auth:
    auth = Auth(
        header=table.text("header"),
        schemes=table.texts("schemes"),
        documented=table.flag("documented"),
        source=table.text("source"),
    )
    table.done()
    return auth


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
        documented=table.flag("documented"),
        source=table.text("source"),
    )
    upstream.done()
    table.done()
    return urls


def _errors(table: Table) -> Refusals:
    path = table.file.parent.parent / "errors" / f"{table.text('like')}.toml"
    refusals = load_refusals(path, brand=table.text("brand"))
    table.done()
    return refusals


def _endpoints(table: Table) -> Mapping[str, Support]:
    found = {name: Support(table.one_of(name, tuple(Support))) for name in FEATURES}
    table.done()
    return found


def _quirk(table: Table) -> Quirk:
    quirk = Quirk(
        name=table.text("name"),
        says=table.text("says"),
        documented=table.flag("documented"),
        source=table.text("source"),
    )
    table.done()
    return quirk
