"""`mockserver record`: stand in front of a gateway, and keep what is said on a cassette."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import click

from mockserver.cli.options import catalogue, shared
from mockserver.cli.output import Failure, data_needed, say
from mockserver.cli.tapes import (
    cassette_options,
    is_name,
    known_secrets,
    leading,
    remarked,
    running,
    written_safely,
)


if TYPE_CHECKING:
    from mockserver.library.catalogue import Catalogue
    from mockserver.web.front import Front
    from mockserver.web.recording.deck import Deck
    from mockserver.web.recording.places import Ways

PORT: Final = 4012
_HOST_HELP: Final = "Intercept this host too, such as one for files; again for more."
_MODES: Final = ("none", "once", "new_episodes", "all", "rewrite")


@click.command(short_help="Record a gateway from in front of it.")
@cassette_options
@click.option("--upstream", default="", help="Its base URL; by default that of --gateway.")
@click.option("--mode", type=click.Choice(_MODES), help="By default once; none where CI is set.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True)
@click.option("--webhook-url", default="", help="A public address that leads here.")
@click.option("--intercept-host", "hosts", multiple=True, metavar="HOST", help=_HOST_HELP)
@click.option("--secret", "secrets", multiple=True, help="What must not be kept; again for more.")
@click.option("--canary", "canaries", multiple=True, help="Write nothing if this is in it.")
@click.option("--expires-after", type=click.IntRange(0), metavar="DAYS", help="Say so from then.")
@shared("host", "gateway")
@click.pass_context
def record(
    ctx: click.Context, /, host: str, port: int, *, intercept: bool, **options: Any
) -> None:
    """Pass on to upstream what is asked here, and keep it on CASSETTE.

    It runs until Ctrl-C, or as long as COMMAND (behind --), which finds the address in
    REPLICATE_BASE_URL, and whose exit code this has. Exit code 4: nothing was written, because a
    secret would have been in it.
    With --intercept COMMAND needs no address: the gateway's own hosts, and those that its answers
    lead to, are recorded, and all other hosts refused.
    """
    from mockserver.cli import address
    from mockserver.service.fake import Fake
    from mockserver.service.settings import Settings
    from mockserver.web.recording.recorder import Recorder

    data = catalogue(ctx)
    origin, base_path = _upstream(options["upstream"], options["gateway"], data)
    with data_needed():
        deck = _deck(options, origin + base_path)
    hosts = tuple(_hosts(options, origin, data)) if intercept or options["hosts"] else ()
    fake = Fake(Settings(gateway=options["gateway"]), data)
    with (
        address.served(fake, host, port) as server,
        leading(hosts, server.front) if hosts else nullcontext() as proxy,
    ):
        outside = options["webhook_url"] or (server.url if _is_near(origin) else "")
        ways = _ways(server.front, deck, (origin, base_path), hosts)
        recorder = Recorder(ways, hooks_url=outside, kept=deck.kept)
        with closing(recorder), data_needed():
            deck.load_into(server.front, recorder)
            say(f"{_doing(deck)}; the base URL is {server.url}{base_path}")
            try:
                code = running(server.url, base_path, "", options["command"], proxy)
            finally:
                with written_safely():
                    deck.save()
    _summed_up(deck, data)
    ctx.exit(code)


def _upstream(url: str, gateway: str, data: Catalogue) -> tuple[str, str]:
    """The origin of upstream, and the path its API begins at."""
    from mockserver.web.recording.places import upstream_at

    profile = data.gateway(gateway)
    with data_needed():
        return upstream_at(url or f"https://{profile.hosts[0]}{profile.base_path}")


def _hosts(options: dict[str, Any], origin: str, data: Catalogue) -> Iterator[str]:
    """Whom a program may call that is led here. Raises `Failure`."""
    yield from data.hosts_with(options["gateway"])
    yield from filter(is_name, [urlsplit(origin).netloc.lower()])
    for host in options["hosts"]:
        if not is_name(host):
            expected = "a host in lower case, as in files.example or *.files.example"
            raise Failure(f"--intercept-host: expected {expected}, seen {host!r}")
        yield host


def _deck(options: dict[str, Any], upstream: str) -> Deck:
    from mockserver.web.recording.deck import Deck, found, mode_of

    mode = mode_of(options["mode"], os.environ)
    path: Path = options["cassette"]
    return Deck(
        path=path,
        mode=mode,
        before=found(path, mode, options["outputs"]),
        outputs=options["outputs"],
        secrets=(*options["secrets"], *known_secrets(os.environ)),
        canaries=options["canaries"],
        expires_after_days=options["expires_after"],
        upstream=upstream,
        gateway=options["gateway"],
    )


def _ways(front: Front, deck: Deck, upstream: tuple[str, str], hosts: Collection[str]) -> Ways:
    """Where what is asked goes: of `hosts`, which lead here, to each itself.

    Only the gateway's own are at `upstream` (its origin and base path), if that is elsewhere.
    """
    from mockserver.web.recording.places import Places, Straight

    origin, base_path = upstream
    own = front.fake.catalogue.gateway(deck.gateway).hosts
    if hosts and urlsplit(origin).netloc.lower() in own:
        return Straight()
    return Places(
        origin,
        outputs=deck.outputs is not None,
        base_path=base_path,
        plain=front.plain,
        straight=frozenset(hosts).difference(own),
    )


def _is_near(origin: str) -> bool:
    from mockserver.cli.address import is_loopback

    return is_loopback(urlsplit(origin).hostname or "")


def _doing(deck: Deck) -> str:
    if not deck.records:
        return f"plays {deck.path} (mode {deck.mode})"
    plays = " and plays" if deck.plays else ""
    return f"records {deck.upstream} into{plays} {deck.path} (mode {deck.mode})"


def _summed_up(deck: Deck, data: Catalogue) -> None:
    from mockserver.contract.cassettes.keeping import spent

    if deck.written is not None:
        count, usd = spent(deck.written, data)
        said = len(deck.written.recorded)
        cost = f"{count} predictions, ${usd:.4f} by the schemas' prices"
        say(f"wrote {deck.path}: {said} interactions, {cost}")
    elif deck.records:
        say(f"nothing was said, so {deck.path} was not written")
    remarked(deck)
