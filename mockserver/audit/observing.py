"""What a world saw of a client, as the probes read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from mockserver.contract.consumer.cases import POLLED, Case
from mockserver.contract.consumer.conduct import Call, Conduct, End, Job
from mockserver.contract.reading import read
from mockserver.core.fault import Operation
from mockserver.library.catalogue import Catalogue
from mockserver.library.faults import catalogue as faults
from mockserver.library.gateways import Gateway
from mockserver.service.fake import Fake
from mockserver.service.handle import Handle
from mockserver.service.journal import Entry, Journal
from mockserver.service.settings import RunLimit, Settings


TOKEN: Final = "a-token-of-the-audit"  # noqa: S105 - it opens our own fake
"""Long enough to be found wherever it is sent."""


def fake_of(case: Case, catalogue: Catalogue, gateway: str, seed: int, clock: str) -> Fake:
    """A fake of a gateway, in which predictions live through the scenario of `case`."""
    settings = Settings(
        gateway=gateway,
        clock=clock,
        seed=seed,
        scenario=case.scenario,
        run_limit=RunLimit.NONE,
    )
    fake = Fake(settings, catalogue)
    if case.script is not None:
        fake.catalogue.add_scenario(case.script)
    return fake


def spoil(handle: Handle, case: Case) -> None:
    """Let go wrong in a world what goes wrong in `case`."""
    for fault in faults.checked(case.fault):
        handle.fault(str(fault))


@dataclass(frozen=True, slots=True)
class Observed:
    """A world in which one client runs, from its beginning on. `rate` is that of its clock."""

    handle: Handle
    base_url: str
    deadline_ms: int
    rate: float = 1.0
    began_ms: int = field(init=False)

    def __post_init__(self) -> None:
        world, fake = self.handle.world, self.handle.fake
        world.journal, fake.lobby = _journal(), _journal()
        # Requests of nobody are told by the same time, so that all are in one order.
        fake.lobby_clock = world.clock
        object.__setattr__(self, "began_ms", self.handle.clock.now_ms)

    def took_ms(self) -> int:
        """How much of the client's own time has passed."""
        return self.client_ms(self.handle.clock.now_ms)

    def client_ms(self, world_ms: int) -> int:
        """A time of the world as the client has it."""
        return round((world_ms - self.began_ms) / self.rate)

    def conduct(self, end: End) -> Conduct:
        """All that is known of the client, which has come to this `end`."""
        jobs = tuple(self._jobs())
        return Conduct(
            base_url=self.base_url,
            token=self.handle.token,
            calls=tuple(self._calls({job.prediction_id: job.at_ms for job in jobs})),
            jobs=jobs,
            end=end,
            deadline_ms=self.deadline_ms,
            usd=self.handle.ledger.balance.usd,
        )

    def _calls(self, created_ms: Mapping[str, int]) -> list[Call]:
        """The calls in the order in which they came."""
        known = [self._call(entry, created_ms, known=True) for entry in self.handle.journal]
        lobby = self.handle.fake.lobby
        strangers = [self._call(entry, created_ms, known=False) for entry in lobby]
        return sorted((*known, *strangers), key=lambda call: call.at_ms)

    def _call(self, entry: Entry, created_ms: Mapping[str, int], *, known: bool) -> Call:
        asked, seen = entry.asked, entry.interaction
        call = Call(
            interaction=read(self._gateway(asked.gateway), seen) if asked.gateway else seen,
            operation=asked.operation,
            at_ms=self.client_ms(seen.at_ms),
            kinds=tuple(kind for key in entry.faults for kind in kinds_of(key) if kind != POLLED),
            prediction_id=asked.prediction_id,
            known=known,
            unmatched=entry.unmatched,
        )
        # A create call may be held for long, and stands in the journal when it is answered.
        came_ms = created_ms.get(call.told.id) if asked.operation is Operation.CREATE else None
        return call if came_ms is None else replace(call, at_ms=self.client_ms(came_ms))

    def _gateway(self, name: str) -> Gateway:
        return self.handle.fake.catalogue.gateway(name)

    def _jobs(self) -> Iterator[Job]:
        for made in self.handle.predictions():
            at_ms = round(made.created_at.timestamp() * 1000)
            yield Job(made.id, made.model, made.status, at_ms, made.input)


def _journal() -> Journal:
    """One that keeps what is judged by: answers whole, and more of them than any client asks."""
    return Journal(_KEPT, body_bytes=_KEPT_BODY_BYTES)


_KEPT: Final = 20_000
_KEPT_BODY_BYTES: Final = 4_000_000
"""A sync answer carries pictures."""


def kinds_of(key: str) -> tuple[str, ...]:
    """The kinds that a journal means by the name of a fault."""
    return tuple(member.name for member in faults.members(key.rpartition("-")[0]))
