"""Limits that are narrow, or told wrongly, in the form of each gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from mockserver.library.faults import limit
from mockserver.service import limits


if TYPE_CHECKING:
    from tests.web.faults.conftest import Caller, Told

TOLD: Final = ("ratelimit-remaining", "ratelimit-reset", "retry-after")


def created(
    caller: Caller, faults: tuple[str, ...], *after_s: float, gateway: str | None = None
) -> list[Told]:
    """The answers to create calls, each so long after the one before."""
    world = caller.world(gateway=gateway)
    for fault in faults:
        caller.set(world, fault)
    answers = []
    for count, seconds in enumerate(after_s):
        world.clock.advance(seconds)
        body: dict[str, object] = {"input": {"prompt": f"number {count}"}}
        answers.append(caller.sent(world, caller.request(world, "create", {}, body)))
    return answers


@pytest.mark.parametrize(
    ("fault", "after_s", "statuses"),
    [
        ("limit.bucket", (0, 0, 0, 1), [201, 201, 429, 201]),
        ("limit.bucket;capacity=1", (0, 0, 1), [201, 429, 201]),
        ("limit.bucket;per_minute=6", (0, 0, 9, 1), [201, 201, 429, 201]),
        ("limit.low_credit", (0, 0, 10), [201, 429, 201]),
        ("limit.concurrent", (0, 0, 60), [201, 429, 201]),
        ("limit.concurrent;most=2", (0, 0, 0, 60), [201, 201, 429, 201]),
        ("limit.concurrent;most=0", (0, 60), [429, 429]),
    ],
)
def test_when_a_create_is_refused(
    caller: Caller, fault: str, after_s: tuple[float, ...], statuses: list[int]
) -> None:
    """Whatever was asked for: the limit is the account's; the journal names the fault."""
    answers = created(caller, (fault,), *after_s)
    assert [told.status for told in answers] == statuses
    assert all(told.entry.faults[0].startswith(fault.partition(";")[0]) for told in answers)


def test_what_is_refused_creates_nothing(caller: Caller) -> None:
    """The refusal comes before the effect."""
    world = caller.world()
    caller.set(world, "limit.concurrent;most=0")
    assert caller.sent(world, caller.request(world, "create", {})).status == 429
    assert caller.sent(world, caller.request(world, "list", {})).json["results"] == []


def test_a_bucket_may_be_that_of_looks(caller: Caller) -> None:
    """A fault says where it strikes."""
    assert caller.told("limit.bucket;on=get;capacity=1", "get", times=2).status == 429


@pytest.mark.parametrize(
    ("gateway", "headers"),
    [("replicate", [["0"], ["2"], ["2"]]), ("new-api", [[], [], []])],
)
def test_a_refusal_has_the_form_of_its_gateway(
    caller: Caller, gateway: str, headers: list[list[str]]
) -> None:
    """Upstream tells when to come again, the new-api family does not."""
    told = created(caller, ("limit.bucket",), 0, 0, 0, gateway=gateway)[-1]
    assert (told.status, [told.headers(name) for name in TOLD]) == (429, headers)


def test_little_credit_is_worded_as_little_credit(caller: Caller) -> None:
    """The bucket is the fake's own for such accounts, and its refusal speaks of credit."""
    assert limit.REDUCED == limits.REDUCED
    told = created(caller, ("limit.low_credit",), 0, 0)[-1]
    assert "less than" in told.json["detail"]


@pytest.mark.parametrize(
    ("chosen", "seen"),
    [
        ("plenty", [["599"], ["0"], ["0"]]),
        ("none", [["0"], ["86400"], ["86400"]]),
        ("garbage", [["-1"], ["soon"], ["later"]]),
    ],
)
def test_headers_lie(caller: Caller, chosen: str, seen: list[list[str]]) -> None:
    """What is told of a limit is not what it is; a gateway that tells none tells none wrongly."""
    faults = f"limit.headers_lie;form={chosen}", "limit.bucket;capacity=1"
    told = created(caller, faults, 0, 0)[-1]
    assert (told.status, [told.headers(name) for name in TOLD]) == (429, seen)
    silent = created(caller, faults, 0, 0, gateway="new-api")[-1]
    assert (silent.status, [silent.headers(name) for name in TOLD]) == (429, [[], [], []])
