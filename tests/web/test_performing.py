"""Answers performed in the caller's own thread: by jumping the clock, or by sleeping."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

import pytest

from mockserver.core.clock import Clock
from mockserver.core.reply import Close, Hold, Later, Reply, Reset, Send, Stall, Work
from mockserver.service.bell import WorldBell
from mockserver.web.performing import (
    NAP_S,
    BrokenOff,
    NeverAnswered,
    Unfinished,
    body,
    jump,
    resolved,
    sleep,
)


DONE = Reply(200, (), b"done")
PATIENCE_S = 10.0


class LoudBell(WorldBell):
    """A bell that tells when somebody listens."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.heard = Event()

    def subscribe(self, about: str, ring: Callable[[], None]) -> Callable[[], None]:
        """As its parent; sets `heard`."""
        leave = super().subscribe(about, ring)
        self.heard.set()
        return leave


@pytest.fixture
def bell() -> LoudBell:
    """Of a clock that stands still."""
    return LoudBell(Clock(0, start_ms=0))


def at(bell: LoudBell, at_ms: int) -> Later:
    """An answer that is known at `at_ms`, and asks for patience before."""

    def then(now_ms: int) -> Reply | Later:
        return DONE if now_ms >= at_ms else Later(at_ms, "x", bell, then)

    return Later(at_ms, "x", bell, then)


def test_a_reply_is_what_it_is() -> None:
    """Nothing is waited for."""
    assert resolved(DONE, jump) is DONE


def test_work_is_done_in_the_callers_thread(bell: LoudBell) -> None:
    """Also work that ends in waiting, and waiting that ends in work."""
    assert resolved(Work(lambda: at(bell, 5)), jump) is DONE
    assert resolved(Later(9, "x", bell, lambda _: Work(lambda: DONE)), jump) is DONE
    assert bell.now_ms() == 9


def test_a_jump_moves_the_clock_to_the_moment_waited_for(bell: LoudBell) -> None:
    """And no further; what is past already moves nothing."""
    assert resolved(at(bell, 5000), jump) is DONE
    assert resolved(at(bell, 10), jump) is DONE
    assert bell.now_ms() == 5000


def test_what_never_comes_cannot_be_jumped_to(bell: LoudBell) -> None:
    """The message says what a hand could do."""
    with pytest.raises(NeverAnswered, match="advance, cancel or force"):
        resolved(Later(None, "p1", bell, lambda _: DONE), jump)


def test_a_reply_begins_when_it_may(bell: LoudBell) -> None:
    """Until then it is waited for, with whatever came before."""
    late = Reply(200, (), b"late", (), bell, at_ms=70)
    assert resolved(Later(9, "x", bell, lambda _: late), jump) is late
    assert bell.now_ms() == 70


def test_a_script_is_played_in_order(bell: LoudBell) -> None:
    """A Hold's actions come before the rest; Close ends it all."""
    held = (Send(b"c", 30), Send(b""), Send(b"d"))
    script = (
        Send(b"b", 10),
        Stall(20),
        Hold(25, "x", bell, lambda _: held),
        Send(b"e"),
        Close(40),
        Send(b"never"),
    )
    reply = Reply(200, (), b"a", script, bell, raw=True)
    assert list(body(reply, jump)) == [b"a", b"b", b"c", b"d", b"e"]
    assert bell.now_ms() == 40


def test_what_is_closed_before_its_last_chunk_is_unfinished(bell: LoudBell) -> None:
    """Where no length was promised, only that chunk could tell that this is the end."""
    played = body(Reply(200, (), b"a", (Close(),), bell), jump)
    assert next(played) == b"a"
    with pytest.raises(Unfinished):
        next(played)
    promised = Reply(200, (("Content-Length", "9"),), b"a", (Close(),), bell)
    assert list(body(promised, jump)) == [b"a"]


def test_a_reset_breaks_the_reply_off(bell: LoudBell) -> None:
    """What was sent before has come."""
    played = body(Reply(200, (), b"a", (Send(b"b"), Reset(7)), bell), jump)
    assert [next(played), next(played)] == [b"a", b"b"]
    with pytest.raises(BrokenOff):
        next(played)
    assert bell.now_ms() == 7


def test_a_script_without_a_bell_does_not_wait() -> None:
    """There is no clock to wait by."""
    reply = Reply(200, (), b"", (Send(b"a", 10), Stall(None), Send(b"b")))
    assert list(body(reply, jump)) == [b"a", b"b"]


def test_an_early_bell_sends_nothing_early(bell: LoudBell) -> None:
    """A clock moved a little wakes who waits, and he goes on waiting."""
    waits: list[int | None] = []

    def little(_bell: object, _about: str, at_ms: int | None) -> None:
        waits.append(at_ms)
        bell.jump(bell.now_ms() + 4)

    reply = Reply(200, (), b"", (Send(b"a", 10), Stall(17), Send(b"b")), bell)
    assert list(body(reply, little)) == [b"a", b"b"]
    assert waits == [10, 10, 10, 17, 17]


def test_sleeping_ends_when_the_time_has_come() -> None:
    """A minute on a clock that runs ten thousand times as fast."""
    fast = LoudBell(Clock(10_000, start_ms=0))
    assert resolved(at(fast, 60_000), sleep) is DONE
    assert fast.now_ms() >= 60_000


def test_sleeping_ends_when_the_bell_rings(bell: LoudBell) -> None:
    """On a frozen clock, moved from another thread."""
    found: list[object] = []
    sleeper = Thread(target=lambda: found.append(resolved(at(bell, 5000), sleep)))
    sleeper.start()
    assert bell.heard.wait(PATIENCE_S)
    bell.jump(5000)
    sleeper.join(PATIENCE_S)
    assert found == [DONE]


def test_a_clock_that_jumps_when_idle_is_not_slept_for() -> None:
    """Who sleeps in his own thread is idle."""
    idle = LoudBell(Clock(0, start_ms=0, jumps_when_idle=True))
    assert resolved(at(idle, 9000), sleep) is DONE
    assert (idle.now_ms(), idle.heard.is_set()) == (9000, False)


@pytest.mark.parametrize("at_ms", [None, 60_000])
@pytest.mark.parametrize("rate", [0, 1e-300])
def test_nobody_sleeps_long_in_one_piece(
    monkeypatch: pytest.MonkeyPatch, at_ms: int | None, rate: float
) -> None:
    """A bell that rang a moment too early is made good for; no time is too long for the system."""
    slept: list[float | None] = []
    monkeypatch.setattr(Event, "wait", lambda _, timeout: slept.append(timeout))
    sleep(WorldBell(Clock(rate, start_ms=0)), "x", at_ms)
    assert slept == [NAP_S]
