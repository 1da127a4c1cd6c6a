"""A server starts, is found, and stops at once whoever is connected."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from mockserver.core.interaction import Request
from mockserver.core.reply import Answer, Later, Reply, Work
from mockserver.web.server.run import Server, run


if TYPE_CHECKING:
    from tests.web.server.conftest import HandBell, Serve

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def test_stopping_ends_held_and_idle_connections(serve: Serve, bell: HandBell) -> None:
    """Nobody is waited for, and no subscription is left."""
    held = Later(None, "it", bell, lambda _: held)
    served = serve(lambda _: held)

    with served.connect() as waiting, served.connect() as idle:
        waiting.send(GET)
        assert bell.wait_for_listeners(1)

        assert served.stop()
        assert (waiting.rest()[0], idle.rest()[0]) == (b"", b"")
    assert bell.wait_for_listeners(0)


def test_stopping_does_not_wait_for_work(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    """What is still being worked out ends unseen and unreported."""
    begun, done = threading.Event(), threading.Event()

    def draw() -> Answer:
        begun.set()
        assert done.wait(10)
        return Reply(200)

    served = serve(lambda _: Work(draw))
    with served.connect() as client:
        client.send(GET)
        assert begun.wait(10)

        assert served.stop()
    drawer = next(each for each in threading.enumerate() if "mockserver-work" in each.name)
    done.set()
    drawer.join(10)
    assert caplog.text == ""


@pytest.mark.parametrize("installed", [True, False])
def test_uvloop_is_used_where_it_is_installed(
    serve: Serve,
    monkeypatch: pytest.MonkeyPatch,
    installed: bool,  # noqa: FBT001  # a column
) -> None:
    """Without it the same server runs on asyncio's own loop."""
    pytest.importorskip("uvloop")
    if not installed:
        monkeypatch.setitem(sys.modules, "uvloop", None)
    loops: list[str] = []

    def answer(_: Request) -> Answer:
        loops.append(type(asyncio.get_running_loop()).__module__)
        return Reply(200)

    with serve(answer).connect() as client:
        assert client.send(GET).response().status == 200

    assert [name.startswith("uvloop") for name in loops] == [installed]


def test_a_stopped_server_refuses_connections(serve: Serve) -> None:
    """Its port is free again."""
    served = serve(lambda _: Reply(200))
    assert served.stop()

    with pytest.raises(ConnectionRefusedError):
        served.connect()


def test_a_stop_before_the_start_is_kept() -> None:
    """Whoever asks early is not forgotten."""
    server = Server(lambda _: Reply(200))
    server.request_stop()

    run(server)

    assert server.port > 0


def test_a_taken_port_is_an_error() -> None:
    """Said before anything is served."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = Server(lambda _: Reply(200), port=taken.getsockname()[1])

        with pytest.raises(OSError, match="address already in use"):
            run(server)


def test_ctrl_c_stops_the_server() -> None:
    """In the main thread it is answered like anywhere."""
    server = Server(lambda _: Reply(200))

    with pytest.raises(KeyboardInterrupt):
        run(server, lambda _: signal.raise_signal(signal.SIGINT))
