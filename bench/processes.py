"""Other processes: servers to measure, commands to time, functions that need memory alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from time import perf_counter
from typing import IO, Final, ParamSpec, TypeVar, cast

from orjson import loads


_P = ParamSpec("_P")
_R = TypeVar("_R")

SERVER_CORE: Final = 0
LOADER_CORE: Final = 1


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process has used since it began."""

    cpu_s: float
    rss_bytes: int


class Serving:
    """A server of `bench.serving` that runs in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._input = cast("IO[str]", process.stdin)
        self._output = cast("IO[str]", process.stdout)
        told = loads(self._output.readline())
        self.port: int = told["port"]
        self.path: str = told["path"]

    def usage(self) -> Usage:
        """What it has used so far."""
        self._input.write("\n")
        self._input.flush()
        return Usage(**loads(self._output.readline()))


def started(
    *command: str, core: int | None = None, env: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    """The process of `command`, its pipes open; kept to one `core` where that can be done."""
    process = subprocess.Popen(  # noqa: S603 - what is measured are our own commands
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=env,
    )
    if core is not None and core < len(_cores()):
        os.sched_setaffinity(process.pid, {_cores()[core]})
    return process


@contextmanager
def serving(kind: str) -> Iterator[Serving]:
    """`bench.serving` as `kind`: fake, raw or real."""
    with started(sys.executable, "-m", "bench.serving", kind, core=SERVER_CORE) as process:
        yield Serving(process)
        cast("IO[str]", process.stdin).close()


def output(*command: str, core: int | None = None, env: Mapping[str, str] | None = None) -> str:
    """What `command` prints. Raises `RuntimeError` if it fails."""
    process = started(*command, core=core, env=env)
    printed, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with exit code {process.returncode}")
    return printed


def seconds(*command: str, env: Mapping[str, str] | None = None) -> float:
    """How long `command` takes from its start to its end."""
    began = perf_counter()
    output(*command, env=env)
    return perf_counter() - began


def apart(function: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs) -> _R:
    """What `function` returns in a fresh process, where nothing else has used memory."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *args, **kwargs).result()


def _cores() -> list[int]:
    """The processors we may use; none where a process cannot be kept to one."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
