"""`mockserver diff`: two providers, a table of what they do differently, and an exit code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from mockserver.live import serve


if TYPE_CHECKING:
    from tests.cli.conftest import Command

NOBODY = "http://127.0.0.1:1/v1"


def test_two_of_a_kind_do_not_differ(command: Command) -> None:
    """0, and nothing on stdout."""
    ran = command("diff", "--gateway-a", "winfull", "--gateway-b", "winfull-cloud")
    assert (ran.exit_code, ran.stdout) == (0, "")
    assert ran.stderr.splitlines()[-1] == "no difference"


def test_a_difference_is_a_row(command: Command) -> None:
    """1, and a line for each, under the names of both."""
    ran = command("diff", "--gateway-b", "winfull", "--case", "cancel")
    assert ran.exit_code == 1
    head, row = ran.stdout.splitlines()
    assert head.split() == ["PHASE", "AT", "A:", "replicate", "B:", "winfull"]
    assert row.split() == ["create", "status", "201", "200"]


def test_programs_read_it_as_json(command: Command) -> None:
    """One document."""
    ran = command("diff", "--gateway-b", "winfull", "--case", "cancel", "--json")
    assert json.loads(ran.stdout) == {
        "differences": [
            {"case": "cancel", "phase": "create", "at": "status", "a": "201", "b": "200"}
        ]
    }


@pytest.mark.parametrize("before", [(), ("-",)], ids=["as-a", "as-b"])
def test_one_that_listens_is_held_against_our_own_fake(
    command: Command, before: tuple[str, ...]
) -> None:
    """Who has no URL is played here; `-` leaves A without one."""
    with serve() as server:
        urls = (*before, server.base_url)
        ran = command("diff", *urls, "--case", "unknown", "--case", "mistakes")
    assert ran.exit_code == 0, ran.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((NOBODY, "--case", "unknown"), "there is nothing to compare"),
        (("--case", "nonsense"), "no case is named 'nonsense'"),
        (("--gateway-a", "nobody"), "nobody"),
        (("--model", "no/model"), "no model is called no/model"),
        (("ftp://here",), "expected a base URL"),
    ],
)
def test_what_cannot_be_compared_says_why(
    command: Command, words: tuple[str, ...], told: str
) -> None:
    """2, and never 0."""
    ran = command("diff", *words)
    assert ran.exit_code == 2
    assert told in ran.stderr


def test_money_is_spent_only_by_who_agrees(command: Command) -> None:
    """Anywhere else than here predictions cost something; no answer is no."""
    ran = command("diff", "https://gateway.example/v1", "--case", "lifecycle")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert "up to 1 predictions at https://gateway.example/v1" in ran.stderr
