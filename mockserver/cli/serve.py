"""`mockserver serve`: the fake on a port, until it is told to stop."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final

import click

from mockserver.cli.intercept import intercept_option
from mockserver.cli.options import FAKE, catalogue, fake_options
from mockserver.cli.output import Failure, say


if TYPE_CHECKING:
    from mockserver.cli.https import Trust
    from mockserver.service.fake import Fake
    from mockserver.service.settings import Settings

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


@click.command()
@fake_options("host", "port", "https", *FAKE)
@intercept_option
@click.option(
    "--json", "as_json", is_flag=True, help='Print {"url": …, "pid": …} on stdout once it listens.'
)
@click.option(
    "--ready-file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write that line into a file once it listens; it is removed at the end.",
)
@click.pass_context
def serve(
    ctx: click.Context,
    *,
    settings: Settings,
    host: str,
    port: int,
    https: bool,
    intercept: bool,
    as_json: bool,
    ready_file: Path | None,
) -> None:
    """Serve the fake until Ctrl-C."""
    from mockserver.cli import banner
    from mockserver.cli.https import spoken
    from mockserver.cli.intercept import intercepted, parted, pasted, told
    from mockserver.service.fake import Fake

    data = catalogue(ctx)
    settings, fault = parted(settings, https=https) if intercept else (settings, "")
    fake = Fake(settings, data)
    with (
        spoken(wanted=https, settings=settings, host=host, data=data) as trust,
        intercepted(fake, fault) if intercept else nullcontext() as proxy,
        _removed(ready_file),
    ):
        trusted = {"ca": str(trust.authority)} if trust else {}
        besides = told(proxy) if proxy else trusted
        more = pasted(proxy) if proxy else trust.lines() if trust else ()

        def ready(url: str) -> None:
            line = json.dumps({"url": url, "pid": os.getpid(), **besides})
            if as_json:
                click.echo(line)
            say("\n".join(banner.lines(settings, host, url, data.gateway_names(), more)))
            if ready_file:
                _write(ready_file, line)

        _served(fake, host, port, trust, ready)


def _served(
    fake: Fake, host: str, port: int, trust: Trust | None, ready: Callable[[str], None]
) -> None:
    """Serve in this thread until a signal comes. Raises `click.Abort` if it was Ctrl-C."""
    from mockserver.cli import address
    from mockserver.live import LiveServer, is_deaf
    from mockserver.web.front import Front
    from mockserver.web.server.run import Server, run

    front = Front(fake)
    server = Server(
        front.answer,
        host=host,
        port=port,
        tls=trust.context if trust else None,
        deaf=is_deaf(fake.settings.fault, https=trust is not None),
    )

    def listens(server: Server) -> None:
        ready(LiveServer(front, host, server.port, server.scheme).url)

    with stopping(server.request_stop) as stopped_by, address.listening(host, port):
        run(server, listens)
    if signal.SIGINT in stopped_by:
        raise click.Abort


@contextmanager
def stopping(stop: Callable[[], None]) -> Iterator[list[int]]:
    """Calls `stop` at Ctrl-C and SIGTERM; tells which signals came."""
    came: list[int] = []

    def on_signal(number: int, _frame: FrameType | None) -> None:
        came.append(number)
        stop()

    before = {number: signal.signal(number, on_signal) for number in _SIGNALS}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _removed(path: Path | None) -> Iterator[None]:
    """Takes care that `path` exists only while the server listens."""
    if path:
        path.unlink(missing_ok=True)
    try:
        yield
    finally:
        if path:
            path.unlink(missing_ok=True)


def _write(path: Path, line: str) -> None:
    """Write the file as a whole: whoever waits for it finds it complete."""
    from mockserver.contract.report.written import written

    try:
        written(path, f"{line}\n")
    except OSError as reason:
        raise Failure(f"{path}: {reason.strerror}; name another with --ready-file") from None
