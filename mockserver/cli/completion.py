"""`mockserver completion`: what makes a shell complete our commands and options."""

from __future__ import annotations

from typing import Final

import click

from mockserver.cli.output import Failure


_VARIABLE: Final = "_MOCKSERVER_COMPLETE"
_INSTALL: Final = {
    "bash": 'eval "$(mockserver completion bash)"      in ~/.bashrc',
    "zsh": 'eval "$(mockserver completion zsh)"        in ~/.zshrc',
    "fish": "mockserver completion fish | source       in ~/.config/fish/config.fish",
}


@click.command(
    epilog="\b\n" + "\n".join(_INSTALL.values()), short_help="Print a completion script."
)
@click.argument("shell", type=click.Choice(tuple(_INSTALL)))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that completes our commands in SHELL."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise Failure(f"this click knows no completion for {shell}; update it")
    click.echo(kind(ctx.find_root().command, {}, "mockserver", _VARIABLE).source())
