"""`Prefer: wait` holds a create call until the end, the limit, or the bell."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from mockserver.core.reply import Later
from mockserver.service.settings import OutputForm, SyncStyle


if TYPE_CHECKING:
    from tests.web.conftest import Api, Apis, Got

PRO = "/v1/models/black-forest-labs/flux-kontext-pro/predictions"
BODY = {"input": {"prompt": "x"}}


def test_a_wait_tells_the_end_as_upstream_was_recorded(api: Api) -> None:
    """201, `processing`, the full output as a data: URI, no logs and no times."""
    got = api.post(PRO, BODY, prefer="wait")
    found = got.json
    assert (got.status, got.headers["preference-applied"]) == (201, "wait")
    assert (found["status"], found["logs"]) == ("processing", "")
    assert found["output"].startswith("data:image/png;base64,")
    assert found.keys().isdisjoint({"started_at", "completed_at", "metrics"})
    assert got.headers["location"] == found["urls"]["get"]


@pytest.mark.parametrize(
    ("prefer", "applied", "status", "waited_s"),
    [
        ("wait", "wait", "processing", 5.2),
        ("wait=60", "wait=60", "processing", 5.2),
        ("wait=999", "wait=999", "processing", 5.2),
        ("Wait=6", "wait=6", "processing", 5.2),
        ("wait=1", "wait=1", "starting", 1.0),
        ("wait=5", "wait=5", "starting", 5.0),
        ("respond-async, wait=2", "wait=2", "starting", 2.0),
        ('wait="2"; x=y', "wait=2", "starting", 2.0),
        ("wait=0", None, "starting", 0.0),
        ("wait=-1", None, "starting", 0.0),
        ("wait=x", None, "starting", 0.0),
        ("respond-async", None, "starting", 0.0),
        ("", None, "starting", 0.0),
    ],
)
def test_how_long_a_wait_lasts(
    api: Api, prefer: str, applied: str | None, status: str, waited_s: float
) -> None:
    """Until the end, n seconds at most, 60 at most; what is no wait is not applied."""
    got = api.post(PRO, BODY, prefer=prefer)
    told = (got.headers.get("preference-applied"), got.json["status"])
    passed_ms = api.get("/__mock__/clock").json["worlds"][0]["now_ms"] - 1_767_225_600_000
    assert (*told, passed_ms) == (applied, status, waited_s * 1000)


@pytest.mark.parametrize(
    ("gateway", "status"),
    [("replicate", 201), ("anyapi", 200), ("quickrouter", 200), ("winfull", 200)],
)
def test_a_wait_that_runs_out_says_starting(api: Api, gateway: str, status: int) -> None:
    """Clients poll on after no other word, even if it is running by then."""
    target = f"/gateways/{gateway}/replicate{PRO}"
    got = api.post(target, BODY, prefer="wait=3")
    assert (got.status, got.json["status"]) == (status, "starting")
    assert got.json.get("output") is None
    assert api.look(got.json["id"])["status"] == "processing"


@pytest.mark.parametrize(
    ("scenario", "status"),
    [("failed", "failed"), ("nsfw", "failed"), ("canceled", "canceled"), ("aborted", "aborted")],
)
def test_another_end_is_told_as_it_is(api: Api, scenario: str, status: str) -> None:
    """With its times and its reason; only a success hides behind `processing`."""
    got = api.post(PRO, BODY, prefer="wait", x_mock_scenario=scenario)
    found = got.json
    assert (got.status, found["status"], found["output"]) == (201, status, None)
    assert "completed_at" in found
    assert (found["error"] is not None) is (status == "failed")


def test_what_ended_before_anybody_waited_is_told_at_once(api: Api) -> None:
    """`instant` with a wait: no time passes."""
    got = api.post(PRO, BODY, prefer="wait=1", x_mock_scenario="instant")
    assert (got.status, got.json["status"]) == (201, "processing")


@pytest.mark.parametrize(
    ("outputs", "waited", "looked"),
    [
        (OutputForm.AUTO, "data:image/png", "http://127.0.0.1:4010/delivery/"),
        (OutputForm.URL, "http://127.0.0.1:4010/delivery/", "http://127.0.0.1:4010/delivery/"),
        (OutputForm.DATA, "data:image/png", "data:image/png"),
    ],
)
def test_outputs_are_handed_out_as_the_settings_say(
    apis: Apis, outputs: OutputForm, waited: str, looked: str
) -> None:
    """auto: written out in a wait, an address otherwise; url and data: always the same."""
    api = apis(outputs=outputs)
    got = api.post(PRO, BODY, prefer="wait").json
    assert got["output"].startswith(waited)
    assert api.look(got["id"])["output"].startswith(looked)


def test_data_is_written_out_in_cancel_too(apis: Apis) -> None:
    """A cancel that comes too late shows the output like a get."""
    api = apis(outputs=OutputForm.DATA)
    created = api.create()
    api.advance(9)
    got = api.post(f"/v1/predictions/{created['id']}/cancel")
    assert got.json["output"].startswith("data:image/png")


def test_a_bell_ends_the_wait_early(api: Api, show: Callable[..., Got]) -> None:
    """Canceled while it waits: whoever waits is rung for, and told the end at once."""
    held = api.answer("POST", PRO, json=BODY, prefer="wait", x_mock_scenario="stuck-starting")
    rung: list[str] = []
    assert isinstance(held, Later)
    held.bell.subscribe(held.about, lambda: rung.append(held.about))
    api.post(f"/v1/predictions/{held.about}/cancel")
    got = show(held.then(held.bell.now_ms()))
    assert rung == [held.about]
    assert (got.status, got.json["status"]) == (201, "canceled")


def test_a_clock_moved_a_little_does_not_end_the_wait(api: Api, show: Callable[..., Got]) -> None:
    """Asked again before its time, the wait goes on to the same moment."""
    held = api.answer("POST", PRO, json=BODY, prefer="wait=4")
    assert isinstance(held, Later)
    api.advance(1)
    again = held.then(held.bell.now_ms())
    assert isinstance(again, Later)
    assert again.at_ms == held.at_ms
    assert show(again).json["status"] == "starting"


def test_a_wait_is_journaled_when_it_is_answered(api: Api) -> None:
    """Once, with the status it got."""
    held = api.answer("POST", PRO, json=BODY, prefer="wait=4")
    before = api.get("/__mock__/journal").json["interactions"]
    assert isinstance(held, Later)
    api.advance(4)
    held.then(held.bell.now_ms())
    after = api.get("/__mock__/journal").json["interactions"]
    assert (before, [one["response"]["status"] for one in after]) == ([], [201])


def test_who_waits_in_a_forgotten_world_is_let_go(api: Api, show: Callable[..., Got]) -> None:
    """After a reset no hand reaches its clock any more: the wait runs out at once."""
    held = api.answer("POST", PRO, json=BODY, prefer="wait")
    assert isinstance(held, Later)
    api.post("/__mock__/reset", authorization=None)
    got = show(held.then(held.bell.now_ms()))
    assert (got.status, got.json["status"]) == (201, "starting")


@pytest.mark.parametrize(
    ("prefer", "status", "told"),
    [("wait", 201, "succeeded"), ("wait=3", 202, "starting")],
)
def test_the_documented_style(apis: Apis, prefer: str, status: int, told: str) -> None:
    """A success is told whole, and a wait that ran out has a status of its own."""
    api = apis(sync=SyncStyle.DOCUMENTED)
    got = api.post(PRO, BODY, prefer=prefer)
    assert (got.status, got.json["status"]) == (status, told)
    assert ("metrics" in got.json) is (told == "succeeded")
