"""How large an output is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.library.media.measure import MediaError
from mockserver.library.media.sizes import Size, output_size


FLUX = {"1:1": (1024, 1024), "16:9": (1344, 768), "9:16": (768, 1344), "21:9": (1536, 640)}
KONTEXT = {"1:1": (1024, 1024), "16:9": (1392, 752), "9:16": (752, 1392), "2:3": (832, 1248)}

sides = st.integers(min_value=1, max_value=8000)
inputs = st.tuples(sides, sides)


@pytest.mark.parametrize("ratio", FLUX)
def test_a_ratio_of_the_table_gives_the_size_of_the_table(ratio: str) -> None:
    """`aspect_ratio` is looked up; the input image then plays no part."""
    assert output_size(FLUX, "fit1440", ratio, (10, 900), None) == FLUX[ratio]


@pytest.mark.parametrize("policy", ["kontext17", "fit1440"])
@pytest.mark.parametrize("ratio", ["match_input_image", None])
def test_an_unknown_input_gives_a_square_megapixel(policy: str, ratio: str | None) -> None:
    """An input that is not fetched is taken as 1024 x 1024."""
    assert output_size(KONTEXT, policy, ratio, None, None) == (1024, 1024)


@pytest.mark.parametrize(
    ("input_size", "expected"),
    [
        ((640, 480), (1024, 1024)),
        ((1920, 1080), (1392, 752)),
        ((1080, 1920), (752, 1392)),
        ((400, 600), (832, 1248)),
        ((10_000, 10), (1392, 752)),
    ],
)
def test_kontext_takes_the_nearest_ratio_of_its_table(input_size: Size, expected: Size) -> None:
    """Policy kontext17: the listed size whose width / height is nearest to the input's."""
    assert output_size(KONTEXT, "kontext17", "match_input_image", input_size, None) == expected


@pytest.mark.parametrize(
    ("input_size", "expected"),
    [
        ((640, 480), (640, 480)),
        ((1440, 1440), (1440, 1440)),
        ((2880, 1440), (1440, 704)),
        ((1000, 999), (992, 992)),
        ((5, 5), (32, 32)),
        ((9000, 1), (1440, 32)),
    ],
)
def test_flux_fits_the_input_in_1440_by_multiples_of_32(input_size: Size, expected: Size) -> None:
    """Policy fit1440: shrunk to fit, never enlarged, floored to multiples of 32."""
    assert output_size(FLUX, "fit1440", None, input_size, "match_input") == expected


@given(inputs)
def test_a_fitted_size_always_fits(input_size: Size) -> None:
    """Whatever comes in: both sides are multiples of 32 from 32 to 1440."""
    fitted = output_size(FLUX, "fit1440", None, input_size, None)

    assert {side % 32 for side in fitted} == {0}
    assert 32 <= min(fitted) <= max(fitted) <= 1440


@given(inputs)
def test_a_matched_size_is_one_of_the_table(input_size: Size) -> None:
    """Whatever comes in: Kontext draws only the sizes it was trained on."""
    assert output_size(KONTEXT, "kontext17", None, input_size, None) in KONTEXT.values()


@pytest.mark.parametrize(
    ("megapixels", "expected"),
    [("0.25", (672, 384)), ("1", (1344, 768)), (None, (1344, 768))],
)
def test_a_quarter_megapixel_halves_each_side(megapixels: str | None, expected: Size) -> None:
    """`megapixels` "0.25" draws half as wide and half as high; "1" as the table says."""
    assert output_size(FLUX, "fit1440", "16:9", None, megapixels) == expected


def test_an_unknown_ratio_names_the_known_ones() -> None:
    """A ratio outside the table is an error that lists the table."""
    with pytest.raises(MediaError, match=r"unknown aspect_ratio '7:1'; expected one of 1:1, 16:9"):
        output_size(FLUX, "fit1440", "7:1", None, None)


def test_an_unknown_policy_names_the_known_ones() -> None:
    """A policy that does not exist is an error that lists those that do."""
    with pytest.raises(MediaError, match=r"'best'; expected one of kontext17, fit1440"):
        output_size(FLUX, "best", None, (1, 1), None)
