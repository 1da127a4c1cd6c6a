"""The front door: a request in, an answer out. Hot paths take the fast lane, all others Flask."""

from __future__ import annotations

from functools import cache, cached_property, partial
from typing import TYPE_CHECKING

from mockserver.core.interaction import Request
from mockserver.core.letter import Letter
from mockserver.core.problem import Problem
from mockserver.core.reply import Answer
from mockserver.library.faults.kinds import SERVER, Needs
from mockserver.service.courier import nobody
from mockserver.service.egress import Egress, Target
from mockserver.service.fake import Fake
from mockserver.web import dispatch, lane, mapped
from mockserver.web.call import Call
from mockserver.web.faces import Faces


if TYPE_CHECKING:
    from mockserver.core.cassette import Cassette
    from mockserver.web.replay.player import Player
    from mockserver.web.routing import Router


class Front:
    """Answers every request that a fake is asked; never blocks, never raises.

    With `genuine`, its addresses are those of the documents: all their hosts lead here.
    """

    def __init__(self, fake: Fake, *, genuine: bool = False) -> None:
        self.fake = fake
        if fake.courier.sender is nobody:
            fake.courier.sender = partial(_post, fake.courier.egress)
        self.faces = Faces(fake.settings, fake.catalogue, genuine=genuine)
        self.player: Player | None = None
        """Answers from cassettes, where there are any."""

    def answer(self, request: Request, means: frozenset[Needs] = SERVER) -> Answer:
        """What the fake answers, to be performed by an edge that has `means` for its faults."""
        call = self.call(request, means)
        played = self.player.answer(call) if self.player else None
        if played is not None:
            return played
        if call.face.gateway.paths:
            return self._mapped(call)
        found = lane.find(request.method, call.path)
        if found is not None:
            return dispatch.answer(call, *found)
        return self.by_flask(call)

    def _mapped(self, call: Call) -> Answer:
        """The answer of a gateway that has paths of its own."""
        try:
            found = mapped.find(call, call.face.gateway.paths)
        except Problem as problem:
            return dispatch.refused(call, problem)
        return dispatch.answer(call, *found) if found else self.by_flask(call)

    def call(self, request: Request, means: frozenset[Needs] = SERVER) -> Call:
        """The request as the handlers see it."""
        face, path = self.faces.face(request)
        return Call(self.fake, request, face, path, means)

    def by_flask(self, call: Call) -> Answer:
        """The same answer, found by Flask's routing."""
        own: Router | None = vars(self).get("router")
        return (own or _shared_router()).answer(call)

    def plain(self, request: Request) -> str:
        """What is left of a path behind where the API begins."""
        return self.faces.face(request)[1]

    def play(self, cassette: Cassette, *, new_ids: bool = False) -> Player:
        """Answer from `cassette` in every world. Raises `UnknownName` for its gateway."""
        player = self.cassettes()
        player.new_ids = new_ids
        player.everyone = player.index(cassette)
        return player

    def cassettes(self) -> Player:
        """Where cassettes are put in."""
        from mockserver.web.replay.player import Player

        if self.player is None:
            self.player = Player(self.fake, self.plain)
        return self.player

    @cached_property
    def router(self) -> Router:
        """A routing of its own: who was given the application may have added views to it."""
        from mockserver.web.routing import Router

        return Router()


@cache
def _shared_router() -> Router:
    """Flask's routing, made when it is first needed: it costs more than all the rest.

    It keeps nothing of a call, so that all fronts ask the same.
    """
    from mockserver.web.routing import Router

    return Router()


def _post(egress: Egress, target: Target, letter: Letter) -> int:
    """Deliver `letter` over HTTP, whose client is imported with the first one."""
    from mockserver.web.sender import HttpSender

    return HttpSender(egress)(target, letter)
