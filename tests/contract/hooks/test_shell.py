"""The line that sends a webhook again: run by a shell, it is answered as the webhook was."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from examples.receiver import Inbox
from mockserver.contract.hooks.reaching import HttpReceiver
from mockserver.contract.hooks.shell import repeated
from tests.contract.hooks.receivers import (
    CASES,
    SECRET,
    AnyScheme,
    Constant,
    Reserialising,
    Timeless,
    Trusting,
    Undecoded,
    serving,
    trial_of,
)


if TYPE_CHECKING:
    from mockserver.contract.hooks.sent import Sent
    from mockserver.contract.hooks.story import Story

URL: Final = "http://127.0.0.1:8080/hook"
OWN: Final = {"huge", "gzip", "charset", "bad-utf8"}
"""Bodies that no shell can spell."""
TOOLS: Final = ("sh", "curl", "openssl", "base64", "od")
shell = pytest.mark.skipif(
    not all(map(shutil.which, TOOLS)), reason=f"needs {', '.join(TOOLS)} to run the lines"
)


def sent(story: Story, name: str) -> tuple[Sent, ...]:
    """What is sent in a case."""
    return trial_of(Constant(200), story).result(CASES[name]).sent


@shell
@pytest.mark.slow
@pytest.mark.parametrize("made", [Inbox, AnyScheme, Reserialising, Timeless, Trusting, Undecoded])
def test_a_line_is_answered_as_what_it_repeats(story: Story, made: type[Inbox]) -> None:
    """By a good receiver and by bad ones, for every case that a line can hold."""
    with serving(made(SECRET).take) as url:
        trial = trial_of(HttpReceiver(url), story)
        cases = [case for case in CASES.values() if not case.ends and case.name not in OWN]
        told = [one for case in cases for one in trial.result(replace(case, diagnosis=True)).sent]
        seen = [(one.send, run(repeated(one, url, ""))) for one in told]
    assert seen == [(one.send, str(one.answer)) for one in told]
    assert len(seen) > 40


def run(line: str) -> str:
    """The status that a shell gets to see."""
    ran = subprocess.run(
        ["sh", "-c", line],  # noqa: S607 - whichever shell there is
        env={**os.environ, "WEBHOOK_SECRET": SECRET, "no_proxy": "*"},
        capture_output=True,
        check=True,
        text=True,
    )
    return ran.stdout.split()[1]


@pytest.mark.parametrize("name", sorted(OWN))
def test_what_no_shell_can_spell_is_repeated_by_our_own_command(story: Story, name: str) -> None:
    """With the case's name."""
    line = repeated(sent(story, name)[0], "http://127.0.0.1:8080/a b", name)
    assert line == (
        "mockserver hooks test 'http://127.0.0.1:8080/a b' "
        f'--secret "$WEBHOOK_SECRET" --case {name}'
    )


@pytest.mark.parametrize("name", [*CASES])
def test_no_line_tells_the_secret(story: Story, name: str) -> None:
    """It stands in a variable."""
    lines = [repeated(one, URL, name) for one in sent(story, name)]
    assert not [line for line in lines if SECRET.removeprefix("whsec_")[:8] in line]


def test_without_an_address_there_is_no_line(story: Story) -> None:
    """A function is not called by a shell; what the app was told otherwise is no webhook."""
    (one,) = sent(story, "valid")
    assert repeated(one, "", "valid") == ""
    assert repeated(replace(one, letter=None), URL, "valid") == ""


def test_a_letter_to_another_path_goes_there(story: Story) -> None:
    """On the same host."""
    (one,) = sent(story, "valid")
    assert one.letter is not None
    moved = replace(one, letter=replace(one.letter, path="/elsewhere"))
    assert repeated(moved, URL, "").endswith(" http://127.0.0.1:8080/elsewhere")
