"""The options about limits: what each is called, and what it becomes in the settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import click


if TYPE_CHECKING:
    from mockserver.service.settings import LimitStyle, RunLimit


def _limits(_ctx: click.Context, _option: click.Parameter, style: str) -> LimitStyle:
    from mockserver.service.settings import LimitStyle

    return LimitStyle(style)


def _run_limit(_ctx: click.Context, _option: click.Parameter, end: str) -> RunLimit:
    from mockserver.service.settings import RunLimit

    return RunLimit(end)


def _is_on(_ctx: click.Context, _option: click.Parameter, word: str) -> bool:
    return word == "on"


LIMIT_OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "limits": {
        "default": "enforced",
        "show_default": True,
        "type": click.Choice(["enforced", "told", "off"]),
        "callback": _limits,
        "help": "Rate limits: refuse, only tell in headers, or neither.",
    },
    "retry-after": {
        "default": "on",
        "show_default": True,
        "type": click.Choice(["on", "off"]),
        "callback": _is_on,
        "help": "Whether a 429 carries Retry-After.",
    },
    "run-limit": {
        "default": "failed",
        "show_default": True,
        "type": click.Choice(["failed", "canceled", "none"]),
        "callback": _run_limit,
        "help": "How a prediction ends that runs for longer than 30 minutes.",
    },
}
"""Attributes by name; all of them say what a fake is."""
