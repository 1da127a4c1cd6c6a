"""Who may use the control API: programs of this machine, and no page of another site.

A page in the user's browser can reach loopback: under a name it rebinds to 127.0.0.1, or by a form
that is sent across sites. Programs send neither `Origin` nor `Sec-Fetch-Site` and stay welcome.
"""

from __future__ import annotations

from typing import Final

from mockserver.core.interaction import LOOPBACK_NAMES, Request
from mockserver.core.problem import Misdirected, Refused, UnsupportedMediaType
from mockserver.service.settings import Settings


_OUR_NAMES: Final = LOOPBACK_NAMES | {""}
_SAME_SITE: Final = frozenset({"", "same-origin", "none"})
_READING: Final = frozenset({"GET", "HEAD"})


def check(request: Request, settings: Settings) -> None:
    """Let `request` pass, or raise `Misdirected`, `Refused` or `UnsupportedMediaType`."""
    host = request.header("host").lower()
    name = request.hostname
    if name not in _OUR_NAMES | settings.allowed_hosts and "*" not in settings.allowed_hosts:
        raise Misdirected(
            f"The control API was called as {name!r}; start with --allowed-host {name} to allow it"
        )
    if request.header("sec-fetch-site") not in _SAME_SITE:
        raise Refused("The control API was called by a page of another site")
    origin = request.header("origin")
    if origin and origin.partition("://")[2].lower() != host:
        raise Refused(f"The control API was called by a page of {origin}")
    if request.method not in _READING and request.body and not _is_json(request):
        raise UnsupportedMediaType("The control API reads bodies of type application/json only")


def _is_json(request: Request) -> bool:
    return request.header("content-type").partition(";")[0].strip().lower() == "application/json"
