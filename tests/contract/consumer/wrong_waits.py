"""What clients do wrong while they wait: too soon, too long, or for somebody else's job."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mockserver.contract.consumer import rules
from tests.contract.consumer.conducts import (
    GIVEN_UP,
    GOOD,
    HUNG,
    MANY,
    OUTPUT,
    RAISED,
    RUNNING,
    Broken,
    canceled,
    conduct,
    created,
    downloaded,
    looked,
    refused,
    told,
)


DATE: Final = ("Retry-After", "Thu, 01 Jan 2026 00:00:02 GMT")
ISO: Final = ("Retry-After", "2026-01-01T00:00:02Z")
WAITS: Final = (
    Broken(
        rules.ONE_JOB,
        "sends a lost create call again",
        conduct(created(kinds=("net.reset_before",)), created(500), *GOOD[1:], jobs=2),
    ),
    Broken(
        rules.SECONDS_WAITED,
        "comes back after half a second, not after one",
        conduct(refused(created(), 429, ("Retry-After", "1")), created(500), *GOOD[1:]),
    ),
    Broken(
        rules.PAUSED_ANYWAY,
        "comes back at once where the date is no date",
        conduct(refused(created(), 429, ISO), created(5), *GOOD[1:]),
    ),
    Broken(
        rules.DATE_WAITED,
        "comes back a second before the date",
        conduct(refused(created(), 429, DATE), created(1_000), looked(3_000), downloaded(3_100)),
    ),
    Broken(
        rules.NO_ABSURD_WAIT,
        "sleeps for a day",
        conduct(refused(created(), 429, ("Retry-After", "86400")), created(86_400_000), *GOOD[1:]),
    ),
    Broken(
        rules.NO_ABSURD_WAIT,
        "sleeps for a day, and nobody waits for it",
        conduct(refused(created(), 429, ("Retry-After", "86400")), end=HUNG, jobs=0),
    ),
    Broken(
        rules.LOOKS_END,
        "looks on at what has ended",
        conduct(created(), looked(1_000), looked(2_000), looked(3_000), downloaded(3_100)),
    ),
    Broken(
        rules.ENDS_AT_EVERY_END,
        "does not return",
        conduct(created(), looked(1_000, told("canceled")), end=HUNG, status="canceled"),
    ),
    Broken(
        rules.UNKNOWN_STATUS_BOUNDED,
        "waits for a word that it knows",
        conduct(created(), looked(1_000, told("successful", [OUTPUT])), end=HUNG),
    ),
    Broken(
        rules.DEADLINE,
        "waits for ever",
        conduct(created(), looked(1_000, RUNNING), end=HUNG, status="processing"),
    ),
    Broken(rules.DEADLINE, "does nothing, for ever", conduct(end=HUNG, jobs=0)),
    Broken(
        rules.POLLS_AFTER_SYNC,
        "gives up a job that has just begun",
        conduct(created(), canceled(10), end=RAISED, status="canceled"),
    ),
    Broken(
        rules.ID_CHECKED,
        "takes somebody else's picture",
        conduct(GOOD[0], looked(1_000, {**told("succeeded", [OUTPUT]), "id": "xyz"})),
    ),
    Broken(
        rules.MODEL_CHECKED,
        "takes another model's picture",
        conduct(GOOD[0], looked(1_000, kinds=("life.wrong_model",)), GOOD[2]),
    ),
    Broken(
        rules.LOOKS_AGAIN,
        "gives up at the first 502",
        conduct(GOOD[0], refused(looked(500), 500), canceled(600), end=RAISED, status="canceled"),
    ),
    Broken(
        rules.LOOKS_AGAIN_LATER,
        "looks again at once",
        conduct(
            GOOD[0], refused(looked(500), 502), *[replace(one, at_ms=505) for one in GOOD[1:]]
        ),
    ),
    Broken(
        rules.POLLS_APART,
        "looks ten times in a second",
        conduct(GOOD[0], *(looked(100 * place, RUNNING) for place in range(1, 6)), *GOOD[1:]),
    ),
    Broken(
        rules.PAUSES_GROW,
        "looks as often after a while as in the beginning",
        conduct(GOOD[0], *MANY, looked(6_000), downloaded(6_100)),
    ),
    Broken(
        rules.DRIP_BOUNDED,
        "reads for ever",
        conduct(*GOOD[:2], downloaded(1_100, kinds=("net.drip",)), end=HUNG),
    ),
    Broken(
        rules.CANCELED,
        "lets run what it gives up",
        conduct(GOOD[0], looked(500, RUNNING), end=GIVEN_UP, status="processing"),
    ),
)
