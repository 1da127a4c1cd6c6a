"""What a client may ask for: bodies of create calls, read strictly and checked by schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from mockserver.core.problem import BodyMalformed, BodyTooLarge, InputInvalid, InvalidVersion
from mockserver.library.catalogue import Catalogue
from mockserver.library.models import Model
from mockserver.service.orders import MOST_BYTES, Order, Orders


IMAGE = "https://example.test/in.png"


@pytest.fixture(scope="module")
def orders(catalogue: Catalogue) -> Orders:
    """All create calls are read by one."""
    return Orders(catalogue)


def body(**members: object) -> bytes:
    """A create call's body."""
    return json.dumps(members).encode()


def test_an_order_is_the_input_as_it_was_sent(orders: Orders, pro: Model) -> None:
    """Defaults are not written into it: what upstream echoes is what the client sent."""
    given = {"prompt": "a lighthouse", "output_format": "jpg"}
    assert orders.for_model(body(input=given), pro) == Order(pro, given)


@pytest.mark.parametrize(
    ("members", "webhook", "events"),
    [
        (
            {"webhook": "https://a.test/", "webhook_events_filter": ["start"]},
            "https://a.test/",
            ("start",),
        ),
        ({"webhook_completed": "https://b.test/"}, "https://b.test/", ("completed",)),
        (
            {"webhook": "https://a.test/", "webhook_completed": "https://b.test/"},
            "https://a.test/",
            (),
        ),
        ({"webhook": None, "webhook_events_filter": None}, None, ()),
        ({"stream": True}, None, ()),
    ],
)
def test_an_order_says_where_to_report(
    orders: Orders,
    pro: Model,
    members: Mapping[str, object],
    webhook: str | None,
    events: tuple[str, ...],
) -> None:
    """By the name of today, or by the older one."""
    order = orders.for_model(body(input={"prompt": "a"}, **members), pro)
    assert (order.webhook, order.webhook_events_filter) == (webhook, events)


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        (b"{}", [""]),
        (b"[]", [""]),
        (b"null", [""]),
        (b'{"input":{}}', ["input"]),
        (b'{"input":{"prompt":7}}', ["input.prompt"]),
        (b'{"input":{"prompt":"a"},"extra":1}', [""]),
        (b'{"input":{"prompt":"a"},"webhook_events_filter":["end"]}', ["webhook_events_filter.0"]),
    ],
)
def test_what_the_schema_forbids_is_refused(
    orders: Orders, pro: Model, sent: bytes, fields: list[str]
) -> None:
    """With the fields that are wrong."""
    with pytest.raises(InputInvalid) as raised:
        orders.for_model(sent, pro)
    assert [one["field"] for one in raised.value.invalid_fields] == fields
    assert raised.value.detail


@pytest.mark.parametrize("sent", [b"", b"{", b"\xff", b"{'input':{}}", b'{"input":NaN}'])
def test_what_is_not_json_is_malformed(orders: Orders, pro: Model, sent: bytes) -> None:
    """Missing, broken and not UTF-8: the message says what was expected, and where it broke."""
    with pytest.raises(BodyMalformed, match=r"The body must be JSON in UTF-8: .* at byte \d+"):
        orders.for_model(sent, pro)
    with pytest.raises(BodyMalformed):
        orders.for_version(sent)


def test_a_body_beyond_the_limit_is_not_read(orders: Orders, pro: Model) -> None:
    """The message says how large it was and how large it may be; the limit itself is read."""
    with pytest.raises(BodyTooLarge, match=f"has {MOST_BYTES + 1} bytes; at most {MOST_BYTES}"):
        orders.for_model(bytes(MOST_BYTES + 1), pro)
    with pytest.raises(BodyMalformed):
        orders.for_model(bytes(MOST_BYTES), pro)


def test_a_version_may_be_asked_for_in_three_ways(orders: Orders, pro: Model) -> None:
    """As `owner/name`, as its 64 digits, and as both."""
    asked = [
        orders.for_version(body(version=version, input={"prompt": "a"}))
        for version in pro.version_names
    ]
    assert [order.model for order in asked] == [pro] * 3


@pytest.mark.parametrize(
    "version",
    ["", "nobody/nothing", "0" * 64, "black-forest-labs/flux-kontext-pro:" + "0" * 64, "latest"],
)
def test_an_unknown_version_is_refused(orders: Orders, version: str) -> None:
    """In upstream's words; the input is not looked at."""
    with pytest.raises(InvalidVersion, match="The specified version does not exist"):
        orders.for_version(body(version=version, input={}))


@pytest.mark.parametrize(
    ("sent", "described"),
    [
        ({"input": {"prompt": "a"}}, ["version is required"]),
        (
            {"model": "a/b", "input": {}},
            ["version is required", "Additional property model is not allowed"],
        ),
        ({"version": 7, "input": {}}, ["Invalid type. Expected: string, given: integer"]),
    ],
)
def test_a_body_without_a_version_is_invalid(
    orders: Orders, sent: Mapping[str, Any], described: list[str]
) -> None:
    """As upstream says it, all at once."""
    with pytest.raises(InputInvalid) as raised:
        orders.for_version(body(**sent))
    assert [one["description"] for one in raised.value.invalid_fields] == described


def test_a_list_names_no_version(orders: Orders) -> None:
    """A body must be an object."""
    with pytest.raises(InputInvalid):
        orders.for_version(b"[]")


def test_an_input_is_checked_against_the_version_that_was_named(orders: Orders) -> None:
    """Each model has its own schema."""
    with pytest.raises(InputInvalid, match="image"):
        orders.for_version(body(version="black-forest-labs/flux-fill-dev", input={"prompt": "a"}))


@pytest.mark.parametrize(
    ("given", "outputs"),
    [({}, 1), ({"num_outputs": 3}, 3), ({"num_outputs": None}, 1), ({"num_outputs": 2.0}, 2)],
)
def test_some_models_put_out_what_is_asked(
    fill: Model, given: Mapping[str, object], outputs: int
) -> None:
    """Or their default."""
    assert Order(fill, {"prompt": "a", "image": IMAGE, **given}).outputs == outputs


def test_other_models_put_out_one_file(pro: Model) -> None:
    """Whatever is asked."""
    assert Order(pro, {"prompt": "a", "num_outputs": 3}).outputs == 1


@pytest.mark.parametrize(
    ("given", "prompt"), [({"prompt": "a"}, "a"), ({}, ""), ({"prompt": 1}, "")]
)
def test_an_order_has_a_prompt(pro: Model, given: Mapping[str, object], prompt: str) -> None:
    """Or none, for models that need none."""
    assert Order(pro, given).prompt == prompt
