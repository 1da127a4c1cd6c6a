"""The API of an earlier date: `--api-date`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from mockserver.core.reply import Reply
from mockserver.service.fake import Fake
from mockserver.service.settings import Settings
from mockserver.web.front import Front


if TYPE_CHECKING:
    from tests.web.conftest import Api, Apis

MODEL: Final = "/v1/models/black-forest-labs/flux-kontext-pro"
PRO: Final = f"{MODEL}/predictions"
BODY: Final = {"input": {"prompt": "x"}}
NOT_FOUND: Final = b'{"detail":"The requested resource could not be found.","status":404}\n'


@pytest.mark.parametrize(
    ("day", "method", "target"),
    [
        ("2025-03-18", "GET", f"{MODEL}/examples"),
        ("2025-03-18", "GET", f"{MODEL}/readme"),
        ("2025-05-06", "GET", "/v1/files"),
        ("2025-05-06", "POST", "/v1/files"),
        ("2025-05-06", "GET", "/v1/files/abc"),
        ("2025-05-06", "DELETE", "/v1/files/abc"),
        ("2025-05-06", "GET", "/v1/files/abc/download"),
        ("2025-09-15", "GET", "/v1/search?query=flux"),
        ("2025-10-05", "PATCH", MODEL),
    ],
)
def test_what_did_not_exist_is_not_found(apis: Apis, day: str, method: str, target: str) -> None:
    """As a path that nobody knows, and the journal says why; one day later it is there."""
    api = apis(api_date=day)
    got = api.ask(method, target)
    (entry,) = api.get("/__mock__/journal?unmatched").json["interactions"]
    assert (got.status, got.body) == (404, NOT_FOUND)
    assert entry["notes"] == [f"--api-date {day}: this operation did not exist yet"]
    after = apis(api_date=f"{day[:-2]}{int(day[-2:]) + 1:02}")
    after.ask(method, target)
    assert after.get("/__mock__/journal?unmatched").json["interactions"] == []


@pytest.mark.parametrize(("day", "status"), [("2024-10-07", 200), ("2024-10-08", 201)])
def test_create_was_answered_200(apis: Apis, day: str, status: int) -> None:
    """Both ways to create."""
    api = apis(api_date=day)
    created = api.post(PRO, BODY)
    again = api.post("/v1/predictions", {"version": created.json["model"], **BODY})
    assert (created.status, again.status) == (status, status)


def test_before_there_was_prefer_nothing_waited(apis: Apis) -> None:
    """The header is not heard, but the journal shows it, and says so."""
    api = apis(api_date="2024-10")
    answered = api.answer("POST", PRO, json=BODY, prefer="wait=5", cancel_after="nonsense")
    entry = api.get("/__mock__/journal").json["interactions"][-1]
    assert isinstance(answered, Reply)
    assert "Preference-Applied" not in dict(answered.headers)
    assert ["prefer", "wait=5"] in entry["request"]["headers"]
    assert entry["notes"] == [
        "--api-date 2024-10: prefer was not known yet",
        "--api-date 2024-10: cancel-after was not known yet",
    ]


@pytest.mark.parametrize(
    ("query", "day", "status"),
    [
        ("/v1/predictions?created_after=nonsense", "2025-02-04", 200),
        ("/v1/predictions?created_after=nonsense", "2025-02-05", 422),
        ("/v1/predictions?source=nonsense&created_after=nonsense", "2025-02-04", 200),
        ("/v1/predictions?source=nonsense", "2026-03-02", 200),
        ("/v1/predictions?source=nonsense", "2026-03-03", 422),
        ("/v1/predictions?cursor=nonsense", "2023-01", 404),
        ("/v1/models?sort_by=nonsense", "2025-10-07", 200),
        ("/v1/models?sort_by=nonsense", "2025-10-08", 422),
    ],
)
def test_parameters_were_ignored_before_their_day(
    apis: Apis, query: str, day: str, status: int
) -> None:
    """All others are heard."""
    assert apis(api_date=day).get(query).status == status


def test_a_prediction_showed_less(apis: Apis) -> None:
    """Neither `data_removed` nor `urls.web`, and on the edge no `output` until there is one."""
    api = apis(api_date="2025-02-17")
    created = api.create()
    (listed,) = api.get("/v1/predictions").json["results"]
    api.advance(60)
    ended = api.look(created["id"])
    told = (created, listed, ended)
    assert not any("data_removed" in one or "web" in one["urls"] for one in told)
    assert ["output" in one for one in told] == [False, True, True]
    assert (listed["output"], ended["status"]) == (None, "succeeded")


@pytest.mark.parametrize(
    ("day", "member", "told"),
    [
        ("2025-10-06", "deadline", False),
        ("2025-10-07", "deadline", True),
        ("2025-10-21", "source", False),
        ("2025-10-22", "source", True),
    ],
)
def test_members_came_on_their_day(apis: Apis, day: str, member: str, told: bool) -> None:  # noqa: FBT001 - a column
    """`Cancel-After` with its `deadline`; `source`, which we tell of what the web made."""
    api = apis(api_date=day)
    api.create(cancel_after="5m")
    given = {
        "id": "made-on-the-web",
        "model": "acme/hats",
        "version": "a" * 64,
        "status": "starting",
        "input": {},
        "created_at": "2025-12-30T00:00:00Z",
        "source": "web",
    }
    assert api.post("/__mock__/data", {"predictions": [given]}).status == 201
    found = api.get("/v1/predictions").json["results"]
    assert any(member in one for one in found) is told


@pytest.mark.parametrize(
    ("day", "status"), [("2025-10-22", "canceled"), ("2025-10-23", "aborted")]
)
def test_what_never_began_was_called_canceled(apis: Apis, day: str, status: str) -> None:
    """Wherever a prediction is told."""
    api = apis(api_date=day)
    created = api.create(x_mock_scenario="slow-boot", cancel_after="5s")
    api.advance(6)
    canceled = api.post(f"/v1/predictions/{created['id']}/cancel").json
    (listed,) = api.get("/v1/predictions").json["results"]
    seen = (canceled, listed, api.look(created["id"]))
    assert {one["status"] for one in seen} == {status}


@pytest.mark.parametrize(
    ("day", "status"), [("2025-10-22", "canceled"), ("2025-10-23", "aborted")]
)
def test_trainings_were_called_so_too(apis: Apis, day: str, status: str) -> None:
    """In both forms."""
    api = apis(api_date=day)
    given = {
        "id": "never-began",
        "model": "acme/hats",
        "version": "a" * 64,
        "destination": "acme/felt",
        "status": "aborted",
        "input": {},
        "created_at": "2025-12-30T00:00:00Z",
        "completed_at": "2025-12-30T00:01:00Z",
    }
    assert api.post("/__mock__/data", {"trainings": [given]}).status == 201
    (listed,) = api.get("/v1/trainings").json["results"]
    assert (listed["status"], api.get("/v1/trainings/never-began").json["status"]) == (
        status,
        status,
    )


@pytest.mark.parametrize(("day", "told"), [("2025-09-15", False), ("2025-09-16", True)])
def test_models_were_not_called_official(apis: Apis, day: str, told: bool) -> None:  # noqa: FBT001 - a column
    """`is_official` came with the search."""
    assert ("is_official" in apis(api_date=day).get(MODEL).json) is told


def everything(api: Api) -> list[Any]:
    """What a few requests are answered, headers and all."""
    api.create(cancel_after="5m")
    return [
        api.get("/v1/predictions?source=web"),
        api.get("/v1/predictions"),
        api.get(MODEL),
        api.get("/v1/search?query=flux"),
        api.get("/v1/openapi.json"),
        api.post(PRO, BODY, prefer="wait=5"),
    ]


def test_the_last_change_leads_to_today(apis: Apis) -> None:
    """From then on every byte is that of a fake without a date."""
    assert everything(apis(api_date="2026-03-03")) == everything(apis())


def test_the_document_tells_the_statuses_of_that_day(apis: Apis) -> None:
    """The rest of it is today's."""
    document = apis(api_date="2024-10").get("/v1/openapi.json").json
    answers = document["paths"]["/predictions"]["post"]["responses"]
    assert {status for status in answers if status < "3"} == {"200"}


def test_gateways_resell_the_api_of_that_day(apis: Apis) -> None:
    """They hand on what they are told."""
    api = apis(api_date="2025-10")
    assert api.get("/gateways/quickrouter/replicate/v1/search?query=x").status == 200
    assert api.ask("PATCH", f"/gateways/quickrouter/replicate{MODEL}").status == 404


def test_a_date_that_is_none_is_an_error() -> None:
    """Before anything is served."""
    with pytest.raises(ValueError, match="expected YYYY-MM"):
        Front(Fake(Settings(api_date="yesterday")))
