"""The same rules for anything that can be asked: inputs, mistakes and lives are drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract import rules
from mockserver.contract.life import Act, Ask, Life
from mockserver.contract.promise import ends_as
from mockserver.contract.provider import Control, Provider, cancel, create, look
from mockserver.contract.reading import status_of
from mockserver.contract.refusal import faults
from mockserver.contract.strategies import Input, Mutation, inputs, invalid_inputs, lives
from mockserver.library.catalogue import Catalogue
from mockserver.library.gateways import Gateway
from mockserver.library.models import Model

from .fake import Accounts, Judge
from .samples import CANCEL, body, named, now


# The others cannot be created by their name alone.
MODELS = tuple(model for model in Catalogue().models() if model.official)
SCENARIOS = Catalogue().scenarios()
A_DAY_S = 86_400


@given(drawn=st.sampled_from(MODELS).flatmap(lambda one: st.tuples(st.just(one), inputs(one))))
def test_a_valid_input_is_accepted_and_echoed(
    accounts: Accounts, profile: Gateway, judge: Judge, drawn: tuple[Model, Input]
) -> None:
    """Whatever a model's schema allows is taken, and comes back as it was sent."""
    model, given_input = drawn
    provider = accounts.open(profile)
    made = create(provider, model.full_name, given_input)
    echoed = now(provider, str(body(made).get("id"))).get("input")
    seen = echoed if profile.writes("input") else given_input
    found = [
        *rules.STATUS_AS_PROFILED.equal(
            "", expected=profile.create.status, seen=made.status, exchange=made
        ),
        *rules.INPUT_ECHOED.equal("/input", expected=given_input, seen=seen, exchange=made),
        *judge(provider),
    ]
    assert found == []


@given(
    drawn=st.sampled_from(MODELS).flatmap(lambda one: st.tuples(st.just(one), invalid_inputs(one)))
)
def test_a_single_fault_is_refused_at_its_place(
    accounts: Accounts, profile: Gateway, judge: Judge, drawn: tuple[Model, Mutation]
) -> None:
    """One wrong member in a valid input: refused, that member named, and no other."""
    model, mutation = drawn
    provider = accounts.open(profile)
    refused = create(provider, model.full_name, mutation.input)
    expected = (profile.errors.kinds["input_invalid"].status, named(profile, mutation.field))
    seen = (refused.status, faults(refused))
    found = [
        *rules.FAULT_IS_NAMED.equal("", expected=expected, seen=seen, exchange=refused),
        *judge(provider),
    ]
    assert found == []


@given(life=lives(MODELS, SCENARIOS))
def test_every_life_is_legal_and_ends_as_promised(
    accounts: Accounts, profile: Gateway, judge: Judge, life: Life
) -> None:
    """Any scenario, any looks, any cancels, at any time."""
    provider = accounts.open(profile)
    if not profile.serves(*CANCEL):
        life = replace(life, acts=tuple(act for act in life.acts if act is not Ask.CANCEL))
    control = provider.control or pytest.skip(f"{profile.title} runs in its own time")
    made = create(
        provider,
        life.model.full_name,
        life.input,
        headers=control.choosing(life.scenario.name),
    )
    prediction_id = str(body(made).get("id"))
    for act in (*life.acts, Ask.LOOK):
        _done(act, provider, control, prediction_id)
    control.advance(A_DAY_S)
    last = look(provider, prediction_id)
    found = [
        *ends_as(status_of(profile, life.promised()), [last]),
        *judge(provider),
    ]
    assert found == []


def _done(act: Act, provider: Provider, control: Control, prediction_id: str) -> None:
    match act:
        case Ask.LOOK:
            look(provider, prediction_id)
        case Ask.LIST:
            provider.ask("GET", "/predictions")
        case Ask.CANCEL:
            cancel(provider, prediction_id)
        case elapsed_ms:
            control.advance(elapsed_ms / 1000)
