"""`GatewayContract`: the exam of a gateway as tests of somebody else's repository."""

from __future__ import annotations

import pytest


pytest_plugins = ["pytester"]

RUNNING = """
import pytest
from mockserver import GatewayContract, Settings, serve

@pytest.fixture(scope="session", autouse=True)
def running():
    with serve(Settings(clock="scaled:100", fault="gw.create_200")) as server:
        TestBroken.base_url = server.base_url
        yield
"""
BROKEN = f"""{RUNNING}
class TestBroken(GatewayContract):
    deadline_s = 30.0
"""


@pytest.mark.slow
def test_each_case_is_a_test(pytester: pytest.Pytester) -> None:
    """Our own fakes keep the contract; what a gateway has not is skipped, with the reason."""
    pytester.makepyfile("""
from mockserver import GatewayContract

class TestWinfull(GatewayContract):
    gateway = "winfull"

class TestRouteAny(GatewayContract):
    gateway = "routeany"
""")
    seen = pytester.runpytest_subprocess("-rs", "-p", "no:cacheprovider")
    seen.assert_outcomes(passed=16, skipped=2)
    seen.stdout.fnmatch_lines(["*RouteAny has no sync*", "*RouteAny has no stream*"])


def test_a_finding_fails_with_all_that_is_known_of_it(pytester: pytest.Pytester) -> None:
    """The rule, the place, and the line that asks again."""
    pytester.makepyfile(BROKEN)
    seen = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-k", "cancel")
    seen.assert_outcomes(failed=1, deselected=8)
    seen.stdout.fnmatch_lines(
        ["*a prediction is canceled*", "*1 found*", "*S101 (must)*", "*repeat*curl -sS -X POST*"]
    )


@pytest.mark.slow
def test_what_is_drawn_fails_with_code_that_repeats_it(pytester: pytest.Pytester) -> None:
    """The finding, and the shortest case as a test, as shell lines and as a scenario file."""
    pytester.makepyfile(f"""{RUNNING}
class TestBroken(GatewayContract):
    examples = 3
    max_predictions = 40
""")
    seen = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-k", "whatever")
    seen.assert_outcomes(failed=1, deselected=8)
    seen.stdout.fnmatch_lines(
        ["*S101 (must)*", "*def test_s101() -> None:*", "*ID0=$(curl -sS -X POST*", "*[[]step]]*"]
    )


def test_nothing_is_spent_unasked(pytester: pytest.Pytester) -> None:
    """A gateway that is not on this machine is not asked before the class says so."""
    pytester.makepyfile("""
from mockserver import GatewayContract

class TestElsewhere(GatewayContract):
    base_url = "https://gateway.invalid/v1"
""")
    seen = pytester.runpytest_subprocess("-rs", "-p", "no:cacheprovider")
    seen.assert_outcomes(skipped=9)
    seen.stdout.fnmatch_lines(["*costs money: say may_spend = True*"])


@pytest.mark.slow
def test_a_budget_ends_what_would_cost_more(pytester: pytest.Pytester) -> None:
    """The first cases are asked, the others skipped with the bound."""
    pytester.makepyfile("""
from mockserver import GatewayContract

class TestPoor(GatewayContract):
    max_predictions = 2
""")
    seen = pytester.runpytest_subprocess("-rs", "-p", "no:cacheprovider")
    seen.assert_outcomes(passed=6, skipped=3)
    seen.stdout.fnmatch_lines(["*2 of 2 predictions are used up*"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("expires", "chosen", "passed"),
    [("expires = 2999-01-01", "cancel or whatever", 2), ("expires = 2020-01-01", "cancel", 0)],
)
def test_what_a_baseline_accepts_does_not_fail(
    pytester: pytest.Pytester, expires: str, chosen: str, passed: int
) -> None:
    """Neither in a case nor where it was drawn, until it expires, which is told."""
    bounds = "    examples = 3\n    max_predictions = 40\n"
    pytester.makepyfile(f'{BROKEN}    baseline = "baseline.toml"\n{bounds}')
    entry = f"[[accepted]]\ncode = 'S101'\nreason = 'known'\n{expires}\n"
    pytester.path.joinpath("baseline.toml").write_text(entry)
    seen = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-k", chosen)
    seen.assert_outcomes(passed=passed, failed=0 if passed else 1, deselected=9 - (passed or 1))
    if not passed:
        seen.stdout.fnmatch_lines(["*S101 at '[*]' (known) expired on 2020-01-01*", "*1 found*"])
