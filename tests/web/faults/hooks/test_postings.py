"""Deliveries that come twice, late, in another order, early, or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from threading import Barrier
from typing import TYPE_CHECKING

import httpx
import pytest

from mockserver.core import fault as core


if TYPE_CHECKING:
    from tests.web.faults.hooks.conftest import Heard, Hooked

ALL = ("start", "output", "logs", "completed")


def statuses(heard: list[Heard]) -> list[str]:
    """What they tell, in the order in which they came."""
    return [json.loads(one.body)["status"] for one in heard]


def seconds(heard: list[Heard]) -> list[int]:
    """What they were signed for, counted from the first."""
    told = [int(one.headers["webhook-timestamp"]) for one in heard]
    return [one - told[0] for one in told]


@pytest.mark.parametrize(("copies", "gap_ms"), [(2, 1_000), (3, 7_000)])
def test_a_duplicate_has_one_id_and_many_signatures(
    hooked: Hooked, copies: int, gap_ms: int
) -> None:
    """Each is signed for its own time, and accepted then."""
    heard = hooked.heard(f"hook.duplicate;copies={copies};gap_ms={gap_ms}", after_s=60)
    assert seconds(heard) == [place * gap_ms // 1_000 for place in range(copies)]
    assert len({one.headers["webhook-id"] for one in heard}) == 1
    assert len({one.headers["webhook-signature"] for one in heard}) == copies
    assert len({one.body for one in heard}) == 1
    assert [hooked.verdict(one) for one in heard] == [""] * copies
    (delivery,) = hooked.world.deliveries()
    assert [attempt.status for attempt in delivery.attempts] == [200] * copies
    assert [entry.faults for entry in hooked.struck] == [delivery.faults] * copies


def test_concurrent_duplicates_are_there_at_once(hooked: Hooked) -> None:
    """Three connections are open before one of them is answered; the bytes are the same."""
    hooked.receiver.together = Barrier(3)
    heard = hooked.heard("hook.duplicate_concurrent;copies=3")
    assert hooked.receiver.met == [True] * 3
    assert len(heard) == 3
    assert len(set(heard)) == 1
    (delivery,) = hooked.world.deliveries()
    assert [attempt.status for attempt in delivery.attempts] == [200] * 3


def test_reordered_webhooks_begin_with_the_end(hooked: Hooked) -> None:
    """All come, newest first, each as it was at its instant, signed for when it comes."""
    plain = [one.body for one in hooked.heard("", *ALL)]
    hooked.world.reset()
    hooked.receiver.heard.clear()
    heard = hooked.heard("hook.reorder", *ALL)
    assert [one.body for one in heard] == plain[::-1]
    assert (statuses(heard)[0], statuses(heard)[-1]) == ("succeeded", "starting")
    assert set(seconds(heard)) == {0}
    events = {one.event: one.faults for one in hooked.world.deliveries()}
    assert all(faults[0].startswith("hook.reorder-") for faults in events.values())


def test_without_the_end_the_last_news_comes_first(hooked: Hooked) -> None:
    """Nothing is lost where nobody asked for `completed`."""
    heard = hooked.heard("hook.reorder", "start", "output")
    assert statuses(heard) == ["succeeded", "starting"]


def test_a_cancel_ends_the_waiting_for_the_end(hooked: Hooked) -> None:
    """What was held back comes behind the end that came."""
    hooked.world.fault("hook.reorder")
    made = hooked.create("start", "completed")
    hooked.world.clock.advance(1)
    assert hooked.receiver.heard == []
    headers = {"Authorization": f"Bearer {hooked.world.token}"}
    httpx.post(f"{hooked.world.base_url}/predictions/{made['id']}/cancel", headers=headers)
    hooked.world.clock.advance(0)
    assert statuses(hooked.receiver.heard) == ["canceled", "starting"]


def test_a_cancel_that_nobody_is_told_of_ends_it_too(hooked: Hooked) -> None:
    """Signed for the time of the cancel: the receiver takes it."""
    hooked.world.fault("hook.reorder")
    made = hooked.create("start", "output")
    hooked.world.clock.advance(1)
    headers = {"Authorization": f"Bearer {hooked.world.token}"}
    httpx.post(f"{hooked.world.base_url}/predictions/{made['id']}/cancel", headers=headers)
    hooked.world.clock.advance(0)
    (heard,) = hooked.receiver.heard
    now_s = hooked.world.clock.now_ms // 1_000
    assert heard.headers["webhook-timestamp"] == str(now_s)


def test_a_lost_webhook_is_believed_delivered(hooked: Hooked) -> None:
    """Not a packet, and no second try; the logs name the fault."""
    assert hooked.heard("hook.lost", after_s=3_600) == []
    (delivery,) = hooked.world.deliveries()
    assert (delivery.state, len(delivery.attempts)) == ("delivered", 1)
    (entry,) = hooked.struck
    assert "was not sent" in entry.notes[0]


@pytest.mark.parametrize("delay_ms", [1, 60_000, 7_200_000])
def test_a_delayed_webhook_tells_what_was(hooked: Hooked, delay_ms: int) -> None:
    """Nothing before its time; then the body of the instant that it tells, signed for now."""
    plain = [one.body for one in hooked.heard("", "completed")]
    hooked.world.reset()
    hooked.receiver.heard.clear()
    due_s = 5.2
    assert hooked.heard(f"hook.delayed;delay_ms={delay_ms}", after_s=due_s) == []
    hooked.world.clock.advance((delay_ms - 1) / 1_000)
    assert hooked.receiver.heard == []
    hooked.world.clock.advance(0.001)
    assert [one.body for one in hooked.receiver.heard] == plain
    assert hooked.verdict(hooked.receiver.heard[0]) == ""


@pytest.mark.parametrize("clock", ["real", "poll", "manual:jump", "scaled:200"])
@pytest.mark.parametrize("wanted", ["start", "completed"])
def test_the_first_webhook_comes_before_the_answer(
    paced: Callable[[str], Hooked], clock: str, wanted: str
) -> None:
    """The answer waits for it on every clock, and still says what was at the beginning."""
    hooked = paced(clock if wanted == "start" else clock.replace("real", "scaled:100"))
    hooked.world.fault("hook.before_create_response")
    made = hooked.create(wanted)
    assert made["status"] == "starting"
    assert json.loads(hooked.receiver.heard[0].body)["id"] == made["id"]
    (delivery,) = hooked.world.deliveries()
    assert delivery.faults[0].startswith("hook.before_create_response-")
    created = next(one for one in hooked.world.journal if one.interaction.status == 201)
    assert created.faults == delivery.faults


def test_before_the_answer_on_a_clock_that_stands_still(hooked: Hooked) -> None:
    """What is due at once comes at once; a wait for more than that is a hand's to end."""
    hooked.world.fault("hook.before_create_response")
    made = hooked.create("start")
    assert [json.loads(one.body)["id"] for one in hooked.receiver.heard] == [made["id"]]


