"""`urls` of a prediction: at our own origin, at upstream's as the documents show, or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from mockserver.library.gateways import URL_NAMES, UrlsMode
from mockserver.web.faces import Face


Urls = dict[str, str]


def urls(face: Face, prediction_id: str, stream: str) -> Urls:
    """Where a prediction can be looked at, canceled and streamed; keys in alphabetical order.

    `stream` is a path below the base URL. Source of the order: upstream's edge writes maps so.
    """
    return _MODES[face.urls](face, prediction_id, stream)


def location(face: Face, prediction_id: str) -> str:
    """The address of the prediction itself."""
    return f"{face.base_url}/predictions/{prediction_id}"


def _own(face: Face, prediction_id: str, stream: str) -> Urls:
    here, get = location(face, prediction_id), face.gateway.urls.own_get
    return {
        "cancel": f"{here}/cancel",
        "get": face.base_url + get.format(id=prediction_id) if get else here,
        "stream": f"{face.base_url}/{stream}",
        "web": f"{face.origin}/p/{prediction_id}",
    }


def _upstream(face: Face, prediction_id: str, stream: str) -> Urls:
    templates = face.gateway.urls.upstream
    return {name: templates[name].format(id=prediction_id, stream=stream) for name in URL_NAMES}


_MODES: Final[Mapping[UrlsMode, Callable[[Face, str, str], Urls]]] = {
    UrlsMode.OWN: _own,
    UrlsMode.UPSTREAM: _upstream,
    UrlsMode.NONE: lambda _face, _prediction_id, _stream: {},
}
