"""The options that `serve`, `demo` and `exec` share, and the settings they make.

A flag is stronger than its twin in the environment, that than the settings file, that than the
default. An option without a twin takes nothing from the file either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mockserver.cli import config
from mockserver.cli.data_options import DATA_OPTIONS
from mockserver.cli.fault_options import FAULT_OPTIONS, asked_faults
from mockserver.cli.limit_options import LIMIT_OPTIONS
from mockserver.cli.values import own_address, public_url, webhook_hosts


if TYPE_CHECKING:
    from mockserver.library.catalogue import Catalogue
    from mockserver.library.gateways import UrlsMode
    from mockserver.service.settings import OutputForm, SyncStyle

Command = Callable[..., None]
Decorator = Callable[[Command], Command]

PORT: Final = 4010

_CLOCKS: Final = ("real", "scaled", "manual", "poll")

FAKE: Final = (
    "gateway",
    "clock",
    "seed",
    "scenario",
    "outputs",
    "urls",
    "sync",
    "token",
    "public-url",
    "allow-webhook",
    "allowed-host",
    *LIMIT_OPTIONS,
    *DATA_OPTIONS,
    *FAULT_OPTIONS,
)
"""The names of the options that say what a fake is."""


def catalogue(ctx: click.Context) -> Catalogue:
    """The data of this run, which every option and the command itself look into."""
    from mockserver.library.catalogue import Catalogue

    return ctx.ensure_object(Catalogue)


def _clock(_ctx: click.Context, _option: click.Parameter, spec: str) -> str:
    from mockserver.core.clock import clock

    try:
        clock(spec)
    except ValueError as reason:
        from difflib import get_close_matches

        near = get_close_matches(spec.partition(":")[0], _CLOCKS, n=1)
        hint = f". Did you mean {near[0]!r}?" if near and near[0] != spec else ""
        raise click.BadParameter(f"{reason}{hint}") from None
    return spec


def _gateway(ctx: click.Context, _option: click.Parameter, name: str) -> str:
    return _named(lambda data: data.gateway(name), ctx, name)


def _scenario(ctx: click.Context, _option: click.Parameter, name: str) -> str:
    return _named(lambda data: data.scenario(name), ctx, name)


def _named(look_up: Callable[[Catalogue], object], ctx: click.Context, name: str) -> str:
    """The name, if it can be looked up."""
    from mockserver.library.errors import LibraryError

    try:
        look_up(catalogue(ctx))
    except LibraryError as reason:
        raise click.BadParameter(str(reason)) from None
    return name


def _outputs(_ctx: click.Context, _option: click.Parameter, form: str) -> OutputForm:
    from mockserver.service.settings import OutputForm

    return OutputForm(form)


def _urls(_ctx: click.Context, _option: click.Parameter, mode: str | None) -> UrlsMode | None:
    from mockserver.library.gateways import UrlsMode

    return UrlsMode(mode) if mode else None


def _sync(_ctx: click.Context, _option: click.Parameter, style: str) -> SyncStyle:
    from mockserver.service.settings import SyncStyle

    return SyncStyle(style)


def _set(_ctx: click.Context, _option: click.Parameter, names: Iterable[str]) -> frozenset[str]:
    return frozenset(names)


def _option(name: str, *argument: str, **attributes: Any) -> Decorator:
    """An option with a twin in the environment, handed over as `argument`."""
    twin = f"MOCKSERVER_{name.replace('-', '_').upper()}"
    return click.option(f"--{name}", *argument, envvar=twin, **attributes)


_OPTIONS: Final[dict[str, Decorator]] = {
    "host": _option(
        "host",
        default="127.0.0.1",
        show_default=True,
        callback=own_address,
        metavar="ADDRESS",
        help="Where to listen.",
    ),
    "port": _option(
        "port",
        default=PORT,
        show_default=True,
        type=click.IntRange(0, 65535),
        metavar="PORT",
        help="0 takes a free one, and prints it.",
    ),
    "https": _option(
        "https",
        is_flag=True,
        help="Speak HTTPS, with a certificate that ends with the server.",
    ),
    "gateway": _option(
        "gateway",
        default="replicate",
        show_default=True,
        callback=_gateway,
        metavar="NAME",
        help="Which gateway to be, where the path names none.",
    ),
    "clock": _option(
        "clock",
        default="real",
        show_default=True,
        callback=_clock,
        metavar="CLOCK",
        help="real, scaled:RATE, manual, manual:jump or poll.",
    ),
    "seed": _option(
        "seed",
        default=0,
        show_default=True,
        type=int,
        metavar="N",
        help="What ids and pictures are drawn from.",
    ),
    "scenario": _option(
        "scenario",
        default="happy",
        show_default=True,
        callback=_scenario,
        metavar="NAME",
        help="How predictions go that ask for no other.",
    ),
    "public-url": _option(
        "public-url",
        default="",
        callback=public_url,
        metavar="URL",
        help="Where clients reach the server, if not where they call it.",
    ),
    "outputs": _option(
        "outputs",
        default="auto",
        show_default=True,
        type=click.Choice(["auto", "url", "data"]),
        callback=_outputs,
        help="Output files as URLs, as data: URIs, or as upstream does.",
    ),
    "urls": _option(
        "urls",
        default=None,
        type=click.Choice(["own", "upstream", "none"]),
        callback=_urls,
        help="Where the urls of a prediction lead; by default home.",
    ),
    "sync": _option(
        "sync",
        default="recorded",
        show_default=True,
        type=click.Choice(["recorded", "documented"]),
        callback=_sync,
        help="Answer Prefer: wait as upstream was recorded to, or as it documents.",
    ),
    "token": _option(
        "token",
        "tokens",
        multiple=True,
        callback=_set,
        metavar="TOKEN",
        help="The only token accepted; give it again for more. Otherwise any will do.",
    ),
    "allow-webhook": _option(
        "allow-webhook",
        "allowed_webhooks",
        multiple=True,
        callback=webhook_hosts,
        metavar="HOST[:PORT]|CIDR",
        help="Where webhooks may go besides loopback; give it again for more.",
    ),
    "allowed-host": _option(
        "allowed-host",
        "allowed_hosts",
        multiple=True,
        callback=_set,
        metavar="NAME",
        help="A host name by which the control API may be called, besides loopback.",
    ),
    **{
        name: _option(name, **its)
        for table in (LIMIT_OPTIONS, DATA_OPTIONS, FAULT_OPTIONS)
        for name, its in table.items()
    },
}


def _configure(ctx: click.Context, _option: click.Parameter, path: Path | None) -> None:
    """Make what the settings file says the defaults of this command."""
    named = (path, config.read(path)) if path else config.found(Path.cwd())
    if named is None:
        return
    file, values = named
    config.known_only(file, values, _OPTIONS)
    ctx.default_map = config.defaults(file, values, ctx.command.params, ctx)


own_port_option: Final = click.option(
    "--port",
    default=0,
    type=click.IntRange(0, 65535),
    metavar="PORT",
    help="By default a free one, whatever `serve` is set to.",
)

_config_option: Final[Decorator] = click.option(
    "--config",
    envvar="MOCKSERVER_CONFIG",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    is_eager=True,
    expose_value=False,
    callback=_configure,
    metavar="FILE",
    help="Read settings from here instead of looking for them.",
)


def shared(*names: str) -> Decorator:
    """The shared options called `names`, and --config, which gives their defaults."""

    def decorated(command: Command) -> Command:
        for option in (_config_option, *(_OPTIONS[name] for name in reversed(names))):
            command = option(command)
        return command

    return decorated


def fake_options(*names: str) -> Decorator:
    """The shared options called `names`; those of a fake are handed over as `settings`."""

    def decorated(command: Command) -> Command:
        @wraps(command)
        def with_settings(**values: Any) -> None:
            from mockserver.service.settings import Settings

            given = {key: values.pop(key) for key in Settings.__match_args__ if key in values}
            if "asked_faults" in given:
                host = values.get("host", "127.0.0.1")
                given["asked_faults"] = asked_faults(given["asked_faults"], host)
            command(settings=Settings(**given), **values)

        return shared(*names)(with_settings)

    return decorated
