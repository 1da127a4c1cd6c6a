"""Connections that break, go silent or wear out, and bytes that are no HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mockserver.core.fault import Phase
from mockserver.core.reply import Close, Expire, NoConnection, Reply, Reset, Stall
from mockserver.library.faults import scripts, wire
from mockserver.library.faults.kinds import Needs, Strike, reply_fault
from mockserver.library.faults.params import choice, number


_KEPT: Final = number("bytes", 20, 0, 1_000_000_000)
_STALL: Final = number("ms", 0)


@reply_fault(
    "net.reset_before",
    needs=Needs.BYTES,
    tests=("K1", "K16"),
    aliases=("CONNECTION_RESET_BY_PEER", "reset_peer"),
)
def reset_before(_reply: Reply, _strike: Strike) -> Reply:
    """The connection is reset (RST) after the request was read, before a byte of the answer."""
    return wire.raw(b"", Reset())


@reply_fault(
    "net.close_before", needs=Needs.BYTES, tests=("K1", "K16"), aliases=("EMPTY_RESPONSE",)
)
def close_before(_reply: Reply, _strike: Strike) -> Reply:
    """The connection is closed in order (FIN) after the request was read, without an answer."""
    return wire.raw(b"", Close())


@reply_fault("net.reset_mid", needs=Needs.BYTES, params=(_KEPT,), tests=("K1", "K13"))
def reset_mid(reply: Reply, strike: Strike) -> Reply:
    """The connection is reset (RST) behind the head and `bytes` bytes of the body."""
    return scripts.interrupted(reply, strike.number("bytes"), (Reset(),))


@reply_fault("net.close_mid", needs=Needs.BYTES, params=(_KEPT,), tests=("K1", "K13"))
def close_mid(reply: Reply, strike: Strike) -> Reply:
    """The connection is closed (FIN) behind the head and `bytes` bytes of the body."""
    return scripts.interrupted(reply, strike.number("bytes"), (Close(),))


@reply_fault(
    "net.limit_data", needs=Needs.BYTES, params=(number("bytes", 100, 0, 1_000_000_000),),
    tests=("K1", "K13"), aliases=("limit_data",),
)  # fmt: skip
def limit_data(reply: Reply, strike: Strike) -> Reply:
    """The connection is closed (FIN) behind `bytes` bytes of the answer, its head counted in.

    A stream is left as it is.
    """
    if not wire.is_whole(reply):
        return reply
    return wire.last(wire.as_bytes(reply, strike.request)[: strike.number("bytes")], reply)


@reply_fault(
    "net.stall_before",
    needs=Needs.BYTES,
    params=(_STALL, choice("then", "answer", "close")),
    tests=("K6", "K19", "K20"),
    aliases=("timeout",),
)
def stall_before(reply: Reply, strike: Strike) -> Reply:
    """Nothing comes for `ms` milliseconds (0: for ever), then the answer, or the end."""
    until_ms = _until_ms(strike)
    if until_ms and strike.word("then") == "answer":
        return wire.begun_at(reply, until_ms, strike.bell)
    return wire.raw(b"", Stall(until_ms), Close(), bell=strike.bell)


@reply_fault(
    "net.stall_mid", needs=Needs.BYTES, params=(_STALL, _KEPT), tests=("K6", "K19", "K20")
)
def stall_mid(reply: Reply, strike: Strike) -> Reply:
    """The body falls silent behind `bytes` bytes for `ms` milliseconds (0: for ever)."""
    stall = Stall(_until_ms(strike))
    stalled = scripts.interrupted(reply, strike.number("bytes"), (stall,), goes_on=True)
    return replace(stalled, bell=strike.bell)


@reply_fault(
    "net.garbage", needs=Needs.BYTES, params=(number("bytes", 64, 1, 1_000_000),),
    tests=("K1", "K10"), aliases=("RANDOM_DATA_THEN_CLOSE",),
)  # fmt: skip
def garbage(_reply: Reply, strike: Strike) -> Reply:
    """Random bytes come in the place of an answer, and the connection is closed."""
    return wire.raw(strike.draw.octets(strike.number("bytes")), Close())


@reply_fault(
    "net.stale_keepalive",
    needs=Needs.SOCKET,
    params=(choice("end", "fin", "rst"),),
    tests=("K1", "K16"),
)
def stale_keepalive(reply: Reply, strike: Strike) -> Reply:
    """The answer is right, but its connection ends when the next request comes on it."""
    if reply.raw:
        return reply
    worn_out = Expire(reset=strike.word("end") == "rst")
    return replace(wire.promised(reply), script=(*reply.script, worn_out))


@reply_fault(
    "net.keepalive_close",
    needs=Needs.SOCKET,
    params=(choice("form", "late", "unannounced"), number("ms", 1000)),
    tests=("K16",),
)
def keepalive_close(reply: Reply, strike: Strike) -> Reply:
    """The answer is right, but its connection is no use for another.

    It says so and closes `ms` late, or (`unannounced`) it closes at once and never said so.
    """
    if not wire.is_whole(reply):
        return reply
    kept = wire.promised(reply)
    if strike.word("form") == "unannounced":
        return replace(kept, script=(Close(),))
    late = Close(strike.now_ms + strike.number("ms"))
    return replace(wire.with_header(kept, *wire.CLOSES), script=(late,), bell=strike.bell)


@reply_fault(
    "net.slow_close", needs=Needs.BYTES, params=(number("ms", 1000),), tests=("K19",),
    aliases=("slow_close",),
)  # fmt: skip
def slow_close(reply: Reply, strike: Strike) -> Reply:
    """The body has no length, so that the close ends it, which comes `ms` milliseconds late."""
    if not wire.bodied(reply, strike.request):
        return reply
    told = wire.last_head(reply) + reply.body
    late = Close(strike.now_ms + strike.number("ms"))
    return wire.raw(told, late, status=reply.status, bell=strike.bell)


@reply_fault(
    "net.refuse", needs=Needs.TRANSPORT, phase=Phase.BEFORE, fixed=True,
    tests=("K10", "K16"), aliases=("down",),
)  # fmt: skip
def refuse(_reply: Reply, strike: Strike) -> Reply:
    """Nobody listens where the client connects; the request was never sent."""
    return _unconnected("Connection refused", strike)


@reply_fault(
    "net.dns", needs=Needs.TRANSPORT, phase=Phase.BEFORE, fixed=True, tests=("K10", "K16")
)
def dns(_reply: Reply, strike: Strike) -> Reply:
    """The name of the server cannot be resolved; the request was never sent."""
    return _unconnected("Name or service not known", strike)


def _unconnected(reason: str, strike: Strike) -> Reply:
    return wire.raw(b"", NoConnection(f"{reason} ({strike.fault.key})"))


def _until_ms(strike: Strike) -> int | None:
    """When a stall is over, None if it never is."""
    ms = strike.number("ms")
    return strike.now_ms + ms if ms else None
