"""`mockserver listen`: webhooks passed on to an app on this machine, before somebody's eyes."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Final

import click

from mockserver.cli.hooks import SECRET_VARIABLE
from mockserver.cli.options import FAKE, catalogue, fake_options
from mockserver.cli.output import Failure, cell, data_needed, document, json_option, say
from mockserver.cli.serve import stopping
from mockserver.core.timestamps import edge_timestamp


if TYPE_CHECKING:
    from mockserver.contract.hooks.relay import Account, Relay, Relayed
    from mockserver.core.interaction import Request
    from mockserver.core.letter import Letter
    from mockserver.library.catalogue import Catalogue
    from mockserver.service.egress import Target
    from mockserver.service.fake import Fake
    from mockserver.service.settings import Settings

Relaying = Callable[..., "Relay"]
"""A relay that lacks nothing but the secrets that are in force."""


@click.command()
@click.option(
    "--forward-to", "app", required=True, metavar="URL", help="Where the app takes them."
)
@click.option(
    "--secret",
    envvar=SECRET_VARIABLE,
    default="",
    metavar="whsec_…",
    help="What the app verifies with: what is right is signed anew for it.",
)
@click.option("--attach", default="", metavar="URL", help="A mockserver that runs already.")
@click.option("--account", default="", metavar="TOKEN", help="With --attach: whose webhooks.")
@click.option("--hook-port", default=0, type=click.IntRange(0, 65535), help="With --attach.")
@fake_options("host", "port", *FAKE)
@json_option
@click.pass_context
def listen(
    ctx: click.Context,
    *,
    app: str,
    secret: str,
    attach: str,
    account: str,
    hook_port: int,
    settings: Settings,
    host: str,
    port: int,
    as_json: bool,
) -> None:
    """Serve a fake all of whose webhooks go to an app on this machine, until Ctrl-C.

    Each is shown, verified and passed on, wherever its prediction wanted it to go; what the app
    answers is shown, and decides whether it is tried again. With --attach the fake is another
    process, and webhooks arrive at an address that is printed.
    """
    from mockserver.contract.hooks.letters import seal_of
    from mockserver.contract.hooks.reaching import HttpReceiver
    from mockserver.contract.hooks.relay import Relay

    with data_needed():
        receiver = HttpReceiver(app)
        own = seal_of(secret) if secret else None
    relaying = partial(Relay, receiver, tell=_document if as_json else _print, own=own)
    listening = (
        _attached(attach, account, hook_port, relaying)
        if attach
        else _serving(settings, catalogue(ctx), host, port, relaying)
    )
    with listening:
        say(f"webhooks go on to {app}; Ctrl-C stops it")
        _until_stopped()


def _until_stopped() -> None:
    """Wait for a signal. Raises `click.Abort` if it was Ctrl-C."""
    stopped = Event()
    with stopping(stopped.set) as came:
        stopped.wait()
    if signal.SIGINT in came:
        raise click.Abort


@contextmanager
def _serving(
    settings: Settings, data: Catalogue, host: str, port: int, relaying: Relaying
) -> Iterator[None]:
    """A fake of our own, whose webhooks go to the relay and nowhere else."""
    from mockserver.cli import address, banner
    from mockserver.service.fake import Fake
    from mockserver.stories import ANYWHERE

    fake = Fake(replace(settings, allowed_webhooks=ANYWHERE), data)
    relay = relaying(accounts=lambda: _accounts(fake))
    fake.courier.sender = partial(_passed_on, relay)
    with address.served(fake, host, port) as server:
        say("\n".join(banner.lines(settings, host, server.url, data.gateway_names())))
        yield


def _passed_on(relay: Relay, _target: Target, letter: Letter) -> int:
    """What the fake takes for the answer of the address that it meant."""
    from mockserver.service.courier import Undelivered

    answer = relay(letter)
    if answer.status is None:
        raise Undelivered(f"the app gave no answer: {answer.why}")
    return answer.status


def _accounts(fake: Fake) -> Iterator[Account]:
    from mockserver.contract.hooks.relay import Account

    for world in fake.worlds:
        now_ms = world.clock.now_ms()
        yield Account(world.outbox.secrets(now_ms), now_ms)


@contextmanager
def _attached(url: str, token: str, port: int, relaying: Relaying) -> Iterator[None]:
    """An address of our own, at which the webhooks of a fake elsewhere arrive."""
    from mockserver.cli import address
    from mockserver.contract.hooks.relay import Account, as_letter
    from mockserver.contract.receiver import answering
    from mockserver.core.clock import wall_ms

    secret = _secret(url.rstrip("/"), token or address.ANY_TOKEN)
    relay = relaying(accounts=lambda: (Account((secret,), wall_ms()),))

    def answer(request: Request) -> int:
        return relay(as_letter(request)).status or _NO_ANSWER

    with ExitStack() as open_:
        with address.listening("127.0.0.1", port):
            own_url = open_.enter_context(answering(answer, port))
        say(f"give this as webhook: {own_url}")
        yield


def _secret(url: str, token: str) -> str:
    """What the fake at `url` signs the webhooks of this account with."""
    import httpx

    address = f"{url}/v1/webhooks/default/secret"
    try:
        told = httpx.get(address, headers={"Authorization": f"Bearer {token}"}, trust_env=False)
        told.raise_for_status()
        return str(told.json()["key"])
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError) as reason:
        raise Failure(f"no mockserver tells a secret at {address}: {reason}") from None


_NO_ANSWER: Final = 502
"""What whoever sent it is answered where the app gave no answer. Source: RFC 9110 15.6.3."""


_MOST_SHOWN: Final = 40
_MOST_DOUBT: Final = 200


def _print(one: Relayed) -> None:
    """A webhook in a line: when, of what, whether it is right, and what the app made of it."""
    told = one.prediction
    at = edge_timestamp(one.at_ms)[11:19]
    # Whoever posts it decides what it says, and a terminal would obey some of that.
    status = cell(str(told.get("status", "no prediction")), _MOST_SHOWN)
    of = cell(str(told.get("id", "")), _MOST_SHOWN)
    doubt = cell(f"NOT RIGHT: {one.doubt}", _MOST_DOUBT) if one.doubt else "signed"
    click.echo(f"{at}  {status:<10} {of}  {doubt}  →  {one.answer} in {one.answer.took_ms} ms")


def _document(one: Relayed) -> None:
    document(
        {
            "at": edge_timestamp(one.at_ms),
            "headers": dict(one.letter.headers),
            "prediction": one.prediction,
            "doubt": one.doubt,
            "status": one.answer.status,
            "why": one.answer.why,
            "ms": one.answer.took_ms,
        }
    )
