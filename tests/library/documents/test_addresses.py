"""What the path of an address asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.library.documents.addresses import base_of, joined, model_in, parts_of


@pytest.mark.parametrize(
    ("path", "model", "base"),
    [
        ("/v1/models/acme/clip/predictions", "acme/clip", "/v1"),
        ("/replicate/v1/models/acme/clip/predictions/", "acme/clip", "/replicate/v1"),
        ("/v1/models/{owner}/{name}/predictions", "", "/v1"),
        ("/v1/models/{model}/predictions", "", "/v1"),
        ("/v1/predictions", "", "/v1"),
        ("/v1/predictions/{id}", "", "/v1"),
        ("/v1/predictions/{id}/cancel", "", "/v1"),
        ("/models/acme/clip/predictions", "acme/clip", ""),
        ("/v1/files", "", "/v1/files"),
    ],
)
def test_a_path_is_a_base_and_what_upstream_has_behind_it(
    path: str, model: str, base: str
) -> None:
    """A name in braces is no model."""
    assert (model_in(path), base_of(path)) == (model, base)


@given(st.text(alphabet="htps:/[]@.%a1{}", max_size=30))
def test_what_is_no_address_has_no_parts(text: str) -> None:
    """A page may print anything where an address belongs."""
    assert isinstance(parts_of(text).path, str)
    assert isinstance(joined(text, "/v1"), str)


def test_an_address_without_a_host_has_no_parts() -> None:
    """However much of it looks like one."""
    assert parts_of("http://[/v1/x").path == ""


def test_a_path_is_asked_at_the_origin() -> None:
    """Where there is one."""
    assert joined("https://a.example/v1/x", "/v2/y") == "https://a.example/v2/y"
    assert joined("http://[", "/v2/y") == "/v2/y"
