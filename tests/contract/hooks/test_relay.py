"""Webhooks that are passed on: verified as they came, signed anew only where they were right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mockserver.contract.hooks.letters import drawn_secret, letter_of, seal_of, spoiling
from mockserver.contract.hooks.relay import Account, Relay, Relayed, as_letter
from mockserver.core.interaction import Request
from mockserver.core.letter import Letter
from mockserver.core.signature import TIMESTAMP, verify
from tests.contract.hooks.receivers import SECRET, Constant


if TYPE_CHECKING:
    from mockserver.contract.hooks.story import Story

OWN: Final = drawn_secret(7)
NOW_MS: Final = 5_000_000
LATER_MS: Final = NOW_MS + 86_400_000


def relayed(letter: Letter, *accounts: Account, own: str = "") -> tuple[Relayed, Letter]:
    """What is told of a letter that is passed on, and what the app got."""
    receiver, told = Constant(204), list[Relayed]()
    seal = seal_of(own) if own else None
    relay = Relay(
        receiver, told.append, accounts=lambda: accounts, own=seal, now_ms=lambda: LATER_MS
    )
    assert relay(letter).status == 204
    return told[0], receiver.heard[0]


def hook(story: Story, fault: str = "") -> Letter:
    """The end of the job, spoiled or not."""
    part, seal = story.part("completed"), seal_of(SECRET)
    return letter_of(part, seal, NOW_MS, spoiling(fault) if fault else None)


def test_what_is_right_is_passed_on_as_it_is(story: Story) -> None:
    """It is judged by the time of whoever sent it."""
    letter = hook(story)
    told, got = relayed(letter, Account((OWN,), NOW_MS), Account((SECRET,), NOW_MS))
    assert (told.doubt, told.answer.status, got) == ("", 204, letter)
    assert told.prediction["status"] == "succeeded"


def test_what_is_wrong_is_passed_on_as_it_is_and_told(story: Story) -> None:
    """The app has to see it for itself."""
    letter = hook(story, "hook.bad_signature")
    told, got = relayed(letter, Account((SECRET,), NOW_MS), own=OWN)
    assert got == letter
    assert told.doubt.startswith("none of the signatures")
    stale, _ = relayed(hook(story), Account((SECRET,), LATER_MS))
    assert "s from now" in stale.doubt


def test_an_app_with_another_secret_gets_what_is_right_signed_for_it(story: Story) -> None:
    """And for now, whatever the clock of the sender says."""
    _, got = relayed(hook(story), Account((SECRET,), NOW_MS), own=OWN)
    assert got.header(TIMESTAMP) == str(LATER_MS // 1000)
    verify([OWN], dict(got.headers), got.body, now_ms=LATER_MS)


def test_as_long_as_nobody_has_a_secret_nothing_is_right(story: Story) -> None:
    """No world, no secret."""
    told, _ = relayed(hook(story))
    assert told.doubt == "nobody has a secret yet"


def test_a_body_that_is_no_object_tells_of_no_prediction(story: Story) -> None:
    """It is passed on all the same."""
    for form in ("cut", "list"):
        told, _ = relayed(hook(story, f"hook.not_json;form={form}"))
        assert told.prediction == {}


def test_a_request_is_passed_on_without_what_is_about_its_connection() -> None:
    """The next connection has a host and a length of its own."""
    headers = (("host", "here"), ("webhook-id", "m"), ("content-length", "1"))
    assert as_letter(Request("POST", "/hook", "", headers, b"x")) == Letter(
        (("webhook-id", "m"),), b"x"
    )
