"""How soon the commands and the plugin are there, next to an import everybody knows."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from http.client import HTTPConnection
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import IO, Final, cast

from orjson import loads

from bench import example, processes
from bench.report import Row, Rows, median_ratio


ROUNDS: Final = 15
SERVE_AT_MOST: Final = 1.2
HELP_AT_MOST: Final = 2.0
PLUGIN_AT_MOST_MS: Final = 20.0
_MOCKSERVER: Final = (sys.executable, "-m", "mockserver")
_PLUGIN: Final = """
import pytest, time
began = time.perf_counter()
import mockserver.plugin
print(time.perf_counter() - began)
"""

_Env = Mapping[str, str]


def startup(quick: bool) -> Rows:  # noqa: FBT001 - as every measurement
    """From the command to the first answer, to the help, and to an imported plugin."""
    rounds = 3 if quick else ROUNDS
    with TemporaryDirectory() as folder:
        env = _compiled_into(folder)
        yield _against_import(
            "serve: command to first answered create",
            lambda: _served_s(env),
            "flask",
            env,
            rounds=rounds,
            at_most=SERVE_AT_MOST,
        )
        yield _against_import(
            "mockserver --help",
            lambda: processes.seconds(*_MOCKSERVER, "--help", env=env),
            "click",
            env,
            rounds=rounds,
            at_most=HELP_AT_MOST,
        )
        took_s = [_plugin_s(env) for _ in range(rounds + 1)][1:]
    yield Row("import mockserver.plugin", median(took_s) * 1000, "ms", at_most=PLUGIN_AT_MOST_MS)


def _compiled_into(folder: str) -> _Env:
    """An environment in which every module is compiled once and kept, as in any installation."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": folder}


def _against_import(
    what: str, ours: Callable[[], float], module: str, env: _Env, *, rounds: int, at_most: float
) -> Row:
    yardstick = (sys.executable, "-c", f"import {module}")
    # The first of each compiles.
    pairs = [(ours(), processes.seconds(*yardstick, env=env)) for _ in range(rounds + 1)][1:]
    ours_ms, theirs_ms = (median(pair[side] for pair in pairs) * 1000 for side in (0, 1))
    return Row(
        f"{what}, import {module} = 1",
        median_ratio(pairs),
        at_most=at_most,
        note=f"{ours_ms:.0f} ms; import {theirs_ms:.0f} ms",
    )


def _served_s(env: _Env) -> float:
    """Seconds from `mockserver serve` to its first answer to a create call."""
    began = perf_counter()
    with processes.started(*_MOCKSERVER, "serve", "--port", "0", "--json", env=env) as process:
        told = loads(cast("IO[str]", process.stdout).readline())
        _create(told["url"])
        took_s = perf_counter() - began
        process.terminate()
    return took_s


def _plugin_s(env: _Env) -> float:
    """Seconds that the plugin's import adds to that of pytest."""
    return float(processes.output(sys.executable, "-c", _PLUGIN, env=env))


def _create(url: str) -> None:
    connection = HTTPConnection(url.removeprefix("http://").rstrip("/"))
    connection.request("POST", example.CREATE, example.body(), dict(example.HEADERS[1:]))
    seen = connection.getresponse()
    if seen.status not in (200, 201):
        raise RuntimeError(f"expected a success, got {seen.status}: {seen.read()!r:.300}")
    connection.close()