def test_a_create_call_asks_for_it_itself(paced: Callable[[str], Hooked]) -> None:
    """By header, and with a wait of its own, which is over by then."""
    hooked = paced("manual:jump")
    asked = {"X-Mock-Fault": "hook.before_create_response", "Prefer": "wait=60"}
    made = hooked.create("start", "completed", **asked)
    assert made["output"]
    assert statuses(hooked.receiver.heard)[0] == "starting"
    assert hooked.world.deliveries()[0].faults[0].startswith("hook.before_create_response-")


def test_a_create_without_a_webhook_does_not_wait(hooked: Hooked) -> None:
    """There is nothing to wait for."""
    hooked.world.fault("hook.before_create_response")
    headers = {"Authorization": f"Bearer {hooked.world.token}"}
    path = "models/black-forest-labs/flux-kontext-pro/predictions"
    asked = {"input": {"prompt": "a hat"}}
    got = httpx.post(f"{hooked.world.base_url}/{path}", json=asked, headers=headers)
    assert got.status_code == 201


def test_a_delivery_is_asked_about_once(hooked: Hooked) -> None:
    """Its ordinal counts deliveries, so that `nth` means the same whatever is tried again."""
    heard = hooked.heard("hook.bad_signature;nth=2", *ALL)
    verdicts = [bool(hooked.verdict(one)) for one in heard]
    assert verdicts == [place == 1 for place in range(len(heard))]
    assert len(hooked.world.world.faults.struck) == 1


