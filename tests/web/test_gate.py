"""Who is let through a proxy: the hosts of its table, at the ports of HTTP; nobody else."""

from __future__ import annotations

import json
import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.interaction import Request
from mockserver.core.reply import Answer, Reply
from mockserver.web.gate import Gate, Turned, worded
from mockserver.web.server.limits import Refused


TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)


def echo(request: Request) -> Answer:
    """Says what was asked."""
    return Reply(200, (), f"{request.hostname}{request.path}".encode())


class Asked:
    """A gate for three hosts, and what it did not let through."""

    def __init__(self, *, resets: bool = False) -> None:
        self.turned: list[Turned] = []
        routes = {"api.test": echo, "files.test": echo, "*.files.test": echo}
        self.gate = Gate(routes, TLS, self.turned.append, resets=resets)

    def connect(self, authority: str) -> tuple[bool, bool]:
        """Whether TLS is spoken in the tunnel, and whether it is reset. Raises `Refused`."""
        way = self.gate.enter(Request("CONNECT", authority, headers=(("host", authority),)))
        return way.tls is TLS, way.resets

    def refused(self, authority: str) -> Refused:
        """Why there is no tunnel."""
        with pytest.raises(Refused) as refused:
            self.connect(authority)
        assert [(one.status, one.why) for one in self.turned] == [
            (refused.value.status, refused.value.detail)
        ]
        return refused.value

    def get(self, host: str, scheme: str = "http") -> Reply:
        """The answer to a request without a tunnel."""
        request = Request("GET", "/a", headers=(("host", host),), scheme=scheme)
        answer = self.gate.answer(request)
        assert isinstance(answer, Reply)
        return answer


@pytest.mark.parametrize("host", ["api.test", "API.test", "files.test", "a.files.test"])
def test_a_known_host_is_let_through(host: str) -> None:
    """In any case; port 443 speaks TLS, port 80 does not."""
    asked = Asked()
    assert asked.connect(f"{host}:443") == (True, False)
    assert asked.connect(f"{host}:80") == (False, False)
    assert asked.turned == []


def test_handshakes_can_be_reset() -> None:
    """Where there are any."""
    asked = Asked(resets=True)
    assert (asked.connect("api.test:443"), asked.connect("api.test:80")) == (
        (True, True),
        (False, False),
    )


@pytest.mark.parametrize(
    "host",
    ["elsewhere.test", "xapi.test", "api.test.elsewhere.test", "a.b.files.test", "api.test.",
     "10.0.0.1", "[2001:db8::1]", "127.0.0.2", "2130706433", "0x7f000001"],
)  # fmt: skip
@pytest.mark.parametrize("port", [443, 80, 8443])
def test_any_other_host_is_refused_by_its_name(host: str, port: int) -> None:
    """Names and addresses alike, whatever the port."""
    refused = Asked().refused(f"{host}:{port}")
    assert refused.status == 403
    assert refused.detail == f"{host} is not intercepted: nothing was sent there"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_this_machine_is_not_asked_of_a_proxy(host: str) -> None:
    """The refusal says what to do."""
    refused = Asked().refused(f"{host}:443")
    assert (refused.status, refused.detail) == (
        403,
        f"{host} is not asked of a proxy: except it with NO_PROXY",
    )


def test_any_other_port_is_refused_by_its_number() -> None:
    """A known host has two ports."""
    refused = Asked().refused("api.test:8443")
    assert refused.status == 403
    assert "api.test is intercepted on ports 443 and 80, not on 8443" in refused.detail


@pytest.mark.parametrize(
    "authority",
    ["api.test", "api.test:", ":443", "https://api.test:443", "u:p@api.test:443", "api.test:443/",
     "api.test:443 ", "", "api test:443", "[api.test]:443", "api.test:\uff14\uff14\uff13"],
)  # fmt: skip
def test_a_malformed_authority_is_refused(authority: str) -> None:
    """With what was seen, and what is expected."""
    refused = Asked().refused(authority)
    assert refused.status == 400
    assert refused.detail.endswith(f"not {authority!r}")


@given(st.text(max_size=300))
def test_nothing_but_the_table_opens_the_gate(authority: str) -> None:
    """Whatever is asked for is one of the table's hosts at one of two ports, or refused."""
    try:
        Asked().connect(authority)
    except Refused:
        return
    host, _, port = authority.lower().rpartition(":")
    assert port in {"443", "80"}
    assert host in {"api.test", "files.test"} or host.endswith(".files.test")


@pytest.mark.parametrize(
    ("host", "scheme"),
    [
        ("api.test", "http"),
        ("api.test:80", "http"),
        ("api.test", "https"),
        ("api.test:443", "https"),
    ],
)
def test_a_request_without_a_tunnel_is_answered_by_its_host(host: str, scheme: str) -> None:
    """In absolute form, or from a program that was led here."""
    assert Asked().get(host, scheme).body == b"api.test/a"


@pytest.mark.parametrize("host", ["elsewhere.test", "elsewhere.test:443", "api.test:8080", ""])
def test_without_a_tunnel_nobody_else_is_met_either(host: str) -> None:
    """The refusal is the whole answer."""
    asked = Asked()
    reply = asked.get(host)
    assert reply.status == 403
    assert json.loads(reply.body)["detail"] == asked.turned[0].why


def test_a_tunnel_is_for_one_host() -> None:
    """A request in it that is for another is misdirected, and told of."""
    asked = Asked()
    way = asked.gate.enter(Request("CONNECT", "api.test:443"))
    inside = way.answer(Request("GET", "/a", headers=(("host", "api.test:443"),)))
    outside = way.answer(Request("GET", "/a", headers=(("host", "files.test"),)))
    assert isinstance(inside, Reply)
    assert isinstance(outside, Reply)
    assert (inside.body, outside.status) == (b"api.test/a", 421)
    assert (
        asked.turned[0].why
        == "the tunnel leads to api.test, the request in it is for 'files.test'"
    )


def test_a_handshake_that_fails_is_told_with_the_likely_cause() -> None:
    """In the words of TLS, where it has any."""
    asked = Asked()
    request = Request("CONNECT", "api.test:443")
    said = ssl.SSLError(1, "[SSL: TLSV1_ALERT_UNKNOWN_CA] tlsv1 alert unknown ca")
    asked.gate.failed(request, said)
    asked.gate.failed(request, ConnectionResetError())
    assert "the handshake with api.test:443 failed: " in asked.turned[0].why
    assert "unknown ca" in asked.turned[0].why
    assert "ConnectionResetError" in asked.turned[1].why
    assert asked.turned[1].why.endswith("does the program trust the authority's certificate?")


def test_a_refusal_says_why_in_its_status_line() -> None:
    """It is all that most clients show; it stays one line of visible characters."""
    reply = worded(403, "x\r\nSet-Cookie: é" + "y" * 300)
    head, _, body = reply.body.partition(b"\r\n\r\n")
    status, *headers = head.decode().split("\r\n")
    assert status.startswith("HTTP/1.1 403 x??Set-Cookie: ?yyy")
    assert len(status) == len("HTTP/1.1 403 ") + 200
    assert [line.partition(":")[0] for line in headers] == [
        "content-type",
        "content-length",
        "connection",
    ]
    assert json.loads(body)["status"] == 403
    assert headers[1] == f"content-length: {len(body)}"


def test_a_refusal_without_words_has_those_of_its_status() -> None:
    """A status line has a phrase."""
    assert worded(403, "").body.startswith(b"HTTP/1.1 403 Forbidden\r\n")
