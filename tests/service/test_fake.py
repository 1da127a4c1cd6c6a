"""The whole fake without HTTP: accounts, models, and the choice of a scenario."""

from __future__ import annotations

from dataclasses import replace
from operator import methodcaller

import pytest

from mockserver.core.problem import BadControl, ModelNotFound, TokenMissing, Unauthenticated
from mockserver.core.timeline import Created, Status
from mockserver.library.catalogue import Catalogue
from mockserver.library.models import Model
from mockserver.service import predictions
from mockserver.service.fake import Fake
from mockserver.service.orders import Order
from mockserver.service.rules import Rule
from mockserver.service.settings import Settings
from mockserver.service.worlds import World


def last(made: Created) -> Status:
    """How a prediction is planned to end."""
    return made.plan.moments[-1].status


def prompted(order: Order, prompt: str) -> Order:
    """The same order with another prompt."""
    return replace(order, input={"prompt": prompt})


# Accounts


@pytest.mark.parametrize("token", ["r8_abc", "x", "test", "nobody"])
def test_any_token_is_an_account(fake: Fake, token: str) -> None:
    """Nothing has to be registered first."""
    assert fake.account(token) == token


def test_no_token_is_told_apart_from_a_wrong_one(fake: Fake) -> None:
    """Missing and broken are two refusals."""
    with pytest.raises(TokenMissing, match="did not pass an authentication token"):
        fake.account(None)


@pytest.mark.parametrize("token", ["", "undefined", "null", "None", "NULL"])
def test_nobodys_tokens_are_refused(fake: Fake, token: str) -> None:
    """They come from programs that forgot to set one; upstream refuses them too."""
    with pytest.raises(Unauthenticated, match="did not pass a valid authentication token"):
        fake.account(token)


def test_tokens_may_be_restricted() -> None:
    """Then every other one is refused."""
    fake = Fake(Settings(tokens=frozenset({"mine", "undefined"})))
    assert fake.account("mine") == "mine"
    with pytest.raises(Unauthenticated):
        fake.account("other")
    with pytest.raises(Unauthenticated):
        fake.account("undefined")


# Models


def test_a_model_is_found_by_owner_and_name(fake: Fake, pro: Model) -> None:
    """As its path says."""
    assert fake.model("black-forest-labs", "flux-kontext-pro") is pro


@pytest.mark.parametrize("owner", ["", "..", "other"])
def test_a_model_that_is_not_served_is_not_found(fake: Fake, owner: str) -> None:
    """The refusal names it, for gateways whose words do."""
    with pytest.raises(ModelNotFound) as raised:
        fake.model(owner, "flux-kontext-pro")
    assert raised.value.facts == {"model": f"{owner}/flux-kontext-pro"}


# Scenarios


def test_without_a_word_a_prediction_is_happy(fake: Fake, world: World, order: Order) -> None:
    """It boots and runs in the model's own time, and succeeds."""
    made = fake.create(world, order)
    assert (last(made), made.plan.moments[-1].after_ms) == (Status.SUCCEEDED, 5_200)


def test_a_world_has_its_own_default(fake: Fake, world: World, order: Order) -> None:
    """Which the settings of the fake give it."""
    world.scenario = "canceled"
    assert last(fake.create(world, order)) is Status.CANCELED


@pytest.mark.parametrize(
    ("named", "ruled", "magic", "ends"),
    [
        ("aborted", "canceled", "failed", Status.ABORTED),
        ("", "canceled", "failed", Status.CANCELED),
        ("aborted", "", "failed", Status.ABORTED),
        ("", "", "failed", Status.FAILED),
        ("", "", "", Status.SUCCEEDED),
    ],
)
def test_who_is_nearer_to_the_call_decides(  # noqa: PLR0917 - one column each
    fake: Fake, world: World, order: Order, named: str, ruled: str, magic: str, ends: Status
) -> None:
    """Named by the caller, then a rule, then a magic word, then the world's default."""
    world.rules.add(Rule(ruled or "happy", prompt="" if ruled else "never said"))
    word = f"[[mock:{magic}]]" if magic else ""
    assert last(fake.create(world, prompted(order, f"a cat {word}"), named)) is ends


