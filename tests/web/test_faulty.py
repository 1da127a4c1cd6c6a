"""A request meets its faults: who asked for them, when they strike, and whether there is a job."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from mockserver.core.reply import Reply
from mockserver.library.catalogue import Catalogue
from mockserver.library.faults.kinds import WSGI
from mockserver.service.fake import Fake
from mockserver.service.settings import Settings
from mockserver.web.front import Front


if TYPE_CHECKING:
    from tests.web.conftest import Api, Apis

PRO: Final = "/v1/models/black-forest-labs/flux-kontext-pro/predictions"
STEPS: Final = (
    '[[step]]\nstatus = "starting"\nlasts = "boot"\n'
    '[[step]]\nstatus = "processing"\nlasts = "run"\n'
    '[[step]]\nstatus = "succeeded"\n'
)


def create(api: Api, prompt: str = "a hat", **headers: str | None) -> Any:
    """What a create call is answered with."""
    return api.post(PRO, {"input": {"prompt": prompt}}, **headers)


def jobs(api: Api) -> int:
    """How many predictions the world has."""
    return len(api.get("/v1/predictions").json["results"])


def noted(api: Api) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The faults and the notes of the latest request of the usual world."""
    entry = tuple(api.front.fake.worlds.named("tester").journal)[-1]
    return entry.faults, entry.notes


def test_a_header_strikes_its_own_request(api: Api) -> None:
    """And no other; the journal names it, and says what it did."""
    assert create(api, x_mock_fault="http.status;status=502").status == 502
    (key,), (note,) = noted(api)
    assert key.startswith("http.status-")
    assert note == f"fault {key}: http.status;status=502 (create 1, before it took effect)"
    assert create(api).status == 201


@pytest.mark.parametrize(("phase", "made"), [("", 0), (";phase=before", 0), (";phase=after", 1)])
def test_before_it_took_effect_there_is_no_job(api: Api, phase: str, made: int) -> None:
    """A refusal comes before, unless it is told to come after: then the job exists."""
    assert create(api, x_mock_fault=f"http.status{phase}").status == 503
    assert jobs(api) == made


@pytest.mark.parametrize(("phase", "made"), [("", 1), (";phase=before", 0)])
def test_a_lost_reply_leaves_a_job(api: Api, phase: str, made: int) -> None:
    """Unless the connection broke before the request took effect."""
    answer = api.answer(
        "POST", PRO, json={"input": {"prompt": "a hat"}}, x_mock_fault=f"net.close_before{phase}"
    )
    assert isinstance(answer, Reply)
    assert (answer.raw, answer.body, jobs(api)) == (True, b"", made)


def test_a_header_can_mean_later_requests(api: Api) -> None:
    """It goes with the prediction that is created, and with no other."""
    first = create(api, x_mock_fault="http.status;on=get;status=404;first=1").json
    other = create(api).json
    assert api.get(f"/v1/predictions/{other['id']}").status == 200
    statuses = [api.get(f"/v1/predictions/{first['id']}").status for _ in range(3)]
    assert statuses == [404, 200, 200]


def test_a_header_that_does_not_belong_is_noted(api: Api) -> None:
    """It strikes nothing, and whoever looks for the reason finds it."""
    created = create(api).json
    api.get(f"/v1/predictions/{created['id']}", x_mock_fault="gw.create_200")
    assert noted(api) == ((), ("fault gw.create_200 does not belong on get",))


def test_a_magic_word_goes_with_its_prediction(api: Api) -> None:
    """For clients that can set no header: it strikes create, and what is asked of it later."""
    assert create(api, "a hat [[fault:http.status;nth=2;phase=after]]").status == 201
    word = "a hat [[fault:http.status;on=get]]"
    created = create(api, word).json
    assert api.get(f"/v1/predictions/{created['id']}").status == 503
    assert jobs(api) == 2


def test_a_flag_strikes_in_every_world(apis: Apis) -> None:
    """Where nothing stronger does."""
    api = apis(fault="http.status;status=502;on=create")
    assert create(api).status == 502
    assert create(api, authorization="Bearer another").status == 502
    assert create(api, x_mock_fault="http.status;status=504").status == 504


