"""The control API's way back: after a restore, the same calls have the same answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from json import loads
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockserver.core.reply import Later, Reply
from mockserver.library.catalogue import Catalogue


if TYPE_CHECKING:
    from tests.web.conftest import Api, Apis, Got

SNAPSHOT, RESTORE = "/__mock__/snapshot", "/__mock__/restore"
MODEL = "black-forest-labs/flux-kontext-pro"
VERSION = next(one.version_id for one in Catalogue().models() if one.full_name == MODEL)
TRAININGS = f"/v1/models/{MODEL}/versions/{VERSION}/trainings"
OWN = {"owner": "acme", "name": "hats", "visibility": "private", "hardware": "cpu"}
DEPLOYMENT = {
    "name": "hats",
    "model": MODEL,
    "version": VERSION,
    "hardware": "gpu-t4",
    "min_instances": 0,
    "max_instances": 2,
}
Step = Callable[["Api"], "Got"]

# What the fixture `apis` makes is new for each example.
each_anew = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def post(target: str, json: object = None, **headers: str | None) -> Step:
    """A POST."""
    return lambda api: api.post(target, json, **headers)


def get(target: str) -> Step:
    """A GET."""
    return lambda api: api.get(target)


def newest(suffix: str, number: int, method: str = "GET", json: object = None) -> Step:
    """A call about one of the newest predictions, if there are so many."""

    def step(api: Api) -> Got:
        listed = api.get("/v1/predictions").json["results"]
        found = listed[number]["id"] if number < len(listed) else "nobody"
        return api.ask(method, suffix.format(found), json=json)

    return step


prompts = st.sampled_from(["a hat", "a coat", "[[mock:slow-boot]]"])
numbers = st.integers(0, 3)
steps: st.SearchStrategy[Step] = st.one_of(
    prompts.map(lambda text: post(f"/v1/models/{MODEL}/predictions", {"input": {"prompt": text}})),
    prompts.map(
        lambda text: post(
            f"/v1/models/{MODEL}/predictions", {"input": {"prompt": text}}, prefer="wait=5"
        )
    ),
    numbers.map(lambda at: newest("/v1/predictions/{}", at)),
    numbers.map(lambda at: newest("/v1/predictions/{}/cancel", at, "POST")),
    numbers.map(lambda at: newest("/__mock__/predictions/{}/timeline", at)),
    numbers.map(
        lambda at: newest("/__mock__/predictions/{}/status", at, "PUT", {"status": "succeeded"})
    ),
    st.integers(0, 9_000).map(lambda ms: lambda api: api.advance(ms / 1000)),
    st.integers(1, 3).map(
        lambda times: post("/__mock__/scenarios", {"scenario": "failed", "times": times})
    ),
    st.binary(max_size=4).map(lambda data: lambda api: api.upload(data)),
    st.sampled_from(
        [
            post("/v1/models", OWN),
            post(TRAININGS, {"destination": "acme/hats", "input": {"input_images": "https://a"}}),
            post("/v1/deployments", DEPLOYMENT),
            post("/v1/deployments/acme/hats/predictions", {"input": {"prompt": "a hat"}}),
            post("/__mock__/webhooks/rotate"),
            post(f"/v1/models/{MODEL}/predictions", {}),
            post("/v1/predictions", {"nonsense": 1}),
            lambda api: api.put("/__mock__/clock", {"action": "freeze"}),
            lambda api: api.ask("DELETE", "/v1/models/acme/hats"),
            lambda api: api.ask("PATCH", "/v1/deployments/acme/hats", json={"max_instances": 3}),
            get("/v1/predictions"),
            get("/v1/trainings"),
            get("/v1/files"),
            get("/v1/deployments"),
            get("/v1/models/acme/hats/versions"),
            get("/v1/webhooks/default/secret"),
        ]
    ),
)  # fmt: skip
LOOKS = (
    "/v1/predictions", "/v1/trainings", "/v1/files", "/v1/deployments", "/v1/models/acme/hats",
    "/v1/webhooks/default/secret", "/__mock__/ledger", "/__mock__/clock", "/__mock__/scenarios",
    "/__mock__/files", "/__mock__/journal",
)  # fmt: skip
"""What shows all that a world holds."""


@pytest.mark.slow
@given(
    clock=st.sampled_from(["manual", "manual:jump", "poll"]),
    token=st.sampled_from(["Bearer tester", "Bearer r8_lowcredit-1"]),
    before=st.lists(steps, max_size=8),
    after=st.lists(steps, max_size=8),
)
@each_anew
def test_after_a_restore_the_same_calls_have_the_same_answers(
    apis: Apis, clock: str, token: str, before: list[Step], after: list[Step]
) -> None:
    """Byte for byte, headers and all, and more than once."""
    made = apis(clock=clock)
    api = replace(made, usual={**made.usual, "authorization": token})
    for step in before:
        step(api)
    assert api.post(SNAPSHOT).status == 201
    first = [step(api) for step in (*after, *map(get, LOOKS))]
    for _ in range(2):
        api.post(RESTORE)
        assert [step(api) for step in (*after, *map(get, LOOKS))] == first


@pytest.mark.slow
@given(before=st.lists(steps, max_size=6), after=st.lists(steps, max_size=6))
@each_anew
def test_a_snapshot_changes_nothing(apis: Apis, before: list[Step], after: list[Step]) -> None:
    """Whoever takes one and never wants it back is answered as if there were none."""
    answers = []
    for with_snapshot in (True, False):
        api = apis()
        for step in before:
            step(api)
        if with_snapshot:
            api.post(SNAPSHOT)
        answers.append([step(api) for step in (*after, *map(get, LOOKS))])
    assert answers[0] == answers[1]


def test_time_goes_back(api: Api) -> None:
    """It is the only way it ever does."""
    api.post(SNAPSHOT)
    api.advance(60)
    told = api.post(RESTORE).json
    assert told["worlds"][0]["now"] == "2026-01-01T00:00:00Z"
    assert api.get("/__mock__/clock").json["worlds"][0]["now"] == "2026-01-01T00:00:00Z"


def test_a_snapshot_tells_what_it_holds(api: Api) -> None:
    """Its name, and each world with its time and the number of its predictions."""
    api.create()
    got = api.post(SNAPSHOT, {"name": "with a hat"})
    (world,) = got.json["worlds"]
    assert (got.status, got.json["name"]) == (201, "with a hat")
    assert (world["world"], world["predictions"]) == ("tester", 1)
    assert world["now"] == "2026-01-01T00:00:00Z"


def test_a_named_world_alone_is_restored(api: Api) -> None:
    """Others go on, and their snapshots of the same name are their own."""
    api.post(SNAPSHOT)
    for who in ("Bearer tester", "Bearer other"):
        api.create(authorization=who)
    api.post(RESTORE)
    counts = {
        world["world"]: world["predictions"]
        for world in api.get("/__mock__/info", authorization=None).json["worlds"]
    }
    assert counts == {"tester": 0, "other": 1}
    assert api.post(RESTORE, authorization="Bearer other").status == 404


def test_without_a_name_all_worlds_are_restored(api: Api) -> None:
    """Those there were, and no others; what nobody sent is forgotten as well."""
    api.create()
    api.post(SNAPSHOT, authorization=None)
    api.create()
    api.create(authorization="Bearer other")
    api.get("/v1/account", authorization=None)
    told = api.post(RESTORE, authorization=None).json
    assert [(one["world"], one["predictions"]) for one in told["worlds"]] == [("tester", 1)]
    journal = api.get("/__mock__/journal", authorization=None).json["interactions"]
    assert [one["world"] for one in journal] == ["tester"]


def test_a_snapshot_outlives_a_reset(api: Api) -> None:
    """Both end a test; only one of them forgets."""
    created = api.create()
    api.post(SNAPSHOT)
    api.post("/__mock__/reset")
    api.post(RESTORE)
    assert api.look(created["id"])["status"] == "starting"


def test_a_call_that_waits_is_sent_away(api: Api) -> None:
    """The bell rings, and it is told what it would be told when its time is out."""
    api.post(SNAPSHOT)
    path, sent = f"/v1/models/{MODEL}/predictions", {"input": {"prompt": "a hat"}}
    waits = api.answer("POST", path, json=sent, prefer="wait")
    assert isinstance(waits, Later)
    rung: list[str] = []
    waits.bell.subscribe(waits.about, lambda: rung.append("rung"))
    api.post(RESTORE)
    reply = waits.then(waits.bell.now_ms())
    assert isinstance(reply, Reply)
    assert (rung, loads(reply.body)["status"]) == (["rung"], "starting")
    assert api.get("/v1/predictions").json["results"] == []


def test_an_unknown_name_is_not_found(api: Api) -> None:
    """The refusal lists the names there are."""
    api.post(SNAPSHOT, {"name": "base"})
    got = api.post(RESTORE, {"name": "bsae"})
    assert (got.status, got.headers["content-type"]) == (404, "application/problem+json")
    assert "there are: 'base'" in got.json["detail"]


@pytest.mark.parametrize("path", [SNAPSHOT, RESTORE])
@pytest.mark.parametrize("asked", [{"name": 7}, {"name": ""}, {"name": "x" * 101}, {"nmae": "x"}])
def test_a_request_that_says_something_else_is_refused(
    api: Api, path: str, asked: dict[str, Any]
) -> None:
    """400, and nothing is taken or restored."""
    got = api.post(path, asked)
    assert (got.status, got.json["title"]) == (400, "Bad request")
