"""What `record` and `replay` share: a server that runs for a while, or for a program."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from re import compile as pattern
from threading import Event
from typing import TYPE_CHECKING, Any, Final

import click

from mockserver.cli.execute import environment, run_program
from mockserver.cli.intercept import intercept_option, intercepted, led, pasted
from mockserver.cli.output import Unsafe, data_needed, say
from mockserver.cli.serve import stopping


if TYPE_CHECKING:
    from mockserver.intercept.proxy import Interception
    from mockserver.web.front import Front
    from mockserver.web.recording.deck import Deck

FILE: Final = click.Path(dir_okay=False, path_type=Path)
FOLDER: Final = click.Path(file_okay=False, path_type=Path)
MISSED: Final = 1
INTERRUPTED: Final = 130
"""What Ctrl-C makes of an exit code. Source: POSIX shells, 128 + SIGINT."""
_LEAST_CHARACTERS: Final = 12
_SECRET_NAMES: Final = ("TOKEN", "KEY", "SECRET", "PASSWORD")
_NAME: Final = pattern(r"(\*\.)?([a-z0-9_-]+\.)+[a-z][a-z0-9-]*")

Command = Callable[..., Any]


def cassette_options(command: Command) -> Command:
    """Where the cassette is, and what runs meanwhile."""
    for option in (
        click.argument("cassette", type=FILE),
        click.argument("command", nargs=-1, type=click.UNPROCESSED),
        click.option(
            "--outputs",
            type=FOLDER,
            metavar="DIR",
            help="Where large bodies are, by their SHA-256; by default beside the cassette.",
        ),
        intercept_option,
    )[::-1]:
        command = option(command)
    return command


def is_name(host: str) -> bool:
    """Whether a proxy can lead `host`: a name in lower case, or `*.` before one, and no port."""
    return _NAME.fullmatch(host) is not None


@contextmanager
def leading(hosts: Iterable[str], front: Front) -> Iterator[Interception]:
    """A proxy that leads `hosts` to what `front` plays and records from now on.

    Raises `Failure` if a package is missing.
    """
    routes = dict.fromkeys(hosts, front.answer)
    front.cassettes().genuine = routes
    with intercepted(routes) as proxy:
        say(f"mockserver: nobody is reached but {', '.join(proxy.hosts)}")
        yield proxy


def running(
    url: str,
    base_path: str,
    token: str,
    command: Sequence[str],
    proxy: Interception | None = None,
) -> int:
    """Run until Ctrl-C (130) or SIGTERM (0), or as long as `command` does, and exit as that did.

    It is told the address, or led to `proxy`; an empty `token` leaves it its own.
    """
    if command:
        given = environment(url, token, os.environ)
        from mockserver.intercept.environment import ADDRESSES

        base = dict.fromkeys(ADDRESSES, f"{url}{base_path}")
        told = {name: value for name, value in (given | base).items() if value}
        return run_program(command, {**os.environ, **(led(told, proxy) if proxy else told)})
    if proxy:
        say("\n".join(pasted(proxy)))
    stopped = Event()
    with stopping(stopped.set) as stopped_by:
        stopped.wait()
    return INTERRUPTED if signal.SIGINT in stopped_by else 0


def known_secrets(environ: Mapping[str, str]) -> Iterator[str]:
    """What stands in the environment under the name of a secret, if it is no common word."""
    for name, value in environ.items():
        named = any(part in name.upper() for part in _SECRET_NAMES)
        if named and len(value) >= _LEAST_CHARACTERS and not value.islower():
            yield value


@contextmanager
def written_safely() -> Iterator[None]:
    """Makes `Unsafe` of a secret that would be written, and `Failure` of what cannot be."""
    from mockserver.contract.cassettes.keeping import Leaking

    try:
        with data_needed():
            yield
    except Leaking as reason:
        raise Unsafe(str(reason)) from None


def remarked(deck: Deck) -> None:
    """Say what there is to be said at the end."""
    from mockserver.core.clock import wall_ms

    for line in deck.remarks(wall_ms()):
        say(line)
