"""The options about what is served: a user's own data, ids that nobody made, an older API."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click


def _data(ctx: click.Context, _option: click.Parameter, folder: Path | None) -> None:
    """Let the catalogue of this run look into `folder` as well; all of it is read at once."""
    if folder is None:
        return
    from mockserver.library.catalogue import Catalogue
    from mockserver.library.errors import LibraryError

    data = Catalogue(data=folder)
    try:
        data.check_given()
    except LibraryError as reason:
        raise click.BadParameter(str(reason)) from None
    ctx.obj = data


def _api_date(_ctx: click.Context, _option: click.Parameter, text: str) -> str:
    if text:
        from mockserver.library.evolution import api_date

        try:
            api_date(text)
        except ValueError as reason:
            raise click.BadParameter(str(reason)) from None
    return text


DATA_OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "data": {
        "type": click.Path(exists=True, file_okay=False, path_type=Path),
        "is_eager": True,
        "expose_value": False,
        "callback": _data,
        "metavar": "DIR",
        "help": "A folder with models, gateways, predictions and more of your own.",
    },
    "any-id": {
        "is_flag": True,
        "help": "Answer for what nobody made with an example, instead of 404.",
    },
    "api-date": {
        "default": "",
        "callback": _api_date,
        "metavar": "YYYY-MM[-DD]",
        "help": "Serve the API as it was on that day.",
    },
}
"""Attributes by name; all of them say what a fake is."""
