"""A case says of its inputs what is true, or it is no case."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract.fuzzing.steps import Create, Look, Mistake, borne_out
from mockserver.contract.strategies import Input, Mutation, inputs, invalid_inputs
from mockserver.library.catalogue import Catalogue
from mockserver.library.models import Model


MODELS = Catalogue().models()


@given(drawn=st.sampled_from(MODELS).flatmap(lambda one: st.tuples(st.just(one), inputs(one))))
def test_a_valid_input_bears_out_a_create_and_no_mistake(drawn: tuple[Model, Input]) -> None:
    """The schema of the model decides, not who drew it."""
    model, right = drawn
    assert borne_out(model, (Create(right), Look(0)))
    assert not borne_out(model, (Mistake(right, "input.prompt"),))


@given(
    drawn=st.sampled_from(MODELS).flatmap(lambda one: st.tuples(st.just(one), invalid_inputs(one)))
)
def test_a_mutation_bears_out_a_mistake_at_its_place(drawn: tuple[Model, Mutation]) -> None:
    """At that field alone, and it is no create call that has to be taken."""
    model, wrong = drawn
    assert borne_out(model, (Mistake(wrong.input, wrong.field),))
    assert not borne_out(model, (Mistake(wrong.input, "input.elsewhere"),))
    assert not borne_out(model, (Look(0), Create(wrong.input)))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_case_that_asks_nothing_is_borne_out(model: Model) -> None:
    """There is nothing in it that could be untrue."""
    assert borne_out(model, (Look(0),))
