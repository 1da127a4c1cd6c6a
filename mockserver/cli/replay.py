"""`mockserver replay`: a cassette on a port, in every channel and at any rhythm."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import click

from mockserver.cli.options import catalogue, shared
from mockserver.cli.output import data_needed, say
from mockserver.cli.tapes import INTERRUPTED, MISSED, cassette_options, remarked, running


if TYPE_CHECKING:
    from mockserver.service.settings import Settings
    from mockserver.web.recording.deck import Deck


@click.command(short_help="Play a cassette.")
@cassette_options
@click.option(
    "--ids",
    type=click.Choice(["kept", "new"]),
    default="kept",
    show_default=True,
    help="new: a create call is played as often as it is asked, under an id of its own.",
)
@click.option("--json", "as_json", is_flag=True, help='Print {"url": …, "pid": …} on stdout.')
@shared("host", "port", "clock", "seed", "public-url", "allow-webhook")
@click.pass_context
def replay(
    ctx: click.Context, /, host: str, port: int, ids: str, *, as_json: bool, **options: Any
) -> None:
    """Answer from CASSETTE, until Ctrl-C or as long as COMMAND (behind --) runs.

    What is not on it is refused with 424, beside the nearest that is. Exit code 1: something was.
    """
    from mockserver.cli import address
    from mockserver.service.fake import Fake

    with data_needed():
        deck = _deck(options)
        fake = Fake(_settings(deck, options), catalogue(ctx))
        base_path = fake.catalogue.gateway(fake.settings.gateway).base_path
    with address.served(fake, host, port) as server:
        deck.load_into(server.front).new_ids = ids == "new"
        if as_json:
            click.echo(json.dumps({"url": server.url, "pid": os.getpid()}))
        say(f"mockserver plays {deck.path} on {server.url}{base_path}")
        code = running(server.url, base_path, address.ANY_TOKEN, options["command"])
    remarked(deck)
    ctx.exit(MISSED if deck.missed and code in (0, INTERRUPTED) else code)


def _deck(options: dict[str, Any]) -> Deck:
    from mockserver.web.recording.deck import Deck, Mode, found

    path, outputs = options["cassette"], options["outputs"]
    return Deck(path, Mode.NONE, found(path, Mode.NONE, outputs), outputs)


def _settings(deck: Deck, options: dict[str, Any]) -> Settings:
    from mockserver.service.settings import Settings

    given = {name: options[name] for name in Settings.__match_args__ if name in options}
    return Settings(**given, gateway=deck.before.gateway if deck.before else "replicate")
