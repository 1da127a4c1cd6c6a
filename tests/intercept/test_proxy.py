"""Programs whose host is hard-coded run against the fake, and reach nobody else."""

from __future__ import annotations

import json
import socket
import ssl
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from mockserver.core.interaction import Request
from mockserver.core.reply import Answer, Reply
from mockserver.intercept.proxy import Interception, intercepting
from mockserver.library.faults import catalogue
from mockserver.service.fake import Fake
from mockserver.service.settings import Settings


if TYPE_CHECKING:
    from mockserver.web.gate import Turned

MODEL = "black-forest-labs/flux-kontext-pro"
CREATE = f"models/{MODEL}/predictions"
INPUT = {"input": {"prompt": "a lighthouse"}}
UPSTREAM = "https://api.replicate.com/v1"


def client(proxy: Interception) -> httpx.Client:
    """A client that is told of the proxy and its authority."""
    trusting = ssl.create_default_context(cafile=str(proxy.authority))
    headers = {"Authorization": "Bearer a-token"}
    return httpx.Client(proxy=proxy.url, verify=trusting, headers=headers)


def finished(ours: httpx.Client, url: str) -> dict[str, object]:
    """The prediction at `url` when it has ended."""
    while True:
        seen: dict[str, object] = ours.get(url).json()
        if seen.get("completed_at"):
            return seen


# What hard-coded hosts get


def test_every_address_is_upstreams_own_and_leads_to_the_fake(proxy: Interception) -> None:
    """`urls` and outputs say what upstream's say, and each of them is answered."""
    with client(proxy) as ours:
        made = ours.post(f"{UPSTREAM}/{CREATE}", json=INPUT)
        prediction = made.json()
        urls, id_ = prediction["urls"], prediction["id"]
        seen = finished(ours, urls["get"])
        output = str(seen["output"])
        page, stream = ours.get(urls["web"]), ours.get(urls["stream"])
        file = ours.get(output)

    assert made.status_code == 201
    assert urls["get"] == f"{UPSTREAM}/predictions/{id_}"
    assert urls["cancel"] == f"{UPSTREAM}/predictions/{id_}/cancel"
    assert urls["web"] == f"https://replicate.com/p/{id_}"
    assert urls["stream"].startswith("https://stream.replicate.com/v1/files/")
    assert output.startswith("https://replicate.delivery/xezq/")
    assert file.content.startswith(b"\x89PNG")
    assert id_ in page.text
    assert f"data: {output}" in stream.text
    assert list(proxy.turned) == []


def test_one_prediction_is_told_alike_to_whoever_calls_directly(
    fake: Fake, proxy: Interception
) -> None:
    """The fake is one; only the addresses in an answer are those of the way it was asked."""
    from mockserver.live import serve

    with client(proxy) as ours, serve(fake=fake) as server:
        made = ours.post(f"{UPSTREAM}/{CREATE}", json=INPUT).json()
        intercepted = finished(ours, made["urls"]["get"])
        headers = {"Authorization": "Bearer a-token"}
        direct = httpx.get(f"{server.base_url}/predictions/{made['id']}", headers=headers).json()
        again = ours.get(made["urls"]["get"]).json()

    assert intercepted == again
    assert direct["output"] == intercepted["output"].replace(  # type: ignore[attr-defined]
        "https://replicate.delivery", f"{server.url}/delivery"
    )
    assert direct["urls"]["get"] == f"{server.base_url}/predictions/{made['id']}"
    addresses = {"urls", "output"}
    assert {k: v for k, v in direct.items() if k not in addresses} == {
        k: v for k, v in intercepted.items() if k not in addresses
    }


