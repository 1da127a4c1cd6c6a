"""Plays cassettes in the worlds of a fake: each world has a tape of its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Final

from mockserver.core.cassette import Cassette
from mockserver.core.interaction import Request
from mockserver.core.problem import NotRecorded, Unauthenticated
from mockserver.core.reply import Answer
from mockserver.service.fake import Fake
from mockserver.service.worlds import KEPT_WORLDS, World
from mockserver.web import dispatch
from mockserver.web.call import WORLD_HEADER, Call
from mockserver.web.refusals import control_refusal
from mockserver.web.replay.index import Index, indexed
from mockserver.web.replay.tape import Tape
from mockserver.web.routes import CONTROL_PREFIX


EVERYONE: Final = "cassette"
"""The name of the world of all who ask, where the first of them has no token."""
_OURS: Final = frozenset({"/webhooks/default/secret"})
"""What the fake answers itself: webhooks are signed with its own secret."""


class Player:
    """The tapes of one fake; `everyone` is played to whoever asks, whatever token they send."""

    def __init__(self, fake: Fake, plain: Callable[[Request], str]) -> None:
        """`plain` tells what is left of a path behind where the API begins."""
        self.everyone: Index | None = None
        self.otherwise: Callable[[Request], Answer] | None = None
        """What `Tape.otherwise` is where `everyone` is played."""
        self.genuine: Collection[str] = ()
        """The hosts, maybe patterns, that lead here under their own names; for what is put in."""
        self._fake = fake
        self._plain = plain
        self.new_ids = False
        """Whether each create call begins a job under an id of its own."""
        self._tapes: dict[str, Tape] = {}
        self._first = ""
        """The name of the world that `everyone` is played in."""

    def index(self, cassette: Cassette) -> Index:
        """The ways into `cassette`. Raises `UnknownName` for a gateway that nobody knows."""
        profile = self._fake.catalogue.gateway(cassette.gateway)
        return indexed(cassette, profile, self._plain, self.genuine)

    def play(self, world: World, index: Index, *, new_ids: bool | None = None) -> Tape:
        """Let what is asked in `world` be answered from a cassette, from its beginning."""
        wanted = self.new_ids if new_ids is None else new_ids
        before = self._tapes.pop(world.key, None)
        otherwise = before.otherwise if before else self.otherwise
        while len(self._tapes) >= KEPT_WORLDS:
            self._tapes.pop(next(iter(self._tapes)))
        tape = self._tapes[world.key] = Tape(index, world, wanted, otherwise)
        return tape

    def stop(self, world: World) -> None:
        """Play nothing in `world` any more."""
        self._tapes.pop(world.key, None)

    @property
    def tapes(self) -> Iterable[Tape]:
        """The tapes that play, the newest last."""
        return tuple(self._tapes.values())

    def answer(self, call: Call) -> Answer | None:
        """What a cassette answers; None where none plays, or the fake answers itself."""
        if call.path.startswith(CONTROL_PREFIX):
            return None
        tape = self._tape(call)
        if tape is None:
            return None
        call.enter(tape.world)
        if call.path in _OURS and tape.otherwise is None:
            tape.answered_elsewhere(call.path)
            return None
        try:
            answer = tape.answer(call)
        except NotRecorded as problem:
            if tape.otherwise is not None:
                tape.misses.pop()
                return dispatch.journaled(call, tape.otherwise(call.sent))
            return dispatch.journaled(call, control_refusal(problem), unmatched=True)
        return dispatch.journaled(call, answer)

    def _tape(self, call: Call) -> Tape | None:
        if self.everyone is not None:
            world: World | None = self._shared(call)
        else:
            world = call.world_if_known or self._open(call)
        if world is None:
            return None
        tape = self._tapes.get(world.key)
        if tape is not None and tape.world is not world:
            # The world began again, and so does its tape.
            return self.play(world, tape.index, new_ids=tape.new_ids)
        if tape is None and self.everyone is not None:
            return self.play(world, self.everyone)
        return tape

    def _shared(self, call: Call) -> World:
        """The world of all who ask: that of the first token, unless a header names another.

        A recording may be of several accounts, and they may have asked in turns.
        """
        named = call.request.header(WORLD_HEADER)
        if not self._first and not named:
            try:
                self._first = self._fake.account(call.token)
            except Unauthenticated:
                self._first = EVERYONE
        return self._fake.worlds.named(named or self._first)

    def _open(self, call: Call) -> World | None:
        """The world of an address that asks for no token: the newest that knows it."""
        for tape in reversed(tuple(self._tapes.values())):
            path = tape.index.plain(call.request).partition("~")[0]
            if path in tape.index.paths:
                return tape.world
        return None
