"""One fake has many faces: the path, the Host and the settings say which gateway is spoken."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.core.interaction import Request
from mockserver.core.reply import Reply
from mockserver.library.catalogue import Catalogue
from mockserver.library.gateways import UrlsMode
from mockserver.service.fake import Fake
from mockserver.service.settings import Settings
from mockserver.web.faces import Faces
from mockserver.web.front import Front


if TYPE_CHECKING:
    from tests.web.conftest import Api, Apis

CATALOGUE = Catalogue()
PRO = "/v1/models/black-forest-labs/flux-kontext-pro/predictions"
LOCAL = "127.0.0.1:4010"


def face(
    path: str, *, host: str = LOCAL, settings: Settings | None = None, **headers: str
) -> tuple[str, str, str]:
    """The gateway, the base URL and the rest of the path."""
    sent = {"host": host} | {name.replace("_", "-"): value for name, value in headers.items()}
    request = Request("GET", path, headers=tuple(sent.items()))
    seen, rest = Faces(settings or Settings(), CATALOGUE).face(request)
    return seen.gateway.name, seen.base_url, rest


@pytest.mark.parametrize(
    ("path", "gateway", "prefix", "rest"),
    [
        ("/predictions", "replicate", "", "/predictions"),
        ("/v1/predictions", "replicate", "/v1", "/predictions"),
        ("/v1/v1/predictions", "replicate", "/v1/v1", "/predictions"),
        ("/replicate/v1/predictions", "winfull", "/replicate/v1", "/predictions"),
        ("/v1", "replicate", "/v1", "/"),
        ("/", "replicate", "", "/"),
        ("/v1x/predictions", "replicate", "", "/v1x/predictions"),
        ("/gateways/anyapi/replicate/v1/p", "anyapi", "/gateways/anyapi/replicate/v1", "/p"),
        ("/gateways/quickrouter/v1/p", "quickrouter", "/gateways/quickrouter/v1", "/p"),
        ("/gateways/winfull-cloud/p", "winfull-cloud", "/gateways/winfull-cloud", "/p"),
        ("/gateways/winfull/v1/v1/p", "winfull", "/gateways/winfull/v1/v1", "/p"),
        ("/gateways/replicate", "replicate", "/gateways/replicate", "/"),
    ],
)  # fmt: skip
def test_a_path_names_a_face(path: str, gateway: str, prefix: str, rest: str) -> None:
    """A prefix is spoken at, and stands in every address that is handed out."""
    assert face(path) == (gateway, f"http://{LOCAL}{prefix}", rest)


@pytest.mark.parametrize(
    ("host", "path", "rest"),
    [
        ("replicate.delivery", "/xezq/a/b.png", "/delivery/xezq/a/b.png"),
        ("pbxt.replicate.delivery", "/xezq/a/b.png", "/delivery/xezq/a/b.png"),
        ("stream.replicate.com", "/v1/streams/a", "/streams/a"),
        ("replicate.com", "/p/a", "/p/a"),
    ],
)
def test_a_host_that_answers_lead_to_is_upstreams(host: str, path: str, rest: str) -> None:
    """What it has at its root lies here where its profile says."""
    name, _, left = face(path, host=host, settings=Settings(gateway="winfull"))
    assert (name, left) == ("replicate", rest)


@pytest.mark.parametrize("host", ["evilreplicate.delivery", "a.b.replicate.delivery", LOCAL])
def test_other_hosts_have_no_root_of_their_own(host: str) -> None:
    """A pattern stands for one label, as in a certificate."""
    assert face("/xezq/a/b.png", host=host)[2] == "/xezq/a/b.png"


@pytest.mark.parametrize(
    ("host", "mode"),
    [
        ("api.replicate.com", UrlsMode.UPSTREAM),
        ("aiapi.winfull.top", UrlsMode.UPSTREAM),
        ("api.quickrouter.ai", UrlsMode.NONE),
        ("api.wavespeed.ai", UrlsMode.OWN),
    ],
)
def test_genuine_addresses_are_those_of_the_documents(host: str, mode: UrlsMode) -> None:
    """Where all hosts lead here, `urls` and files need not lead back to where one called."""
    request = Request("GET", "/", headers=(("host", host),), scheme="https")
    genuine, _ = Faces(Settings(), CATALOGUE, genuine=True).face(request)
    own, _ = Faces(Settings(), CATALOGUE).face(request)
    assert (genuine.urls, genuine.files) == (mode, "https://replicate.delivery")
    assert (own.urls, own.files) == (UrlsMode.OWN, f"https://{host}/delivery")


def test_what_was_told_one_way_is_not_told_another() -> None:
    """Looks are remembered, and two fronts of one fake may be called by one name."""
    fake = Fake(Settings(clock="manual", scenario="instant"))
    headers = (("host", "api.replicate.com"), ("authorization", "Bearer t"))

    def ask(front: Front, method: str, path: str, body: bytes = b"") -> dict[str, Any]:
        reply = front.answer(Request(method, path, "", headers, body, "https"))
        assert isinstance(reply, Reply)
        told: dict[str, Any] = json.loads(reply.body)
        return told

    genuine, own = Front(fake, genuine=True), Front(fake)
    made = ask(own, "POST", PRO, b'{"input": {"prompt": "x"}}')
    path = f"/v1/predictions/{made['id']}"
    for _ in range(2):
        assert ask(genuine, "GET", path)["output"].startswith("https://replicate.delivery/xezq/")
        assert ask(own, "GET", path)["output"].startswith("https://api.replicate.com/delivery/")


def test_genuine_or_not_the_settings_decide_about_urls() -> None:
    """`--urls` is stronger than what documents say."""
    settings = Settings(urls=UrlsMode.NONE)
    request = Request("GET", "/", headers=(("host", "api.replicate.com"),))
    assert Faces(settings, CATALOGUE, genuine=True).face(request)[0].urls is UrlsMode.NONE


@pytest.mark.parametrize(
    "path", ["/gateways/nope/v1/x", "/gateways//v1/x", "/gateways/", "/gateways"]
)
def test_an_unknown_gateway_is_no_face(path: str) -> None:
    """A misspelled name must not be answered by another gateway: the path stays whole."""
    assert face(path) == ("replicate", f"http://{LOCAL}", path)


def test_nothing_is_served_under_an_unknown_gateway(api: Api) -> None:
    """404, as any other path that is not there."""
    assert api.get("/gateways/nope/replicate/v1/predictions").status == 404


@pytest.mark.parametrize(
    ("host", "gateway"),
    [(host, gateway.name) for gateway in CATALOGUE.gateways() for host in gateway.hosts],
)
@pytest.mark.parametrize("port", ["", ":80", ":4010"])
def test_a_host_names_a_face(host: str, gateway: str, port: str) -> None:
    """The Host header of a gateway, with or without a port, in any case."""
    spoken, base_url, _ = face("/replicate/v1/predictions", host=host.upper() + port)
    assert (spoken, base_url) == (gateway, f"http://{host.upper()}{port}/replicate/v1")


def test_a_named_gateway_is_stronger_than_the_host() -> None:
    """What stands in the path was written on purpose."""
    assert face("/gateways/anyapi/v1/x", host="api.quickrouter.ai")[0] == "anyapi"


@pytest.mark.parametrize(
    ("settings", "path", "gateway"),
    [
        (Settings(gateway="anyapi"), "/v1/x", "anyapi"),
        (Settings(gateway="anyapi"), "/replicate/v1/x", "anyapi"),
        (Settings(relay="quickrouter"), "/replicate/v1/x", "quickrouter"),
        (Settings(relay="quickrouter"), "/v1/x", "replicate"),
    ],
)
def test_settings_choose_what_no_path_names(settings: Settings, path: str, gateway: str) -> None:
    """`gateway` everywhere; `relay` below /replicate/v1 while the gateway is upstream itself."""
    assert face(path, settings=settings)[0] == gateway


@pytest.mark.parametrize(
    ("headers", "origin"),
    [
        ({"x_forwarded_proto": "https"}, f"https://{LOCAL}"),
        ({"x_forwarded_proto": "https, http"}, f"https://{LOCAL}"),
        ({"x_forwarded_proto": "gopher"}, f"http://{LOCAL}"),
        ({"x_forwarded_host": "mock.example"}, "http://mock.example"),
        ({"x_forwarded_host": "mock.example:8443, inner"}, "http://mock.example:8443"),
        ({"x_forwarded_host": "evil.example/path"}, f"http://{LOCAL}"),
        ({"x_forwarded_prefix": "/mock"}, f"http://{LOCAL}/mock"),
        ({"x_forwarded_prefix": "/a/b.c/"}, f"http://{LOCAL}/a/b.c"),
        ({"x_forwarded_prefix": "//evil.example"}, f"http://{LOCAL}"),
        ({"host": "[::1]:4010"}, "http://[::1]:4010"),
        ({"host": ""}, "http://127.0.0.1"),
        ({"host": "a b"}, "http://127.0.0.1"),
        ({"host": 'x"><script>'}, "http://127.0.0.1"),
        ({"host": "user@evil.example"}, "http://127.0.0.1"),
        ({"host": "evil.example\r\nSet-Cookie: a=b"}, "http://127.0.0.1"),
        ({"host": "x" * 300}, "http://127.0.0.1"),
        ({"host": "localhost:123456"}, "http://127.0.0.1"),
    ],
)
def test_addresses_lead_back_the_way_the_client_came(headers: dict[str, Any], origin: str) -> None:
    """Forwarded headers first, then Host; what is no host is not repeated."""
    assert face("/v1/x", **headers)[1] == f"{origin}/v1"


def test_a_public_url_overrules_every_header() -> None:
    """For proxies that do not say who they are."""
    settings = Settings(public_url="https://mock.example/base/")
    _, base_url, _ = face("/v1/x", settings=settings, x_forwarded_host="other.example")
    assert base_url == "https://mock.example/base/v1"


def test_many_names_are_not_remembered_for_ever() -> None:
    """A client that invents hosts costs no memory, and gets right answers."""
    faces = Faces(Settings(), CATALOGUE)
    requests = [Request("GET", "/v1/x", headers=(("host", f"h{n}"),)) for n in range(600)]
    origins = [faces.face(request)[0].origin for request in requests]
    assert origins == [f"http://h{n}" for n in range(600)]


def test_every_address_in_an_answer_is_of_the_same_origin(api: Api) -> None:
    """`urls`, `Location` and outputs share the origin the client used."""
    created = api.post(
        "/gateways/anyapi/replicate/v1/models/black-forest-labs/flux-kontext-pro/predictions",
        {"input": {"prompt": "x"}},
        host="mock.example",
        x_forwarded_proto="https",
        x_mock_scenario="instant",
    )
    base = "https://mock.example/gateways/anyapi/replicate/v1"
    found = created.json
    here = f"{base}/predictions/{found['id']}"
    assert created.headers["location"] == found["urls"]["get"] == here
    assert found["urls"]["cancel"] == f"{here}/cancel"
    assert found["urls"]["stream"].startswith(f"{base}/files/bcwr-")
    assert found["urls"]["web"] == f"https://mock.example/p/{found['id']}"
    assert found["output"].startswith("https://mock.example/delivery/xezq/")


def test_urls_lead_upstream_if_asked(apis: Apis) -> None:
    """As the documents show them; Location still leads to the fake."""
    created = apis(urls=UrlsMode.UPSTREAM).post(PRO, {"input": {"prompt": "x"}})
    found = created.json
    assert found["urls"]["get"] == f"https://api.replicate.com/v1/predictions/{found['id']}"
    assert list(found["urls"]) == ["cancel", "get", "stream", "web"]
    assert created.headers["location"].startswith(f"http://{LOCAL}/v1/predictions/")


def test_urls_lead_nowhere_if_asked(apis: Apis) -> None:
    """Absent at the edge; empty in the web form, which writes every member."""
    api = apis(urls=UrlsMode.NONE)
    created = api.create()
    assert "urls" not in created
    assert api.get("/v1/predictions").json["results"][0]["urls"] == {}
