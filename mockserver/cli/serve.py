"""`mockserver serve`: the fake on a port, until it is told to stop."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final

import click

from mockserver.cli.options import FAKE, catalogue, fake_options
from mockserver.cli.output import Failure, say


if TYPE_CHECKING:
    from mockserver.service.settings import Settings

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


@click.command()
@fake_options("host", "port", *FAKE)
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
    as_json: bool,
    ready_file: Path | None,
) -> None:
    """Serve the fake until Ctrl-C."""
    from mockserver.cli import address, banner
    from mockserver.live import LiveServer
    from mockserver.service.fake import Fake
    from mockserver.web.front import Front
    from mockserver.web.server.run import Server, run

    front = Front(Fake(settings, catalogue(ctx)))
    server = Server(front.answer, host=host, port=port)

    def ready(server: Server) -> None:
        url = LiveServer(front, host, server.port).url
        line = json.dumps({"url": url, "pid": os.getpid()})
        if as_json:
            click.echo(line)
        say("\n".join(banner.lines(settings, host, url, front.fake.catalogue.gateway_names())))
        if ready_file:
            _write(ready_file, line)

    stopping = _stopping(server.request_stop)
    with _removed(ready_file), stopping as stopped_by, address.listening(host, port):
        run(server, ready)
    if signal.SIGINT in stopped_by:
        raise click.Abort


@contextmanager
def _stopping(stop: Callable[[], None]) -> Iterator[list[int]]:
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
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        unfinished.write_text(f"{line}\n", encoding="utf-8")
        unfinished.replace(path)
    except OSError as reason:
        raise Failure(f"{path}: {reason.strerror}; name another with --ready-file") from None