def test_ways_in_at_once_lose_nothing(proxy: Interception, fake: Fake) -> None:
    """With and without a tunnel, and directly, each on a thread of its own."""
    from mockserver.live import serve

    def ask(root: str, ours: httpx.Client) -> list[int]:
        with ours:
            made = [ours.post(f"{root}/{CREATE}", json=INPUT).json()["id"] for _ in range(10)]
            return [ours.get(f"{root}/predictions/{one}").status_code for one in made]

    headers = {"Authorization": "Bearer a-token"}
    with serve(fake=fake) as server, ThreadPoolExecutor(3) as pool:
        ways = (
            (UPSTREAM, client(proxy)),
            (UPSTREAM.replace("https", "http"), client(proxy)),
            (server.base_url, httpx.Client(headers=headers)),
        )
        statuses = [status for each in pool.map(ask, *zip(*ways, strict=True)) for status in each]
    world = fake.worlds.named("a-token")
    assert statuses == [200] * 30
    assert (world.journal.count, world.ledger.balance.jobs) == (60, 30)


@pytest.mark.parametrize(
    ("address", "status", "get"),
    [
        ("https://aiapi.winfull.top/replicate/v1", 200, "https://api.replicate.com/v1/predictions/"),
        ("https://www.anyapi.vip/replicate/v1", 200, "https://api.replicate.com/v1/predictions/"),
        ("https://api.routeany.com/v1", 201, "https://api.routeany.com/v1/predictions/"),
        ("https://api.quickrouter.ai/replicate/v1", 200, ""),
    ],
)  # fmt: skip
def test_each_host_speaks_as_its_gateway(
    proxy: Interception, address: str, status: int, get: str
) -> None:
    """With its base path, its statuses, and the `urls` that its documents show."""
    with client(proxy) as ours:
        made = ours.post(f"{address}/{CREATE}", json=INPUT)
        looked = ours.get(f"{address}/predictions/{made.json()['id']}")
    assert made.status_code == status
    assert looked.json().get("urls", {}).get("get", "").startswith(get)


def test_faults_strike_inside_a_tunnel(fake: Fake, proxy: Interception) -> None:
    """What goes wrong on purpose is asked for as ever, down to the raw connection."""
    fake.worlds.make("a-token", fault="net.reset_before;on=create;nth=1")
    with client(proxy) as ours:
        # A reset connection; Python's `ssl` tells it as one that ended.
        with pytest.raises(httpx.TransportError):
            ours.post(f"{UPSTREAM}/{CREATE}", json=INPUT)
        listed = ours.get(f"{UPSTREAM}/predictions").json()["results"]
        cut = {"X-Mock-Fault": "net.close_mid"}
        with pytest.raises(httpx.RemoteProtocolError, match="complete"):
            ours.get(f"{UPSTREAM}/predictions", headers=cut)
    assert len(listed) == 1


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("tls.expired", "certificate has expired"),
        ("tls.self_signed", "self-signed certificate"),
        ("tls.wrong_name", "Hostname mismatch|not valid for"),
        ("tls.reset_handshake", "reset by peer|Connection reset"),
    ],
)
def test_handshakes_fail_on_purpose(fault: str, says: str) -> None:
    """The fault of a fake, or one of the proxy alone; with and without a tunnel."""
    for target, asked in ((Fake(Settings(fault=fault)), None), (Fake(), fault)):
        with intercepting(target, fault=asked) as proxy:
            with client(proxy) as ours, pytest.raises(httpx.TransportError, match=says):
                ours.get(UPSTREAM)
            trusting = ssl.create_default_context(cafile=str(proxy.authority))
            with (
                socket.create_connection(("127.0.0.1", proxy.tls_port), 10) as wire,
                pytest.raises(OSError, match=f"{says}|EOF"),
            ):
                trusting.wrap_socket(wire, server_hostname="api.replicate.com")


def test_every_kind_of_handshake_fault_is_tried() -> None:
    """The table above is complete."""
    names = {one.name for one in catalogue.families()["tls"]}
    assert names == {"tls.expired", "tls.self_signed", "tls.wrong_name", "tls.reset_handshake"}


# What everybody else gets


