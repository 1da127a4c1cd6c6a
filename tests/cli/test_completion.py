"""`completion`: what a shell reads once to know our commands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_asks_the_command_itself(command: Callable[..., Result], shell: str) -> None:
    """Every script asks `mockserver`, so that it is never out of date."""
    seen = command("completion", shell)
    assert seen.exit_code == 0
    assert f"_MOCKSERVER_COMPLETE={shell}_complete" in seen.stdout


def test_a_shell_nobody_knows_is_refused(command: Callable[..., Result]) -> None:
    """The known ones are told."""
    seen = command("completion", "tcsh")
    assert seen.exit_code == 2
    assert "'fish'" in seen.stderr
