"""What is assumed of a model whose documents do not say it, as its file holds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from math import sqrt
from pathlib import Path
from re import compile as pattern
from typing import Any, Final

from mockserver.library.errors import LibraryError
from mockserver.library.media.formats import FORMATS
from mockserver.library.model_files import read_model
from mockserver.library.models import Medium
from mockserver.library.strict import Table
from mockserver.library.validate import SchemaBroken, Validator


# A JSON Schema is a tree of whatever JSON can hold; there is nothing to be typed.
Json = dict[str, Any]

_RATIO: Final = pattern(r"(\d{1,4}):(\d{1,4})")
_MEGAPIXEL: Final = 1024 * 1024
_MULTIPLE: Final = 16
_NSFW: Final = "NSFW content detected. Try running it again, or try a different prompt."
_ASSUMED: Final = "assumed"


def checked(described: Json, source: str, path: Path) -> Json:
    """What the file at `path` shall hold, if its own reader takes it. Raises `LibraryError`."""
    try:
        model = read_model(Table(described, path))
        Validator(model.input_schema)
    except SchemaBroken as broken:
        raise LibraryError(f"{source}: Input is no JSON Schema: {broken}") from broken
    return described


def version_id(full_name: str) -> str:
    """An id for the version of a model, drawn from its name."""
    return blake2b(full_name.encode(), digest_size=32).hexdigest()


def behaviour() -> Json:
    """How long it takes, what it costs, prints and says of what it will not make."""
    return {
        "x-timing": {"boot_ms": 300, "run_ms": 3000, "source": _ASSUMED},
        "x-price": {"usd_per_output": 0.0, "source": _ASSUMED},
        "x-log": [
            {"at": 0.0, "text": "Using seed: {seed}\n"},
            {"at": 0.5, "text": " 50%|█████     | 5/10 [00:01<00:01, 3.50it/s]\n"},
            {"at": 0.95, "text": "100%|██████████| 10/10 [00:02<00:00, 3.50it/s]\n"},
        ],
        "x-log-source": _ASSUMED,
        "x-nsfw-error": _NSFW,
        "x-nsfw-error-source": _ASSUMED,
    }


def has_files(output: Json) -> bool:
    """Whether each piece of such an output is the address of a file."""
    inner = output.get("items", output)
    return isinstance(inner, Mapping) and inner.get("format") == "uri"


def files(schema: Json, medium: str) -> Json:
    """How its files look; what an input called `output_format` offers tells their medium."""
    members = schema["properties"]
    offered = members.get("output_format", {}).get("enum", ())
    chosen = Medium(medium) if medium else medium_of(offered) or Medium.IMAGE
    found: Json = {
        "x-medium": chosen,
        "x-output-name": "out-{index}.{ext}",
        "x-output-name-source": _ASSUMED,
    }
    if chosen is Medium.IMAGE:
        found["x-pixel-sizes"] = dict(_sizes(members.get("aspect_ratio", {}).get("enum", ())))
        found |= {"x-match-policy": "fit1440", "x-size-source": "assumed: one megapixel"}
    return found


def medium_of(extensions: Iterable[object]) -> Medium | None:
    """The medium that one of these is a format of; None if they are none of those we know."""
    named = {one for one in extensions if isinstance(one, str)}
    return next((one for one in Medium if named & FORMATS[one].keys()), None)


def _sizes(ratios: Any) -> Iterator[tuple[str, list[int]]]:
    """A size of about a megapixel for each ratio."""
    for ratio in ratios:
        found = _RATIO.fullmatch(ratio) if isinstance(ratio, str) else None
        if found and int(found[1]) and int(found[2]):
            side = sqrt(int(found[1]) / int(found[2]) * _MEGAPIXEL)
            yield ratio, [_multiple(side), _multiple(_MEGAPIXEL / side)]


def _multiple(side: float) -> int:
    return max(1, round(side / _MULTIPLE)) * _MULTIPLE
