"""Under which name the fake was called: the gateway it pretends to be, and its own address."""

from __future__ import annotations

from dataclasses import dataclass
from re import compile as pattern
from typing import Final

from mockserver.core.interaction import LOOPBACK_NAMES, Request
from mockserver.library.catalogue import Catalogue
from mockserver.library.gateways import Gateway, UrlsMode
from mockserver.service.settings import Settings
from mockserver.web.evolution import Past, past


RELAY_PREFIX: Final = "/replicate/v1"
PREFIXES: Final = (f"{RELAY_PREFIX}/v1", RELAY_PREFIX, "/v1/v1", "/v1")
"""Where the routes answer, besides the root.

One official SDK wants its base URL with `/v1` and one without; since the doubled ones are here,
one value serves both.
"""

DELIVERY: Final = "/delivery"
"""Where output files lie on our origin."""

_BY_NAME: Final = "/gateways/"
_TELLING: Final = frozenset(
    {"host", "x-forwarded-host", "x-forwarded-prefix", "x-forwarded-proto"}
)
"""The headers that a face depends on."""
_HOST: Final = pattern(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
_ROOT: Final = pattern(r"(?:/[A-Za-z0-9._~-]{1,100}){1,8}")
_KEPT_FACES: Final = 256


@dataclass(frozen=True, slots=True)
class Face:
    """The gateway that is spoken, and the origin and path prefix it is spoken at.

    `files` is what the paths of output files are appended to. `urls` says where the `urls` of its
    predictions lead, `past` how it differs from today's.
    """

    gateway: Gateway
    origin: str
    prefix: str
    files: str
    urls: UrlsMode = UrlsMode.OWN
    past: Past | None = None

    @property
    def base_url(self) -> str:
        """What the API's paths are appended to."""
        return self.origin + self.prefix


class Faces:
    """Tells faces apart by path and by `Host`.

    With `genuine`, addresses are those that a gateway's documents show, all of whose hosts lead
    here; else they lead back to where the client called.
    """

    def __init__(self, settings: Settings, catalogue: Catalogue, *, genuine: bool = False) -> None:
        self._delivered = _delivered(catalogue) if genuine else ""
        self._settings = settings
        self._catalogue = catalogue
        self._past = past(settings.api_date, catalogue)
        self._known: dict[tuple[object, ...], Face] = {}

    def face(self, request: Request) -> tuple[Face, str]:
        """The face that `request` looks at, and the path that is left behind its prefix."""
        name, prefix, path = self._place(request)
        told = tuple([header for header in request.headers if header[0] in _TELLING])
        key = name, prefix, request.scheme, request.root, told
        face = self._known.get(key)
        if face is None:
            face = self._face(request, name, prefix)
            if len(self._known) >= _KEPT_FACES:
                self._known.clear()
            self._known[key] = face
        return face, path

    def _place(self, request: Request) -> tuple[str, str, str]:
        """The gateway that a path names, if any, the prefix behind it, and the rest."""
        name, path = "", request.path
        if path.startswith(_BY_NAME):
            called, _, rest = path[len(_BY_NAME) :].partition("/")
            if called in self._catalogue.gateway_names():
                name, path = called, f"/{rest}"
        for prefix in PREFIXES:
            if path.startswith(prefix) and path[len(prefix) : len(prefix) + 1] in ("", "/"):
                return name, prefix, path[len(prefix) :] or "/"
        own = self._gateway(name, "", request.hostname).base_path
        if own not in PREFIXES and f"{path}/".startswith(f"{own}/"):
            return name, own, path[len(own) :] or "/"
        root = "" if name else self._catalogue.root_of_host(request.hostname)
        return name, "", root + (path or "/")

    def _face(self, request: Request, name: str, prefix: str) -> Face:
        gateway = self._gateway(name, prefix, request.hostname)
        origin = self._origin(request)
        path = f"{_BY_NAME}{name}{prefix}" if name else prefix
        spoken = self._past.spoken(gateway) if self._past else gateway
        urls, files = gateway.urls.served, origin + DELIVERY
        if self._delivered:
            urls, files = gateway.urls.mode, self._delivered
        return Face(spoken, origin, path, files, self._settings.urls or urls, self._past)

    def _gateway(self, name: str, prefix: str, hostname: str) -> Gateway:
        if name:
            return self._catalogue.gateway(name)
        called = None if hostname in LOOPBACK_NAMES else self._catalogue.gateway_of_host(hostname)
        if called is not None:
            return called
        relayed = prefix.startswith(RELAY_PREFIX) and self._settings.gateway == "replicate"
        return self._catalogue.gateway(self._settings.relay if relayed else self._settings.gateway)

    def _origin(self, request: Request) -> str:
        """Where the client thinks we are, so that it can come back."""
        if self._settings.public_url:
            return self._settings.public_url.rstrip("/")
        scheme = request.header("x-forwarded-proto").partition(",")[0].strip()
        host = request.header("x-forwarded-host").partition(",")[0].strip()
        if not _HOST.fullmatch(host):
            host = request.header("host")
        if not _HOST.fullmatch(host):
            host = "127.0.0.1"
        root = request.header("x-forwarded-prefix").rstrip("/")
        if not _ROOT.fullmatch(root):
            root = request.root
        return f"{scheme if scheme in ('http', 'https') else request.scheme}://{host}{root}"


def _delivered(catalogue: Catalogue) -> str:
    """Where output files lie upstream."""
    hosts = catalogue.hosts()
    return next(f"https://{host}" for host in hosts if catalogue.root_of_host(host) == DELIVERY)
