"""A client in this process meets one case over a socket: in real time, of which it has little."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Thread
from typing import Final
from unittest.mock import patch

from mockserver.audit.api import Api
from mockserver.audit.inprocess import Trial, called, env_of, files_of, raised, tells_bytes
from mockserver.audit.observing import TOKEN, Observed, fake_of, spoil
from mockserver.audit.outputs import outputs_of
from mockserver.audit.pace import OWN_SHARE, RATE
from mockserver.audit.virtual import OutOfPatience
from mockserver.contract.consumer import result
from mockserver.contract.consumer.cases import Case
from mockserver.contract.consumer.conduct import Conduct, End, How
from mockserver.contract.consumer.result import Result
from mockserver.library.catalogue import Catalogue
from mockserver.library.faults.kinds import SERVER
from mockserver.live import LiveServer, LiveWorld, serve


_DYING_S: Final = 5.0
"""How long a client may take to notice that it is not waited for any more."""


@contextmanager
def served(
    case: Case, catalogue: Catalogue, gateway: str, seed: int
) -> Iterator[tuple[LiveServer, LiveWorld]]:
    """A server for one case, whose time is scaled, and the world that the client will be in."""
    with serve(fake=fake_of(case, catalogue, gateway, seed, f"scaled:{RATE}")) as server:
        world = server.world(TOKEN)
        spoil(world, case)
        yield server, world


def met(trial: Trial, case: Case) -> Conduct:
    """What the client did when it met `case`: it has `deadline_s` real seconds."""
    with served(case, trial.catalogue, trial.gateway, trial.seed) as (server, world):
        own_s = trial.deadline_s * OWN_SHARE
        env = env_of(server.base_url, own_s)
        observed = Observed(world, server.base_url, round(trial.deadline_s * 1000), RATE)
        run = _Run(trial, Api(server.base_url, TOKEN, env, own_s), observed)
        with patch.dict(os.environ, env):
            end = run.to_its_end()
        conduct = observed.conduct(end)
        world.faults.clear()
        files = files_of(conduct, server.front) if tells_bytes(end) else {}
    # Whoever waits for an answer notices only now, when its connection is gone.
    run.thread.join(_DYING_S)
    return replace(conduct, files=files)


def audited(trial: Trial, case: Case) -> Result:
    """What the client did in `case`, judged; or why the case cannot be had."""
    return result.audited(case, SERVER, partial(met, trial))


@dataclass(slots=True)
class _Run:
    """A client that runs in a thread of its own, so that it can be left behind."""

    trial: Trial
    api: Api
    observed: Observed
    ends: list[End] = field(default_factory=list)
    thread: Thread = field(init=False)

    def to_its_end(self) -> End:
        """How it ends, if it does so in time."""
        self.thread = Thread(target=self._run, name="client", daemon=True)
        self.thread.start()
        self.thread.join(self.trial.deadline_s)
        if self.ends:
            return self.ends[0]
        _interrupt(self.thread)
        return End(How.HUNG, self.observed.took_ms())

    def _run(self) -> None:
        try:
            outputs = outputs_of(called(self.trial, self.api))
        except OutOfPatience:
            return
        except (Exception, SystemExit) as error:  # noqa: BLE001 - it is what we want to see
            self.ends.append(raised(error, self.trial, self.observed.took_ms()))
        else:
            self.ends.append(End(How.RETURNED, self.observed.took_ms(), outputs))


def _interrupt(thread: Thread) -> None:
    """Let the thread raise `OutOfPatience` as soon as it runs Python again.

    Source: Python/C API, PyThreadState_SetAsyncExc.
    """
    ident = ctypes.c_ulong(thread.ident or 0)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(OutOfPatience))
