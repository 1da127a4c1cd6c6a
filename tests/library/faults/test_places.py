"""Addresses that lead to another origin, or to upstream."""

from __future__ import annotations

import pytest

from mockserver.library.faults.places import foreign, is_address, path_of, upstream


@pytest.mark.parametrize(
    ("url", "led"),
    [
        ("http://127.0.0.1:4010/a?b=c", "http://localhost:4010/a?b=c"),
        ("http://LOCALHOST:4010/a", "http://127.0.0.1:4010/a"),
        ("https://api.replicate.com/v1/a?b=c", "https://elsewhere.example/v1/a?b=c"),
        ("http:///a", "https://elsewhere.example/a"),
        ("http://[broken/a", "https://elsewhere.example/"),
    ],
)
def test_another_origin(url: str, led: str) -> None:
    """This machine by its other name, or nobody's host; the path is kept."""
    assert foreign(url) == led


@pytest.mark.parametrize(
    ("url", "base_url", "led"),
    [
        (
            "http://a/x/v1/predictions/1",
            "http://a/x/v1",
            "https://api.replicate.com/v1/predictions/1",
        ),
        ("http://a/x/v1/predictions/1", "", "https://api.replicate.com/v1/predictions/1"),
        ("http://a/p/1", "http://a/x/v1", "https://api.replicate.com/p/1"),
        ("http://[broken", "", "https://api.replicate.com/"),
    ],
)
def test_upstream(url: str, base_url: str, led: str) -> None:
    """The prefix of the gateway is gone, also where only the path can tell it."""
    assert upstream(url, base_url) == led


def test_a_path() -> None:
    """An address without its origin and its query."""
    assert path_of("http://a/b/c?d") == "/b/c"


@pytest.mark.parametrize(
    ("value", "told"), [("http://a", True), ("https://a", True), ("data:a", False), (1, False)]
)
def test_what_is_an_address(value: object, *, told: bool) -> None:
    """A text that begins as one of the web's."""
    assert is_address(value) == told
