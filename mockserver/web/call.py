"""One request on its way through a handler: who asks, as what, of which fake."""

from __future__ import annotations

from collections.abc import Callable

from mockserver.core.fault import Operation
from mockserver.core.interaction import Request
from mockserver.core.problem import Unauthenticated
from mockserver.library.faults.kinds import SERVER, Needs, Strike
from mockserver.service.fake import Fake
from mockserver.service.faults import Set
from mockserver.service.journal import Journal
from mockserver.service.limits import Standing, standing
from mockserver.service.worlds import World
from mockserver.web.faces import Face


WORLD_HEADER = "x-mock-world"


class Call:
    """A request and everything a handler needs to answer it; `notes` go into the journal.

    `limit_headers` go with the answer: what is left of the account's limit. `standing` is that of
    the account, once its world is open.

    `path` is what is left of the request's path behind the prefix of its face. `sent` is the
    request as it came, where the API of another date would not have heard all of it. `operation`
    is what it asks, and `prediction_id` whose path it calls, as far as its route is found.

    `struck` are the faults that strike it, `faults` their names for the journal, `own_faults`
    those that a create call leaves with its prediction, whose id is `created_id` then. `means` is
    what the edge has that performs the answer.
    """

    __slots__ = (
        "_world",
        "created_id",
        "face",
        "fake",
        "faults",
        "limit_headers",
        "means",
        "notes",
        "operation",
        "own_faults",
        "path",
        "prediction_id",
        "request",
        "sent",
        "standing",
        "struck",
    )

    def __init__(
        self,
        fake: Fake,
        request: Request,
        face: Face,
        path: str,
        means: frozenset[Needs] = SERVER,
    ) -> None:
        self.fake = fake
        self.request = request
        self.sent = request
        self.face = face
        self.path = path
        self.notes: list[str] = []
        self.limit_headers: tuple[tuple[str, str], ...] = ()
        self.standing = Standing.GOOD
        self.means = means
        self.struck: tuple[Strike, ...] = ()
        self.faults: tuple[str, ...] = ()
        self.own_faults: tuple[Set, ...] = ()
        self.created_id = ""
        self.operation = Operation.OTHER
        self.prediction_id = ""
        self._world: World | None = None

    @property
    def world(self) -> World:
        """The world of the account that asks. Raises `Unauthenticated`."""
        return self._world or self.open_world()

    def enter(self, world: World) -> World:
        """Find oneself in `world`: its address was called, which needs no token."""
        self._world = world
        return world

    def kept(self) -> Callable[[World], Call]:
        """Makes calls like this one in whichever world, for as long as somebody may need them.

        They have no body: what is kept that long must not weigh much.
        """
        fake, face, path = self.fake, self.face, self.path
        request = Request(self.request.method, self.request.path)

        def made(world: World) -> Call:
            own = Call(fake, request, face, path)
            own.enter(world)
            return own

        return made

    @property
    def world_if_known(self) -> World | None:
        """The same, or None where nobody can tell who asks."""
        try:
            return self.world
        except Unauthenticated:
            return None

    def open_world(self) -> World:
        """Find out who asks. Raises `Unauthenticated`."""
        account = self.fake.account(self.token)
        self.standing = standing(account)
        self._world = self.fake.worlds.named(self.request.header(WORLD_HEADER) or account)
        return self._world

    @property
    def logbook(self) -> tuple[Journal, int]:
        """The journal this call belongs into, and the time there, in milliseconds."""
        world = self.world_if_known
        if world is None:
            return self.fake.lobby, self.fake.lobby_clock.now_ms()
        return world.journal, world.clock.now_ms()

    @property
    def token(self) -> str | None:
        """The token that was sent under a scheme the gateway accepts; None without any."""
        auth = self.face.gateway.auth
        if auth.overruled_by and auth.overruled_under in self.request.path:
            overruling = self.request.header(auth.overruled_by)
            if overruling:
                return overruling
        sent = self.request.header(auth.header.lower())
        return auth.token(sent) if sent else None
