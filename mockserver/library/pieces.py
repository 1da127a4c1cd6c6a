"""How many pieces of output an input asks for: files, or pieces of text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mockserver.library.models import Model, OutputKind


MOST_FILES: Final = 100
MOST_TOKENS: Final = 4_096

_COUNTS: Final = ("num_outputs", "num_images", "number_of_images", "number_of_outputs")
"""What models call the number of their files."""

_MOST: Final = ("max_tokens", "max_new_tokens", "max_length")
_LEAST: Final = ("min_tokens", "min_new_tokens", "min_length")


def pieces(model: Model, given: Mapping[str, object]) -> int:
    """The pieces that a run of `model` with the input `given` puts out."""
    if model.output_kind is OutputKind.FILES:
        return min(max(1, _first(model, given, _COUNTS, 1)), MOST_FILES)
    if model.output_kind is OutputKind.CHUNKS:
        # A text that grows ends in an empty piece. Source: recorded answers of llama models.
        return tokens(model, given) + (1 if model.grows else 0)
    return 1


def tokens(model: Model, given: Mapping[str, object]) -> int:
    """How long a text becomes: as long as the model's usual one, within what was asked for."""
    most = min(max(1, _first(model, given, _MOST, MOST_TOKENS)), MOST_TOKENS)
    least = _first(model, given, _LEAST, 1)
    return min(max(model.wording.tokens, least), most)


def _first(
    model: Model, given: Mapping[str, object], names: tuple[str, ...], otherwise: int
) -> int:
    """The number that the first of `names` has, given or by default."""
    for name in names:
        value = given.get(name, model.default(name))
        if isinstance(value, int | float):
            return int(value)
    return otherwise
