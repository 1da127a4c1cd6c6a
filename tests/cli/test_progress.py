"""The progress of a tour, as a person sees it."""

from __future__ import annotations

import pytest

from mockserver.cli.progress import Progress, line
from mockserver.cli.tour import Stop


UP = "\x1b[2A"


def a_stop(gateway: str = "anyapi") -> Stop:
    """A request that is on its way."""
    return Stop(gateway, "owner/model", f"/{gateway}", b"", statuses=["starting"])


def test_without_a_terminal_each_change_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Looks that show nothing new say nothing."""
    stop = a_stop()
    progress = Progress((stop,))
    progress.told(stop)
    stop.seconds = 1.0
    progress.told(stop)
    stop.statuses.append("failed")
    progress.told(stop)
    seen = capsys.readouterr()
    assert seen.out == ""
    assert [row.split()[-1] for row in seen.err.splitlines()] == ["starting", "failed"]


def test_on_a_terminal_the_lines_are_written_over(capsys: pytest.CaptureFixture[str]) -> None:
    """All requests are drawn each time, over what was drawn before."""
    both = a_stop(), a_stop("winfull")
    progress = Progress(both, in_place=True)
    progress.told(both[0])
    progress.told(both[1])
    first, second = capsys.readouterr().err.split(UP)
    assert first == second
    assert first.count("\n") == 2


def test_a_line_tells_how_far_a_request_is() -> None:
    """Who was asked, the statuses so far, and what went wrong."""
    stop = a_stop()
    stop.failure = "no answer"
    assert line(stop).split() == ["anyapi", "model", "0.0", "s", "starting", "(no", "answer)"]
