"""`Cancel-After`: lives that are cut short."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest


if TYPE_CHECKING:
    from tests.web.conftest import Api

PRO: Final = "/v1/models/black-forest-labs/flux-kontext-pro/predictions"
BODY: Final = {"input": {"prompt": "x"}}


def test_the_deadline_is_told(api: Api) -> None:
    """As an instant in both forms, and not at all where nobody set one."""
    created = api.create(cancel_after="1h30m45s")
    listed = api.get("/v1/predictions").json["results"][0]
    assert (created["created_at"], created["deadline"]) == (
        "2026-01-01T00:00:00Z",
        "2026-01-01T01:30:45Z",
    )
    assert api.look(created["id"])["deadline"] == created["deadline"]
    assert listed["deadline"] == "2026-01-01T01:30:45.000000Z"
    assert "deadline" not in api.create()


@pytest.mark.parametrize(
    ("scenario", "status", "ran"),
    [("happy", "canceled", True), ("slow-boot", "aborted", False)],
)
def test_a_deadline_ends_what_has_not_ended(
    api: Api,
    scenario: str,
    status: str,
    ran: bool,  # noqa: FBT001 - a column
) -> None:
    """Canceled if it runs, aborted if it has not begun: then there are no metrics, no start."""
    created = api.create(cancel_after="5s", x_mock_scenario=scenario)
    api.advance(4.999)
    before = api.look(created["id"])["status"]
    api.advance(0.001)
    found = api.look(created["id"])
    assert before in ("starting", "processing")
    assert (found["status"], found["output"], found["error"]) == (status, None, None)
    assert found["completed_at"] == created["deadline"]
    assert ("started_at" in found, "metrics" in found) == (ran, ran)


def test_a_deadline_that_comes_late_changes_nothing(api: Api) -> None:
    """It succeeded after 5.2 seconds."""
    created = api.create(cancel_after="6")
    api.advance(7)
    assert api.look(created["id"])["status"] == "succeeded"


@pytest.mark.parametrize("value", ["4s", "25h", "soon", "1.5h", "-5s", "5s, 6s"])
@pytest.mark.parametrize("target", [PRO, "/v1/predictions", f"/gateways/anyapi/replicate{PRO}"])
def test_a_bad_deadline_is_refused(api: Api, target: str, value: str) -> None:
    """400 (assumed), and nothing is created."""
    name = "black-forest-labs/flux-kontext-pro"
    sent = {"version": name, **BODY} if target == "/v1/predictions" else BODY
    got = api.post(target, sent, cancel_after=value)
    assert got.status == 400
    assert b"Invalid Cancel-After header" in got.body
    assert api.get("/v1/predictions").json["results"] == []
