"""Whole lives led in this process, on every kind of clock, and what each channel tells of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from json import dumps, loads
from typing import Any, Final, NamedTuple

import pytest

from mockserver.core.clock import EPOCH_MS, Clock, clock
from mockserver.core.interaction import Request
from mockserver.core.letter import Letter
from mockserver.core.reply import Reply, Send
from mockserver.core.signature import ID
from mockserver.core.timestamps import edge_timestamp
from mockserver.library.catalogue import Catalogue
from mockserver.service.egress import Target
from mockserver.service.fake import Fake
from mockserver.service.settings import LimitStyle, OutputForm, Settings
from mockserver.service.worlds import Worlds
from mockserver.web.front import Front
from mockserver.web.performing import body, jump, resolved


# Predictions are whatever JSON holds.
Json = dict[str, Any]
Key = tuple[str, int, int]
"""A prediction, an instant of its world, and how many events it had by then."""

CATALOGUE: Final = Catalogue()
HOOK: Final = "http://127.0.0.1:9/hook"
EVENTS: Final = ("start", "output", "logs", "completed")
MODELS: Final[Mapping[str, Json]] = {
    "black-forest-labs/flux-kontext-pro": {"prompt": "a hat"},
    "black-forest-labs/flux-dev": {"prompt": "two hats", "num_outputs": 2},
    "meta/meta-llama-3-8b-instruct": {"prompt": "tell me of hats"},
    "minimax/video-01": {"prompt": "a hat in the wind"},
}
"""One picture, several, a text in pieces, a film."""


class Act(NamedTuple):
    """Something that is done: how long it takes, or to which prediction, or to become what."""

    name: str
    ms: int = 0
    which: int = 0
    model: str = next(iter(MODELS))
    says: str = ""


class Machine:
    """The time of a machine that stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.ms = 0

    def __call__(self) -> int:
        """Milliseconds since it was started."""
        return self.ms


class TimedWorlds(Worlds):
    """Worlds whose clocks run by `machine`, and begin at one instant whatever their pace."""

    def __init__(self, given: Settings, machine: Machine) -> None:
        super().__init__(given)
        self._machine = machine

    def new_clock(self) -> Clock:
        """A clock as its settings say."""
        wanted = clock(self.settings.clock)
        return Clock(
            wanted.rate,
            start_ms=EPOCH_MS,
            looks=wanted.looks,
            jumps_when_idle=wanted.jumps_when_idle,
            real_ms=self._machine,
        )


