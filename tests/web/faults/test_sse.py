"""Streams that faults break, silence, spell otherwise or make lie, as a raw socket reads them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from mockserver.library.faults import catalogue
from mockserver.library.faults.streams import events, field, name_of
from tests.faults import PATIENT_S


if TYPE_CHECKING:
    from tests.web.faults.conftest import Caller, Told

TEXT: Final = "meta/meta-llama-3-8b-instruct"
OVER_S: Final = 60.0
"""After so long every prediction of these tests has ended."""
SILENT_S: Final = 0.3
"""How long a stream is listened to that stays open."""
HELLO: Final = b": hi\n\n"
EXAMPLES: Final = catalogue.examples("sse")


def heard(caller: Caller, fault: str, **more: Any) -> Told:
    """The stream of a text that is all there, under `fault`."""
    quiet_s = SILENT_S if fault.startswith("sse.stall") else PATIENT_S
    asked = {"after_s": OVER_S, "model": TEXT, "quiet_s": quiet_s}
    return caller.told(fault, "stream", **{**asked, **more})


def plain(caller: Caller, **more: Any) -> tuple[bytes, ...]:
    """The same stream as it is without a fault."""
    body = heard(caller, "sse.no_done;nth=99", **more).body
    assert body.startswith(HELLO)
    return events(body.removeprefix(HELLO))


def told(caller: Caller, fault: str, **more: Any) -> tuple[bytes, ...]:
    """The events that come under `fault`."""
    return events(heard(caller, fault, **more).body.removeprefix(HELLO))


def names(found: tuple[bytes, ...]) -> list[str]:
    """What they are called."""
    return [name_of(event) for event in found]


@pytest.mark.parametrize("fault", EXAMPLES)
def test_every_fault_is_in_the_journal_and_repeats(caller: Caller, fault: str) -> None:
    """The entry names it, the answer is ours and no 500, and the same seed gives the same."""
    first, second = heard(caller, fault), heard(caller, fault)
    assert first.entry.faults[0].startswith(fault.partition(";")[0] + "-")
    assert first.status in {200, 404, 502}
    assert (first.body, first.ended) == (second.body, second.ended)


@pytest.mark.parametrize("fault", ["sse.cut_event", "sse.reset", "sse.output_shrinks"])
def test_what_comes_bit_by_bit_comes_to_the_same(caller: Caller, fault: str) -> None:
    """A stream that is followed while the text grows has the same bytes and the same end."""
    at_once = heard(caller, fault)
    followed = heard(caller, fault, after_s=0.0, advance_s=(OVER_S,), quiet_s=SILENT_S)
    assert (followed.body, followed.ended) == (at_once.body, at_once.ended)


@pytest.mark.parametrize("fault", EXAMPLES)
def test_a_stream_of_files_meets_it_too(caller: Caller, fault: str) -> None:
    """Few events, and addresses that no fault may spoil."""
    found = heard(caller, fault, model="black-forest-labs/flux-kontext-pro")
    assert found.entry.faults
    assert found.status in {200, 404, 502}
    for event in events(found.body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")):
        if name_of(event) == "output" and fault != "sse.cut_event;after=3":
            assert field(event, "data").endswith(".png")


def test_without_done_the_stream_ends_in_order(caller: Caller) -> None:
    """HTTP sees nothing wrong; all other events are there."""
    found = heard(caller, "sse.no_done")
    assert events(found.body.removeprefix(HELLO)) == plain(caller)[:-1]
    assert found.data.endswith(b"\r\n0\r\n\r\n")


@pytest.mark.parametrize("after", [0, 3, 5])
def test_a_cut_event_is_half_an_event(caller: Caller, after: int) -> None:
    """Behind so many whole ones; its end is no end of a line, and HTTP's end is in order."""
    whole = plain(caller)
    found = heard(caller, f"sse.cut_event;after={after}")
    assert found.body.startswith(HELLO + b"".join(whole[:after]))
    rest = found.body.removeprefix(HELLO + b"".join(whole[:after]))
    assert whole[after].startswith(rest)
    assert b"data: " in rest
    assert not rest.endswith(b"\n")
    assert found.data.endswith(b"\r\n0\r\n\r\n")


def test_with_fewer_events_done_is_cut(caller: Caller) -> None:
    """A fault that would come too late comes at the end."""
    found = heard(caller, "sse.cut_event;after=9999")
    whole = plain(caller)
    assert found.body.startswith(HELLO + b"".join(whole[:-1]) + b"event: done\n")
    assert not found.body.endswith(b"\n")


@pytest.mark.parametrize(
    ("fault", "ended"), [("sse.reset", "rst"), ("sse.close", "fin"), ("sse.stall", "open")]
)
def test_a_break_comes_behind_so_many_events(caller: Caller, fault: str, ended: str) -> None:
    """No last chunk says that this is the end."""
    found = heard(caller, f"{fault};after=4")
    assert found.body == HELLO + b"".join(plain(caller)[:4])
    assert found.ended == ended
    assert not found.data.endswith(b"\r\n0\r\n\r\n")


