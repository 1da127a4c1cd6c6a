"""Jobs as an app hears of them, told by the fake itself: nothing in them is written by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import httpx

from mockserver.contract.hooks.story import CREATED, POLL, Job, Part, Story, Via, numbered
from mockserver.core import readers
from mockserver.core.letter import Letter
from mockserver.examine import given_to, model_called
from mockserver.library.catalogue import Catalogue
from mockserver.library.errors import LibraryError
from mockserver.library.models import Model
from mockserver.library.sample import Sampler
from mockserver.live import LiveServer, LiveWorld, serve
from mockserver.mount import FakeTransport
from mockserver.service import predictions
from mockserver.service.egress import Target
from mockserver.service.fake import Fake
from mockserver.service.settings import Settings


LONGEST_MS: Final = 3_600_000
"""How much is told of a life that never ends."""
ANYWHERE: Final = frozenset({"0.0.0.0/0", "::/0"})
"""Where webhooks may go that nobody posts to their addresses."""
PROMPT: Final = "a lighthouse at dusk, café, 灯台"
"""With letters that JSON may spell in several ways."""


class Teller:
    """Tells jobs of one fake, and serves their files as long as its server listens."""

    def __init__(self, server: LiveServer) -> None:
        self._server = server
        self._posted: list[Letter] = []
        self._told = 0
        server.fake.courier.sender = self._keep

    def story(self, job: Job) -> Story:
        """The job from its creation to its end. Raises `LibraryError` for what there is not."""
        self._posted.clear()
        self._told += 1
        token = f"story-{self._told}"
        world = self._server.world(token, scenario=job.scenario, seed=job.seed)
        if job.begins_ms is not None:
            world.world.clock.jump(job.begins_ms)
        begun_ms = world.clock.now_ms
        authorization = {"Authorization": f"Bearer {token}"}
        with httpx.Client(
            transport=FakeTransport(self._server.front), headers=authorization
        ) as api:
            made = self._made(api, world, job)
            created = Part(CREATED, Via.ANSWER, Letter((), made.content))
            polls = tuple(_polls(api, world, created, begun_ms, job.polls))
        heard = sorted((*self._hooks(world, begun_ms), *polls), key=lambda part: part.at_ms)
        return Story(str(created.prediction["id"]), job.model, (created, *heard))

    def _keep(self, _target: Target, letter: Letter) -> int:
        self._posted.append(letter)
        return 200

    def _made(self, api: httpx.Client, world: LiveWorld, job: Job) -> httpx.Response:
        model = model_called(self._server.fake.catalogue, job.model)
        asked = {
            "version": model.version_id,
            "input": _given(model, job.seed),
            "webhook": job.webhook,
            "webhook_events_filter": sorted(job.events),
        }
        made = api.post(f"{world.base_url}/predictions", json=asked)
        if not made.is_success:
            raise LibraryError(f"the fake created nothing: {made.status_code} {made.text}")
        return made

    def _hooks(self, world: LiveWorld, begun_ms: int) -> Iterator[Part]:
        """The webhooks that the fake would have posted, each called after its event."""
        told = world.deliveries()
        names = numbered(tuple(str(one.event) for one in told))
        for name, one, letter in zip(names, told, self._posted, strict=True):
            yield Part(name, Via.HOOK, letter, one.due_ms - begun_ms)


@contextmanager
def telling(catalogue: Catalogue | None = None) -> Iterator[Teller]:
    """A teller whose files can be fetched until the end of the `with` block."""
    settings = Settings(clock="manual", allowed_webhooks=ANYWHERE)
    with serve(fake=Fake(settings, catalogue)) as server:
        yield Teller(server)


def _given(model: Model, seed: int) -> dict[str, object]:
    """An input that the model takes: what it asks for, and a prompt in several scripts."""
    # A JSON Schema is a tree of whatever JSON can hold.
    schema: Mapping[str, Any] = model.input_schema
    sampler = Sampler(seed, lambda number: f"https://example.com/{number}")
    drawn = {
        name: sampler.value(schema["properties"][name]) for name in schema.get("required", ())
    }
    given = drawn | given_to(model)
    return given | ({"prompt": PROMPT} if "prompt" in given else {})


def _polls(
    api: httpx.Client, world: LiveWorld, created: Part, begun_ms: int, wanted: int
) -> Iterator[Part]:
    """So many looks at equal distances, the last one at the end; time goes on to the end."""
    prediction_id = str(created.prediction["id"])
    seen = predictions.look(world.world, prediction_id, now_ms=begun_ms)
    end = readers.ending(seen.moments)
    lasts_ms = LONGEST_MS if end is None else end.after_ms
    for number, name in enumerate(numbered((POLL,) * wanted), start=1):
        at_ms = lasts_ms * number // wanted
        _go_on(world, begun_ms + at_ms)
        looked = api.get(f"{world.base_url}/predictions/{prediction_id}")
        yield Part(name, Via.POLL, Letter((), looked.content), at_ms)
    _go_on(world, begun_ms + lasts_ms)


def _go_on(world: LiveWorld, to_ms: int) -> None:
    world.clock.advance((to_ms - world.clock.now_ms) / 1000)
