"""`serve`, as a program of its own: it answers, says where, and ends when told."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import IO

import pytest
from click.testing import Result


LAZY = ("PIL", "flask", "httpx", "jsonschema")


@contextmanager
def serving(*arguments: str, python: tuple[str, ...] = ()) -> Iterator[subprocess.Popen[str]]:
    """A server that listens; what it says on stdout and stderr can be read."""
    program = [sys.executable, *python, "-m", "mockserver", "serve", "--port", "0", "--json"]
    with subprocess.Popen(
        [*program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            yield server
        finally:
            server.kill()


def port_of(server: subprocess.Popen[str]) -> int:
    """The port in the machine line, which comes once the server listens."""
    return int(json.loads(pipe(server.stdout).readline())["url"].rpartition(":")[2])


def pipe(file: IO[str] | None) -> IO[str]:
    """The pipe that was asked for."""
    assert file is not None
    return file


def create(port: int) -> tuple[int, dict[str, object]]:
    """Ask the server for a prediction."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    path = "/v1/models/black-forest-labs/flux-kontext-pro/predictions"
    headers = {"Authorization": "Bearer t", "Content-Type": "application/json"}
    connection.request("POST", path, '{"input": {"prompt": "a lighthouse"}}', headers)
    response = connection.getresponse()
    answer = response.status, json.loads(response.read())
    connection.close()
    return answer


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_serves_until_it_is_told_to_stop(folder: Path, number: int, code: int) -> None:
    """One machine line on stdout and in the ready file, a banner on stderr, and a clean end."""
    ready = folder / "ready"
    with serving("--ready-file", str(ready), "--scenario", "stuck-starting") as server:
        line = pipe(server.stdout).readline()
        told = json.loads(line)
        status, prediction = create(int(told["url"].rpartition(":")[2]))
        first_of_banner = pipe(server.stderr).readline()
        assert (status, prediction["status"]) == (201, "starting")
        assert told["pid"] == server.pid
        # Written after the machine line, but before the server reads the first request.
        assert ready.read_text() == line
        server.send_signal(number)
        assert server.wait(10) == code
        assert pipe(server.stdout).read() == ""
        assert told["url"] in first_of_banner
        assert not ready.exists()


@pytest.mark.slow
def test_the_first_answer_needs_nothing_heavy() -> None:
    """Flask, Pillow and jsonschema are imported by the requests that need them, not before."""
    with serving(python=("-X", "importtime")) as server:
        status, _ = create(port_of(server))
        server.terminate()
        told = pipe(server.stderr).read()
    assert status == 201
    imported = {line.rpartition("|")[2].strip() for line in told.splitlines()}
    assert "mockserver.web.front" in imported
    assert imported & set(LAZY) == set()


def test_a_port_in_use_is_told_with_a_way_out(command: Callable[..., Result]) -> None:
    """Exit code 2, and a sentence that names the port and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        seen = command("serve", "--port", str(port))
    assert seen.exit_code == 2
    assert f"cannot listen on 127.0.0.1 port {port}" in seen.stderr
    assert "--port 0" in seen.stderr
    assert seen.stdout == ""


def test_a_ready_file_that_cannot_be_written_ends_it(
    command: Callable[..., Result], folder: Path
) -> None:
    """Whoever waits for the file would wait for ever: exit code 2 instead."""
    path = folder / "missing" / "ready"
    seen = command("serve", "--port", "0", "--ready-file", str(path))
    assert seen.exit_code == 2
    assert f"{path}: No such file or directory" in seen.stderr


def test_signals_are_as_before_when_it_has_ended(command: Callable[..., Result]) -> None:
    """A command that is run inside another program leaves its signals alone."""
    before = signal.getsignal(signal.SIGTERM)
    assert command("serve", "--host", "192.0.2.1").exit_code == 2
    assert signal.getsignal(signal.SIGTERM) is before
