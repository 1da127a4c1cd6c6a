"""The life of a prediction as clients see it: create, look, list, cancel, and what remains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mockserver.core.ids import created_ms


if TYPE_CHECKING:
    from tests.web.conftest import Api, Apis

VERSION_ID = "897a70f5a7dbd8a0611413b3b98cf417b45f266bd595c571a22947619d9ae462"
NAME = "black-forest-labs/flux-kontext-pro"


def test_a_prediction_lives_by_the_clock_alone(api: Api) -> None:
    """starting, processing after the boot, succeeded after the run; looking changes nothing."""
    created = api.create()
    seen = [api.look(created["id"])["status"], api.look(created["id"])["status"]]
    moved = [(api.advance(seconds), api.look(created["id"])["status"])[1] for seconds in (1, 8)]
    assert [*seen, *moved] == ["starting", "starting", "processing", "succeeded"]


def test_what_succeeded_has_output_logs_and_metrics(api: Api) -> None:
    """Seconds of run and of life; the seed stands in the logs."""
    created = api.create()
    api.advance(9)
    found = api.look(created["id"])
    assert found["metrics"] == {"predict_time": 4.9, "total_time": 5.2, "image_count": 1}
    assert found["logs"].startswith("Using seed: ")
    assert "{" not in found["logs"]
    assert found["output"].endswith(".png")


def test_the_id_carries_the_time_of_creation(api: Api) -> None:
    """To the millisecond, as upstream's."""
    api.advance(1.234)
    created = api.create()
    assert created_ms(created["id"]) == 1_767_225_600_000 + 1234
    assert created["created_at"] == "2026-01-01T00:00:01.234Z"


def test_equal_fakes_answer_equal_bytes(api: Api) -> None:
    """A frozen clock and a seed make a run repeat."""
    first = api.post(f"/v1/models/{NAME}/predictions", {"input": {"prompt": "x"}})
    api.post("/__mock__/reset", authorization=None)
    again = api.post(f"/v1/models/{NAME}/predictions", {"input": {"prompt": "x"}})
    assert first == again


@pytest.mark.parametrize("version", [VERSION_ID, NAME, f"{NAME}:{VERSION_ID}"])
def test_a_version_is_named_in_three_ways(api: Api, version: str) -> None:
    """By 64 hex digits, by the model's name, or by both."""
    created = api.post("/v1/predictions", {"version": version, "input": {"prompt": "x"}})
    assert (created.status, created.json["model"]) == (201, NAME)


@pytest.mark.parametrize(
    ("scenario", "status", "error"),
    [
        ("failed", "failed", "Prediction interrupted; please retry (code: PA)"),
        ("canceled", "canceled", None),
        ("aborted", "aborted", None),
        ("stuck-starting", "starting", None),
        ("stuck-processing", "processing", None),
    ],
)
def test_a_scenario_decides_how_it_ends(
    api: Api, scenario: str, status: str, error: str | None
) -> None:
    """Only what succeeded has an output."""
    created = api.create(x_mock_scenario=scenario)
    api.advance(3000)
    found = api.look(created["id"])
    assert (found["status"], found["error"], found["output"]) == (status, error, None)


def test_what_was_aborted_never_ran(api: Api) -> None:
    """completed_at but no started_at, and no metrics, because it costs nothing."""
    created = api.create(x_mock_scenario="aborted")
    api.advance(3000)
    found = api.look(created["id"])
    assert ("started_at" in found, "metrics" in found, "completed_at" in found) == (
        False,
        False,
        True,
    )


def test_one_hour_after_the_end_the_data_is_gone(api: Api) -> None:
    """Input {}, output null, logs empty; times, status and metrics stay; the file is gone."""
    created = api.create()
    api.advance(5.2 + 3599.9)
    before = api.look(created["id"])
    assert api.get(before["output"]).status == 200
    api.advance(0.1)
    after = api.look(created["id"])
    gone: dict[str, object] = {"input": {}, "output": None, "logs": "", "data_removed": True}
    assert after == before | gone
    assert api.get(before["output"]).status == 404


def test_the_web_form_forgets_too(api: Api) -> None:
    """The same in a list: logs null."""
    api.create()
    api.advance(4000)
    listed = api.get("/v1/predictions").json["results"][0]
    assert (listed["input"], listed["output"], listed["logs"]) == ({}, None, None)
    assert listed["data_removed"] is True


def test_an_empty_list_is_a_page(api: Api) -> None:
    """Three members, no neighbours."""
    assert api.get("/v1/predictions").body == b'{"next":null,"previous":null,"results":[]}'


