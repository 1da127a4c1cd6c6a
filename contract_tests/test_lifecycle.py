"""A prediction's life as looks find it: judged by the oracle, example by example."""

from __future__ import annotations

import pytest

from mockserver.contract import rules
from mockserver.contract.probes.figures import distances_s
from mockserver.contract.promise import ends_as, passes
from mockserver.contract.provider import Control, Provider, create, look
from mockserver.contract.reading import status_of
from mockserver.core.timeline import RETENTION_MS
from mockserver.library.catalogue import Catalogue

from .samples import FILL, FILL_INPUT, begin, body, now, tells


SCENARIOS = [scenario.name for scenario in Catalogue().scenarios()]
SIGNATURES = {"image/png": b"\x89PNG\r\n", "image/jpeg": b"\xff\xd8\xff", "image/webp": b"RIFF"}


def test_it_starts_processes_and_succeeds(provider: Provider, control: Control) -> None:
    """A client that looks often enough sees all three statuses, in this order."""
    made = begin(provider)
    seen = [look(provider, made)]
    for _ in range(60):
        control.advance(0.1)
        seen.append(look(provider, made))
    assert passes(["starting", "processing", "succeeded"], seen) == []


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_it_ends_as_its_scenario_says(
    provider: Provider, control: Control, catalogue: Catalogue, scenario: str
) -> None:
    """Looked at every few seconds, each scenario lives legally and ends as promised."""
    made = begin(provider, headers=control.choosing(scenario))
    for seconds in (0, 0.3, 0.7, 1, 2, 3, 10, 15, 30):
        control.advance(seconds)
        now(provider, made)
        provider.ask("GET", "/predictions")
    expected = status_of(provider.profile, catalogue.scenario(scenario).steps[-1].status)
    assert ends_as(expected, [look(provider, made)]) == []


def test_looking_changes_nothing(provider: Provider, control: Control) -> None:
    """Two looks at one instant are equal, byte for byte."""
    made = begin(provider)
    control.advance(2)
    assert (
        rules.IDENTITY_STABLE.equal("", expected=now(provider, made), seen=now(provider, made))
        == []
    )


def test_the_outputs_are_as_many_and_of_the_kind_that_were_asked_for(
    provider: Provider, control: Control
) -> None:
    """A model with a list for output gives num_outputs addresses, each of a picture."""
    made = create(provider, FILL, FILL_INPUT)
    control.advance(60)
    output = now(provider, body(made)["id"])["output"]
    pictures = [provider.ask("GET", address, headers={"Authorization": ""}) for address in output]
    media_types = [dict(one.response_headers)["content-type"] for one in pictures]
    starts = [one.response_body[:6] for one in pictures]
    count, kind = FILL_INPUT["num_outputs"], "image/png"
    found = [
        *rules.OUTPUT_AS_MODELED.equal("/output", expected=count, seen=len(output)),
        *rules.OUTPUT_IS_A_PICTURE.equal(
            "/output",
            expected=[(kind, SIGNATURES[kind])] * len(output),
            seen=list(zip(media_types, starts, strict=True)),
        ),
    ]
    assert found == []


def test_the_metrics_are_the_distances_of_the_times(provider: Provider, control: Control) -> None:
    """total_time counts from created_at, predict_time from started_at; both in seconds."""
    tells(provider.profile, "completed_at")
    made = begin(provider)
    control.advance(60)
    told = now(provider, made)
    expected = distances_s(told)
    seen = {name: told["metrics"].get(name) for name in ("total_time", "predict_time")}
    assert rules.METRICS_ADD_UP.equal("/metrics", expected=expected, seen=seen) == []


def test_the_data_is_kept_for_an_hour(provider: Provider, control: Control) -> None:
    """Then input, output and logs are gone, and the rest of the prediction is still there."""
    tells(provider.profile, "data_removed")
    made = begin(provider, headers=control.choosing("instant"))
    control.advance(RETENTION_MS / 1000 - 0.001)
    kept = now(provider, made)["data_removed"]
    control.advance(0.001)
    told = now(provider, made)
    seen = [kept, *(told[name] for name in ("data_removed", "input", "output", "logs", "status"))]
    expected = [False, True, {}, None, "", "succeeded"]
    assert rules.REMOVED_STAYS_REMOVED.equal("", expected=expected, seen=seen) == []


@pytest.mark.parametrize("waits", ["wait", "wait=1"])
def test_a_create_call_that_waits_tells_a_legal_beginning(
    provider: Provider, control: Control, waits: str
) -> None:
    """Whatever a held call answers, the looks that follow can have come from it."""
    made = begin(provider, headers={"Prefer": waits})
    now(provider, made)
    control.advance(60)
    assert ends_as("succeeded", [look(provider, made)]) == []
