"""What is drawn is what it claims to be, as the validator of the fake judges it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract.life import Ask, Life
from mockserver.contract.strategies import advances_ms, inputs, invalid_inputs, lives
from mockserver.core.timeline import Status
from mockserver.library.catalogue import Catalogue
from mockserver.library.models import Model
from mockserver.library.request_body import request_schema
from mockserver.library.validate import Validator


CATALOGUE = Catalogue()
MODELS = CATALOGUE.models()
FAR_MS = 10_000_000


@pytest.fixture(scope="module", params=MODELS, ids=lambda model: model.name)
def model(request: pytest.FixtureRequest) -> Model:
    """Each model in turn."""
    return MODELS[MODELS.index(request.param)]


@pytest.fixture(scope="module")
def validator(model: Model) -> Validator:
    """The one that the fake judges bodies by."""
    return Validator(request_schema(model.input_schema, versioned=False))


@given(data=st.data())
def test_inputs_are_valid(model: Model, validator: Validator, data: st.DataObject) -> None:
    """Whatever is drawn, the schema allows."""
    assert validator.violations({"input": data.draw(inputs(model))}) == ()


@given(data=st.data())
def test_invalid_inputs_have_one_fault(
    model: Model, validator: Validator, data: st.DataObject
) -> None:
    """Exactly the field they say, and the text of the refusal names the member."""
    mutation = data.draw(invalid_inputs(model))
    (violation,) = validator.violations({"input": mutation.input})
    assert violation.field == mutation.field
    assert mutation.names in f"{violation.field} {violation.description}"


@given(life=lives(MODELS, CATALOGUE.scenarios()))
def test_a_life_that_is_not_canceled_ends_as_its_scenario(life: Life) -> None:
    """And one that is canceled at once ends canceled, unless it was never alive."""
    last = life.scenario.steps[-1].status
    untouched = Life(life.model, life.input, life.scenario, ())
    late = Life(life.model, life.input, life.scenario, (FAR_MS, Ask.CANCEL))
    assert untouched.promised() is last
    assert late.promised() in {last, Status.CANCELED}
    assert life.promised() in {last, Status.CANCELED}


@pytest.mark.parametrize(
    ("scenario", "cancel_ms", "expected"),
    [
        ("happy", 0, Status.CANCELED),
        ("happy", 5_199, Status.CANCELED),
        ("happy", 5_200, Status.SUCCEEDED),
        ("instant", 0, Status.SUCCEEDED),
        ("aborted", 999, Status.CANCELED),
        ("aborted", 1_000, Status.ABORTED),
        ("stuck-starting", FAR_MS, Status.CANCELED),
    ],
)
def test_a_cancel_counts_until_the_end(scenario: str, cancel_ms: int, expected: Status) -> None:
    """At the very millisecond of the end it comes too late."""
    pro = next(model for model in MODELS if model.name == "flux-kontext-pro")
    life = Life(pro, {}, CATALOGUE.scenario(scenario), (cancel_ms, Ask.CANCEL))
    assert life.promised() is expected


@given(ms=advances_ms())
def test_time_only_advances(ms: int) -> None:
    """No clock is asked to go backwards."""
    assert ms >= 0
