"""The control API's faults: set, listed, forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest


if TYPE_CHECKING:
    from tests.web.conftest import Api, Apis

FAULTS = "/__mock__/faults"


def test_what_can_go_wrong_is_listed(api: Api) -> None:
    """Every kind with what it means, every suite with what it holds, and no world yet."""
    told = api.get(FAULTS, authorization=None).json
    assert told["kinds"]["net.reset_before"].startswith("The connection is reset")
    assert {"smoke", "all"} <= set(told["suites"])
    assert told["worlds"] == []


def test_a_fault_that_is_set_strikes_and_is_told(api: Api) -> None:
    """Where it was set, by whom, and each time that it struck."""
    made = api.create()
    posted = api.post(FAULTS, {"fault": "gw.create_200", "times": 1})
    assert (posted.status, posted.json["fault"]) == (201, "gw.create_200;times=1")
    assert [api.create_status(), api.create_status()] == [200, 201]
    (world,) = api.get(FAULTS).json["worlds"]
    assert [one["by"] for one in world["set"]] == ["rule"]
    assert [(one["kind"], one["on"]) for one in world["struck"]] == [("gw.create_200", "create")]
    assert api.look(made["id"])["status"] == "starting"


def test_faults_without_a_world_are_for_all_and_for_those_to_come(api: Api) -> None:
    """As rules are; those of one world stay there."""
    api.post(FAULTS, {"fault": "gw.create_200"}, authorization=None)
    assert api.create_status(authorization="Bearer somebody") == 200
    api.ask("DELETE", FAULTS, authorization=None)
    assert api.create_status(authorization="Bearer somebody") == 201
    assert api.create_status(authorization="Bearer someone else") == 201
    api.post(FAULTS, {"fault": "gw.create_200"})
    assert api.create_status(authorization="Bearer somebody") == 201


def test_the_servers_own_faults_stay(apis: Apis) -> None:
    """What a flag set is not forgotten with what was set by hand."""
    api = apis(fault="gw.create_200")
    api.post(FAULTS, {"fault": "gw.no_channel"})
    assert api.create_status() == 503
    api.ask("DELETE", FAULTS)
    assert api.create_status() == 200


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({}, '"fault" is the name of a fault, not None'),
        ({"fault": "net.reset_befor"}, "Did you mean 'net.reset_before'?"),
        ({"fault": "gw.create_200", "nth": 0}, '"nth" of a fault is a whole number from 1'),
        ({"fault": "gw.create_200", "p": 2}, '"p" of a fault is a chance from 0 to 1'),
        ({"fault": "gw.create_200", "on": ["get"]}, "on: expected some of create, seen get"),
        ({"fault": "gw.create_200", "on": "gte"}, '"on" of a fault is one of create, get'),
        ({"fault": "gw.create_200", "colour": "red"}, "gw.create_200 has no parameter 'colour'"),
        ({"fault": "gw", "status": "red"}, "gw is several faults, which share no parameter"),
        ({"fault": "gw.body_limit", "bytes": "x"}, '"bytes" is a whole number from 0'),
        ({"fault": "gw.quota_exhausted", "status": 1}, '"status" is one of 403, 429, not'),
        ({"fault": "gw.create_200;nth"}, "after a fault's name come pairs like nth=1"),
        ({"fault": "gw.create_200", "phase": "before"}, "phase: it is always after, not before"),
        ({"fault": "gw.create_200", "model": "a;b"}, "cannot hold a comma or a semicolon"),
    ],
)
def test_what_cannot_be_meant_is_refused(api: Api, asked: object, says: str) -> None:
    """400, and the sentence says what was expected; nothing is set."""
    got = api.post(FAULTS, asked)
    assert got.status == 400
    assert says in got.json["detail"]
    assert api.get(FAULTS).json["worlds"][0]["set"] == []


def test_a_reset_brings_a_world_without_faults(api: Api) -> None:
    """They go with the world that they were set in."""
    api.post(FAULTS, {"fault": "gw.create_200"})
    api.post("/__mock__/reset", {})
    assert api.create_status() == 201
