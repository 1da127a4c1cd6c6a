"""`mockserver exec`: a program run against a fake of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from types import FrameType
from typing import TYPE_CHECKING, Final

import click

from mockserver.cli.intercept import intercept_option
from mockserver.cli.options import FAKE, catalogue, fake_options, own_port_option
from mockserver.cli.output import say


if TYPE_CHECKING:
    from mockserver.service.settings import Settings

NOT_EXECUTABLE: Final = 126
NOT_FOUND: Final = 127
BY_SIGNAL: Final = 128
"""Added to the number of the signal that ended a program. Source: POSIX shells, as the others."""

_FORWARDED: Final = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2")
_FROM_KEYS: Final = (signal.SIGINT, getattr(signal, "SIGQUIT", signal.SIGINT))
"""What a terminal sends to everything in its foreground, the program included."""


@click.command("exec", context_settings={"allow_interspersed_args": False})
@own_port_option
@fake_options("host", "https", *FAKE)
@intercept_option
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@click.pass_context
def execute(
    ctx: click.Context,
    *,
    settings: Settings,
    host: str,
    port: int,
    https: bool,
    intercept: bool,
    command: Sequence[str],
) -> None:
    """Run COMMAND against a fake of its own, and exit as it does.

    It finds the fake's address in REPLICATE_BASE_URL and MOCKSERVER_URL, and a token that is good
    there alone in REPLICATE_API_TOKEN. With --https it also finds what makes it trust the fake.
    With --intercept it needs no address: the hosts of all gateways lead to the fake, all other
    hosts nowhere.
    """
    from mockserver.cli import address
    from mockserver.cli.https import spoken
    from mockserver.cli.intercept import intercepted, led, parted
    from mockserver.service.fake import Fake

    data = catalogue(ctx)
    settings, fault = parted(settings, https=https) if intercept else (settings, "")
    fake = Fake(settings, data)
    with (
        spoken(wanted=https, settings=settings, host=host, data=data) as trust,
        address.served(fake, host, port, trust.context if trust else None) as server,
        intercepted(fake, fault) if intercept else nullcontext() as proxy,
    ):
        say(f"mockserver: {server.url} ({_told(settings)})")
        given = environment(server.url, address.token_of(settings), os.environ)
        if trust:
            given |= trust.environment
        if proxy:
            say(f"mockserver: nobody is reached but {', '.join(proxy.hosts)}")
            given = led(given, proxy)
        code = run_program(command, {**os.environ, **given})
    ctx.exit(code)


def _told(settings: Settings) -> str:
    """What the fake is like."""
    return f"gateway {settings.gateway}, clock {settings.clock}, scenario {settings.scenario}"


def environment(url: str, token: str, before: Mapping[str, str]) -> dict[str, str]:
    """What a program must find in its environment to call the server at `url` and no other.

    Source: the clients' own code. REPLICATE_API_TOKEN: all; REPLICATE_BASE_URL: replicate-python
    1 (which appends /v1) and 2 (which does not); REPLICATE_API_BASE: litellm;
    REPLICATE_API_KEY: litellm, LangChain.
    """
    bypassed = _with_loopback(before.get("no_proxy") or before.get("NO_PROXY") or "")
    return {
        "MOCKSERVER_URL": url,
        "REPLICATE_API_TOKEN": token,
        "REPLICATE_API_KEY": token,
        "REPLICATE_BASE_URL": f"{url}/v1",
        "REPLICATE_API_BASE": f"{url}/v1",
        "NO_PROXY": bypassed,
        "no_proxy": bypassed,
    }


def _with_loopback(bypassed: str) -> str:
    """A list of hosts for which no proxy is asked, loopback among them."""
    names = [name.strip() for name in bypassed.split(",") if name.strip()]
    return ",".join(dict.fromkeys((*names, "127.0.0.1", "localhost", "::1")))


def run_program(command: Sequence[str], environ: Mapping[str, str]) -> int:
    """The exit code of the program, as a shell would tell it."""
    try:
        program = subprocess.Popen(command, env=environ)  # noqa: S603 - it is what the user asks
    except OSError as reason:
        missing = isinstance(reason, FileNotFoundError)
        say(f"Error: {command[0]}: {reason.strerror}; check its spelling and the PATH")
        return NOT_FOUND if missing else NOT_EXECUTABLE
    with program, _forwarding(program):
        code = program.wait()
    return code if code >= 0 else BY_SIGNAL - code


@contextmanager
def _forwarding(program: subprocess.Popen[bytes]) -> Iterator[None]:
    """Passes on to the program the signals that come to us."""

    def forward(number: int, _frame: FrameType | None) -> None:
        if number not in _FROM_KEYS or not _in_foreground():
            program.send_signal(number)

    numbers = [getattr(signal, name) for name in _FORWARDED if hasattr(signal, name)]
    before = {number: signal.signal(number, forward) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _in_foreground() -> bool:
    """Whether keys pressed at our terminal reach the program without us."""
    if sys.platform == "win32":
        return True
    try:
        return os.tcgetpgrp(sys.__stdin__.fileno() if sys.__stdin__ else 0) == os.getpgrp()
    except (OSError, ValueError):
        return False
