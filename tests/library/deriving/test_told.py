"""Documents are named by their gateway and model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mockserver.library.deriving.told import About
from mockserver.library.errors import LibraryError


if TYPE_CHECKING:
    from tests.library.deriving.conftest import Reader

BODY = '\n示例\n{"input": {"prompt": "a"}}\n'


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("aiapi.winfull.top", "winfull"),
        ("api.quickrouter.ai", "quickrouter"),
        ("clip.example", "clip"),
        ("api.clip.com.cn", "clip"),
        ("www.clip.co.uk", "clip"),
        ("relay.example.com", "relay"),
        ("localhost", "localhost"),
        ("10.0.0.1", "gateway"),
        ("api.302.ai", "302"),
    ],
)
def test_a_gateway_is_called_as_it_is_known_or_after_its_host(
    documents: Reader, host: str, name: str
) -> None:
    """Labels that are nobody's are passed over."""
    (one,) = documents(f"POST https://{host}/v1/models/acme/clip/predictions{BODY}")
    assert (one.gateway, one.host, one.name) == (name, host, f"{name}/clip")


@pytest.mark.parametrize(
    ("head", "model"),
    [
        ("POST https://a.example/v1/models/acme/clip/predictions", "acme/clip"),
        ("POST https://a.example/v1/predictions\nversion string required", "acme/by-version"),
        ("POST https://a.example/v1/models/{model}/predictions", "acme/by-version"),
    ],
)
def test_a_model_is_named_by_the_path_or_by_an_example(
    documents: Reader, head: str, model: str
) -> None:
    """The path goes first."""
    body = '\n示例\n{"version": "acme/by-version:0123", "input": {"prompt": "a"}}\n'
    (one,) = documents(head + body)
    assert (one.model, one.base_path) == (model, "/v1")


def test_a_model_that_only_an_answer_names(documents: Reader) -> None:
    """Where it stands is the last place to look."""
    text = (
        f'POST https://a.example/v1/predictions{BODY}返回\n{{"id": "x", "model": "acme/told"}}\n'
    )
    assert documents(text)[0].model == "acme/told"
    given = documents(text, about=About(model="acme/given"))
    assert given[0].model == "acme/given"


def test_each_create_call_of_a_page_is_a_document(documents: Reader) -> None:
    """The other operations belong to the page."""
    text = (
        f"POST https://a.example/v1/models/acme/one/predictions{BODY}"
        f"POST https://a.example/v1/models/acme/two/predictions{BODY}"
        f"POST https://a.example/v1/models/acme/one/predictions{BODY}"
        "GET https://a.example/v1/predictions/{id}\n🟢200\n"
    )
    assert [one.name for one in documents(text)] == ["a/one", "a/two"]


def test_a_page_without_a_create_call_is_called_as_its_file(documents: Reader) -> None:
    """It tells of the gateway only."""
    create = f"POST https://a.example/v1/models/acme/clip/predictions{BODY}"
    look = 'GET https://a.example/v1/predictions/{id}\n🟢200\n{"id": "x"}\n'
    assert [(one.name, one.model) for one in documents(create, look)] == [
        ("a/clip", "acme/clip"),
        ("a/1", ""),
    ]


def test_where_the_gateway_is_can_be_said(documents: Reader) -> None:
    """For pages that tell only paths; its path comes before theirs."""
    text = f"POST /v1/models/acme/clip/predictions{BODY}"
    (one,) = documents(text, about=About(origin="https://gate.example/relay/"))
    assert (one.host, one.base_path) == ("gate.example", "/relay/v1")


@pytest.mark.parametrize(
    ("texts", "about", "said"),
    [
        (
            ('GET https://a.example/v1/predictions/{id}\n🟢200\n{"id": "x"}\n',),
            About(),
            r"seen 0.txt:1 GET /v1/predictions/\{id\}",
        ),
        (
            (f"POST https://a.example/v1/predictions{BODY}",),
            About(),
            r"0.txt:1: expected a model, OWNER/NAME.*--model",
        ),
        (
            (f"POST /v1/models/a/b/predictions{BODY}",),
            About(),
            r"0.txt:1: expected an address with a host.*--origin",
        ),
        (
            (f"POST https://a.example/models/a/b/predictions{BODY}",),
            About(),
            r"expected a path before /models",
        ),
        (
            (f"POST https://b.cometapi.dev/v1/models/a/b/predictions{BODY}",),
            About(),
            r"would be called cometapi, which is the gateway at api.cometapi.com",
        ),
        (
            (
                f"POST https://a.example/v1/models/a/b/predictions{BODY}",
                f"POST https://c.example/v1/models/a/d/predictions{BODY}",
            ),
            About(gateway="mine"),
            r"c.example would be called mine, which is the gateway at a.example",
        ),
        (
            (
                f"POST https://a.example/v1/models/a/b/predictions{BODY}",
                f"POST https://a.example/v1/models/c/b/predictions{BODY}",
            ),
            About(),
            r"1.txt: expected a document that no other page is, seen a/b, as 0.txt is",
        ),
    ],
)
def test_what_cannot_be_named_is_refused(
    documents: Reader, texts: tuple[str, ...], about: About, said: str
) -> None:
    """With the page, the line, and what to do."""
    with pytest.raises(LibraryError, match=said):
        documents(*texts, about=about)
