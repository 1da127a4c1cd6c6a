"""What the API may tell tomorrow, as clients of today get it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest


if TYPE_CHECKING:
    from tests.web.faults.conftest import Caller


@pytest.mark.parametrize("on", ["create", "get", "cancel"])
def test_predictions_have_members_more(caller: Caller, on: str) -> None:
    """At the top and inside; every known one is what it was."""
    told, plain = (caller.told(fault, on).json for fault in ("future.unknown_member", "net;p=0"))
    assert told.keys() - plain.keys() == {"queue_position", "region"}
    assert told["urls"].keys() - plain["urls"].keys() == {"logs"}
    assert {name: told[name] for name in plain if name not in ("urls", "metrics")} == {
        name: plain[name] for name in plain if name not in ("urls", "metrics")
    }


def test_lists_tell_them_too(caller: Caller) -> None:
    """Each result is a prediction."""
    (told,) = caller.told("future.unknown_member", "list").json["results"]
    assert told["queue_position"] == 3


@pytest.mark.parametrize(
    ("fault", "after_s", "status"),
    [
        ("future.unknown_status", 0, "queued"),
        ("future.unknown_status", 2, "processing"),
        ("future.unknown_status;status=paused", 2, "paused"),
        ("future.unknown_status", 60, "succeeded"),
        ("future.unknown_status;status=paused", 60, "succeeded"),
    ],
)
def test_a_new_status_is_never_an_end(
    caller: Caller, fault: str, after_s: float, status: str
) -> None:
    """It stands for one of those that pass."""
    assert caller.told(fault, "get", after_s=after_s).json["status"] == status


def test_known_members_have_new_values(caller: Caller) -> None:
    """Where a client may have counted on a short list."""
    told = caller.told("future.unknown_value", "get").json
    assert (told["source"], told["version"]) == ("agent", "2027-01-preview")


def test_refusals_have_members_more(caller: Caller) -> None:
    """Beside those that say what was wrong."""
    told = caller.told("future.unknown_error_member", "create", body={"input": {"prompt": 7}})
    assert {"detail", "status", "docs", "causes"} <= told.json.keys()


def test_a_sunset_is_announced_in_headers(caller: Caller) -> None:
    """The body is what it was."""
    told = caller.told("future.deprecated", "get")
    assert told.headers("deprecation") == ["@1798761600"]
    assert told.json["status"] == "starting"


def test_streams_begin_with_an_event_of_a_new_name(caller: Caller) -> None:
    """Once, before those that are known."""
    told = caller.told("future.unknown_event", "stream", after_s=60)
    assert told.body.startswith(b": hi\n\nevent: progress\n")
    assert told.body.count(b"event: progress") == 1