@pytest.mark.parametrize(("fault", "accepted"), [("hook.scheme_v2", [False]), ("hook.lost", [])])
def test_by_hand_a_delivery_goes_out_as_it_should_have(
    hooked: Hooked, fault: str, accepted: list[bool]
) -> None:
    """Whatever struck it before."""
    hooked.heard(fault)
    (delivery,) = hooked.world.deliveries()
    headers = {"Authorization": f"Bearer {hooked.world.token}"}
    url = f"{hooked.world.url}/__mock__/deliveries"
    httpx.post(f"{url}/{delivery.id}/redeliver", headers=headers, json={})
    assert [hooked.verdict(one) == "" for one in hooked.receiver.heard] == [*accepted, True]
    (shown,) = httpx.get(url, headers=headers).json()["deliveries"]
    assert shown["faults"] == list(delivery.faults)


def test_the_journal_is_told_over_http(hooked: Hooked) -> None:
    """What was posted, and the name of the fault that struck it."""
    hooked.heard("hook.wrong_path")
    url = f"{hooked.world.url}/__mock__/journal?path=somebody"
    headers = {"Authorization": f"Bearer {hooked.world.token}"}
    (entry,) = httpx.get(url, headers=headers).json()["interactions"]
    assert entry["request"]["path"] == "/somebody-elses-hook"
    assert entry["faults"] == list(hooked.world.deliveries()[0].faults)


def test_a_fault_asked_for_with_a_prediction_goes_with_its_webhooks(hooked: Hooked) -> None:
    """By header, and by a scenario's or a magic word's way: it strikes that prediction alone."""
    hooked.create(**{"X-Mock-Fault": "hook.wrong_path"})
    hooked.create()
    hooked.world.clock.advance(10)
    lines = sorted(one.line for one in hooked.receiver.heard)
    assert lines == ["POST /hook?of=mine", "POST /somebody-elses-hook"]


def test_a_blocked_address_stays_blocked(hooked: Hooked) -> None:
    """No fault opens a way out."""
    for fault in ("hook.lost", "hook.duplicate_concurrent", "hook.wrong_path"):
        hooked.world.fault(fault)
    headers = {"Authorization": f"Bearer {hooked.world.token}"}
    path = "models/black-forest-labs/flux-kontext-pro/predictions"
    asked = {"input": {"prompt": "a hat"}, "webhook": "http://169.254.169.254/"}
    httpx.post(f"{hooked.world.base_url}/{path}", json=asked, headers=headers)
    hooked.world.clock.advance(60)
    (delivery,) = hooked.world.deliveries()
    assert delivery.state == "blocked"
    assert {attempt.status for attempt in delivery.attempts} == {None}


def test_a_world_that_is_copied_keeps_what_is_held_back(hooked: Hooked) -> None:
    """A snapshot taken while an early webhook waits for the end tells the same afterwards."""
    hooked.world.fault("hook.reorder")
    hooked.create("start", "completed")
    hooked.world.clock.advance(1)
    kept = hooked.world.snapshot()
    hooked.world.clock.advance(10)
    first = [one.body for one in hooked.receiver.heard]
    hooked.receiver.heard.clear()
    hooked.world.restore(kept)
    hooked.world.clock.advance(10)
    assert [one.body for one in hooked.receiver.heard] == first
    assert statuses(hooked.receiver.heard) == ["succeeded", "starting"]


def test_the_operation_is_the_webhooks_own() -> None:
    """`on=webhook` is where these faults belong unless something else is said."""
    (one,) = core.faults("hook.lost;on=webhook")
    assert one.on == {core.Operation.WEBHOOK}
