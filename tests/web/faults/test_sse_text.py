"""Streams spelled as the specification allows, and as it does not: what readers make of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import httpx
import pytest

from mockserver.library.faults.streams import events, field, name_of
from mockserver.mount import MountedWorld, mounted
from mockserver.service.fake import Fake
from mockserver.service.settings import LimitStyle, Settings
from mockserver.web.front import Front


if TYPE_CHECKING:
    from tests.web.faults.conftest import Caller

TEXT: Final = "meta/meta-llama-3-8b-instruct"
HELLO: Final = b": hi\n\n"


def body(caller: Caller, fault: str = "sse.no_done;nth=99") -> bytes:
    """The bytes of a whole stream of text under `fault`."""
    return caller.told(fault, "stream", after_s=60.0, model=TEXT, quiet_s=10.0).body


def plain(caller: Caller) -> tuple[bytes, ...]:
    """The events without any."""
    return events(body(caller).removeprefix(HELLO))


def data(found: tuple[bytes, ...]) -> list[str]:
    """What the events tell."""
    return [field(event, "data") for event in found]


def test_a_mark_begins_the_stream(caller: Caller) -> None:
    """Three bytes, once, and nothing else."""
    assert body(caller, "sse.bom") == b"\xef\xbb\xbf" + body(caller)


@pytest.mark.parametrize(("fault", "end"), [("sse.crlf", b"\r\n"), ("sse.cr_only", b"\r")])
def test_lines_end_otherwise(caller: Caller, fault: str, end: bytes) -> None:
    """All of them, the opening included."""
    assert body(caller, fault) == body(caller).replace(b"\n", end)


def test_no_event_has_an_id(caller: Caller) -> None:
    """Names and data are as ever."""
    found = events(body(caller, "sse.no_id").removeprefix(HELLO))
    assert b"id:" not in b"".join(found)
    assert data(found) == data(plain(caller))


@pytest.mark.parametrize(("form", "name"), [("named", "heartbeat"), ("unnamed", "")])
def test_an_unknown_event_comes_second(caller: Caller, form: str, name: str) -> None:
    """Its id is that of the first: the way back leads behind both."""
    whole = plain(caller)
    first, strange, *rest = events(
        body(caller, f"sse.unknown_event;form={form}").removeprefix(HELLO)
    )
    assert (first, *rest) == whole
    assert (name_of(strange), field(strange, "data")) == (name, '{"beat":1}')
    assert field(strange, "id") == field(first, "id")


def test_comments_are_everywhere(caller: Caller) -> None:
    """Without them the stream is what it was."""
    lines = body(caller, "sse.comments").split(b"\n")
    assert lines.count(b":") == lines.count(b": ping") == len(plain(caller))
    kept = b"\n".join(line for line in lines if line != b":").replace(b": ping\n\n", b"")
    assert kept == body(caller)


@pytest.mark.parametrize(
    ("sign", "text"),
    [
        ("u2028", "\u2028"),
        ("u2029", "\u2029"),
        ("u0085", "\u0085"),
        ("vt", "\v"),
        ("ff", "\f"),
    ],
)
def test_a_sign_stands_in_the_text(caller: Caller, sign: str, text: str) -> None:
    """Who splits lines as Unicode does cuts the text there; without it the text is what it was."""
    found = events(body(caller, f"sse.u2028;sign={sign}").removeprefix(HELLO))
    assert sum(text in one for one in data(found)) > 30
    assert [one.replace(text, "") for one in data(found)] == data(plain(caller))
    assert len(found[5].decode().splitlines()) > len(found[5].split(b"\n")) - 1


def test_data_has_several_lines(caller: Caller) -> None:
    """They are joined by line breaks, which JSON does not mind."""
    found = events(body(caller, "sse.multiline").removeprefix(HELLO))
    outputs = [event for event in found if name_of(event) == "output" and field(event, "data")]
    assert all(event.count(b"\ndata: ") == 2 for event in outputs)
    assert [one.replace("\n", "") for one in data(found)] == [
        one.replace("\n", "") for one in data(plain(caller))
    ]
    assert field(found[-1], "data") == "{\n}"


@pytest.mark.parametrize(
    ("bad", "octets"),
    [
        ("lone", b"\xff"),
        ("cut", b"\xe2\x82"),
        ("overlong", b"\xc0\xaf"),
        ("surrogate", b"\xed\xa0\x80"),
    ],
)
def test_bytes_are_no_utf8(caller: Caller, bad: str, octets: bytes) -> None:
    """In texts alone: names, ids and ends of lines stay what they were."""
    found = body(caller, f"sse.bad_utf8;bytes={bad}")
    assert octets in found
    assert found.replace(octets, b"") == body(caller)
    with pytest.raises(UnicodeDecodeError):
        found.decode()


def test_writes_end_in_the_middle_of_characters(caller: Caller) -> None:
    """Each chunk but one begins with what is left of a character; together they are the stream."""
    told = caller.told("sse.split_utf8", "stream", after_s=60.0, model=TEXT, quiet_s=10.0)
    assert told.body.replace(": ¡hola!\n\n".encode(), b"") == body(caller)
    inside = [part for part in told.data.split(b"\r\n") if part[:1] and part[0] & 0xC0 == 0x80]
    assert len(inside) > 2


def in_process(fault: str) -> tuple[MountedWorld, str]:
    """A world behind httpx under `fault`, and the address of a stream there."""
    front = Front(Fake(Settings(clock="poll", limits=LimitStyle.OFF)))
    world = MountedWorld(front, mounted(front), "a-token")
    with world.client() as client:
        path = f"models/{TEXT}/predictions"
        made = client.post(path, json={"input": {"prompt": "a hat"}}).json()
    world.fault(fault)
    return world, made["urls"]["stream"]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("sse.reset", httpx.ReadError),
        ("sse.close", httpx.RemoteProtocolError),
        ("sse.stall", httpx.ReadTimeout),
    ],
)
def test_a_break_is_told_in_process_as_on_a_socket(
    fault: str, error: type[httpx.TransportError]
) -> None:
    """What came before it has come."""
    world, url = in_process(f"{fault};after=3")
    heard: list[bytes] = []
    with world.client() as client, client.stream("GET", url) as response, pytest.raises(error):
        heard.extend(response.iter_raw())
    assert len(events(b"".join(heard).removeprefix(HELLO))) == 3
    assert tuple(world.journal)[-1].faults[0].startswith(fault)


def test_an_early_end_in_order_is_no_error_in_process() -> None:
    """Only the missing `done` tells."""
    world, url = in_process("sse.cut_event;after=3")
    with world.client() as client:
        text = client.get(url).text
    assert text.count("event: ") == 4
    assert "event: done" not in text
    assert not text.endswith("\n")
