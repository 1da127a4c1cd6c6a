"""The settings file: `mockserver.toml`, or the table [tool.mockserver] of pyproject.toml."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import click

from mockserver.cli.output import Failure


OWN_FILE: Final = "mockserver.toml"
PROJECT_FILE: Final = "pyproject.toml"
_TABLE: Final = "[tool.mockserver]"


def found(folder: Path) -> tuple[Path, Mapping[str, object]] | None:
    """The nearest settings file from `folder` upward, and what it holds; None if there is none."""
    for place in (folder, *folder.parents):
        for path in (place / OWN_FILE, place / PROJECT_FILE):
            if os.path.isfile(path):  # noqa: PTH113 - a tenth of the time, at every start
                values = _read(path)
                if values is not None:
                    return path, values
    return None


def read(path: Path) -> Mapping[str, object]:
    """What the settings file at `path` holds. Raises `Failure`."""
    values = _read(path)
    if values is None:
        raise Failure(
            f"{path}: expected a table {_TABLE}, seen none; add it, or take a {OWN_FILE}"
        )
    return values


def defaults(
    path: Path,
    values: Mapping[str, object],
    options: Iterable[click.Parameter],
    ctx: click.Context,
) -> dict[str, object]:
    """What the settings in `path` mean to `options`. Raises `Failure`, which tells the place."""
    by_key = {_key(option): option for option in options if option.envvar}
    return {
        str(by_key[key].name): _checked(path, key, values[key], by_key[key], ctx)
        for key in values
        if key in by_key
    }


def known_only(path: Path, values: Mapping[str, object], known: Iterable[str]) -> None:
    """Raise `Failure` if `values` has a key that no command knows."""
    names = sorted(known)
    for key in values:
        if key not in names:
            from difflib import get_close_matches

            near = get_close_matches(key.replace("_", "-"), names, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise Failure(f"{path}: unknown key {key!r} (known: {', '.join(names)}).{hint}")


def _key(option: click.Parameter) -> str:
    """How the settings file calls an option: as the command line does."""
    return option.opts[0].removeprefix("--")


def _read(path: Path) -> Mapping[str, object] | None:
    """What the file holds for us; None for a pyproject.toml that has no table of ours."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as reason:
        raise Failure(f"{path}: the settings could not be read: {reason}") from None
    ours = path.name != PROJECT_FILE
    # Most projects do not mention us: their file need not be parsed at every start.
    if not ours and "mockserver" not in text:
        return None
    import tomllib

    try:
        whole = tomllib.loads(text)
    except tomllib.TOMLDecodeError as reason:
        raise Failure(f"{path}: expected TOML: {reason}") from None
    return whole if ours else _table(path, whole)


def _table(path: Path, whole: Mapping[str, object]) -> Mapping[str, object] | None:
    tool = whole.get("tool", {})
    values = tool.get("mockserver") if isinstance(tool, dict) else None
    if values is not None and not isinstance(values, dict):
        raise Failure(f"{path}: tool.mockserver: expected a table {_TABLE}, seen {values!r}")
    return values


def _checked(
    path: Path, key: str, value: object, option: click.Parameter, ctx: click.Context
) -> object:
    """The value, if the option takes it from the command line as well."""
    if option.multiple and isinstance(value, str):
        value = [value]
    flag = isinstance(option, click.Option) and option.is_flag
    kind = "true or false" if flag else "a text or a number"
    expected = "a list of texts" if option.multiple else kind
    texts = isinstance(value, list) and all(isinstance(item, str) for item in value)
    plain = isinstance(value, str | int | float) and isinstance(value, bool) == flag
    if not (texts if option.multiple else plain):
        raise Failure(f"{path}: {key}: expected {expected}, seen {value!r}")
    try:
        option.process_value(ctx, value)
    except click.BadParameter as reason:
        raise Failure(f"{path}: {key}: {reason.message}") from None
    return value
