"""One client meets one fault: what its program says, and how many jobs it started."""

from __future__ import annotations

import json
import os
import subprocess
from base64 import b64decode
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from bench.scorecard.clients import Client
from mockserver.cli.execute import environment
from mockserver.core.fault import Fault, Operation
from mockserver.library.faults import catalogue
from mockserver.live import LiveServer


PATIENCE_S: Final = 20
"""Who has not ended by then counts as hanging: without a fault, each is done in under three."""
CLOCK: Final = "scaled:20"
_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one program under one fault."""

    told: str
    jobs: int
    requests: int

    def __str__(self) -> str:
        plural = "" if self.jobs == 1 else "s"
        return f"{self.told}; {self.jobs} job{plural}, {self.requests} requests"


def meet(server: LiveServer, client: Client, name: str, fault: str) -> Outcome:
    """Run the program of `client` once in a world of its own, where `fault` strikes.

    Clients poll only where a sync answer brings nothing: a fault of looks alone takes it away.
    """
    polled = any(_strikes_looks(one) for one in catalogue.checked(fault))
    struck = f"{fault}, gw.header_stripped" if polled else fault
    world = server.world(f"scorecard-{name}-{fault}", clock=CLOCK, fault=struck)
    told = _said(client, environment(server.url, world.token, os.environ))
    return Outcome(told, len(world.world.store), len(world.journal))


def _strikes_looks(fault: Fault) -> bool:
    """Whether nothing but looks is struck."""
    kinds = [catalogue.kinds()[member.name] for member in catalogue.members(fault.name)]
    return all((fault.on or kind.on) == {Operation.GET} for kind in kinds)


def _said(client: Client, given: dict[str, str]) -> str:
    try:
        ended = subprocess.run(  # noqa: S603 - the programs are our own
            client.command(),
            env={**os.environ, **given, "REPLICATE_POLL_INTERVAL": "0.1"},
            cwd=client.folder,
            capture_output=True,
            timeout=PATIENCE_S,
            text=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"hangs ({PATIENCE_S} s)"
    lines = ended.stdout.strip().splitlines()
    if not lines:
        *_, why = ("", *ended.stderr.strip().splitlines())
        return f"dies: {why[:_SHOWN]}"
    return _understood(json.loads(lines[-1]))


def _understood(told: dict[str, str]) -> str:
    if "raised" in told:
        return f"{told['raised']}: {told['message'].strip().partition(chr(10))[0][:_SHOWN]}"
    if "returned" in told:
        return f"returns {told['returned'][:_SHOWN]}"
    return _looked_at(b64decode(told["picture"]))


def _looked_at(data: bytes) -> str:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(data)) as picture:
            picture.load()
    except (UnidentifiedImageError, OSError):
        return f"returns {len(data)} bytes that are no picture"
    return "picture"
