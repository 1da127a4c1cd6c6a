"""What holds for every outbox: it depends on the seed and on the time, and on nothing else."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.core.letter import Letter
from mockserver.library.catalogue import Catalogue
from mockserver.service.courier import Courier
from mockserver.service.egress import Egress, Target
from mockserver.service.fake import Fake
from mockserver.service.orders import Order
from mockserver.service.settings import Settings
from mockserver.service.worlds import World


CATALOGUE = Catalogue()
HOOK = "http://127.0.0.1:9/hook"


def test_secrets_are_a_worlds_own(fake: Fake, world: World) -> None:
    """And the same in every run: they are drawn from the seed."""
    (one,) = world.outbox.secrets(0)
    (other,) = fake.worlds.named("another").outbox.secrets(0)
    (again,) = Fake(fake.settings, fake.catalogue).worlds.named("tester").outbox.secrets(0)
    assert one == again != other
    assert len(one) == len("whsec_") + 32


def run(scenarios: list[str], steps_ms: list[int]) -> list[Letter]:
    """What is posted in an hour that passes in these steps; two of three are refused."""
    letters: list[Letter] = []

    def receiver(_target: Target, letter: Letter) -> int:
        letters.append(letter)
        return 500 if len(letters) % 3 else 200

    courier = Courier(Egress(), receiver)
    fake = Fake(Settings(clock="manual"), CATALOGUE)
    world = fake.worlds.named("tester")
    with world.outbox.performing:
        for model, scenario in zip(CATALOGUE.models(), scenarios, strict=False):
            order = Order(model, {"prompt": "a"}, HOOK, ("start", "output", "logs", "completed"))
            created = fake.create(world, order, scenario)
            courier.expect(world, created, lambda _, at_ms: str(at_ms).encode())
    for step_ms in (*steps_ms, 3_600_000):
        world.clock.advance(step_ms)
        courier.perform(world)
    return letters


@given(
    st.lists(
        st.sampled_from(["happy", "slow-boot", "failed", "aborted", "stuck-starting"]),
        min_size=1,
        max_size=3,
    ),
    st.lists(st.integers(0, 4_000), max_size=5),
)
@settings(max_examples=20, deadline=None)
def test_it_does_not_matter_in_which_steps_time_passes(
    scenarios: list[str], steps_ms: list[int]
) -> None:
    """The same letters in the same order, byte for byte, for every life and every pace."""
    assert run(scenarios, steps_ms) == run(scenarios, [])
