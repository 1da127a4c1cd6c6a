"""Webhooks over real sockets: a receiver on this machine, and the clocks that make it hear."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from queue import Queue

import httpx

from mockserver.live import LiveWorld, serve
from mockserver.service.settings import Settings
from tests.listening import served


PATIENCE_S = 20.0


class Hooks(BaseHTTPRequestHandler):
    """A receiver that keeps what it is sent and answers what it is told to."""

    received: Queue[tuple[dict[str, str], bytes]]
    answers: list[int]

    def do_POST(self) -> None:
        """Kept, then answered."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.received.put((dict(self.headers.items()), body))
        self.send_response(self.answers.pop(0) if self.answers else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()


@contextmanager
def receiver(*answers: int) -> Iterator[tuple[str, Queue[tuple[dict[str, str], bytes]]]]:
    """A real receiver on loopback: its address, and what it is sent."""
    received: Queue[tuple[dict[str, str], bytes]] = Queue()
    kept = type("Kept", (Hooks,), {"received": received, "answers": list(answers)})
    with served(kept) as root:
        yield f"{root}/hook", received


def live_create(world: LiveWorld, hook: str, **body: object) -> str:
    """The id of a new prediction on a live server."""
    path = "models/black-forest-labs/flux-kontext-pro/predictions"
    asked = {"input": {"prompt": "a hat"}, "webhook": hook, **body}
    headers = {"Authorization": f"Bearer {world.token}"}
    got = httpx.post(f"{world.base_url}/{path}", json=asked, headers=headers)
    return str(got.json()["id"])


def test_a_receiver_on_this_machine_is_called() -> None:
    """Over a real socket, retried until it takes it, all within one `advance` of the fixture."""
    with receiver(500, 302) as (hook, received), serve(Settings(clock="manual")) as server:
        world = server.world("a-token")
        prediction_id = live_create(world, hook)
        world.clock.advance(60)
        tried = [received.get_nowait() for _ in range(3)]
        (delivery,) = world.deliveries()
    assert received.empty()
    assert [attempt.status for attempt in delivery.attempts] == [500, 302, 200]
    assert {json.loads(body)["id"] for _, body in tried} == {prediction_id}
    assert {headers["webhook-id"] for headers, _ in tried} == {delivery.id}


def test_the_control_api_delivers_to_a_program_that_the_server_itself_must_answer() -> None:
    """A receiver may ask the fake while it is called: the loop stays free."""
    asked: list[int] = []

    with serve(Settings(clock="manual")) as server:
        world = server.world("a-token")
        headers = {"Authorization": "Bearer a-token"}

        class Asking(Hooks):
            """Looks at the prediction before it answers."""

            def do_POST(self) -> None:
                """Looked, then kept."""
                url = f"{world.base_url}/predictions/{prediction_id}"
                asked.append(httpx.get(url, headers=headers).status_code)
                super().do_POST()

        kept = type("Kept", (Asking,), {"received": Queue(), "answers": []})
        with served(kept) as root:
            prediction_id = live_create(world, root)
            body = {"action": "advance", "seconds": 10}
            httpx.put(f"{world.url}/__mock__/clock", json=body, headers=headers)
    assert asked == [200]


def test_on_a_running_clock_nobody_has_to_do_anything() -> None:
    """The usual life of a server: the webhook comes when the prediction has ended."""
    with receiver() as (hook, received), serve(Settings(clock="scaled:200")) as server:
        live_create(server.world("a-token"), hook)
        _, body = received.get(timeout=PATIENCE_S)
    assert json.loads(body)["status"] == "succeeded"


def test_settling_and_forcing_deliver() -> None:
    """`settle()` and `force()` return when the webhooks of the ends are out."""
    with receiver() as (hook, received), serve(Settings(clock="manual")) as server:
        world = server.world("a-token")
        live_create(world, hook)
        world.settle()
        assert received.qsize() == 1
        world.force(live_create(world, hook), "canceled")
        assert received.qsize() == 2
