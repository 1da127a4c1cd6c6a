"""`trigger`: one webhook by hand, told by the core that tells the real ones."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from examples.receiver import Inbox
from mockserver.core.clock import wall_ms
from mockserver.core.ids import created_ms
from mockserver.core.signature import verify
from tests.contract.hooks.receivers import SECRET, serving


if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    Command = Callable[..., Result]


@pytest.mark.parametrize(
    ("event", "status"),
    [
        ("start", "starting"),
        ("output", "succeeded"),
        ("logs", "processing"),
        ("completed", "succeeded"),
        ("succeeded", "succeeded"),
        ("failed", "failed"),
        ("canceled", "canceled"),
        ("aborted", "aborted"),
    ],
)
def test_an_event_is_sent_and_taken(command: Command, event: str, status: str) -> None:
    """Signed for now; exit code 0."""
    inbox = Inbox(SECRET)
    with serving(inbox.take) as url:
        seen = command("trigger", event, "--to", url, "--secret", SECRET)
    assert (seen.exit_code, seen.stdout[:3]) == (0, "200")
    (job,) = inbox.jobs.values()
    assert job["status"] == status


def test_each_time_it_is_another_prediction_unless_one_is_named(command: Command) -> None:
    """Which may be one that the app has made; told again, it is the same webhook."""
    inbox = Inbox(SECRET)
    with serving(inbox.take) as url:
        for more in ((), (), ("--id", "mine"), ("--id", "mine")):
            command("trigger", "completed", "--to", url, "--secret", SECRET, *more)
    assert len(inbox.jobs) == len(inbox.seen) == 3
    assert inbox.jobs["mine"]["status"] == "succeeded"
    (made_ms, *_) = [created_ms(name) for name in inbox.jobs if name != "mine"]
    assert abs(made_ms - wall_ms()) < 120_000


def test_a_refusal_ends_with_1_and_silence_with_2(command: Command) -> None:
    """What was answered is told."""
    with serving(Inbox(SECRET).take) as url:
        asked = ("trigger", "completed", "--to", url, "--secret", SECRET)
        seen = command(*asked, "--fault", "hook.old_timestamp")
    assert (seen.exit_code, seen.stdout[:3]) == (1, "401")
    nobody = command("trigger", "completed", "--to", "http://127.0.0.1:1/", "--secret", SECRET)
    assert (nobody.exit_code, "nobody answers" in nobody.stderr) == (2, True)


def test_without_an_address_it_is_printed(command: Command) -> None:
    """Headers, an empty line, and the body that was signed, with a secret that is told."""
    seen = command("trigger", "completed")
    secret = seen.stderr.split()[2].rstrip(";")
    head, _, body = seen.stdout.partition("\n\n")
    headers = dict(line.split(": ", 1) for line in head.splitlines())
    verify([secret], headers, body.removesuffix("\n").encode(), now_ms=wall_ms())
    assert json.loads(body)["status"] == "succeeded"


def test_programs_get_json(command: Command) -> None:
    """What was sent, and where somebody was asked, what was answered."""
    printed = json.loads(command("trigger", "start", "--json", "--secret", SECRET).stdout)
    assert printed.keys() == {"headers", "body"}
    with serving(lambda *_: 204) as url:
        asked = ("trigger", "start", "--json", "--secret", SECRET, "--to", url)
        sent = json.loads(command(*asked).stdout)
    assert (sent["status"], sent["why"], json.loads(sent["body"])["webhook"]) == (204, "", url)


def test_what_there_is_not_is_told(command: Command) -> None:
    """Models, faults, events of a model, addresses, secrets; exit code 2."""
    secret = ("--secret", SECRET)
    told = {
        "no model is called no/body": command("trigger", "start", "--model", "no/body", *secret),
        "does not spoil": command("trigger", "start", "--fault", "hook.lost", *secret),
        "expected a URL like": command("trigger", "start", "--to", "nowhere", *secret),
        "a secret is whsec_": command("trigger", "start", "--secret", "mine"),
    }
    assert {
        text: (one.exit_code, text in one.output) for text, one in told.items()
    } == dict.fromkeys(told, (2, True))


def test_a_model_may_have_nothing_to_tell(command: Command) -> None:
    """One that prints no log lines has no webhook about them."""
    seen = command("trigger", "logs", "--model", "replicate/hello-world", "--secret", SECRET)
    assert (seen.exit_code, "replicate/hello-world tells no logs" in seen.stderr) == (2, True)
