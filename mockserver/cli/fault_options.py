"""The options about faults: what goes wrong, and who else may ask for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import click


def _fault(_ctx: click.Context, _option: click.Parameter, texts: Sequence[str]) -> str:
    """The faults as one text, each checked."""
    text = ", ".join(texts)
    if text:
        from mockserver.library.errors import LibraryError
        from mockserver.library.faults.catalogue import checked

        try:
            checked(text, by_server=True)
        except LibraryError as reason:
            raise click.BadParameter(str(reason)) from None
    return text


def asked_faults(word: str, host: str) -> bool:
    """Whether requests may ask for faults; by default where only this machine can send them."""
    if word != "auto":
        return word == "on"
    from mockserver.core.interaction import LOOPBACK_NAMES

    return host in LOOPBACK_NAMES or host == "::1"


FAULT_OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "fault": {
        "multiple": True,
        "callback": _fault,
        "metavar": "FAULT",
        "help": "What goes wrong, such as smoke or 'net.drip;p=0.1'; see `mockserver faults`.",
    },
    "asked-faults": {
        "default": "auto",
        "show_default": True,
        "type": click.Choice(["auto", "on", "off"]),
        "help": "Let requests ask for faults (X-Mock-Fault); auto: on loopback alone.",
    },
}
"""Attributes by name; all of them say what a fake is."""
