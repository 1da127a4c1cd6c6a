"""Lives that no client expects, looked at over the wire; legal ones agree in any channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from mockserver.core import ids
from mockserver.library.json_text import loads
from tests.faults import edited_by, reply_of, strike_of


if TYPE_CHECKING:
    from mockserver.live import LiveWorld
    from tests.web.faults.conftest import Caller, Told

ENDED_S: Final = 60.0
BOOT_S, RUN_S = 0.3, 4.9
"""How long the model of these tests takes."""


class Watched:
    """A prediction that was created under a fault, and is looked at as its time passes."""

    def __init__(self, caller: Caller, fault: str, prompt: str = "a lighthouse") -> None:
        self._caller = caller
        self.world: LiveWorld = caller.world()
        caller.set(self.world, fault)
        body: dict[str, object] = {"input": {"prompt": prompt}}
        self.created = caller.sent(self.world, caller.request(self.world, "create", {}, body))

    def look(self, after_s: float = 0.0, on: str = "get") -> Told:
        """What a request about it is told once `after_s` more have passed."""
        if after_s:
            self.world.clock.advance(after_s)
        return self._caller.sent(
            self.world, self._caller.request(self.world, on, self.created.json)
        )

    def statuses(self, *after_s: float) -> list[Any]:
        """Its status after each of these times, told one behind the other."""
        return [self.look(seconds).json.get("status", "none") for seconds in after_s]


@pytest.mark.parametrize(
    ("fault", "after_s", "statuses"),
    [
        (
            "life.skip_processing",
            (0, BOOT_S, RUN_S - 0.1, 0.1),
            ["starting", "starting", "starting", "succeeded"],
        ),
        ("life.stuck_starting", (0, 3600, 86_400), ["starting", "starting", "starting"]),
        ("life.stuck_processing", (0, BOOT_S, 86_400), ["starting", "processing", "processing"]),
        (
            "life.slow_queue",
            (599, 1, RUN_S),
            ["starting", "processing", "succeeded"],
        ),
        ("life.slow_queue;ms=1000", (0.9, 0.1), ["starting", "processing"]),
        ("life.aborted", (0, BOOT_S), ["starting", "aborted"]),
        (
            "life.unknown_status;form=queued",
            (0, BOOT_S, RUN_S),
            ["queued", "processing", "succeeded"],
        ),
        ("life.unknown_status;form=successful", (0, ENDED_S), ["starting", "successful"]),
        ("life.unknown_status;form=SUCCEEDED", (0, ENDED_S), ["starting", "SUCCEEDED"]),
        ("life.unknown_status;form=null", (0, ENDED_S), [None, None]),
        ("life.unknown_status;form=number", (0, ENDED_S), [2, 2]),
        ("life.unknown_status;form=missing", (0, ENDED_S), ["none", "none"]),
        (
            "life.backwards",
            (0, BOOT_S, 0, 0, ENDED_S, 0),
            ["starting", "processing", "starting", "processing", "succeeded", "succeeded"],
        ),
        (
            "life.terminal_changes",
            (0, ENDED_S, 0, 0),
            ["starting", "succeeded", "failed", "failed"],
        ),
    ],
)
def test_what_status_is_told(
    caller: Caller, fault: str, after_s: tuple[float, ...], statuses: list[object]
) -> None:
    """Looks at one prediction, in order, see these statuses."""
    watched = Watched(caller, fault)
    assert watched.statuses(*after_s) == statuses
    named = [entry.faults for entry in watched.world.journal if entry.faults]
    assert all(name.startswith(fault.partition(";")[0]) for (name,) in named)
    assert named


@pytest.mark.parametrize(
    ("fault", "prompt", "statuses"),
    [
        ("life.skip_processing", "[[mock:stuck-starting]]", ["starting"]),
        ("life.skip_processing", "[[mock:stuck-processing]]", ["processing"]),
        ("life.skip_processing", "[[mock:aborted]]", ["aborted"]),
        ("life.slow_queue", "[[mock:stuck-starting]]", ["starting"]),
        ("life.stuck_processing", "[[mock:aborted]]", ["processing"]),
        ("life.aborted", "[[mock:stuck-starting]]", ["aborted"]),
    ],
)
def test_other_lives_can_be_planned_otherwise_too(
    caller: Caller, fault: str, prompt: str, statuses: list[str]
) -> None:
    """What has no run has none to skip; what never ends still has a beginning."""
    assert Watched(caller, fault, prompt).statuses(86_400) == statuses


def test_a_legal_life_is_the_same_in_all_channels(caller: Caller) -> None:
    """What is planned otherwise is told so by look, list and stream alike."""
    watched = Watched(caller, "life.aborted")
    looked = watched.look(ENDED_S).json
    (listed,) = watched.look(on="list").json["results"]
    assert looked["status"] == listed["status"] == "aborted"
    assert "started_at" not in looked
    assert b'event: done\nid: 1767225600:10000\ndata: {"reason":"canceled"}' in (
        watched.look(on="stream").body
    )


def test_a_look_backwards_knows_nothing_of_the_run(caller: Caller) -> None:
    """It is told as before it began, in the form of the answer."""
    watched = Watched(caller, "life.backwards")
    watched.look(BOOT_S + 1)
    back = watched.look().json
    assert (back["status"], back["logs"], back["output"], "started_at" in back) == (
        "starting",
        "",
        None,
        False,
    )
    watched.look(on="list")
    (listed,) = watched.look(on="list").json["results"]
    assert (listed["status"], listed["started_at"]) == ("starting", None)


def test_an_output_changes_after_the_end(caller: Caller) -> None:
    """From the second look on another file is told, always the same."""
    watched = Watched(caller, "life.terminal_changes;what=output")
    first, *others = (watched.look(seconds).json["output"] for seconds in (ENDED_S, 0, 0))
    assert others == [first.replace("tmp", "other-tmp", 1)] * 2


def test_a_failure_succeeds_after_its_end(caller: Caller) -> None:
    """The other way round, too."""
    watched = Watched(caller, "life.terminal_changes", "[[mock:failed]]")
    assert watched.statuses(ENDED_S, 0) == ["failed", "succeeded"]


@pytest.mark.parametrize("output", [[], {"a": 1}, ["b", "c"]])
def test_outputs_of_any_form_can_change(output: object) -> None:
    """A list changes in its first; what is neither list nor text stays."""
    strike = strike_of("life.terminal_changes;what=output")
    edit = strike.kind.reply
    assert edit is not None
    reply = reply_of({"id": "a", "status": "succeeded", "output": output})
    assert edit(reply, strike) is reply
    changed = loads(edit(reply, strike).body)
    told = ["other-b", "c"] if output == ["b", "c"] else output
    assert changed == {"id": "a", "status": "succeeded", "output": told}


def test_an_id_of_no_form_has_no_age() -> None:
    """It is taken for as old as can be, so that it is found."""
    reply = reply_of({"id": "a"})
    assert edited_by("life.not_found_after_create;tries=0;ms=1000", reply) is reply


@pytest.mark.parametrize(
    ("fault", "after_s", "found"),
    [
        ("life.not_found_after_create", (0, 0, 0), [404, 404, 200]),
        ("life.not_found_after_create;tries=0;ms=1000", (0, 0.9, 0.1), [404, 404, 200]),
        ("life.not_found_after_create;tries=1;ms=0", (0, 0), [404, 200]),
        ("life.vanish", (0, ENDED_S, 0, 0), [200, 200, 404, 404]),
        ("life.vanish;looks=0", (0, ENDED_S), [200, 404]),
        ("life.flap", (0, 0, 0, 0), [200, 502, 200, 502]),
    ],
)
def test_when_a_look_finds_it(
    caller: Caller, fault: str, after_s: tuple[float, ...], found: list[int]
) -> None:
    """Looks at one prediction, in order, are answered with these statuses of HTTP."""
    watched = Watched(caller, fault)
    assert [watched.look(seconds).status for seconds in after_s] == found


def test_data_is_removed_before_its_time(caller: Caller) -> None:
    """It is told as after an hour, and the prediction is still there."""
    watched = Watched(caller, "life.vanish;form=data_removed")
    watched.look(ENDED_S)
    told = watched.look().json
    assert (told["status"], told["data_removed"]) == ("succeeded", True)
    assert (told["input"], told["output"], told["logs"]) == ({}, None, "")


def test_a_prediction_is_told_under_another_id(caller: Caller) -> None:
    """The id is one of upstream's form and of the same instant, and always the same."""
    watched = Watched(caller, "life.id_changes")
    own = watched.created.json["id"]
    seen = {watched.look().json["id"], watched.look().json["id"]}
    (other,) = seen
    assert other != own
    assert ids.created_ms(other) == ids.created_ms(own)


def test_a_prediction_is_told_as_of_another_model(caller: Caller) -> None:
    """The create call tells the true one."""
    watched = Watched(caller, "life.wrong_model")
    assert watched.created.json["model"] == "black-forest-labs/flux-kontext-pro"
    assert watched.look().json["model"] == "black-forest-labs/flux-schnell"
