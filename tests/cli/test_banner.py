"""What a person is told who starts the server."""

from __future__ import annotations

import pytest

from mockserver.cli.banner import lines
from mockserver.service.settings import Settings


URL = "http://127.0.0.1:4010"


def banner(settings: Settings, host: str = "127.0.0.1") -> str:
    """The banner as it is printed."""
    return "\n".join(lines(settings, host, URL, ("replicate", "winfull")))


def test_the_line_to_paste_serves_every_official_client() -> None:
    """One base URL, with `/v1`, and a token that is accepted."""
    exports = f"export REPLICATE_API_TOKEN=mockserver REPLICATE_BASE_URL={URL}/v1"
    assert f"  {exports}\n" in banner(Settings())


def test_the_line_to_paste_has_a_token_that_is_accepted() -> None:
    """Where only some tokens are accepted, it is one of these."""
    seen = banner(Settings(tokens=frozenset({"b", "a"})))
    assert "REPLICATE_API_TOKEN=a " in seen
    assert "one of the 2 given" in seen


@pytest.mark.parametrize(
    ("gateway", "relay"), [("replicate", "winfull"), ("quickrouter", "quickrouter")]
)
def test_it_tells_who_is_spoken_where(gateway: str, relay: str) -> None:
    """`/replicate/v1` speaks the chosen gateway, or another where upstream itself is chosen."""
    rows = [line.split() for line in banner(Settings(gateway=gateway)).splitlines()]
    assert [f"{URL}/v1", gateway] in rows
    assert [f"{URL}/replicate/v1", relay] in rows


@pytest.mark.parametrize(
    ("host", "warned"),
    [
        ("127.0.0.1", False),
        ("::1", False),
        ("localhost", False),
        ("192.0.2.1", True),
        ("::", True),
    ],
)
def test_it_warns_where_other_machines_get_in(host: str, warned: bool) -> None:  # noqa: FBT001
    """An address that is not loopback is told as such."""
    assert ("lets other machines in" in banner(Settings(), host)) is warned


def test_the_public_url_is_told() -> None:
    """Where clients are sent elsewhere, the banner says so."""
    assert "https://fake.test" in banner(Settings(public_url="https://fake.test"))


def test_it_tells_which_day_is_spoken() -> None:
    """Only where it is another than today."""
    assert "as of 2024-10" in banner(Settings(api_date="2024-10"))
    assert "as of" not in banner(Settings())
