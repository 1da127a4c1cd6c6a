"""How much an account may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver.core.limit import Verdict
from mockserver.core.run_limit import TIMED_OUT
from mockserver.library.catalogue import Catalogue
from mockserver.service.fake import Fake
from mockserver.service.limits import CREATE, LOOK, OTHER, REDUCED, Limits, Standing, standing
from mockserver.service.orders import Order
from mockserver.service.settings import RunLimit, Settings


LONG = """\
summary = "Runs for an hour."
step = [
  { status = "starting", lasts = 500 },
  { status = "processing", lasts = 3_600_000 },
  { status = "succeeded" },
]
"""


@pytest.mark.parametrize(
    ("token", "stands"),
    [
        ("r8_invalid", Standing.INVALID),
        ("r8_invalid-and-more", Standing.INVALID),
        ("r8_nocredit0123", Standing.NO_CREDIT),
        ("r8_lowcredit_ci", Standing.LOW_CREDIT),
        ("r8_nopayment_ci", Standing.NO_PAYMENT),
        ("r8_freelimit_ci", Standing.FREE_LIMIT),
        ("r8_forbidden", Standing.FORBIDDEN),
        ("r8_ordinary", Standing.GOOD),
        ("r8_", Standing.GOOD),
        ("my-r8_invalid", Standing.GOOD),
        ("", Standing.GOOD),
        (None, Standing.GOOD),
    ],
)
def test_a_token_tells_how_its_account_stands(token: str | None, stands: Standing) -> None:
    """By what it begins with, and nothing else."""
    assert standing(token) is stands


def test_buckets_are_counted_one_by_one() -> None:
    """599, 59999, 2999 and 0: creating costs nothing of looking."""
    limits = Limits()
    left = [limits.take(bucket, 0).remaining for bucket in (CREATE, LOOK, OTHER, REDUCED)]
    assert left == [599, 59_999, 2_999, 0]


def test_two_worlds_share_no_bucket() -> None:
    """A limit is an account's own."""
    first, second = Limits(), Limits()
    first.take(CREATE, 0)
    assert second.take(CREATE, 0) == Verdict(passes=True, remaining=599, reset_s=1)


def test_a_bucket_is_full_when_it_is_first_asked() -> None:
    """However late in the life of its world that is."""
    assert Limits().take(REDUCED, 10**12).passes


@pytest.mark.parametrize(
    ("limit", "ends"),
    [
        (RunLimit.FAILED, (1_800_500, "failed", TIMED_OUT)),
        (RunLimit.CANCELED, (1_800_500, "canceled", None)),
        (RunLimit.NONE, (3_600_500, "succeeded", None)),
    ],
)
def test_a_long_run_ends_as_the_settings_say(
    tmp_path: Path, order: Order, limit: RunLimit, ends: tuple[int, str, str | None]
) -> None:
    """After 30 minutes of running; with `none`, when its scenario says."""
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "long.toml").write_text(LONG, encoding="utf-8")
    fake = Fake(Settings(clock="manual", run_limit=limit), Catalogue(fixtures=tmp_path))
    last = fake.create(fake.worlds.named("tester"), order, "long").plan.moments[-1]
    assert (last.after_ms, last.status, last.error) == ends