def test_requests_may_be_kept_from_asking(apis: Apis) -> None:
    """By header and by magic word; the journal says how it would be allowed."""
    api = apis(asked_faults=False)
    assert create(api, "a hat [[fault:http.status]]", x_mock_fault="http.status").status == 201
    assert noted(api) == (
        (),
        ("no fault is asked for here: --asked-faults on lets requests do so",),
    )


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("net.reset_befor", "net.reset_before"),
        ("http.status;status=200", '"status" is one of'),
        ("http.status;colour=red", "http.status has no parameter 'colour'"),
        ("http.status;nth", "after a fault's name come pairs like nth=1"),
        ("http.status;on=webhook", "on: expected some of"),
        ("net.refuse;phase=after", "phase: it is always before"),
        ("tls.expired", "it is set where a server is started, with --https --fault"),
        ("tls", "before any request"),
        ("%%%", "a fault is named like net.reset_before"),
    ],
)
def test_a_header_that_cannot_be_meant_is_refused(api: Api, header: str, says: str) -> None:
    """400 in our own words, which no gateway's client takes for its gateway's; nothing is made."""
    got = create(api, x_mock_fault=header)
    assert (got.status, got.headers["content-type"]) == (400, "application/problem+json")
    assert says in got.json["detail"]
    assert jobs(api) == 0


def test_what_an_edge_cannot_perform_is_refused(api: Api) -> None:
    """501, with the way to have it; nothing is made."""
    request = api.request("POST", PRO, json={}, x_mock_fault="net.close_before")
    answer = api.front.answer(request, WSGI)
    assert isinstance(answer, Reply)
    assert (answer.status, b"use `mockserver serve`" in answer.body) == (501, True)


def test_several_faults_of_one_header_all_strike(api: Api) -> None:
    """One after the other, on one reply."""
    got = create(api, x_mock_fault="http.status_odd;status=202, body.array")
    assert (got.status, len(got.json)) == (202, 1)
    assert [key.partition("-")[0] for key in noted(api)[0]] == ["http.status_odd", "body.array"]


def test_nobody_known_meets_no_fault(api: Api) -> None:
    """Whose world it is cannot be told, so the header is not heard."""
    got = api.get("/v1/predictions", authorization=None, x_mock_fault="http.status")
    assert got.status == 401


@pytest.fixture
def with_scenario(tmp_path: Path) -> Callable[[str], Front]:
    """Makes a front whose predictions live through a scenario with these faults."""
    shipped = Catalogue().fixtures

    def made(faults: str) -> Front:
        for room in shipped.iterdir():
            if room.name != "scenarios":
                (tmp_path / room.name).symlink_to(room)
        folder = tmp_path / "scenarios"
        folder.mkdir()
        text = f'summary = "Goes wrong."\n\n{STEPS}{faults}'
        (folder / "wrong.toml").write_text(text)
        settings = Settings(clock="manual", scenario="wrong")
        return Front(Fake(settings, Catalogue(fixtures=tmp_path)))

    return made


def asked_of(front: Front, like: Api) -> Api:
    """A client of this front."""
    return type(like)(front, like.usual)


def test_a_scenario_brings_its_own_faults(api: Api, with_scenario: Callable[[str], Front]) -> None:
    """They strike the create call after it took effect, and every look at its prediction."""
    own = asked_of(
        with_scenario(
            '[[fault]]\nkind = "body.array"\non = ["create"]\n'
            '[[fault]]\nkind = "http.status"\nstatus = 502\non = ["get"]\nnth = 2\n'
        ),
        api,
    )
    (created,) = create(own).json
    statuses = [own.get(f"/v1/predictions/{created['id']}").status for _ in range(3)]
    assert statuses == [200, 502, 200]
    assert create(own, x_mock_fault="http.status").status == 503


def test_what_a_scenario_would_strike_before_it_is_known_stays_unstruck(
    api: Api, with_scenario: Callable[[str], Front]
) -> None:
    """The file is chosen by what was created: a refusal of that very call comes too late."""
    own = asked_of(with_scenario('[[fault]]\nkind = "http.status"\n'), api)
    created = create(own)
    assert created.status == 201
    assert own.get(f"/v1/predictions/{created.json['id']}").status == 503


@pytest.mark.parametrize("said", ["", 'phase = "before"\n'])
def test_a_scenario_cannot_keep_its_own_job_from_being(
    api: Api, with_scenario: Callable[[str], Front], said: str
) -> None:
    """Said of create, it is refused, with the phase that is possible."""
    own = asked_of(with_scenario(f'[[fault]]\nkind = "http.status"\non = ["create"]\n{said}'), api)
    assert "after: what creates has taken effect" in create(own).json["detail"]


def test_a_scenario_can_lose_the_answer(api: Api, with_scenario: Callable[[str], Front]) -> None:
    """After is possible: the job is there."""
    text = '[[fault]]\nkind = "http.status"\non = ["create"]\nphase = "after"\n'
    own = asked_of(with_scenario(text), api)
    assert (create(own).status, jobs(own)) == (503, 1)
