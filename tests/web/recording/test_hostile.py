"""An upstream that breaks, lies or never ends: the client is told, and nothing is lost."""

from __future__ import annotations

import httpx
import pytest

from mockserver.web.recording import flow
from tests.listening import served
from tests.through import Streaming, in_front_of


def test_a_broken_answer_breaks_for_the_client_too() -> None:
    """And the cassette says how."""

    class Broken(Streaming):
        def tell(self) -> None:
            self.wfile.write(b"8\r\ndata: 1\n\r\n")
            self.close_connection = True

    with served(Broken) as url, in_front_of(url) as (recorder, own):
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{own}/v1/stream", timeout=10)
        (one,) = recorder.cassette(url, "replicate").recorded
    assert "RemoteProtocolError" in one.error
    assert one.seen.response_body == b"data: 1\n"


def test_an_upstream_that_is_not_there_is_told() -> None:
    """502, in our own words, and the cassette says that there was no answer."""
    with in_front_of("http://127.0.0.1:9") as (recorder, own):
        answer = httpx.get(f"{own}/v1/account", timeout=10)
        (one,) = recorder.cassette("", "replicate").recorded
    assert answer.status_code == 502
    assert "did not answer: ConnectError" in answer.json()["detail"]
    assert (one.seen.status, one.error.partition(":")[0]) == (0, "ConnectError")


def test_nobody_is_reached_whom_no_answer_led_to() -> None:
    """A path that names another host is no way into the network."""
    with in_front_of("http://127.0.0.1:9") as (recorder, own):
        answer = httpx.get(f"{own}/__via__/http/169.254.169.254/latest/meta-data", timeout=10)
        assert recorder.cassette("", "replicate").recorded == ()
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("limit", "value", "words"),
    [
        ("MOST_BYTES", 10, "cut off: more than 10 bytes"),
        ("MOST_PARTS", 2, "cut off: more than 2 pieces"),
        ("LONGEST_MS", -1, "cut off: more than"),
    ],
)
def test_an_answer_without_an_end_is_cut_off(
    monkeypatch: pytest.MonkeyPatch, limit: str, value: int, words: str
) -> None:
    """By its size, its pieces or its time; the client sees that it is not whole."""
    monkeypatch.setattr(flow, limit, value)

    class Endless(Streaming):
        def tell(self) -> None:
            try:
                while True:
                    self.wfile.write(b"8\r\ndata: 1\n\r\n")
            except OSError:
                self.close_connection = True

    with served(Endless) as url, in_front_of(url) as (recorder, own):
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(f"{own}/v1/stream", timeout=10)
        (one,) = recorder.cassette(url, "replicate").recorded
    assert one.error.startswith(words)


def test_whatever_goes_wrong_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for an answer that cannot come."""

    def fail(*_: object, **__: object) -> None:
        raise ValueError("an address that is none")

    client = httpx.Client()
    monkeypatch.setattr(client, "send", fail)
    with in_front_of("http://127.0.0.1:9", client=client) as (_, own):
        answer = httpx.get(f"{own}/v1/account", timeout=10)
    assert answer.status_code == 502
    assert "an address that is none" in answer.json()["detail"]
