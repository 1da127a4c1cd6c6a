"""A client in this process meets one case, in no time."""

from __future__ import annotations

import asyncio
import inspect
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

import httpx

from mockserver.audit.api import Api
from mockserver.audit.observing import TOKEN, Observed, fake_of, spoil
from mockserver.audit.outputs import outputs_of
from mockserver.audit.pace import OWN_SHARE
from mockserver.audit.transport import WatchedTransport
from mockserver.audit.virtual import OutOfPatience, VirtualTime
from mockserver.contract.consumer import result
from mockserver.contract.consumer.cases import Case
from mockserver.contract.consumer.conduct import Conduct, End, How
from mockserver.contract.consumer.result import Result
from mockserver.intercept.environment import ADDRESSES
from mockserver.library.catalogue import Catalogue
from mockserver.library.faults.kinds import MOUNT
from mockserver.mount import FakeTransport
from mockserver.service.handle import Handle
from mockserver.web.front import Front


if TYPE_CHECKING:
    from mockserver.library.models import Model

HOST: Final = "api.mockserver.test"
"""Where the client is pointed at: a host that is neither upstream's nor anybody's."""
LATE_S: Final = 60.0
"""How long a client may go on beyond its deadline, to cancel and to say why."""

Client = Callable[[Api, str, Mapping[str, object]], Any]
"""Makes one prediction of a model with an input; it may be a coroutine function."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Who is tried, and with what. `errors` are the client's own; none: all but Python's."""

    client: Client
    model: Model
    input: Mapping[str, object]
    catalogue: Catalogue
    gateway: str = "replicate"
    deadline_s: float = 1_800.0
    seed: int = 0
    errors: tuple[type[BaseException], ...] = ()


def met(trial: Trial, case: Case) -> Conduct:
    """What the client did when it met `case`, which can be had behind a mount."""
    # Asked once, so that every fake has it from the catalogue that they share.
    trial.catalogue.gateway_of_host(HOST)
    front = Front(fake_of(case, trial.catalogue, trial.gateway, trial.seed, "manual"))
    handle = _Mounted(front.fake, TOKEN)
    spoil(handle, case)
    base_path = trial.catalogue.gateway(trial.gateway).base_path
    deadline_ms = round(trial.deadline_s * 1000)
    observed = Observed(handle, f"https://{HOST}{base_path}", deadline_ms)
    clock = handle.world.clock
    its_time = VirtualTime(clock.advance, clock.now_ms, deadline_ms + round(LATE_S * 1000))
    transport = WatchedTransport(front, its_time)
    own_s = trial.deadline_s * OWN_SHARE
    api = Api(observed.base_url, TOKEN, env_of(observed.base_url, own_s), own_s, transport)
    with _everywhere(transport), patch.dict(os.environ, api.env):
        end = _ended(trial, api, observed, its_time)
    conduct = observed.conduct(end)
    handle.faults.clear()
    return replace(conduct, files=files_of(conduct, front)) if tells_bytes(end) else conduct


def audited(trial: Trial, case: Case) -> Result:
    """What the client did in `case`, judged; or why the case cannot be had behind a mount."""
    return result.audited(case, MOUNT, partial(met, trial))


class _Mounted(Handle):
    """A world behind a client's own transport."""

    means = MOUNT


def env_of(base_url: str, own_s: float) -> dict[str, str]:
    """The variables by which official clients find the fake, and how long one ought to take.

    Source: the clients' own code, as told in `cli/execute.py`.
    """
    return {
        "REPLICATE_API_TOKEN": TOKEN,
        "REPLICATE_API_KEY": TOKEN,
        **dict.fromkeys(ADDRESSES, base_url),
        "MOCKSERVER_DEADLINE_S": f"{own_s:g}",
    }


def _ended(trial: Trial, api: Api, observed: Observed, its_time: VirtualTime) -> End:
    with its_time.entered():
        try:
            value = called(trial, api)
            outputs = outputs_of(value)
        except OutOfPatience:
            return End(How.HUNG, observed.took_ms())
        except (Exception, SystemExit) as error:  # noqa: BLE001 - it is what we want to see
            return raised(error, trial, observed.took_ms())
        finally:
            its_time.over = True
    return End(How.RETURNED, observed.took_ms(), outputs)


def called(trial: Trial, api: Api) -> object:
    """What the client gives back, awaited where it has to be."""
    given = trial.client(api, trial.model.full_name, dict(trial.input))
    if not inspect.iscoroutine(given):
        return given
    return asyncio.run(given)


def raised(error: BaseException, trial: Trial, took_ms: int) -> End:
    """The end of a client that raised an error."""
    sort = type(error)
    if trial.errors:
        own = isinstance(error, trial.errors)
    else:
        own = sort.__module__.partition(".")[0] not in sys.stdlib_module_names | {"builtins"}
    module = "" if sort.__module__ == "builtins" else f"{sort.__module__}."
    name = f"{module}{sort.__qualname__}"
    return End(How.RAISED, took_ms, None, name, own, "\n".join(_said(error)))


def _said(error: BaseException) -> Iterator[str]:
    """Everything that an error tells whoever catches it."""
    yield str(error)
    for value in vars(error).values():
        yield str(value)
        text = getattr(value, "text", "")
        yield text if isinstance(text, str) else ""


@contextmanager
def _everywhere(transport: WatchedTransport) -> Iterator[None]:
    """Leads every httpx client to the fake, whatever host it calls."""
    import respx

    router = respx.mock(assert_all_called=False)
    router.route().mock(side_effect=transport.respond)
    with router:
        yield


def tells_bytes(end: End) -> bool:
    """Whether the client gave back what it downloaded."""
    return any(isinstance(one, bytes) for one in end.outputs or ())


def files_of(conduct: Conduct, front: Front) -> dict[str, bytes]:
    """The files behind all addresses of outputs that the client was told."""
    with httpx.Client(transport=FakeTransport(front)) as client:
        addresses = {call.request.path for call in conduct.calls}
        return {
            path: client.get(f"https://{HOST}{path}").content
            for path in addresses
            if path.startswith("/delivery/")
        }
