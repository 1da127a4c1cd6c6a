"""Create calls that created nothing stand in the ledger as attempts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mockserver.web.routes import ROUTES
from mockserver.web.submitted import attempted


if TYPE_CHECKING:
    from tests.web.conftest import Api

MODEL = "black-forest-labs/flux-kontext-pro"
PRO = {"owner": "black-forest-labs", "name": "flux-kontext-pro"}
OF_MODEL, OF_VERSION, LOOK = (
    next(route for route in ROUTES if (route.method, route.rule) == place)
    for place in (
        ("POST", "/models/<owner>/<name>/predictions"),
        ("POST", "/predictions"),
        ("GET", "/predictions/<prediction_id>"),
    )
)
SENT = {"input": {"prompt": "a hat"}}


@pytest.mark.parametrize(
    ("route", "arguments", "sent"),
    [(OF_MODEL, PRO, SENT), (OF_VERSION, {}, {"version": MODEL, **SENT})],
)
def test_an_attempt_and_the_retry_are_one_request(
    api: Api, route: Any, arguments: dict[str, str], sent: object
) -> None:
    """Whichever of the paths of a model was called."""
    lost = api.front.call(api.request("POST", "/v1/anything", json=sent))
    attempted(lost, route, arguments)
    made = api.create("a hat")
    (request,) = api.get("/__mock__/ledger?duplicates").json["requests"]
    assert [one["prediction"] for one in request["submissions"]] == [None, made["id"]]
    assert (request["submitted"], request["jobs"], request["usd_wasted"]) == (2, 1, 0.0)


@pytest.mark.parametrize(
    ("route", "arguments", "sent"),
    [
        (OF_MODEL, PRO, {"input": {}}),
        (OF_MODEL, {"owner": "a", "name": "nobody"}, SENT),
        (OF_VERSION, {}, SENT),
        (LOOK, {"prediction_id": "x"}, SENT),
    ],
)
def test_what_orders_nothing_is_no_attempt(
    api: Api, route: Any, arguments: dict[str, str], sent: object
) -> None:
    """A body that no model accepts would not have created anything; nor does a look."""
    attempted(api.front.call(api.request("POST", "/v1/x", json=sent)), route, arguments)
    assert api.get("/__mock__/ledger").json["totals"]["submissions"] == 0
