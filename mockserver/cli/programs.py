"""A program runs once in a case of an audit: against a fake of its own, for a bounded time."""

from __future__ import annotations

import builtins
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from re import MULTILINE
from re import compile as pattern
from typing import TYPE_CHECKING, Final

from mockserver.audit.pace import OWN_SHARE, RATE
from mockserver.cli.execute import environment
from mockserver.cli.intercept import led


if TYPE_CHECKING:
    from mockserver.contract.consumer.cases import Case
    from mockserver.contract.consumer.conduct import Conduct, End, Outputs
    from mockserver.contract.consumer.result import Result
    from mockserver.intercept.proxy import Interception
    from mockserver.library.catalogue import Catalogue
    from mockserver.service.fake import Fake

_DYING_S: Final = 2.0
_KEPT_CHARS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Program:
    """What is run, and what its cases have in common.

    It has `deadline_s` real seconds, and runs in `folder`. `tells_outputs`: each line of its
    stdout is an output, as an address or as the name of a file. With `intercept` the gateways'
    own hosts lead to the fake.
    """

    command: Sequence[str]
    catalogue: Catalogue
    gateway: str
    deadline_s: float
    seed: int
    tells_outputs: bool = False
    folder: Path | None = None
    intercept: bool = False
    running: set[subprocess.Popen[bytes]] = field(default_factory=set)

    def audited(self, case: Case) -> Result:
        """What the program did in `case`, judged; or why the case cannot be had."""
        from mockserver.contract.consumer.result import audited
        from mockserver.library.faults.kinds import SERVER

        return audited(case, SERVER, self._met)

    def stop(self) -> None:
        """End whatever still runs."""
        for process in tuple(self.running):
            _ended(process)

    def _met(self, case: Case) -> Conduct:
        from mockserver.audit.observing import TOKEN, Observed
        from mockserver.audit.served import served

        with (
            served(case, self.catalogue, self.gateway, self.seed) as (server, world),
            self._intercepted(world.fake) as proxy,
        ):
            home = self._home() if proxy else server.base_url
            observed = Observed(world, home, round(self.deadline_s * 1000), RATE)
            given = environment(server.url, TOKEN, os.environ)
            given = led(given, proxy) if proxy else given
            own_s = f"{self.deadline_s * OWN_SHARE:g}"
            ran = self._run({**os.environ, **given, "MOCKSERVER_DEADLINE_S": own_s})
            return observed.conduct(self._end(ran, observed.took_ms()))

    def _intercepted(self, fake: Fake) -> AbstractContextManager[Interception | None]:
        """A proxy for a program whose hosts are fixed."""
        if not self.intercept:
            return nullcontext()
        from mockserver.intercept.proxy import intercepting

        return intercepting(fake, fault="")

    def _home(self) -> str:
        """Where a program calls the API that has the gateway's own address."""
        gateway = self.catalogue.gateway(self.gateway)
        return f"https://{gateway.hosts[0]}{gateway.base_path}"

    def _run(self, environ: Mapping[str, str]) -> _Ran:
        process = subprocess.Popen(  # noqa: S603 - it is what the user asks for
            self.command,
            env=environ,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self.running.add(process)
        try:
            told, said = process.communicate(timeout=self.deadline_s)
        except subprocess.TimeoutExpired:
            _ended(process)
            told, said = process.communicate()
            return _Ran(None, told, said)
        finally:
            self.running.discard(process)
        return _Ran(process.returncode, told, said)

    def _end(self, ran: _Ran, took_ms: int) -> End:
        from mockserver.contract.consumer.conduct import End, How

        said = ran.said.decode(errors="replace")[-_KEPT_CHARS:]
        if ran.code is None:
            return End(How.HUNG, took_ms, said=said)
        if ran.code == 0:
            outputs = _outputs(ran.told.decode(errors="replace")) if self.tells_outputs else None
            return End(How.RETURNED, took_ms, outputs)
        error = _error(said) or f"an error (exit code {ran.code})"
        return End(How.RAISED, took_ms, None, error, not _is_crash(error), said)


@dataclass(frozen=True, slots=True)
class _Ran:
    """How a program ended: its code (None: it was ended), its stdout and its stderr."""

    code: int | None
    told: bytes
    said: bytes


def _ended(process: subprocess.Popen[bytes]) -> None:
    """End a program and all that it started, gently first."""
    for how in ("SIGTERM", "SIGKILL"):
        number = getattr(signal, how, None)
        if number is None or not hasattr(os, "killpg"):
            process.kill()
            return
        try:
            os.killpg(process.pid, number)
            process.wait(_DYING_S)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
        return


def _outputs(text: str) -> Outputs | None:
    """The outputs that a program printed, one in a line."""
    from mockserver.audit.outputs import outputs_of

    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return outputs_of([_output(line) for line in lines])


def _output(line: str) -> str | Path:
    is_address = line.startswith(("http://", "https://", "data:"))
    return line if is_address or not Path(line).is_file() else Path(line)


_NAMED: Final = pattern(
    r"^(?:Uncaught )?([A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit|Timeout|Expired))\b",
    MULTILINE,
)
"""How Python and Node begin the line that names an error."""


def _error(said: str) -> str:
    """The last error that a program named on stderr, if it named one."""
    names = _NAMED.findall(said)
    return str(names[-1]) if names else ""


def _is_crash(error: str) -> bool:
    """Whether nobody but the language itself defines such an error."""
    top, dot, _ = error.partition(".")
    if error in _NODES or (not dot and hasattr(builtins, error)):
        return True
    return bool(dot) and top in sys.stdlib_module_names


_NODES: Final = frozenset({"RangeError", "ReferenceError", "URIError", "EvalError"})
"""Those of JavaScript that Python has not. Source: ECMA-262, 20.5.5."""