class Life:
    """A fake whose acts and answers are remembered."""

    def __init__(self, spec: str, seed: int) -> None:
        self.machine = Machine()
        told = Settings(clock=spec, seed=seed, limits=LimitStyle.OFF, outputs=OutputForm.URL)
        self.fake = Fake(told, CATALOGUE)
        self.fake.worlds = TimedWorlds(told, self.machine)
        self.fake.courier.sender = self._receive
        self.front = Front(self.fake)
        self.world = self.fake.worlds.named("tester")
        self.letters: list[Letter] = []
        self.ids: list[str] = []
        self.heard: list[bytes] = []
        self.told: dict[Key, dict[str, Json]] = defaultdict(dict)
        self.streamed: dict[Key, bytes] = {}

    def lead(self, acts: Iterable[Json], *, surveyed: bool = False) -> None:
        """Do all of it; where time runs by itself too, nobody else delivers in between."""
        with self.world.outbox.performing:
            for act in (Act("create"), *(Act(**one) for one in acts)):
                _DO[act.name](self, act)
                self.fake.courier.perform(self.world)
                if surveyed:
                    self._survey()
            self.fake.courier.close()
            self.world.forget()

    def ask(self, method: str, target: str, asked: object = None, **headers: str) -> Reply:
        """The reply, its waits performed by moving the clock."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {
            "host": "127.0.0.1:4010",
            "authorization": "Bearer tester",
            "content-type": "application/json",
            **named,
        }
        content = b"" if asked is None else dumps(asked).encode()
        path = target.removeprefix("http://127.0.0.1:4010")
        request = Request(method, path, headers=tuple(sent.items()), body=content)
        return resolved(self.front.answer(request), jump)

    def listen(self, method: str, target: str, asked: object = None, **headers: str) -> bytes:
        """The whole body, remembered."""
        reply = self.ask(method, target, asked, **headers)
        heard = b"".join(body(reply, jump))
        self.heard.append(b"%d %b" % (reply.status, heard))
        return heard

    def one(self, act: Act) -> str:
        """The prediction that `act` is about."""
        return self.ids[act.which % len(self.ids)]

    def log(self) -> bytes:
        """Everything that happened, was asked, was answered and was posted."""
        events = [self.world.store.events(one) for one in self.ids]
        entries = list(self.world.journal)
        return "\n".join(map(repr, (*events, *entries, *self.letters, *self.heard))).encode()

    def _receive(self, _target: Target, letter: Letter) -> int:
        """Every third time out of order."""
        self.letters.append(letter)
        return 200 if len(self.letters) % 3 else 500

    def _survey(self) -> None:
        """What each channel tells now, and what the letters told of the instants before."""
        for one in self.ids:
            seen = loads(self.listen("GET", f"/v1/predictions/{one}"))
            self._tell("get", self._now(one), seen)
            page = loads(self.listen("GET", "/v1/predictions"))
            for told in page["results"]:
                self._tell("list", self._now(told["id"]), told)
            self._overhear(one)
        self.fake.courier.perform(self.world)
        posted = {letter.header(ID): letter.body for letter in self.letters}
        for delivery in self.world.outbox:
            key = delivery.prediction_id, delivery.due_ms, self._count(delivery.prediction_id)
            if delivery.id in posted:
                self._tell("webhook", key, loads(posted.pop(delivery.id)))
        self.letters.clear()

    def _overhear(self, one: str) -> None:
        """What a stream that is opened now has to say of the past."""
        key = self._now(one)
        reply = self.ask("GET", self.told[key]["get"]["urls"]["stream"])
        self.streamed[key] = b"".join(_past(reply))

    def _tell(self, channel: str, key: Key, told: Json) -> None:
        self.told[key][channel] = told

    def _now(self, one: str) -> Key:
        return one, self.world.clock.now_ms(), self._count(one)

    def _count(self, one: str) -> int:
        return len(self.world.store.events(one)[1])


def _create(life: Life, act: Act) -> None:
    asked = {"input": MODELS[act.model], "webhook": HOOK, "webhook_events_filter": EVENTS}
    preferring = {"prefer": f"wait={act.ms // 1000}"} if act.ms else {}
    target = f"/v1/models/{act.model}/predictions"
    chosen = {"x_mock_scenario": act.says or "happy", **preferring}
    life.ids.append(loads(life.listen("POST", target, asked, **chosen))["id"])


def _move(life: Life, **change: object) -> None:
    life.listen("PUT", "/__mock__/clock", change, x_mock_world="tester")


def _advance(life: Life, act: Act) -> None:
    _move(life, action="advance", seconds=act.ms / 1000)


def _elapse(life: Life, act: Act) -> None:
    life.machine.ms += act.ms


def _follow(life: Life, _: Act) -> None:
    """Go on to the instant of the next webhook."""
    next_ms = life.world.outbox.next_ms() or 0
    _move(life, action="jump", to=edge_timestamp(max(next_ms, EPOCH_MS)))


def _look(life: Life, act: Act) -> None:
    life.listen("GET", f"/v1/predictions/{life.one(act)}")


def _list(life: Life, _: Act) -> None:
    life.listen("GET", "/v1/predictions")


def _cancel(life: Life, act: Act) -> None:
    told = loads(life.listen("POST", f"/v1/predictions/{life.one(act)}/cancel"))
    key = told["id"], life.world.clock.now_ms(), len(life.world.store.events(told["id"])[1])
    life.told[key]["cancel"] = told


def _force(life: Life, act: Act) -> None:
    """It may be illegal: then it is refused, in the same words each time."""
    life.listen("PUT", f"/__mock__/predictions/{life.one(act)}/status", {"status": act.says})


def _stream(life: Life, act: Act) -> None:
    """To its end: of the prediction, or of the patience."""
    told = loads(life.listen("GET", f"/v1/predictions/{life.one(act)}"))
    life.listen("GET", told["urls"]["stream"])


_DO: Final[Mapping[str, Callable[[Life, Act], None]]] = {
    "create": _create,
    "advance": _advance,
    "elapse": _elapse,
    "follow": _follow,
    "look": _look,
    "list": _list,
    "cancel": _cancel,
    "force": _force,
    "stream": _stream,
}


def _past(reply: Reply) -> Iterator[bytes]:
    """What a stream sends at once."""
    yield reply.body
    for part in reply.script:
        if not isinstance(part, Send):
            return
        yield part.data


@pytest.fixture(scope="session")
def lives() -> Callable[[str, int], Life]:
    """Begins a life by a clock and a seed."""
    return Life
