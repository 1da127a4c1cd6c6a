"""`ReceiverContract`: the test of a receiver as tests of somebody else's repository."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from mockserver.contract.hooks.cases import shipped


pytest_plugins = ["pytester"]

ROOT: Final = Path(__file__).resolve().parents[1]
CASES: Final = len(shipped())
HEAD: Final = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from examples.receiver import Inbox, create_app
from mockserver import ReceiverContract

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"

class LastWins(Inbox):
    def learn(self, prediction):
        self.jobs[prediction["id"]] = {{"status": prediction["status"]}}
"""
APP: Final = """
inbox = Inbox(SECRET)

class TestMine(ReceiverContract):
    app = create_app(inbox=inbox)
    secret = SECRET

    def state(self, prediction_id):
        return inbox.jobs.get(prediction_id)

    def created(self, prediction):
        inbox.learn(prediction)

    def polled(self, prediction):
        inbox.learn(prediction)
"""
CALLED: Final = """
inbox = LastWins(SECRET)

class TestMine(ReceiverContract):
    secret = SECRET
    scenarios = ("happy",)

    def receive(self, headers, body):
        return inbox.take(headers, body)

    def state(self, prediction_id):
        return inbox.jobs.get(prediction_id)
"""
URL: Final = """
import pytest
from tests.contract.hooks.receivers import wsgi_served

@pytest.fixture(scope="class", autouse=True)
def served():
    with wsgi_served(create_app(secret=SECRET)) as root:
        TestMine.url = f"{root}/hook"
        yield

class TestMine(ReceiverContract):
    secret = SECRET
"""
QUIET: Final = ("-rs", "-p", "no:cacheprovider")


def test_a_good_application_passes(pytester: pytest.Pytester) -> None:
    """Each case is a test with its name; what needs a socket is skipped, with the reason."""
    pytester.makepyfile(HEAD + APP)
    seen = pytester.runpytest_subprocess("-v", *QUIET)
    seen.assert_outcomes(passed=CASES - 2 + 3, skipped=2)
    seen.stdout.fnmatch_lines(
        [
            "*::TestMine::test_the_receiver_answers_as_it_should[[]wrong-secret] PASSED*",
            "*::test_the_app_ends_the_same_in_every_order[[]canceled] PASSED*",
            "*it needs a receiver behind a URL*",
        ]
    )


@pytest.mark.slow
def test_a_bad_function_fails_with_the_order_and_the_file_that_repeats_it(
    pytester: pytest.Pytester,
) -> None:
    """And that file fails again as a case of its own."""
    pytester.makepyfile(HEAD + CALLED)
    seen = pytester.runpytest_subprocess(*QUIET, "-k", "every_order")
    seen.assert_outcomes(failed=1, deselected=CASES)
    seen.stdout.fnmatch_lines(
        [
            "order * of 6",
            "H109 (must)*",
            'again the same: files = (".mockserver/TestMine-happy.toml",)',
            'title = "start → completed → logs"',
        ]
    )
    pytester.makepyfile(HEAD + CALLED + '    files = (".mockserver/TestMine-happy.toml",)\n')
    again = pytester.runpytest_subprocess(*QUIET, "-k", "order-")
    again.assert_outcomes(failed=1, deselected=CASES + 1)


@pytest.mark.slow
def test_a_receiver_behind_an_address_is_tested_with_all_cases(
    pytester: pytest.Pytester,
) -> None:
    """Without a state nothing can be said of orders."""
    pytester.makepyfile(HEAD + URL)
    seen = pytester.runpytest_subprocess(*QUIET)
    seen.assert_outcomes(passed=CASES - 2, skipped=2 + 3)
    seen.stdout.fnmatch_lines(["*what the app believes was not seen*"])


@pytest.mark.slow
def test_who_takes_nothing_is_told_so_once(pytester: pytest.Pytester) -> None:
    """With another secret every refusal is meaningless: one failure, and the rest skipped."""
    pytester.makepyfile(HEAD + CALLED + '    kept = ""\nTestMine.secret = "whsec_AAAA"\n')
    seen = pytester.runpytest_subprocess(*QUIET)
    seen.assert_outcomes(failed=1, passed=1, skipped=CASES - 2 + 1)
    seen.stdout.fnmatch_lines(["*a webhook as upstream sends it*", "*no order can be told*"])


def test_who_names_no_receiver_is_told_what_to_give(pytester: pytest.Pytester) -> None:
    """An address, an application, or a function."""
    pytester.makepyfile(HEAD + "class TestMine(ReceiverContract):\n    secret = SECRET\n")
    seen = pytester.runpytest_subprocess(*QUIET, "-k", "valid")
    seen.assert_outcomes(failed=1, deselected=CASES - 1 + 3)
    seen.stdout.fnmatch_lines(["*TestMine names no receiver: give a url, a WSGI app, or*"])


@pytest.mark.slow
def test_a_wrong_order_is_kept_nowhere_if_nobody_wants_it(pytester: pytest.Pytester) -> None:
    """It is told all the same."""
    pytester.makepyfile(HEAD + CALLED + '    kept = ""\n')
    seen = pytester.runpytest_subprocess(*QUIET, "-k", "every_order")
    seen.assert_outcomes(failed=1, deselected=CASES)
    assert not (pytester.path / ".mockserver").exists()
    seen.stdout.fnmatch_lines(["[[]job]"])
