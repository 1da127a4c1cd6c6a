"""Examples: each model has run once, in a world whose time stands still."""

from __future__ import annotations

from typing import Final

import pytest

from mockserver.core.timeline import Status
from mockserver.library.catalogue import Catalogue
from mockserver.library.models import Model
from mockserver.library.validate import Validator
from mockserver.service.gallery import Gallery, example_input


CATALOGUE: Final = Catalogue()

each_model = pytest.mark.parametrize("model", CATALOGUE.models(), ids=lambda it: it.full_name)


@each_model
def test_an_example_obeys_its_model(model: Model) -> None:
    """What was asked for is what the model takes."""
    assert Validator(model.input_schema).violations(example_input(model)) == ()


@each_model
def test_an_example_has_ended_well(model: Model) -> None:
    """And keeps its data for ever."""
    seen = Gallery(CATALOGUE).example(model)
    assert (seen.moment.status, seen.data_removed) == (Status.SUCCEEDED, False)


def test_an_example_stays_the_same() -> None:
    """In one gallery, and in another one that is asked in the same order."""
    model = CATALOGUE.models()[0]
    first, second = Gallery(CATALOGUE), Gallery(CATALOGUE)
    seen = first.example(model)
    assert first.example(model) == seen == second.example(model)
