"""The front door: a request in, an answer out. Hot paths take the fast lane, all others Flask."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

from mockserver.core.interaction import Request
from mockserver.core.reply import Answer
from mockserver.service.courier import Letter, nobody
from mockserver.service.egress import Egress, Target
from mockserver.service.fake import Fake
from mockserver.web import dispatch, lane
from mockserver.web.call import Call
from mockserver.web.faces import Faces


if TYPE_CHECKING:
    from mockserver.web.routing import Router


class Front:
    """Answers every request that a fake is asked; never blocks, never raises."""

    def __init__(self, fake: Fake) -> None:
        self.fake = fake
        if fake.courier.sender is nobody:
            fake.courier.sender = partial(_post, fake.courier.egress)
        self.faces = Faces(fake.settings, fake.catalogue)

    def answer(self, request: Request) -> Answer:
        """What the fake answers, to be performed by an edge."""
        call = self.call(request)
        found = lane.find(request.method, call.path)
        if found is not None:
            return dispatch.answer(call, *found)
        return self.by_flask(call)

    def call(self, request: Request) -> Call:
        """The request as the handlers see it."""
        face, path = self.faces.face(request)
        return Call(self.fake, request, face, path)

    def by_flask(self, call: Call) -> Answer:
        """The same answer, found by Flask's routing."""
        return self.router.answer(call)

    @cached_property
    def router(self) -> Router:
        """Flask's routing, made when it is first needed: it costs more than all the rest."""
        from mockserver.web.routing import Router

        return Router()


def _post(egress: Egress, target: Target, letter: Letter) -> int:
    """Deliver `letter` over HTTP, whose client is imported with the first one."""
    from mockserver.web.sender import HttpSender

    return HttpSender(egress)(target, letter)
