"""The tour: requests of the documents, sent, followed and kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from mockserver import live
from mockserver.cli.tour import Stop, Tour, stops
from mockserver.library.catalogue import Catalogue
from mockserver.library.media.measure import measure
from mockserver.service.fake import Fake
from mockserver.service.settings import OutputForm, Settings


PATH = "/gateways/{}/replicate/v1/models/black-forest-labs/flux-kontext-pro/predictions"
BODY = json.dumps({"input": {"prompt": "a lighthouse", "output_format": "jpg"}}).encode()


@pytest.fixture(scope="module")
def server() -> Iterator[live.LiveServer]:
    """A fake whose predictions move each time one looks."""
    with live.serve(Settings(clock="poll", seed=1)) as listening:
        yield listening


def a_stop(path: str = PATH.format("quickrouter"), body: bytes = BODY) -> Stop:
    """A request as a document could show it."""
    return Stop("quickrouter", "black-forest-labs/flux-kontext-pro", path, body)


def made(stop: Stop, server: live.LiveServer, folder: Path) -> Stop:
    """The stop, after the tour."""
    Tour(server.host, server.port, "t", folder).make((stop,), lambda _: None)
    return stop


def test_there_is_a_stop_for_each_request_of_the_documents() -> None:
    """All gateways that have documents, or those that were asked for."""
    data = Catalogue()
    everywhere = stops(data, ())
    assert len(everywhere) >= 5
    assert {stop.gateway for stop in everywhere} == {
        "anyapi",
        "quickrouter",
        "winfull",
        "winfull-cloud",
    }
    assert {stop.gateway for stop in stops(data, ["winfull"])} == {"winfull"}
    assert stops(data, ["replicate"]) == ()


def test_a_request_is_followed_to_its_pictures(server: live.LiveServer, folder: Path) -> None:
    """Each status is told once, in order, and the pictures are in the folder."""
    heard: list[str] = []
    stop = a_stop()
    Tour(server.host, server.port, "t", folder).make((stop,), lambda it: heard.append(it.status))
    assert stop.failure == ""
    assert stop.statuses == ["starting", "processing", "succeeded"]
    assert list(dict.fromkeys(heard)) == ["", *stop.statuses]
    [picture] = stop.pictures
    assert picture.path == folder / "quickrouter-flux-kontext-pro-1.jpg"
    assert measure(picture.path.read_bytes()) == (picture.width, picture.height)
    assert picture.path.stat().st_size == picture.size_bytes


def test_outputs_as_data_uris_are_kept_as_well(folder: Path) -> None:
    """A file's suffix is that of its type, whichever way it comes."""
    with live.serve(Settings(clock="poll", outputs=OutputForm.DATA)) as server:
        stop = made(a_stop(), server, folder)
    assert [it.path.name for it in stop.pictures] == ["quickrouter-flux-kontext-pro-1.jpg"]


@pytest.mark.parametrize(
    ("stop", "says"),
    [
        (a_stop(body=b'{"input": {}}'), "was answered 4"),
        (a_stop("/gateways/quickrouter/replicate/v1/models/a/b/predictions"), "was answered 503"),
        (a_stop("/__mock__/reset"), "/__mock__/reset/predictions/None was answered 404"),
    ],
)
def test_an_answer_that_leads_nowhere_is_told(
    server: live.LiveServer, folder: Path, stop: Stop, says: str
) -> None:
    """The reason is kept with the request, and the others go on."""
    assert says in made(stop, server, folder).failure


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (b"[]", "expected a JSON object, seen []"),
        (b"<html>", "Expecting value"),
        (b'{"id": "x", "status": "succeeded"}', "seen None"),
        (b'{"id": "x", "status": "succeeded", "output": []}', "seen []"),
        (b'{"id": "x", "status": "succeeded", "output": "data:,x"}', "not an image"),
    ],
)
def test_an_answer_that_is_no_prediction_is_told(
    monkeypatch: pytest.MonkeyPatch,
    server: live.LiveServer,
    folder: Path,
    answer: bytes,
    says: str,
) -> None:
    """What was seen is said, not a traceback."""
    monkeypatch.setattr(Tour, "_bytes", lambda *_: answer)
    assert says in made(a_stop(), server, folder).failure


@pytest.mark.parametrize("scenario", ["failed", "nsfw"])
def test_a_prediction_that_fails_tells_its_error(folder: Path, scenario: str) -> None:
    """What the prediction says is the reason."""
    with live.serve(Settings(clock="poll", scenario=scenario)) as server:
        stop = made(a_stop(), server, folder)
    assert stop.statuses[-1] == "failed"
    assert stop.failure
    assert stop.pictures == []


def test_a_server_that_is_gone_is_told(folder: Path) -> None:
    """No answer at all is a reason as well."""
    with live.serve() as server:
        pass
    assert "refused" in made(a_stop(), server, folder).failure


def test_a_tour_that_was_broken_off_waits_for_nothing(folder: Path) -> None:
    """Ctrl-C ends each wait at once."""
    ended = Event()
    ended.set()
    stop = a_stop()
    with live.serve(fake=Fake(Settings(clock="manual"))) as server:
        Tour(server.host, server.port, "t", folder, ended).make((stop,), lambda _: None)
    assert stop.statuses == ["starting"]


def test_patience_ends(
    server: live.LiveServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A prediction that never ends is told as such."""
    monkeypatch.setattr("mockserver.cli.tour.PATIENCE_S", -1.0)
    assert "still starting after" in made(a_stop(), server, folder).failure
