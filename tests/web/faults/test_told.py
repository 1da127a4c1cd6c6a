"""Logs, times and reasons of failures, as looks tell them under faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from mockserver.core.timestamps import parse_timestamp


if TYPE_CHECKING:
    from tests.web.faults.conftest import Caller

ENDED_S: Final = 60.0
CREATED: Final = "2026-01-01T00:00:00Z"
LINE: Final = "Downloaded 0.14MB in 0.14sec\n"


def times(told: Any) -> list[Any]:
    """Creation, start and end, in that order."""
    return [told.get(name) for name in ("created_at", "started_at", "completed_at")]


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        ("time.order", [CREATED, "2026-01-01T00:00:00.3Z", "2025-12-31T23:59:59Z"]),
        (
            "time.future",
            ["2026-01-02T00:00:00Z", "2026-01-02T00:00:00.3Z", "2026-01-02T00:00:05.2Z"],
        ),
        (
            "time.future;ms=1000",
            ["2026-01-01T00:00:01Z", "2026-01-01T00:00:01.3Z", "2026-01-01T00:00:06.2Z"],
        ),
        (
            "time.no_zone",
            ["2026-01-01T00:00:00", "2026-01-01T00:00:00.3", "2026-01-01T00:00:05.2"],
        ),
        (
            "time.offset",
            [
                "2026-01-01T08:00:00+08:00",
                "2026-01-01T08:00:00.300000+08:00",
                "2026-01-01T08:00:05.200000+08:00",
            ],
        ),
        (
            "time.nanos",
            [
                "2026-01-01T00:00:00.000000123Z",
                "2026-01-01T00:00:00.300000123Z",
                "2026-01-01T00:00:05.200000123Z",
            ],
        ),
        ("time.epoch", [1767225600, 1767225600, 1767225605]),
        ("time.missing", [None, None, None]),
    ],
)
def test_times(caller: Caller, fault: str, seen: list[object]) -> None:
    """Creation, start and end are told in another order, at another time, or in another form."""
    told = caller.told(fault, after_s=ENDED_S)
    assert (times(told.json), told.json["status"]) == (seen, "succeeded")
    assert told.entry.faults[0].startswith(fault.partition(";")[0])


def test_what_has_no_times_yet_has_none_out_of_order(caller: Caller) -> None:
    """One time alone stays; of two, the later comes first."""
    assert times(caller.told("time.order").json) == [CREATED, None, None]
    running = caller.told("time.order", after_s=1)
    assert times(running.json) == [CREATED, "2025-12-31T23:59:59Z", None]


def test_a_list_keeps_its_own_form_of_times(caller: Caller) -> None:
    """Six digits of a second there, and null for what has not come."""
    (listed,) = caller.told("time.future;ms=1000", "list").json["results"]
    assert times(listed) == ["2026-01-01T00:00:01.000000Z", None, None]


@pytest.mark.parametrize(
    ("fault", "begins", "ends"),
    [
        ("logs.ansi", "\x1b[31mUsing seed", "100%|██████████|\x1b[0m\n"),
        (
            "logs.huge;bytes=100",
            "Using seed",
            "it/s=12.34\nloss=0.1234 lr=1.00e-04 grad=0.0567 step=",
        ),
        ("logs.invalid_progress;form=over", "Using seed", "30/20 [00:15<-00:05,  2.00it/s]\n"),
        ("logs.invalid_progress;form=zero", "Using seed", "| 10/0 [00:05<?, ?it/s]\n"),
        ("logs.invalid_progress;form=backwards", "Using seed", "2/20 [00:01<00:09]\n"),
        ("logs.invalid_progress;form=garbage", "Using seed", "-1/∞ [??:??<??:??]\n"),
    ],
)
def test_logs(caller: Caller, fault: str, begins: str, ends: str) -> None:
    """Behind what was printed, or around it, stands what nobody expects."""
    logs = caller.told(fault, after_s=ENDED_S).json["logs"]
    assert (logs[: len(begins)], LINE in logs) == (begins, True)
    assert logs.endswith(ends)


def test_logs_that_are_huge(caller: Caller) -> None:
    """As many bytes more as were asked for."""
    true = caller.told("logs.huge;bytes=1", after_s=ENDED_S).json["logs"]
    false = caller.told("logs.huge", after_s=ENDED_S).json["logs"]
    assert len(false) - len(true) == 999_999


def test_logs_that_are_null(caller: Caller) -> None:
    """Whatever was printed."""
    assert caller.told("logs.null", after_s=ENDED_S).json["logs"] is None


def test_logs_that_shrink(caller: Caller) -> None:
    """Half of them at every second look."""
    first, second, third = (
        caller.told("logs.shrink", after_s=ENDED_S, times=turn).json["logs"] for turn in (1, 2, 3)
    )
    assert (second, third) == (first[: len(first) // 2], first)


TEXTS: Final = {
    "interrupted": "Prediction interrupted; please retry (code: PA)",
    "nsfw": "NSFW content detected",
    "oom": "(E1001)",
    "chinese": "上游负载已饱和",
    "long": "line 42\n",
    "empty": "",
    "object": '{"code":"E1001"',
}


def failed(caller: Caller, fault: str, after_s: float) -> Any:
    """A look so long after a create call that was struck by `fault`, and all of its stream."""
    world = caller.world()
    caller.set(world, fault)
    born = caller.sent(world, caller.request(world, "create", {})).json
    world.clock.advance(after_s)
    told = caller.sent(world, caller.request(world, "get", born)).json
    return told | {"events": caller.sent(world, caller.request(world, "stream", born)).body}


@pytest.mark.parametrize("text", list(TEXTS))
def test_reasons_of_a_failure(caller: Caller, text: str) -> None:
    """Each text stands in the prediction as its reason."""
    told = failed(caller, f"fail.at;text={text}", ENDED_S)
    assert (told["status"], TEXTS[text] in told["error"]) == ("failed", True)
    assert (len(told["error"]) > 20_000) == (text == "long")


@pytest.mark.parametrize(
    ("point", "last_s", "starts", "puts_out"),
    [
        ("setup", 0.3, False, False),
        ("tenth", 0.79, True, False),
        ("after_output", 5.2, True, True),
    ],
)
def test_points_of_a_failure(
    caller: Caller, point: str, last_s: float, *, starts: bool, puts_out: bool
) -> None:
    """It fails before its run, in it, or after its output, and not a millisecond earlier."""
    fault = f"fail.at;point={point}"
    assert failed(caller, fault, last_s - 0.001)["status"] in ("starting", "processing")
    told = failed(caller, fault, last_s)
    assert (told["status"], "started_at" in told) == ("failed", starts)
    assert (b"event: output" in told["events"], told["output"]) == (puts_out, None)
    assert parse_timestamp(told["completed_at"]) == 1_767_225_600_000 + round(last_s * 1000)


@pytest.mark.parametrize("scenario", ["stuck-starting", "stuck-processing", "aborted"])
@pytest.mark.parametrize("point", ["setup", "tenth", "after_output"])
def test_whatever_was_planned_can_fail(caller: Caller, scenario: str, point: str) -> None:
    """Also what would never have ended, or never have run."""
    told = caller.told(
        "shape.extra", after_s=ENDED_S, body={"input": {"prompt": f"[[mock:{scenario}]]"}}
    )
    assert told.json["status"] != "failed"
    world = caller.world()
    caller.set(world, f"fail.at;point={point}")
    body: dict[str, object] = {"input": {"prompt": f"[[mock:{scenario}]]"}}
    born = caller.sent(world, caller.request(world, "create", {}, body)).json
    world.clock.advance(ENDED_S)
    assert caller.sent(world, caller.request(world, "get", born)).json["status"] == "failed"
