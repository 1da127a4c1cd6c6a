"""`explain`: what a code means, for a person and for programs."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import Result

from mockserver.contract.codes import by_code


Command = Callable[..., Result]


def test_a_code_is_told_with_all_there_is_to_say(command: Command) -> None:
    """Rule, severity, why, what it looks like, what to do, and the source."""
    seen = command("explain", "L103")
    assert seen.exit_code == 0
    lines = seen.stdout.splitlines()
    assert (
        lines[0] == "L103 (must)  What has ended stays as it ended; only its data may be removed"
    )
    assert "Broken, it looks like this:" in lines
    assert any(line.startswith("    GET /v1/predictions/abc") for line in lines)
    assert "What to do:" in lines
    assert lines[-1] == "Source: replicate.com/docs/topics/predictions/lifecycle"


def test_the_case_of_a_code_does_not_matter(command: Command) -> None:
    """A person types what is easy."""
    assert command("explain", "l103").stdout == command("explain", "L103").stdout


def test_without_a_code_all_are_listed(command: Command) -> None:
    """A line for each, by which it can be asked for."""
    lines = command("explain").stdout.splitlines()
    assert lines[0].split() == ["CODE", "SEVERITY", "RULE"]
    assert [line.split()[0] for line in lines[1:]] == list(by_code())


@pytest.mark.parametrize("code", by_code())
def test_every_code_can_be_asked_for(command: Command, code: str) -> None:
    """Each is told under its own title."""
    seen = command("explain", code)
    assert seen.exit_code == 0
    assert seen.stdout.startswith(f"{code} ({by_code()[code].severity})  {by_code()[code].title}")


@pytest.mark.parametrize(("code", "near"), [("L130", "'L113'"), ("Q9", ""), ("E1011", "'E101'")])
def test_an_unknown_code_is_told_with_the_nearest(command: Command, code: str, near: str) -> None:
    """Exit code 2, and where they are listed."""
    seen = command("explain", code)
    assert (seen.exit_code, seen.stdout) == (2, "")
    assert f"no rule is called '{code}'; `mockserver explain` lists them" in seen.stderr
    assert near in seen.stderr


def test_programs_get_json(command: Command) -> None:
    """One object, or a list of all."""
    one = json.loads(command("explain", "L103", "--json").stdout)
    every = json.loads(command("explain", "--json").stdout)
    assert set(one) == {"code", "severity", "title", "source", "why", "example", "remedy"}
    assert [told["code"] for told in every] == list(by_code())
    assert one in every