@pytest.mark.parametrize(
    ("wait", "line"),
    [
        ("1s", b"retry: 1000"),
        ("0", b"retry: 0"),
        ("1d", b"retry: 86400000"),
        ("negative", b"retry: -1"),
        ("text", b"retry: soon"),
    ],
)
def test_a_wait_is_told_and_to_be_kept(caller: Caller, wait: str, line: bytes) -> None:
    """It comes first, and the stream ends so early that somebody has to come back."""
    found = told(caller, f"sse.retry;wait={wait};after=2")
    assert found == (line + b"\n\n", *plain(caller)[:2])


def test_who_comes_back_hears_the_rest(caller: Caller) -> None:
    """Whatever ended the stream, the ids it told lead to all the others."""
    world = caller.world()
    made = caller.created(world, model=TEXT)
    world.clock.advance(OVER_S)
    caller.set(world, "sse.retry;wait=0;after=9;first=6")
    all_heard: tuple[bytes, ...] = ()
    for _ in range(10):
        last = {"Last-Event-ID": field(all_heard[-1], "id")} if all_heard else {}
        request = caller.request(world, "stream", made, headers=last)
        found = caller.sent(world, request, (), PATIENT_S)
        news = events(found.body.removeprefix(HELLO))
        all_heard += tuple(event for event in news if name_of(event))
    assert all_heard == plain(caller)


@pytest.mark.parametrize(
    ("form", "data"),
    [
        ("json", {"detail": "The stream was interrupted"}),
        ("text", "The stream was interrupted"),
    ],
)
def test_an_error_comes_amid_the_events(caller: Caller, form: str, data: object) -> None:
    """Behind it `done` with its reason; the id is one from which the way back leads on."""
    found = told(caller, f"sse.error_event;form={form};after=4")
    assert found[:4] == plain(caller)[:4]
    assert names(found[4:]) == ["error", "done"]
    said = field(found[4], "data")
    assert (json.loads(said) if form == "json" else said) == data
    assert field(found[5], "data") == '{"reason":"error"}'
    assert {field(event, "id") for event in found[4:]} == {field(found[3], "id")}


def test_an_error_that_comes_first_has_an_id_too(caller: Caller) -> None:
    """It comes before all others."""
    (error, _) = told(caller, "sse.error_event;after=0")
    assert field(error, "id").endswith(":0")


@pytest.mark.parametrize("reason", ["canceled", "error"])
def test_done_gives_a_reason_that_is_none(caller: Caller, reason: str) -> None:
    """All that was to tell was told before."""
    found = told(caller, f"sse.done_reason;reason={reason}")
    assert found[:-1] == plain(caller)[:-1]
    assert json.loads(field(found[-1], "data")) == {"reason": reason}


def test_outputs_shrink(caller: Caller) -> None:
    """One more was told than a look at the prediction shows, under an id of its own."""
    found, whole = told(caller, "sse.output_shrinks"), plain(caller)
    assert (*found[:-2], found[-1]) == whole
    assert name_of(found[-2]) == "output"
    assert field(found[-2], "id") not in {field(event, "id") for event in whole}


@pytest.mark.parametrize("lost", [1, 5])
def test_a_resumed_stream_has_a_gap(caller: Caller, lost: int) -> None:
    """The next events are forgotten; whoever begins anew hears all."""
    whole = plain(caller)
    back = {"Last-Event-ID": field(whole[3], "id")}
    assert told(caller, f"sse.resume_lost;events={lost}", headers=back) == whole[4 + lost :]
    assert told(caller, f"sse.resume_lost;events={lost}") == whole


def test_a_gap_never_swallows_done(caller: Caller) -> None:
    """However much is lost, the end is told."""
    back = {"Last-Event-ID": field(plain(caller)[3], "id")}
    assert names(told(caller, "sse.resume_lost;events=9999", headers=back)) == ["done"]


def test_a_resumed_stream_begins_anew(caller: Caller) -> None:
    """Events come again with the ids they had."""
    whole = plain(caller)
    back = {"Last-Event-ID": field(whole[3], "id")}
    assert plain(caller, headers=back) == whole[4:]
    assert told(caller, "sse.dup_ids", headers=back) == whole


def test_events_come_twice(caller: Caller) -> None:
    """Each but the last, at once, with one id."""
    whole = plain(caller)
    twice = tuple(event for event in whole[:-1] for _ in range(2))
    assert told(caller, "sse.dup_ids;form=twice") == (*twice, whole[-1])


@pytest.mark.parametrize(
    ("kind", "types"),
    [
        ("json", ["application/json"]),
        ("plain", ["text/plain; charset=utf-8"]),
        ("html", ["text/html"]),
        ("octets", ["application/octet-stream"]),
        ("none", []),
    ],
)
def test_events_come_under_another_type(caller: Caller, kind: str, types: list[str]) -> None:
    """The bytes are the stream's own."""
    found = heard(caller, f"sse.wrong_type;type={kind}")
    assert found.headers("content-type") == types
    assert events(found.body.removeprefix(HELLO)) == plain(caller)


def test_a_proxy_answers_with_a_page(caller: Caller) -> None:
    """502, HTML, no events."""
    found = heard(caller, "sse.html502")
    assert (found.status, found.headers("content-type")) == (502, ["text/html"])
    assert found.body.startswith(b"<html>")


@pytest.mark.parametrize("gateway", ["replicate", "winfull"])
def test_a_stream_is_not_found(caller: Caller, gateway: str) -> None:
    """In the words of the gateway that is asked."""
    found = heard(caller, "sse.not_found", gateway=gateway)
    assert found.status == 404
    assert found.json
