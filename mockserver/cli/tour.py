"""A tour through the documents: each example request sent, followed to its end, its files kept."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from mockserver.core.timeline import TERMINAL


if TYPE_CHECKING:
    from mockserver.library.catalogue import Catalogue
    from mockserver.library.examples import Document, Example

POLL_S: Final = 0.25
PATIENCE_S: Final = 120.0
"""How long a prediction may take: twice as long as a model that boots slowly needs."""
_TIMEOUT_S: Final = 30.0
_ENDS: Final = {str(status) for status in TERMINAL}


class Astray(Exception):
    """An answer that was not what the documents promise; the text says which."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A file that was downloaded."""

    path: Path
    width: int
    height: int
    size_bytes: int


@dataclass(slots=True)
class Stop:
    """One request of a document, and what became of it so far."""

    gateway: str
    model: str
    path: str
    body: bytes
    prediction_id: str = ""
    statuses: list[str] = field(default_factory=list)
    seconds: float = 0.0
    pictures: list[Picture] = field(default_factory=list)
    failure: str = ""

    @property
    def status(self) -> str:
        """The last status seen; empty before the first answer."""
        return self.statuses[-1] if self.statuses else ""

    @property
    def base_path(self) -> str:
        """Where the paths of this gateway begin."""
        return self.path.partition("/models/")[0]


Told = Callable[[Stop], None]


def stops(data: Catalogue, gateways: Iterable[str]) -> tuple[Stop, ...]:
    """Every request that the documents of `gateways` show; of all, if none is named."""
    from mockserver.library.examples import load_documents

    wanted = frozenset(gateways)
    documents = [
        document
        for document in load_documents(data.fixtures)
        if not wanted or document.gateway in wanted
    ]
    return tuple(
        stop
        for document in documents
        for stop in map(_stopper(document), document.examples)
        if stop
    )


def _stopper(document: Document) -> Callable[[Example], Stop | None]:
    def stop(example: Example) -> Stop | None:
        request = example.request
        if request is None:
            return None
        path = f"/gateways/{document.gateway}{urlsplit(request.url).path}"
        return Stop(document.gateway, document.model, path, json.dumps(request.body).encode())

    return stop


@dataclass(frozen=True, slots=True)
class Tour:
    """How the requests are sent: where to, with which token, and where files are put."""

    host: str
    port: int
    token: str
    folder: Path
    ended: Event = field(default_factory=Event)
    """Set to end every wait, when the tour is broken off."""

    def make(self, stops: tuple[Stop, ...], told: Told) -> None:
        """Send all requests at once and follow them; `told` hears of each look, in any thread."""
        with ThreadPoolExecutor(len(stops) or 1, "tour") as pool:
            try:
                for _ in pool.map(lambda stop: self._follow(stop, told), stops):
                    pass
            finally:
                self.ended.set()

    def _follow(self, stop: Stop, told: Told) -> None:
        began = time.monotonic()
        told(stop)
        try:
            for prediction in self._seen(stop):
                stop.seconds = time.monotonic() - began
                _note(stop, prediction)
                told(stop)
                if stop.status == "succeeded":
                    stop.pictures.extend(self._kept(stop, prediction))
        except (Astray, OSError, HTTPException, ValueError) as reason:
            stop.failure = str(reason) or repr(reason)
        told(stop)

    def _seen(self, stop: Stop) -> Iterator[Mapping[str, object]]:
        """The prediction as created, and as it is each time we look, to its end."""
        prediction = self._json("POST", stop.path, stop.body)
        stop.prediction_id = str(prediction.get("id"))
        yield prediction
        while stop.status not in _ENDS and not self.ended.wait(POLL_S):
            if stop.seconds > PATIENCE_S:
                raise Astray(f"still {stop.status} after {PATIENCE_S:g} s")
            path = f"{stop.base_path}/predictions/{stop.prediction_id}"
            prediction = self._json("GET", path)
            yield prediction

    def _json(self, method: str, path: str, body: bytes | None = None) -> Mapping[str, object]:
        value = json.loads(self._bytes(method, path, body))
        if not isinstance(value, dict):
            raise Astray(f"{method} {path}: expected a JSON object, seen {value!r}")
        return value

    def _bytes(self, method: str, path: str, body: bytes | None = None) -> bytes:
        connection = HTTPConnection(self.host, self.port, timeout=_TIMEOUT_S)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            data = response.read()
        finally:
            connection.close()
        if response.status >= 300:  # noqa: PLR2004 - nothing here redirects, RFC 9110 15.4
            raise Astray(f"{method} {path} was answered {response.status}: {data[:300]!r}")
        return data

    def _kept(self, stop: Stop, prediction: Mapping[str, object]) -> Iterator[Picture]:
        """The prediction's pictures, each in a file of the folder."""
        from mockserver.library.media.measure import measure

        for number, url in enumerate(_addresses(prediction.get("output")), start=1):
            data = self._download(url)
            width, height = measure(data)
            model = stop.model.rpartition("/")[2]
            name = f"{stop.gateway}-{model}-{number}.{_suffix(url)}"
            path = self.folder / name
            path.write_bytes(data)
            yield Picture(path, width, height, len(data))

    def _download(self, url: str) -> bytes:
        if url.startswith("data:"):
            from mockserver.library.media.measure import input_bytes

            return input_bytes(url)
        return self._bytes("GET", urlsplit(url).path)


def _note(stop: Stop, prediction: Mapping[str, object]) -> None:
    """Remember the status, if it is a new one, and the error, if there is one."""
    status = str(prediction.get("status"))
    if status != stop.status:
        stop.statuses.append(status)
    if prediction.get("error"):
        stop.failure = str(prediction["error"])


def _addresses(output: object) -> tuple[str, ...]:
    """The addresses in an output, which is one or a list of them."""
    found = [output] if isinstance(output, str) else output
    if not isinstance(found, list) or not found:
        raise Astray(f"expected an address or a list of them as output, seen {output!r}")
    return tuple(map(str, found))


def _suffix(url: str) -> str:
    """How a file is called at its end: as its address says."""
    if url.startswith("data:image/"):
        return url.removeprefix("data:image/").partition(";")[0].replace("jpeg", "jpg")
    return urlsplit(url).path.rpartition(".")[2]
