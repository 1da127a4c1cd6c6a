"""How large an output is: a model's table, or the size of its input image."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from mockserver.library.media.measure import MediaError


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Size = tuple[int, int]
Value = TypeVar("Value")

MATCH_INPUT_IMAGE = "match_input_image"
UNKNOWN_INPUT: Size = (1024, 1024)

_FIT_PIXELS = 1440
_FIT_MULTIPLE = 32
_ASKED_MULTIPLE = 16
_LARGEST = 2048
_DIVISOR = {"0.25": 2}
"""By how much `megapixels` divides each side; every other value leaves the side alone."""


def output_size(
    pixel_sizes: Mapping[str, Size],
    match_policy: str,
    aspect_ratio: str | None,
    input_size: Size | None,
    megapixels: str | None,
) -> Size:
    """Width and height in pixels; raises MediaError for an unknown ratio or policy."""
    width, height = _full_size(pixel_sizes, match_policy, aspect_ratio, input_size)
    divisor = _DIVISOR.get(megapixels or "", 1)
    return max(1, width // divisor), max(1, height // divisor)


def asked_size(width: object, height: object) -> Size | None:
    """The size that `width` and `height` ask for, in multiples of 16; None if they ask for none.

    Source: upstream's description of flux-1.1-pro: other numbers go to the nearest multiple.
    """
    if not isinstance(width, int) or not isinstance(height, int):
        return None
    return _rounded(width), _rounded(height)


def _rounded(side: int) -> int:
    return min(max(round(side / _ASKED_MULTIPLE), 1) * _ASKED_MULTIPLE, _LARGEST)


def _full_size(
    pixel_sizes: Mapping[str, Size],
    match_policy: str,
    aspect_ratio: str | None,
    input_size: Size | None,
) -> Size:
    """The size before `megapixels`; without a ratio, the input image decides."""
    if aspect_ratio is not None and aspect_ratio != MATCH_INPUT_IMAGE:
        return _looked_up(pixel_sizes, aspect_ratio, "aspect_ratio")
    match = _looked_up(_POLICIES, match_policy, "match policy")
    return UNKNOWN_INPUT if input_size is None else match(pixel_sizes, input_size)


def _looked_up(table: Mapping[str, Value], key: str, what: str) -> Value:
    """The table's entry; raises MediaError that lists the keys there are."""
    try:
        return table[key]
    except KeyError as error:
        raise MediaError(f"unknown {what} {key!r}; expected one of {', '.join(table)}") from error


def _nearest(pixel_sizes: Mapping[str, Size], input_size: Size) -> Size:
    """The table's size whose ratio is nearest to the input's; the smaller one on a tie."""
    ratio = input_size[0] / input_size[1]
    sizes = pixel_sizes.values() or (UNKNOWN_INPUT,)
    return min(sizes, key=lambda size: (abs(ratio - size[0] / size[1]), size))


def _fitted(_pixel_sizes: Mapping[str, Size], input_size: Size) -> Size:
    """The input's size, shrunk to fit 1440 x 1440, floored to multiples of 32.

    Source: the published predictor of FLUX dev, schnell and fill.
    """
    longest = max(input_size)
    return _floored(input_size[0], longest), _floored(input_size[1], longest)


def _floored(side: int, longest: int) -> int:
    """One side in pixels; at least one multiple."""
    fitted = side * _FIT_PIXELS // longest if longest > _FIT_PIXELS else side
    return max(_FIT_MULTIPLE, fitted // _FIT_MULTIPLE * _FIT_MULTIPLE)


_POLICIES: Mapping[str, Callable[[Mapping[str, Size], Size], Size]] = {
    "kontext17": _nearest,
    "fit1440": _fitted,
}
