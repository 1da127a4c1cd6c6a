"""Where webhooks arrive: everything is kept, nobody waits longer than needed."""

from __future__ import annotations

import json
import socket

import httpx
import pytest

from mockserver.contract.exam import Mail
from mockserver.contract.receiver import MOST_BYTES, receiving
from mockserver.core.interaction import Request


def letter(status: str) -> Request:
    """A webhook that tells this status."""
    return Request("POST", "/hook", body=json.dumps({"id": "x", "status": status}).encode())


def waited(mail: Mail) -> int:
    """How often the exam let time pass for what is still on its way."""
    pauses: list[float] = []
    mail.wait(pauses.append)
    return len(pauses)


def test_what_is_posted_is_kept_in_its_order() -> None:
    """Path, headers in lower case, and the bytes."""
    with receiving() as mail:
        for number in (1, 2):
            seen = httpx.post(mail.url, content=b"%d" % number, headers={"Webhook-Id": "m"})
            assert seen.status_code == 200
    assert [hook.request.body for hook in mail.arrived] == [b"1", b"2"]
    assert {hook.request.path for hook in mail.arrived} == {"/hook"}
    assert {hook.request.header("webhook-id") for hook in mail.arrived} == {"m"}


def test_a_public_address_is_told_instead_of_its_own() -> None:
    """Whoever named it makes it lead here."""
    with receiving("https://tunnel.example/hook") as mail:
        assert mail.url == "https://tunnel.example/hook"


def test_a_port_that_somebody_has_is_refused() -> None:
    """A webhook that arrives elsewhere would be missed."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"), receiving(port=port):
            pass


def test_a_body_without_end_is_cut() -> None:
    """What a stranger says of its length is believed up to a bound."""
    with receiving() as mail:
        port = httpx.URL(mail.url).port
        assert port is not None
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(b"POST /hook HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n")
            line.sendall(b"x" * MOST_BYTES)
            assert line.recv(15).startswith(b"HTTP/1.0 200")
    (hook,) = mail.arrived
    assert len(hook.request.body) == MOST_BYTES


def test_an_end_is_not_waited_for_twice() -> None:
    """Once it is there, no time is lost."""
    mail = Mail()
    mail.put(letter("processing"))
    mail.put(letter("succeeded"))
    assert waited(mail) == 0


@pytest.mark.parametrize("body", [b"", b"no JSON", b"[]", letter("processing").body], ids=repr)
def test_what_tells_no_end_is_waited_on_for_a_while(body: bytes) -> None:
    """And then given up."""
    mail = Mail()
    mail.put(Request("POST", "/hook", body=body))
    assert 0 < waited(mail) < 100


def test_the_wait_ends_when_the_end_arrives() -> None:
    """In the middle of it."""
    mail, pauses = Mail(), list[float]()

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            mail.put(letter("canceled"))

    mail.wait(pause)
    assert len(pauses) == 3
