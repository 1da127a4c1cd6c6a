"""`Prefer: wait` answered by halves or too late, as a raw socket gets it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from mockserver.library.faults import catalogue
from tests.faults import edited_by, reply_of


if TYPE_CHECKING:
    from tests.web.faults.conftest import Caller, Told

WAIT: Final = {"Prefer": "wait"}
BRIEFLY: Final = {"Prefer": "wait=1"}


def waited(caller: Caller, fault: str, *seconds: float, gateway: str | None = None) -> Told:
    """What a sync create call is told, while these seconds pass."""
    return caller.told(fault, "create", advance_s=seconds, headers=WAIT, gateway=gateway)


@pytest.mark.parametrize(
    ("fault", "status", "called"),
    [
        ("sync.processing_null", 201, "processing"),
        ("sync.processing_null;status=202", 202, "processing"),
        ("sync.starting", 201, "starting"),
        ("sync.starting;status=202", 202, "starting"),
    ],
)
def test_what_a_wait_tells(caller: Caller, fault: str, status: int, called: str) -> None:
    """A prediction that has ended meanwhile is told as if it had not, without its times."""
    told = waited(caller, fault, 6, 0)
    assert (told.status, told.json["status"], told.json["output"]) == (status, called, None)
    assert told.json.keys().isdisjoint({"started_at", "completed_at", "metrics"})
    assert told.entry.faults[0].startswith(fault.partition(";")[0])


@pytest.mark.parametrize("fault", catalogue.examples("sync"))
def test_a_create_that_does_not_wait_is_left_alone(caller: Caller, fault: str) -> None:
    """Only answers that were waited for are edited."""
    told = caller.told(fault, "create")
    assert (told.status, told.json["status"], told.json["output"]) == (201, "starting", None)


def test_a_wait_is_held_longer_than_was_asked(caller: Caller) -> None:
    """Nothing comes for 90 s more; then the answer is the one of its time."""
    early = caller.told("sync.exceeds_wait", "create", advance_s=(1, 89.999), headers=BRIEFLY)
    late = caller.told("sync.exceeds_wait", "create", advance_s=(1, 90), headers=BRIEFLY)
    assert (early.data, early.ended) == (b"", "open")
    assert (late.status, late.json["status"]) == (201, "starting")


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.png", "image/png"),
        ("a.jpg", "image/jpeg"),
        ("a.webp", "image/webp"),
        ("a.wav", "audio/wav"),
        ("a.mp4", "image/png"),
    ],
)
def test_addresses_are_written_out(name: str, media_type: str) -> None:
    """Each file becomes a small one of its kind, or a picture; a text stays."""
    output = [f"https://a.example/{name}", "a text"]
    reply = reply_of({"id": "a", "output": output}).with_headers(("Preference-Applied", "wait"))
    body = edited_by("sync.data_uri", reply).body
    assert b'"output":["data:%b;base64,' % media_type.encode() in body
    assert body.endswith(b'"a text"]}')


def test_a_success_told_whole_is_told_by_halves() -> None:
    """Where sync answers are as documented, the fault makes them as recorded."""
    told = {"id": "a", "status": "succeeded", "output": "b", "logs": "c", "completed_at": "d"}
    reply = reply_of(told).with_headers(("Preference-Applied", "wait"))
    assert edited_by("sync.processing_with_output", reply).body == (
        b'{"id":"a","status":"processing","output":"b","logs":""}'
    )
