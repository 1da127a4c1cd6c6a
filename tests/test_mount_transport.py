"""The transport beneath the mount: requests and replies, without a socket."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from mockserver.core.interaction import Request
from mockserver.core.reply import Answer, Close, Later, Reply, Reset, Send, Stall
from mockserver.mount import FakeTransport
from mockserver.service.bell import WorldBell
from mockserver.service.fake import Fake
from mockserver.service.settings import Settings
from mockserver.web.front import Front


MODEL = "black-forest-labs/flux-kontext-pro"
UPSTREAM = "https://api.replicate.com/v1"
CREATE = f"{UPSTREAM}/models/{MODEL}/predictions"
INPUT = {"input": {"prompt": "a lighthouse"}}
BEARER = {"Authorization": "Bearer a-token"}


class Told(Front):
    """A front that gives one answer to everything."""

    def __init__(self, told: Answer) -> None:
        super().__init__(Fake())
        self.told = told
        self.asked: list[Request] = []

    def answer(self, request: Request, means: object = None) -> Answer:  # noqa: ARG002
        """What it was told to answer; the request is remembered."""
        self.asked.append(request)
        return self.told


def get(told: Answer) -> httpx.Response:
    """What a client gets that is told `told`."""
    with httpx.Client(transport=FakeTransport(Told(told))) as client:
        return client.get("https://api.replicate.com/")


def frozen_bell() -> WorldBell:
    """The bell of a world that stands still."""
    return Fake(Settings(clock="manual")).worlds.named("a-token").bell


def test_a_request_arrives_as_on_the_wire() -> None:
    """Path and query stay encoded, header names become lower case, the body is whole."""
    front = Told(Reply(200))
    with httpx.Client(transport=FakeTransport(front)) as client:
        client.post("https://api.replicate.com/v1/a%20b?c=%C3%A9", content=b"body")

    seen = front.asked[0]
    assert (seen.method, seen.path, seen.query) == ("POST", "/v1/a%20b", "c=%C3%A9")
    assert (seen.scheme, seen.body) == ("https", b"body")
    assert seen.header("host") == "api.replicate.com"
    assert seen.header("content-length") == "4"


def test_a_reply_becomes_a_response() -> None:
    """Status, headers and body are the reply's, its length is added."""
    response = get(Reply(418, (("X-Own", "yes"),), b"short and stout"))

    assert (response.status_code, response.content) == (418, b"short and stout")
    assert response.headers["x-own"] == "yes"
    assert response.headers["content-length"] == "15"


@pytest.mark.parametrize("status", [204, 304])
def test_some_replies_have_no_body(status: int) -> None:
    """What has no body by its status has neither body nor length."""
    response = get(Reply(status))

    assert response.content == b""
    assert "content-length" not in response.headers


def test_a_head_request_gets_no_body() -> None:
    """The length is told, the bytes are not sent."""
    front = Told(Reply(200, (("Content-Length", "5"),), b"12345"))
    with httpx.Client(transport=FakeTransport(front)) as client:
        response = client.head("https://api.replicate.com/")

    assert (response.headers["content-length"], response.content) == ("5", b"")


def test_a_script_is_performed_by_jumping() -> None:
    """What is sent later comes at once, and the world's clock shows the time it took."""
    bell = frozen_bell()
    began_ms = bell.now_ms()
    script = (Send(b"two", began_ms + 5_000), Stall(began_ms + 9_000), Send(b"three"))

    assert get(Reply(200, (), b"one", script, bell)).text == "onetwothree"
    assert bell.now_ms() == began_ms + 9_000


def test_a_body_is_read_as_it_comes() -> None:
    """A streamed response can be taken piece by piece."""
    told = Told(Reply(200, (), b"one", (Send(b"two"),)))
    with (
        httpx.Client(transport=FakeTransport(told)) as client,
        client.stream("GET", "https://api.replicate.com/") as response,
    ):
        assert list(response.iter_raw()) == [b"one", b"two"]


def test_a_broken_connection_is_a_read_error() -> None:
    """`Reset` in a script is what a client sees when a connection breaks."""
    with pytest.raises(httpx.ReadError, match="reset"):
        get(Reply(200, (), b"one", (Reset(),)))


def test_a_body_cut_short_is_a_protocol_error() -> None:
    """A client that was promised more than it got finds out."""
    with pytest.raises(httpx.RemoteProtocolError, match="after 3 bytes; 9 were promised"):
        get(Reply(200, (("Content-Length", "9"),), b"one", (Close(),)))


def test_a_body_that_never_ends_is_a_timeout() -> None:
    """Nothing waits for ever: where only a hand could go on, the client times out."""
    with pytest.raises(httpx.ReadTimeout):
        get(Reply(200, (), b"one", (Stall(),), frozen_bell()))


def test_an_answer_that_never_comes_is_a_timeout() -> None:
    """A request that only a hand could answer times out at once."""
    with pytest.raises(httpx.ReadTimeout, match="never changes again"):
        get(Later(None, "a prediction", frozen_bell(), lambda _: Reply(200)))


def test_without_a_front_it_has_a_fake_of_its_own() -> None:
    """The shortest way: one transport, one client, nothing else."""
    with httpx.Client(transport=FakeTransport(), headers=BEARER) as client:
        created = client.post(CREATE, json=INPUT).json()
        statuses = {client.get(created["urls"]["get"]).json()["status"] for _ in range(9)}

    assert statuses == {"processing", "succeeded"}


@pytest.mark.parametrize("clock", ["manual", "poll", "real", "scaled:10"])
def test_a_held_request_takes_no_time(clock: str) -> None:
    """`Prefer: wait` jumps to the end of the prediction, whatever the pace of the clock."""
    front = Front(Fake(Settings(clock=clock)))
    with httpx.Client(transport=FakeTransport(front), headers=BEARER) as client:
        response = client.post(CREATE, json=INPUT, headers={"Prefer": "wait"})

    assert response.headers["preference-applied"] == "wait"
    assert response.json()["output"].startswith("data:image/png;base64,")


def test_a_stream_of_events_jumps_from_one_to_the_next() -> None:
    """SSE in no time: from the first event to `done`."""
    front = Front(Fake(Settings(clock="manual")))
    with httpx.Client(transport=FakeTransport(front), headers=BEARER) as client:
        created = client.post(CREATE, json=INPUT).json()
        streamed = client.get(created["urls"]["stream"])
        seen = client.get(created["urls"]["get"]).json()

    assert streamed.headers["content-type"].startswith("text/event-stream")
    assert streamed.text.endswith("data: {}\n\n")
    assert seen["status"] == "succeeded"


def test_an_async_client_is_answered_alike() -> None:
    """The same transport serves `httpx.AsyncClient`, streams included."""
    transport = FakeTransport(Front(Fake(Settings(clock="manual"))))

    async def asked() -> tuple[str, bytes]:
        """What a client of its own loop sees."""
        async with httpx.AsyncClient(transport=transport, headers=BEARER) as client:
            created = (await client.post(CREATE, json=INPUT)).json()
            streamed = await client.get(created["urls"]["stream"])
            seen = (await client.get(created["urls"]["get"])).json()
            return streamed.text, (await client.get(seen["output"])).content

    streamed, picture = asyncio.run(asked())

    assert "event: done" in streamed
    assert picture.startswith(b"\x89PNG")
