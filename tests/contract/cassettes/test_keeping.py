"""What recordings come to when they are kept: money, and one behind the other."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from mockserver.contract.cassettes.keeping import Leaking, joined, keep, ready, spent
from mockserver.core.cassette import Cassette, Posted
from mockserver.core.interaction import Request
from tests.recording import CATALOGUE, polled


PRICE = Decimal("0.003")


def recorded(scenario: str = "happy", outputs: int = 1, *, ended: bool = True) -> Cassette:
    """One prediction of so many outputs, looked at to its end or not at all."""
    given = {"input": {"prompt": "a", "num_outputs": outputs}}
    recording = polled([60_000] if ended else [], scenario=scenario, given=given)
    return ready(recording.cassette, recording.profile)


@pytest.mark.parametrize(
    ("cassette", "usd"),
    [
        (recorded(), PRICE),
        (recorded(outputs=3), 3 * PRICE),
        (recorded("failed"), Decimal(0)),
        (recorded(outputs=2, ended=False), 2 * PRICE),
    ],
    ids=["one output", "three", "what failed", "not seen to end"],
)
def test_what_was_spent_is_told(cassette: Cassette, usd: Decimal) -> None:
    """By the price of the model, for what was made; what goes on will be paid for."""
    assert spent(cassette, CATALOGUE) == (1, usd)


def test_models_of_nobody_cost_nothing_that_we_know() -> None:
    """They are counted all the same."""
    cassette = recorded()
    jobs = tuple(replace(job, model="who/knows") for job in cassette.jobs)
    assert spent(replace(cassette, jobs=jobs), CATALOGUE) == (1, Decimal(0))


def test_two_recordings_stand_one_behind_the_other() -> None:
    """In time, and by their places; the lives of the first stay what they were."""
    hook = Posted(Request("POST", "/hook", "", (("host", "x.test"),), b"{}"), 10)
    one, two = recorded(), replace(recorded(outputs=2), hooks=(hook,))
    both = joined(one, two)
    times = [each.seen.at_ms for each in both.recorded]
    assert times == [0, 60_000, 61_000, 121_000]
    assert both.hooks[0].at_ms == 61_010
    assert both.jobs == one.jobs
    assert joined(Cassette(), two).recorded == two.recorded


def test_a_life_that_was_edited_stays_as_it_is() -> None:
    """It is distilled once, and then it is its owner's."""
    recording = polled([60_000])
    cassette = ready(recording.cassette, recording.profile)
    (job,) = cassette.jobs
    edited = replace(job, states=job.states[:1])
    again = ready(replace(cassette, jobs=(edited,)), recording.profile)
    assert again.jobs == (edited,)


def test_side_files_are_looked_through_too(tmp_path: Path) -> None:
    """A secret may be in a picture; then nothing is written at all."""
    cassette = recorded()
    one = cassette.recorded[0]
    large = b"x" * 100_000 + b" canary-in-a-picture "
    one = replace(one, seen=replace(one.seen, response_body=large))
    told = replace(cassette, recorded=(one,), jobs=())
    with pytest.raises(Leaking, match="a known secret") as caught:
        keep(tmp_path / "one.json", told, tmp_path / "files", ["canary-in-a-picture"])
    assert len(caught.value.found) == 1
    assert list(tmp_path.iterdir()) == []
