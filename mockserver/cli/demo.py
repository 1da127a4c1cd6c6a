"""`mockserver demo`: the documents' own requests, made to a fake of their gateways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import click

from mockserver.cli.options import catalogue, fake_options, own_port_option
from mockserver.cli.output import Failure, data_needed, document, json_option, say, table


if TYPE_CHECKING:
    from mockserver.cli.tour import Stop
    from mockserver.service.fake import Fake
    from mockserver.service.settings import Settings


def _gateways(ctx: click.Context, _option: click.Parameter, names: tuple[str, ...]) -> object:
    from mockserver.library.errors import LibraryError

    try:
        for name in names:
            catalogue(ctx).gateway(name)
    except LibraryError as reason:
        raise click.BadParameter(str(reason)) from None
    return names


@click.command()
@click.option(
    "--out",
    "folder",
    default="mockserver-demo",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where the pictures are put.",
)
@click.option(
    "--gateway",
    "gateways",
    multiple=True,
    callback=_gateways,
    metavar="NAME",
    help="Only the documents of this gateway; give it again for more.",
)
@own_port_option
@fake_options("host", "clock", "seed", "scenario", "outputs", "data")
@json_option
@click.pass_context
def demo(
    ctx: click.Context,
    *,
    settings: Settings,
    host: str,
    port: int,
    folder: Path,
    gateways: tuple[str, ...],
    as_json: bool,
) -> None:
    """Send each document's request to its gateway's fake, and download the pictures."""
    from mockserver.cli import tour
    from mockserver.service.fake import Fake

    if settings.clock.startswith("manual"):
        raise Failure(f"the demo waits, and the clock {settings.clock} stands; take --clock real")
    with data_needed():
        stops = tour.stops(catalogue(ctx), gateways)
    if not stops:
        raise Failure(f"no document shows a request to {' or '.join(gateways)}")
    fake = Fake(settings, catalogue(ctx))
    _make(stops, fake, host, port, folder)
    _report(stops, as_json=as_json)
    ctx.exit(_verdict(stops, folder))


def _make(stops: tuple[Stop, ...], fake: Fake, host: str, port: int, folder: Path) -> None:
    """Make the tour, with progress on stderr."""
    from mockserver.cli import address
    from mockserver.cli.progress import Progress
    from mockserver.cli.tour import Tour

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as reason:
        raise Failure(f"{folder}: {reason.strerror}; name another folder with --out") from None
    with address.served(fake, host, port) as server:
        say("The requests of the documents, each to the fake of its gateway:\n")
        url = urlsplit(server.url)
        tour = Tour(str(url.hostname), server.port, address.token_of(fake.settings), folder)
        tour.make(stops, Progress(stops).told)
        say()


def _report(stops: Iterable[Stop], *, as_json: bool) -> None:
    """What became of each request, as data."""
    if as_json:
        document([_as_json(stop) for stop in stops])
        return
    head = ("GATEWAY", "MODEL", "PREDICTION", "STATUSES", "SECONDS", "FILE")
    click.echo("\n".join(table(head, [row for stop in stops for row in _rows(stop)])))


def _rows(stop: Stop) -> Iterator[tuple[str, ...]]:
    """A row for the request, with its first file, and one for each further file."""
    files = [
        f"{it.path.name}  {it.width}x{it.height}  {it.size_bytes:,} bytes" for it in stop.pictures
    ]
    told = (
        stop.gateway,
        stop.model.rpartition("/")[2],
        stop.prediction_id,
        " → ".join(stop.statuses),
        f"{stop.seconds:.1f}",
    )
    yield (*told, next(iter(files), "none"))
    yield from (("",) * len(told) + (file,) for file in files[1:])


def _as_json(stop: Stop) -> dict[str, object]:
    return {
        "gateway": stop.gateway,
        "model": stop.model,
        "id": stop.prediction_id,
        "statuses": stop.statuses,
        "seconds": round(stop.seconds, 3),
        "files": [
            {"path": str(it.path), "width": it.width, "height": it.height, "bytes": it.size_bytes}
            for it in stop.pictures
        ],
        "error": stop.failure or None,
    }


def _verdict(stops: Iterable[Stop], folder: Path) -> int:
    """The exit code; a person is told why, or what to try next."""
    failed = [stop for stop in stops if stop.failure or not stop.pictures]
    for stop in failed:
        reason = stop.failure or f"it ended as {stop.status}, without a picture"
        say(f"failed: {stop.gateway} {stop.model}: {reason}")
    if not failed:
        say(_NEXT.format(folder=folder))
    return 1 if failed else 0


_NEXT: Final = """
The pictures are in {folder}/. Next:
  mockserver serve                     the same API on http://127.0.0.1:4010, until Ctrl-C
  mockserver exec -- COMMAND           run a program against a fake of its own
  mockserver demo --scenario failed    see predictions fail"""
