"""Where requests go, and how what they are answered leads back."""

from __future__ import annotations

import json

import pytest

from mockserver.core.interaction import Request
from mockserver.web.recording.places import MOST_KNOWN, Places, Straight


UPSTREAM = "https://api.replicate.com"
OWN = "http://127.0.0.1:4012"


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/v1/predictions", "/v1/predictions"),
        ("/v1/v1/predictions", "/v1/predictions"),
        ("/replicate/v1/predictions", "/v1/predictions"),
        ("/predictions", "/v1/predictions"),
    ],
)
def test_a_path_is_that_of_upstream(path: str, url: str) -> None:
    """Whatever base path the client was given."""

    def plain(request: Request) -> str:
        return request.path.removeprefix("/replicate").removeprefix("/v1")

    places = Places(UPSTREAM, base_path="/v1", plain=plain)
    assert places.target(Request("GET", path, "a=1")) == f"{UPSTREAM}{url}?a=1"


def test_without_a_base_path_a_path_stays_as_it_is() -> None:
    """Upstream knows best."""
    assert Places(UPSTREAM).target(Request("GET", "/x")) == f"{UPSTREAM}/x"


def test_another_host_is_reached_once_an_answer_led_there() -> None:
    """By a path that names it; before, it is nobody's."""
    places = Places(UPSTREAM)
    there = "https://stream.replicate.com/v1/files/bcwr-abc"
    path = places.here(there, OWN).removeprefix(OWN)
    assert places.target(Request("GET", path)) == there
    assert Places(UPSTREAM).target(Request("GET", path)) == ""


@pytest.mark.parametrize(
    "spelled",
    [
        '{"urls": {"get": "https://api.replicate.com/v1/p?a=1&b=2"}, "n": 1.50}',
        '{"urls": {"get": "https://api.replicate.com/v1/p?a=1\\u0026b=2"}, "n": 1.50}',
        '{"urls": {"get": "https:\\/\\/api.replicate.com\\/v1\\/p?a=1&b=2"}, "n": 1.50}',
    ],
)
def test_addresses_lead_back_and_the_rest_stays(spelled: str) -> None:
    """However JSON spells them; numbers and spaces are as upstream wrote them."""
    led = Places(UPSTREAM).led_back(spelled.encode(), json.loads(spelled), OWN)
    assert json.loads(led)["urls"]["get"] == f"{OWN}/v1/p?a=1&b=2"
    assert led.endswith(b', "n": 1.50}')


def test_pages_and_what_is_on_them_lead_back() -> None:
    """And outputs only where they are kept."""
    url = f"{UPSTREAM}/v1/x"
    told = {"next": url, "results": [{"urls": {"cancel": url}, "output": [url]}], "other": url}
    led = json.loads(Places(UPSTREAM).led_back(json.dumps(told).encode(), told, OWN))
    assert led["next"] == f"{OWN}/v1/x"
    assert led["results"][0]["urls"]["cancel"] == f"{OWN}/v1/x"


def test_inputs_stay_as_they_were_sent() -> None:
    """An address that the client sent comes back to it unchanged."""
    told = {"input": {"image": f"{UPSTREAM}/v1/files/a"}, "output": "https://x.test/out.png"}
    data = json.dumps(told).encode()
    assert Places(UPSTREAM).led_back(data, told, OWN) == data


def test_where_to_look_next_leads_back() -> None:
    """`Location` of upstream's own; of anybody else it stays."""
    places = Places(UPSTREAM)
    headers = (("Location", f"{UPSTREAM}/v1/p"), ("X-A", "b"))
    assert places.headers_led_back(headers, OWN) == (("Location", f"{OWN}/v1/p"), ("X-A", "b"))
    elsewhere = (("location", "https://login.test/"),)
    assert places.headers_led_back(elsewhere, OWN) == elsewhere


def test_an_upstream_leads_to_so_many_places_and_no_more() -> None:
    """A hostile answer cannot make us remember any number of them."""
    places = Places(UPSTREAM)
    for number in range(MOST_KNOWN + 5):
        places.here(f"https://host-{number}.test/x", OWN)
    assert len(places.known) == MOST_KNOWN
    assert places.here("https://one-more.test/x", OWN) == "https://one-more.test/x"


def test_the_ways_of_a_proxy_are_straight() -> None:
    """Whatever was called is called; what is answered needs no other address."""
    host = (("host", "api.replicate.com"),)
    request = Request("GET", "/v1/predictions", "a=1", host, scheme="https")
    assert Straight().target(request) == "https://api.replicate.com/v1/predictions?a=1"
    assert Straight().led_back(b"{}", {}, OWN) == b"{}"
    assert Straight().headers_led_back((("Location", "x"),), OWN) == (("Location", "x"),)
