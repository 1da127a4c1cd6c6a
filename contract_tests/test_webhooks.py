"""Webhooks: what arrives, how often, and that it is genuine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from mockserver.contract import rules
from mockserver.contract.provider import Control, Provider, cancel, create
from mockserver.contract.reading import unspelled
from mockserver.core.signature import TIMESTAMP, SignatureRefused, verify
from mockserver.library.gateways import Gateway
from mockserver.library.json_text import loads

from .samples import CANCEL, INPUT, PRO, SECRET, Body, body, needs, now


@dataclass(frozen=True, slots=True)
class Posted:
    """What was received."""

    profile: Gateway
    headers: dict[str, str]
    content: bytes

    @property
    def told(self) -> Body:
        """The prediction that the body tells of, in upstream's terms."""
        read = loads(self.content)
        return unspelled(self.profile, read) if isinstance(read, dict) else {}


@dataclass(slots=True)
class Receiver:
    """What came in at `url`."""

    url: str
    posted: list[Posted] = field(default_factory=list)

    @property
    def statuses(self) -> list[str]:
        """The status that each body tells."""
        return [one.told["status"] for one in self.posted]


@pytest.fixture
def receiver(profile: Gateway) -> Iterator[Receiver]:
    """A server on this machine that takes every webhook."""

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            received.posted.append(
                Posted(profile, headers, self.rfile.read(int(headers["content-length"])))
            )
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Taking) as server:
        received = Receiver(f"http://127.0.0.1:{server.server_port}/hook")
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield received
        server.shutdown()


def begun(provider: Provider, receiver: Receiver, scenario: str, *events: str) -> str:
    """The id of a new prediction that reports to `receiver`."""
    control = provider.control
    return str(
        body(
            create(
                provider,
                PRO,
                INPUT,
                beside={"webhook": receiver.url, "webhook_events_filter": list(events)},
                headers=control.choosing(scenario) if control else None,
            )
        )["id"]
    )


@pytest.mark.parametrize("scenario", ["happy", "instant", "failed", "canceled", "aborted"])
def test_the_end_is_told_once(
    provider: Provider, control: Control, receiver: Receiver, scenario: str
) -> None:
    """And nothing follows it, however long one waits or looks."""
    made = begun(provider, receiver, scenario, "completed")
    for seconds in (0.1, 5, 60, 600):
        control.advance(seconds)
        now(provider, made)
        cancel(provider, made)
    expected = [now(provider, made)["status"]]
    found = rules.COMPLETED_ONCE.equal("/status", expected=expected, seen=receiver.statuses)
    assert found == []


def test_a_cancel_is_an_end(provider: Provider, control: Control, receiver: Receiver) -> None:
    """Told as soon as time goes on."""
    needs(provider.profile, *CANCEL)
    made = begun(provider, receiver, "happy", "start", "completed")
    control.advance(1)
    cancel(provider, made)
    control.advance(60)
    expected = ["starting", "canceled"]
    found = rules.COMPLETED_ONCE.equal("/status", expected=expected, seen=receiver.statuses)
    assert found == []


def test_the_end_is_told_as_a_look_finds_it(
    provider: Provider, control: Control, receiver: Receiver
) -> None:
    """Whatever a gateway leaves out of its answers, what both tell is the same."""
    made = begun(provider, receiver, "happy", "completed")
    control.advance(60)
    look, (letter,) = now(provider, made), receiver.posted
    names = sorted({"id", "status", "output", "error", "model", "version", "input"} & look.keys())
    found = rules.HOOK_TELLS_THE_PREDICTION.equal(
        "",
        expected={name: look[name] for name in names},
        seen={name: letter.told.get(name) for name in names},
    )
    assert found == []


def test_every_webhook_is_signed(provider: Provider, control: Control, receiver: Receiver) -> None:
    """With the secret that the account is told, over the bytes that arrived."""
    needs(provider.profile, *SECRET)
    begun(provider, receiver, "happy", "start", "output", "logs", "completed")
    control.advance(60)
    key = body(provider.ask("GET", "/webhooks/default/secret"))["key"]
    found = [
        rules.HOOK_IS_SIGNED.found("", expected="a valid signature", seen=refusal)
        for letter in receiver.posted
        if (refusal := refused(letter, key))
    ]
    assert found == []
    assert len(receiver.posted) > 1


def refused(letter: Posted, key: str) -> str:
    """Why the signature is refused; nothing where it is good."""
    try:
        verify([key], letter.headers, letter.content, now_ms=int(letter.headers[TIMESTAMP]) * 1000)
    except SignatureRefused as reason:
        return str(reason)
    return ""
