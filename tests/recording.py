"""Recordings of our own fake, made without a socket: at any rhythm, in no time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mockserver.core.cassette import Cassette, Part, Recorded
from mockserver.core.interaction import Interaction, Request
from mockserver.core.reply import Reply
from mockserver.library.catalogue import Catalogue
from mockserver.service.fake import Fake
from mockserver.service.settings import Settings
from mockserver.web.front import Front
from mockserver.web.performing import body, jump, resolved


CATALOGUE: Final = Catalogue()
TOKEN: Final = "r8_0fBq3mX7vB4kT1nW8zR5cY3hL6jD0sG2pA4eU"
FLUX: Final = "black-forest-labs/flux-schnell"
PROMPT: Final = {"input": {"prompt": "a lighthouse"}}


@dataclass
class Recording:
    """A client of a fake, everything it says and hears, and its hand on the fake's clock."""

    gateway: str = "replicate"
    recorded: list[Recorded] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.front = Front(Fake(Settings(clock="manual", gateway=self.gateway), CATALOGUE))
        self.profile = CATALOGUE.gateway(self.gateway)
        self.world = self.front.fake.worlds.named(TOKEN)
        self.begun_ms = self.world.clock.now_ms()
        self.prefix = self.profile.base_path
        self.host = self.profile.hosts[0]

    @property
    def cassette(self) -> Cassette:
        """What was recorded so far."""
        return Cassette(
            f"https://{self.host}{self.prefix}",
            self.gateway,
            self.begun_ms,
            None,
            tuple(self.recorded),
        )

    def ask(
        self,
        method: str,
        path: str,
        given: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """The JSON of an answer, whose exchange is recorded."""
        self.exchange(method, path, given, headers)
        return json.loads(self.recorded[-1].seen.response_body)

    def exchange(
        self,
        method: str,
        path: str,
        given: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Recorded:
        """The exchange, recorded; a stream is heard to its end."""
        sent = {"host": self.host, "authorization": f"Bearer {TOKEN}", **(headers or {})}
        data = b"" if given is None else json.dumps(given).encode()
        request = Request(method, path, "", tuple(sent.items()), data, "https")
        asked_ms = self.now_ms
        reply = resolved(self.front.answer(request), jump)
        took_ms = self.now_ms - asked_ms
        parts = tuple(
            Part(self.now_ms - asked_ms, data) for data in body(reply, jump) if reply.script
        )
        return self._keep(request, reply, asked_ms, took_ms, parts)

    def wait(self, ms: int) -> None:
        """Let so much time pass."""
        self.world.clock.advance(ms)

    @property
    def now_ms(self) -> int:
        """The time since the recording began."""
        return self.world.clock.now_ms() - self.begun_ms

    def create(
        self,
        scenario: str = "happy",
        given: object = None,
        model: str = FLUX,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """A prediction that lives through `scenario`."""
        told = {"x-mock-scenario": scenario, **(headers or {})}
        path = f"{self.prefix}/models/{model}/predictions"
        return self.ask("POST", path, PROMPT if given is None else given, told)

    def look(self, prediction_id: str) -> Any:
        """The prediction as it is now."""
        return self.ask("GET", f"{self.prefix}/predictions/{prediction_id}")

    def poll(self, prediction_id: str, waits_ms: Iterable[int]) -> None:
        """Look again after each of these waits."""
        for wait_ms in waits_ms:
            self.wait(wait_ms)
            self.look(prediction_id)

    def _keep(
        self,
        request: Request,
        reply: Reply,
        asked_ms: int,
        took_ms: int,
        parts: tuple[Part, ...],
    ) -> Recorded:
        data = b"".join(part.data for part in parts) if parts else reply.body
        seen = Interaction(request, reply.status, reply.headers, data, asked_ms)
        self.recorded.append(Recorded(seen, took_ms, parts))
        return self.recorded[-1]


def polled(waits_ms: Iterable[int], gateway: str = "replicate", **made: Any) -> Recording:
    """A prediction, created as `made` says, and looked at after each of these waits."""
    recording = Recording(gateway)
    recording.poll(recording.create(**made)["id"], waits_ms)
    return recording