def test_a_named_scenario_uses_no_rule_up(fake: Fake, world: World, order: Order) -> None:
    """A rule counts only the predictions it decided."""
    world.rules.add(Rule("failed", times=1))
    fake.create(world, order, "happy")
    assert [last(fake.create(world, order)) for _ in range(2)] == [
        Status.FAILED,
        Status.SUCCEEDED,
    ]


@pytest.mark.parametrize(("prompt", "named"), [("a", "hapy"), ("a [[mock:hapy]]", "")])
def test_an_unknown_scenario_is_told_the_nearest(
    fake: Fake, world: World, order: Order, prompt: str, named: str
) -> None:
    """However it was asked for; and nothing is created."""
    with pytest.raises(BadControl, match=r"no scenario is named 'hapy' .* Did you mean 'happy'\?"):
        fake.create(world, prompted(order, prompt), named)
    assert len(world.store) == 0


def test_every_scenario_plans_every_model(fake: Fake, world: World, catalogue: Catalogue) -> None:
    """No combination of the files that ship is refused."""
    ordered = [Order(model, {"prompt": "a"}) for model in catalogue.models()]
    made = [
        fake.create(world, order, scenario.name)
        for order in ordered
        for scenario in catalogue.scenarios()
    ]
    assert len(world.store) == len(made) == len(ordered) * len(catalogue.scenarios())


def test_predictions_alike_share_one_plan(fake: Fake, world: World, order: Order) -> None:
    """A million of them have one in memory."""
    assert fake.create(world, order).plan is fake.create(world, order).plan
    assert fake.create(world, order).plan is not fake.create(world, order, "failed").plan


def test_as_many_outputs_as_were_asked_for(fake: Fake, world: World, fill: Model) -> None:
    """The plan and the ledger count them."""
    given = {"prompt": "a", "image": "https://example.test/in.png", "num_outputs": 3}
    made = fake.create(world, Order(fill, given))
    assert made.plan.moments[-1].outputs == 3
    assert world.ledger.totals[made.model].outputs == 3


def test_a_broken_input_image_fails_the_prediction(fake: Fake, world: World, pro: Model) -> None:
    """It is accepted, because it obeys the schema; the model cannot read it, and says why."""
    broken = Order(pro, {"prompt": "a", "input_image": "data:image/png;base64,AAAA"})
    made = fake.create(world, broken, "happy")
    world.clock.advance(60_000)
    seen = predictions.look(world, made.id).moment
    assert seen.status is Status.FAILED
    assert seen.error


# Beginnings


def test_two_fakes_share_nothing(order: Order) -> None:
    """Not even the worlds of one token."""
    one, two = Fake(Settings(clock="manual")), Fake(Settings(clock="manual"))
    one.create(one.worlds.named("a"), order)
    assert len(two.worlds.named("a").store) == 0


def test_a_fake_needs_no_settings(order: Order) -> None:
    """The defaults are what a newcomer needs: real time, and success."""
    fake = Fake()
    world = fake.worlds.named("a")
    assert (world.clock.mode, last(fake.create(world, order))) == ("real", Status.SUCCEEDED)


def test_a_reset_of_all_forgets_the_lobby_too(fake: Fake) -> None:
    """A reset of one world does not."""
    lobby = fake.lobby
    fake.reset("tester")
    assert fake.lobby is lobby
    fake.reset(seed=5)
    assert fake.lobby is not lobby
    assert fake.worlds.settings.seed == 5


@pytest.mark.parametrize(
    ("change", "mode"),
    [
        (methodcaller("run", 1), "real"),
        (methodcaller("run", 10), "scaled:10"),
        (methodcaller("advance", 5_000), "manual"),
        (methodcaller("run", 0), "manual"),
    ],
)
def test_new_worlds_begin_at_the_pace_of_the_others(
    fake: Fake, change: methodcaller, mode: str
) -> None:
    """A pace set for all is for those still to come too; a time is not."""
    fake.begin_clocks_like(change)
    assert fake.worlds.named("new").clock.mode == mode