def test_pages_lead_through_all_predictions_and_back(api: Api) -> None:
    """Newest first, 100 to a page; next and previous are absolute addresses that work."""
    made = [api.create()["id"] for _ in range(250)][::-1]
    first = api.get("/v1/predictions").json
    second = api.get(first["next"]).json
    third = api.get(second["next"]).json
    pages = (first, second, third)
    assert [len(page["results"]) for page in pages] == [100, 100, 50]
    assert [one["id"] for page in pages for one in page["results"]] == made
    assert (first["previous"], third["next"]) == (None, None)
    assert first["next"].startswith("http://127.0.0.1:4010/v1/predictions?cursor=")
    assert api.get(third["previous"]).json["results"] == second["results"]
    assert api.get(second["previous"]).json["results"] == first["results"]


def test_pages_stay_in_the_face_they_were_asked_at(api: Api) -> None:
    """A client below a prefix is not led out of it."""
    _ = [api.create() for _ in range(101)]
    page = api.get("/gateways/anyapi/replicate/v1/predictions").json
    assert page["next"].startswith(
        "http://127.0.0.1:4010/gateways/anyapi/replicate/v1/predictions?"
    )
    assert len(api.get(page["next"]).json["results"]) == 1


@pytest.mark.parametrize(
    "cursor", ["nonsense", "cD0tMQ==", "cD05OTk5", "cD0x%0A", "%FF", "cD0%3D", "ZXZpbA=="]
)
def test_a_cursor_that_no_page_gave_out_is_unknown(api: Api, cursor: str) -> None:
    """404, never a fault; an empty cursor is none."""
    found = api.get(f"/v1/predictions?cursor={cursor}")
    assert (found.status, found.json["detail"]) == (404, "Invalid cursor")
    assert api.get("/v1/predictions?cursor=").status == 200


@pytest.mark.parametrize(
    ("seconds", "status", "started"),
    [(0, "canceled", False), (1, "canceled", True), (9, "succeeded", True)],
)
def test_cancel_ends_what_has_not_ended(
    api: Api, seconds: int, status: str, *, started: bool
) -> None:
    """Before the start, in the run, after the end: 200 with the prediction as it then is."""
    created = api.create()
    api.advance(seconds)
    first = api.post(f"/v1/predictions/{created['id']}/cancel", content_type="application/json")
    assert (first.status, first.json["status"]) == (200, status)
    assert (first.json["started_at"] is not None) is started
    api.advance(60)
    assert api.look(created["id"])["status"] == status


def test_cancel_twice_changes_nothing(api: Api) -> None:
    """The second answer is the first."""
    created = api.create()
    first = api.post(f"/v1/predictions/{created['id']}/cancel")
    api.advance(1)
    assert api.post(f"/v1/predictions/{created['id']}/cancel").body == first.body


def test_what_is_unknown_cannot_be_looked_at_or_canceled(api: Api) -> None:
    """404 with the same body."""
    looked = api.get("/v1/predictions/aaaaaaaaaaaaaaaaaaaaaaaaaa")
    canceled = api.post("/v1/predictions/aaaaaaaaaaaaaaaaaaaaaaaaaa/cancel")
    assert looked.status == canceled.status == 404
    assert looked.body == canceled.body


def test_members_that_are_not_ours_to_take_are_refused(api: Api) -> None:
    """Nobody creates a prediction that has succeeded, or has an id of his own."""
    sent = {"input": {"prompt": "x"}, "id": "mine", "status": "succeeded", "urls": {}}
    refused = api.post(f"/v1/models/{NAME}/predictions", sent)
    fields = {one["description"] for one in refused.json["invalid_fields"]}
    assert refused.status == 422
    assert fields == {
        f"Additional property {name} is not allowed" for name in ("id", "status", "urls")
    }


def test_a_webhook_is_echoed_in_the_web_form(api: Api) -> None:
    """The address that was asked for, also under its old name."""
    sent = {"input": {"prompt": "x"}, "webhook": "https://a.example/hook"}
    api.post(f"/v1/models/{NAME}/predictions", sent)
    assert api.get("/v1/predictions").json["results"][0]["webhook"] == "https://a.example/hook"


def test_on_a_poll_clock_each_look_finds_something_new(apis: Apis) -> None:
    """Clients that poll need no time; a list looks, but moves nothing."""
    api = apis(clock="poll")
    created = api.create()
    looks = [api.look(created["id"]) for _ in range(6)]
    listed = [api.get("/v1/predictions").json["results"][0] for _ in range(2)]
    assert [one["status"] for one in looks] == [*["processing"] * 5, "succeeded"]
    assert len({(one["logs"], one["status"]) for one in looks}) == 6
    assert listed[0] == listed[1]
