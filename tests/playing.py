"""A client of a cassette, without a socket: its rhythm is the world's time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from mockserver.contract.cassettes.distil import distilled
from mockserver.core.cassette import Cassette
from mockserver.core.interaction import Request
from mockserver.core.reply import Reply
from mockserver.service.fake import Fake
from mockserver.service.settings import Settings
from mockserver.web.front import Front
from mockserver.web.performing import body, jump, resolved
from mockserver.web.replay.tape import Tape
from tests.recording import CATALOGUE, FLUX, PROMPT, TOKEN, Recording


@dataclass
class Listener:
    """Somebody who asks a fake that plays a cassette."""

    front: Front
    prefix: str = "/v1"

    @property
    def tape(self) -> Tape:
        """What plays for them."""
        assert self.front.player is not None
        return tuple(self.front.player.tapes)[-1]

    @property
    def now_ms(self) -> int:
        """Their time."""
        return self.front.fake.worlds.named(TOKEN).clock.now_ms()

    def wait(self, ms: int) -> None:
        """Let so much time pass."""
        self.front.fake.worlds.named(TOKEN).clock.advance(ms)

    def ask(
        self,
        method: str,
        path: str,
        given: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[Reply, bytes]:
        """The reply, and its body heard to the end."""
        sent = {"host": "127.0.0.1:4010", "authorization": f"Bearer {TOKEN}", **(headers or {})}
        data = b"" if given is None else json.dumps(given).encode()
        path, _, query = path.removeprefix("http://127.0.0.1:4010").partition("?")
        request = Request(method, path, query, tuple(sent.items()), data)
        reply = resolved(self.front.answer(request), jump)
        return reply, b"".join(body(reply, jump))

    def create(
        self,
        given: object = None,
        headers: Mapping[str, str] | None = None,
        model: str = FLUX,
    ) -> Any:
        """The prediction that a create call is answered with."""
        path = f"{self.prefix}/models/{model}/predictions"
        return json.loads(self.ask("POST", path, given or PROMPT, headers)[1])

    def until_ended(self, made: Any, rhythm_ms: int, looks: int = 10_000) -> Any:
        """What the first look finds that finds it ended."""
        for _ in range(looks):
            self.wait(rhythm_ms)
            seen = json.loads(self.ask("GET", made["urls"]["get"])[1])
            if seen["status"] not in ("starting", "processing"):
                return seen
        raise AssertionError(f"{looks} looks did not see the end")


def kept(recording: Recording) -> Cassette:
    """The cassette of a recording, its lives distilled."""
    cassette = recording.cassette
    return replace(cassette, jobs=distilled(cassette, recording.profile).jobs)


def played(recorded: Recording | Cassette, *, new_ids: bool = False) -> Listener:
    """Plays a recording, or a cassette, on a clock that only a hand moves."""
    cassette = kept(recorded) if isinstance(recorded, Recording) else recorded
    front = Front(Fake(Settings(clock="manual", gateway=cassette.gateway), CATALOGUE))
    front.play(cassette, new_ids=new_ids)
    return Listener(front, CATALOGUE.gateway(cassette.gateway).base_path)
