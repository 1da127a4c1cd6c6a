"""What a test can ask of the app behind a receiver, besides sending it webhooks."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from mockserver.contract.hooks.reaching import TIMEOUT_S
from mockserver.contract.hooks.story import CREATED, Part, Via
from mockserver.library.errors import LibraryError
from mockserver.library.json_text import JsonError, loads


Tell = Callable[[Mapping[str, object]], object]

ID_PLACE: Final = "{id}"
"""What stands in an address for the id of a prediction."""


@dataclass(frozen=True, slots=True)
class App:
    """How the app is told what its own calls were answered, and what it believes of a prediction.

    None is what cannot be asked.
    """

    created: Tell | None = None
    polled: Tell | None = None
    state: Callable[[str], object] | None = None

    def hears(self, name: str) -> bool:
        """Whether it can be told what is called so; a webhook always can."""
        if name == CREATED:
            return self.created is not None
        return not name.startswith("poll") or self.polled is not None

    def tell(self, part: Part) -> None:
        """Tell it the answer of one of its own calls."""
        tell = self.created if part.via is Via.ANSWER else self.polled
        if tell is not None:
            tell(part.prediction)


def app_at(created: str = "", polled: str = "", state: str = "") -> App:
    """An app that is asked over HTTP, at the addresses that are named.

    Predictions are posted to `created` and `polled`; `state` holds `{id}`. Raises `LibraryError`
    for an address without it.
    """
    if state and ID_PLACE not in state:
        raise LibraryError(f"the address of a state says where the id goes, {ID_PLACE}: {state}")
    return App(
        created=_posting(created) if created else None,
        polled=_posting(polled) if polled else None,
        state=_looking(state) if state else None,
    )


def _posting(url: str) -> Tell:
    def tell(prediction: Mapping[str, object]) -> None:
        _asked("POST", url, prediction)

    return tell


def _looking(url: str) -> Callable[[str], object]:
    def state(prediction_id: str) -> object:
        body = _asked("GET", url.replace(ID_PLACE, prediction_id))
        try:
            return loads(body)
        except JsonError:
            return body.decode(errors="replace")

    return state


@cache
def _trusting() -> ssl.SSLContext:
    """What certificates are checked by, read once: it costs more than a call."""
    import httpx

    return httpx.create_ssl_context(trust_env=False)


def _asked(method: str, url: str, body: object = None) -> bytes:
    """What the app answers. Raises `LibraryError` where it does not."""
    import httpx

    try:
        with httpx.Client(verify=_trusting(), timeout=TIMEOUT_S, trust_env=False) as client:
            answered = client.request(method, url, json=body)
    except (httpx.HTTPError, httpx.InvalidURL) as reason:
        raise LibraryError(f"{method} {url}: no answer: {reason}") from None
    if answered.status_code >= 500:  # noqa: PLR2004 - a 404 may be all that it believes
        raise LibraryError(f"{method} {url} was answered {answered.status_code}")
    return answered.content