def test_nobody_else_is_reached(fake: Fake) -> None:
    """A socket that an open proxy would have met is not, and all who should know are told."""
    heard: list[Turned] = []
    with (
        socket.create_server(("127.0.0.2", 0)) as elsewhere,
        intercepting(fake, tell=heard.append) as proxy,
        client(proxy) as ours,
    ):
        port = elsewhere.getsockname()[1]
        with pytest.raises(httpx.ProxyError, match=r"403 127\.0\.0\.2 is not intercepted"):
            ours.get(f"https://127.0.0.2:{port}/")
        plain = ours.get(f"http://127.0.0.2:{port}/")
        elsewhere.settimeout(0)
        with pytest.raises(BlockingIOError):
            elsewhere.accept()

    assert plain.status_code == 403
    assert [one.why for one in heard] == [
        "127.0.0.2 is not intercepted: nothing was sent there"
    ] * 2
    assert list(proxy.turned) == heard
    noted = [(entry.interaction.request.method, entry.notes) for entry in fake.lobby]
    assert noted == [("CONNECT", (heard[0].why,)), ("GET", (heard[0].why,))]


def test_the_journal_shows_no_credentials_of_the_proxys_clients(
    fake: Fake, proxy: Interception
) -> None:
    """A `Proxy-Authorization` is a secret as any other."""
    from mockserver.live import serve

    with client(proxy) as ours, serve(fake=fake) as server:
        headers = {"Proxy-Authorization": "Basic c2VjcmV0"}
        ours.get("http://elsewhere.test/", headers=headers)
        told = httpx.get(f"{server.url}/__mock__/journal?unmatched").text
    assert "elsewhere.test is not intercepted" in told
    assert "c2VjcmV0" not in told


def test_the_control_api_is_not_served_under_a_gateways_name(proxy: Interception) -> None:
    """It is guarded by the names of this machine."""
    with client(proxy) as ours:
        assert ours.get("https://api.replicate.com/__mock__/info").status_code == 421


# What is left behind


def test_the_authority_lies_where_only_its_user_reads_it(fake: Fake) -> None:
    """As long as the proxy listens; its key is in no file."""
    with intercepting(fake) as proxy:
        folder = proxy.authority.parent
        modes = [stat.S_IMODE(path.stat().st_mode) for path in (folder, proxy.authority)]
        kept = [path.name for path in folder.iterdir()]
        text = proxy.authority.read_text()
    assert modes == [0o700, 0o600]
    assert kept == ["ca.pem"]
    assert "PRIVATE KEY" not in text
    assert not folder.exists()


def test_nothing_is_left_running(fake: Fake) -> None:
    """No thread and no socket, although clients are still connected."""
    threads, files = threading.active_count(), open_files()
    with intercepting(fake) as proxy, client(proxy) as ours:
        ours.get(UPSTREAM)
        port = proxy.port
    assert threading.active_count() == threads
    assert open_files() == files
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 1)


def test_it_ends_after_an_error_too(fake: Fake) -> None:
    """Whatever ends the block."""
    before = threading.active_count()
    with pytest.raises(ZeroDivisionError), intercepting(fake) as proxy:
        raise ZeroDivisionError
    assert threading.active_count() == before
    assert not proxy.authority.exists()


def open_files() -> int:
    """How many files this process has open."""
    told = Path("/proc/self/fd")
    return len(list(told.iterdir())) if told.exists() else 0


# Handlers of one's own


def test_a_table_of_handlers_takes_the_place_of_the_fake() -> None:
    """Each answers for its hosts, whatever it does to know the answer."""

    def recorder(request: Request) -> Answer:
        told = {"host": request.hostname, "scheme": request.scheme, "path": request.path}
        return Reply(200, (("content-type", "application/json"),), json.dumps(told).encode())

    routes = {"API.test": recorder, "*.files.test": recorder}
    with intercepting(routes) as proxy, client(proxy) as ours:
        seen = [ours.get(f"https://{host}/x").json() for host in ("api.test", "a.files.test")]
        with pytest.raises(httpx.ProxyError, match="403"):
            ours.get(UPSTREAM)
    assert [one["host"] for one in seen] == ["api.test", "a.files.test"]
    assert {one["scheme"] for one in seen} == {"https"}
