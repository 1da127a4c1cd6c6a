"""Our fake as the upstream of a gateway under exam: started, printed, read, made to fail."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

import click

from mockserver.cli.output import Failure, say


if TYPE_CHECKING:
    import httpx

    from mockserver.contract.exam import Exam
    from mockserver.core.interaction import Interaction
    from mockserver.live import LiveServer
    from mockserver.service.journal import Journal

PORT: Final = 4011
"""Beside that of `mockserver serve`, which may run as well."""
_LOOK_S: Final = 0.1
_CONTROL: Final = "/__mock__/faults"


@dataclass(slots=True)
class OurUpstream:
    """A fake that listens, as an exam sees it: everything that arrives in any of its worlds."""

    server: LiveServer
    client: httpx.Client
    _read: dict[str, int] = field(default_factory=dict)
    """How many interactions of each world were told."""

    @property
    def url(self) -> str:
        """Its root, without a slash at its end."""
        return self.server.url

    def news(self) -> tuple[Interaction, ...]:
        """What arrived since this was asked last, in any world, and in none."""
        fake = self.server.fake
        journals = {"": fake.lobby, **{world.key: world.journal for world in fake.worlds}}
        found = [one for key, journal in journals.items() for one in self._new(key, journal)]
        return tuple(sorted(found, key=lambda one: one.at_ms))

    def fail(self, fault: str) -> None:
        """Let `fault` strike in every world, by the control API."""
        self.client.post(self.url + _CONTROL, json={"fault": fault}).raise_for_status()

    def mend(self) -> None:
        """Forget every fault."""
        self.client.delete(self.url + _CONTROL).raise_for_status()

    def _new(self, key: str, journal: Journal) -> Iterator[Interaction]:
        known = self._read.get(key, 0)
        for entry in journal:
            if entry.number > known:
                self._read[key] = entry.number
                yield entry.interaction


@contextmanager
def behind(exam: Exam, port: int) -> Iterator[None]:
    """An upstream behind the gateway under `exam`; at `port` 0 somebody is given time to tell it.

    Raises `Failure` if nothing arrived there: then the gateway leads elsewhere.
    """
    from mockserver.live import serve

    with serve(port=port) as server, watched(exam, server) as upstream:
        say(f"upstream listens on {server.url}; the gateway's base URL is {server.base_url}")
        if port == 0:
            _wait(upstream, exam.deadline_s)
        yield
        if not any(one.behind for one in exam.exchanges):
            raise Failure(f"nothing arrived at {server.url}: does the gateway lead there?")


@contextmanager
def watched(exam: Exam, server: LiveServer) -> Iterator[OurUpstream]:
    """Let the exam see what arrives at `server`, and look out for what must not."""
    import httpx

    from mockserver.contract.cases.both_ends import KEY, OTHER_KEY, SECRETS

    with httpx.Client() as client:
        exam.upstream = upstream = OurUpstream(server, client)
        upstream.news()
        keys = {KEY: exam.provider.token, OTHER_KEY: exam.other_token}
        exam.canaries = {**{name: key for name, key in keys.items() if key}, **SECRETS}
        yield upstream


def bound(ctx: click.Context, most: int, needed: int) -> int:
    """How many predictions may be made: those that are `needed`, unless somebody said `most`.

    They are those of our own upstream, which cost nothing.
    """
    said = ctx.get_parameter_source("max_predictions")
    return max(most, needed) if said is click.core.ParameterSource.DEFAULT else most


def _wait(upstream: OurUpstream, seconds: float) -> None:
    """Until something arrives, or somebody presses Enter. Raises `Failure` when time is up."""
    confirmed = Event()
    say("waiting until something arrives there; or press Enter")
    Thread(target=_confirm, args=(confirmed,), daemon=True).start()
    for _ in range(round(seconds / _LOOK_S)):
        if confirmed.wait(_LOOK_S) or upstream.news():
            return
    raise Failure(f"nothing arrived at {upstream.url} in {seconds:g} s")


def _confirm(confirmed: Event) -> None:
    """Tell of a line that was typed; an input that has ended is no answer."""
    if sys.stdin.readline():
        confirmed.set()
