"""Connections that break, go silent, drip or wear out, as a raw socket meets them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest


if TYPE_CHECKING:
    from tests.web.faults.conftest import Caller

ENDED_S: Final = 60.0


def whole(caller: Caller, on: str = "get") -> tuple[bytes, bytes]:
    """Head and body of what is told without any fault."""
    told = caller.told("net.latency;ms=0", on, after_s=ENDED_S)
    return told.head, told.body


@pytest.mark.parametrize(
    ("fault", "ended"), [("net.reset_before", "rst"), ("net.close_before", "fin")]
)
@pytest.mark.parametrize("on", ["create", "get", "stream", "output"])
def test_nothing_comes(caller: Caller, fault: str, ended: str, on: str) -> None:
    """RST or FIN, and not a byte before it; the journal names the fault."""
    told = caller.told(fault, on, after_s=ENDED_S, quiet_s=5)
    assert (told.data, told.ended) == (b"", ended)
    assert told.entry.faults[0].startswith(f"{fault}-")


@pytest.mark.parametrize("alias", ["CONNECTION_RESET_BY_PEER", "reset_peer"])
def test_other_tools_names_strike(caller: Caller, alias: str) -> None:
    """WireMock's and Toxiproxy's."""
    assert caller.told(alias).ended == "rst"


@pytest.mark.parametrize(("kind", "ended"), [("reset_mid", "rst"), ("close_mid", "fin")])
@pytest.mark.parametrize("kept", [0, 20, 1_000_000])
def test_a_body_breaks_off(caller: Caller, kind: str, ended: str, kept: int) -> None:
    """Its length was promised; it breaks off before its last byte at the latest."""
    body = whole(caller)[1]
    told = caller.told(f"net.{kind};bytes={kept}", after_s=ENDED_S)
    assert (told.body, told.ended) == (body[: min(kept, len(body) - 1)], ended)
    assert told.headers("content-length") == [str(len(body))]


@pytest.mark.parametrize(("kind", "ended"), [("reset_mid", "rst"), ("close_mid", "fin")])
def test_a_stream_breaks_off(caller: Caller, kind: str, ended: str) -> None:
    """Behind so many bytes of its events, also of those that come later."""
    stream = caller.told("net.latency;ms=0", "stream", advance_s=(60,)).body
    told = caller.told(f"net.{kind};bytes=150", "stream", advance_s=(60,))
    sent = told.data.partition(b"\r\n\r\n")[2]
    assert (told.ended, sent.endswith(b"0\r\n\r\n")) == (ended, False)
    assert len(stream) > 150
    at_once = caller.told(f"net.{kind};bytes=150", "stream", after_s=ENDED_S)
    assert (at_once.ended, len(at_once.body)) == (ended, 150)


@pytest.mark.parametrize("kept", [0, 10, 400])
def test_a_limit_counts_the_head(caller: Caller, kept: int) -> None:
    """So many bytes of the answer, whatever they are."""
    told = caller.told(f"net.limit_data;bytes={kept}", after_s=ENDED_S)
    assert (len(told.data), told.ended) == (kept, "fin")
    assert told.data == b"HTTP/1.1 200 OK\r\n"[:kept] or kept > 17


def test_silence_before_the_answer(caller: Caller) -> None:
    """Until it is over in world time; then comes the whole answer."""
    silent = caller.told("net.stall_before;ms=3000", advance_s=(2.999,))
    assert (silent.data, silent.ended) == (b"", "open")
    told = caller.told("net.stall_before;ms=3000", advance_s=(2.999, 0.001))
    assert (told.status, told.json["status"], told.ended) == (200, "starting", "fin")


@pytest.mark.parametrize(
    ("said", "ended"), [("", "open"), (";ms=3000;then=close", "fin"), (";then=close", "open")]
)
def test_silence_without_an_answer(caller: Caller, said: str, ended: str) -> None:
    """For ever, or until the connection is closed; the journal does not wait for that."""
    told = caller.told(f"net.stall_before{said}", advance_s=(3600,))
    assert (told.data, told.ended) == (b"", ended)
    assert told.entry.faults[0].startswith("net.stall_before-")


@pytest.mark.parametrize(("said", "comes"), [("", False), (";ms=3000", True)])
def test_silence_amid_a_body(caller: Caller, said: str, *, comes: bool) -> None:
    """Behind so many bytes; what was promised comes later, or never."""
    body = whole(caller)[1]
    fault = f"net.stall_mid;bytes=10{said}"
    silent = caller.told(fault, after_s=ENDED_S)
    assert (silent.body, silent.ended) == (body[:10], "open")
    told = caller.told(fault, after_s=ENDED_S, advance_s=(3,))
    assert (told.body == body, told.ended == "fin") == (comes, comes)


def test_a_stream_falls_silent_and_goes_on(caller: Caller) -> None:
    """Nothing of it is lost."""
    stream = caller.told("net.latency;ms=0", "stream", after_s=ENDED_S).body
    told = caller.told("net.stall_mid;ms=9000;bytes=50", "stream", after_s=ENDED_S, advance_s=(9,))
    assert told.body == stream


@pytest.mark.parametrize(
    ("fault", "first_s", "first_bytes", "all_s"),
    [
        ("net.drip;bytes=5;ms=1000", 2, 10, 1000),
        ("net.bandwidth;bytes_per_s=100", 2, 200, 60),
        ("net.bandwidth;bytes_per_s=1", 3, 3, 1000),
    ],
)
def test_a_body_comes_slowly(
    caller: Caller, fault: str, first_s: float, first_bytes: int, all_s: float
) -> None:
    """So many bytes in so much time; nothing is lost in the end."""
    body = whole(caller)[1]
    begun = caller.told(fault, after_s=ENDED_S, advance_s=(first_s,))
    assert (begun.body, begun.ended) == (body[:first_bytes], "open")
    assert caller.told(fault, after_s=ENDED_S, advance_s=(all_s,)).body == body


@pytest.mark.parametrize("fault", ["net.drip", "net.bandwidth;bytes_per_s=10", "net.slicer"])
def test_a_stream_comes_slowly(caller: Caller, fault: str) -> None:
    """What was told at once, and what is told while it lives; nothing is lost in the end."""
    for after_s, advance_s in ((ENDED_S, (1000.0,)), (0.0, (6.0, 1000.0, 1000.0))):
        stream = caller.told("net.latency;ms=0", "stream", after_s=after_s, advance_s=(6.0,)).body
        begun = caller.told(fault, "stream", after_s=after_s)
        told = caller.told(fault, "stream", after_s=after_s, advance_s=advance_s)
        assert (begun.body, begun.ended) == (b"", "open")
        assert (told.body, told.ended) == (stream, "fin")


def test_a_picture_can_drip(caller: Caller) -> None:
    """A million pieces are not made before they are sent."""
    told = caller.told("net.drip", "output", after_s=ENDED_S, advance_s=(0.1, 50.0), quiet_s=2)
    assert told.ended == "open"
    assert told.body == b"\x89PNG\r\n\x1a\n" + told.body[8:501]


def test_a_body_comes_in_slices(caller: Caller) -> None:
    """Of drawn sizes; nothing is lost."""
    body = whole(caller)[1]
    told = caller.told("net.slicer;bytes=9;ms=10", after_s=ENDED_S, advance_s=(0.01, 0.01, 60.0))
    first = caller.told("net.slicer;bytes=9;ms=10", after_s=ENDED_S, advance_s=(0.01,)).body
    assert told.body == body
    assert (1 <= len(first) <= 17, body.startswith(first)) == (True, True)


@pytest.mark.parametrize(
    ("said", "least_s", "most_s"),
    [
        ("", 1.0, 1.0),
        (";form=fixed;ms=20", 0.02, 0.02),
        (";form=uniform;ms=2000;spread_percent=10", 1.8, 2.2),
        (";form=lognormal;ms=2000;spread_percent=10", 1.0, 4.0),
    ],
)
@pytest.mark.parametrize("on", ["create", "stream"])
def test_an_answer_comes_late(
    caller: Caller, said: str, least_s: float, most_s: float, on: str
) -> None:
    """Not a byte before its time, and all of it then; what was created exists meanwhile."""
    fault = f"net.latency{said}"
    early = caller.told(fault, on, after_s=ENDED_S, advance_s=(least_s - 0.001,))
    assert (early.data, early.ended) == (b"", "open")
    late = caller.told(fault, on, after_s=ENDED_S, advance_s=(most_s,))
    assert (late.status, late.ended) == (201 if on == "create" else 200, "fin")


def test_garbage(caller: Caller) -> None:
    """Bytes that are no answer; another seed draws others."""
    told, other = caller.told("net.garbage;bytes=99"), caller.told("net.garbage;bytes=99", seed=8)
    assert (len(told.data), told.ended) == (99, "fin")
    assert told.data != other.data


@pytest.mark.parametrize("fault", ["chunk_bad", "chunk_cut"])
def test_broken_chunks(caller: Caller, fault: str) -> None:
    """A chunked body that has no right end."""
    told = caller.told(f"net.{fault}", after_s=ENDED_S)
    sent = told.data.partition(b"\r\n\r\n")[2]
    size, _, rest = sent.partition(b"\r\n")
    assert (told.headers("transfer-encoding"), told.ended) == (["chunked"], "fin")
    assert told.headers("content-length") == []
    if fault == "chunk_bad":
        assert rest[int(size, 16) :].startswith(b"\r\nZZ\r\n")
    else:
        assert len(rest) < int(size, 16)


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        ("chunk_ext", b';traced;by="a proxy"\r\n'),
        ("trailer", b"\r\n0\r\nX-Checksum: none\r\n"),
    ],
)
def test_rare_chunks_that_are_right(caller: Caller, fault: str, shown: bytes) -> None:
    """Extensions and trailers change nothing of the body."""
    told = caller.told(f"net.{fault}", after_s=ENDED_S)
    assert shown in told.data
    assert told.body.startswith(whole(caller)[1])
    assert told.data.endswith(b"\r\n\r\n")


CHUNKS: Final = ("net.chunk_bad", "net.chunk_cut", "net.chunk_ext", "net.trailer")


@pytest.mark.parametrize("fault", [*CHUNKS, "net.limit_data", "net.keepalive_close"])
def test_a_stream_is_left_alone_by_what_needs_a_length(caller: Caller, fault: str) -> None:
    """The journal says that there was nothing to change."""
    told = caller.told(fault, "stream", after_s=ENDED_S)
    assert (told.body, told.ended) == (whole(caller, "stream")[1], "fin")
    assert told.entry.faults == ()
    assert told.entry.notes[-1].endswith("found nothing to change")


def kept_alive(
    caller: Caller, fault: str, on: str = "get", *, advance_s: float = 0.0, again: bool = True
) -> list[Any]:
    """What a connection gets that would be kept, before time passes and after.

    With `again`, it sends the request twice.
    """
    world = caller.world()
    prediction = caller.created(world)
    world.clock.advance(ENDED_S)
    caller.set(world, fault)
    request = caller.request(world, on, prediction).replace(b"close", b"keep-alive")
    return caller.twice(request, request if again else b"", lambda: world.clock.advance(advance_s))


@pytest.mark.parametrize(("end", "ended"), [("fin", "fin"), ("rst", "rst")])
@pytest.mark.parametrize("on", ["get", "stream"])
def test_a_connection_wears_out(caller: Caller, end: str, ended: str, on: str) -> None:
    """The first answer is whole and leaves it open; the next request finds its end."""
    first, second = kept_alive(caller, f"net.stale_keepalive;end={end}", on)
    assert (first[0].startswith(b"HTTP/1.1 200"), first[1]) == (True, "open")
    assert second == (b"", ended)


def test_a_connection_closes_unannounced(caller: Caller) -> None:
    """The answer is whole, and nothing in it says that the connection will not be kept."""
    first, _ = kept_alive(caller, "net.keepalive_close;form=unannounced")
    assert (b"\r\nConnection:" in first[0], first[1]) == (False, "fin")
    assert first[0].endswith(b"}\n")


def test_a_connection_closes_late(caller: Caller) -> None:
    """It says that it will, and stays open for a while in which nobody is answered."""
    fault = "net.keepalive_close;ms=500"
    first, second = kept_alive(caller, fault, advance_s=0.499)
    assert (b"\r\nConnection: close\r\n" in first[0], first[1]) == (True, "open")
    assert second == (b"", "open")
    assert kept_alive(caller, fault, advance_s=0.5, again=False)[1] == (b"", "fin")


def test_the_close_ends_the_body_late(caller: Caller) -> None:
    """Without a length, only the close tells the end."""
    body = whole(caller)[1]
    early = caller.told("net.slow_close;ms=500", after_s=ENDED_S, advance_s=(0.499,))
    late = caller.told("net.slow_close;ms=500", after_s=ENDED_S, advance_s=(0.5,))
    assert (early.body, early.ended, early.headers("content-length")) == (body, "open", [])
    assert (late.body, late.ended) == (body, "fin")


@pytest.mark.parametrize("fault", ["net.refuse", "net.dns", "down"])
def test_no_connection_cannot_be_told_on_one(caller: Caller, fault: str) -> None:
    """501, with the way to have it."""
    told = caller.told(fault)
    assert (told.status, "mockserver_mount" in told.json["detail"]) == (501, True)
