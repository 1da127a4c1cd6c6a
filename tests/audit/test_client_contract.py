"""`ClientContract`: the promises of a good client as tests of somebody else's repository."""

from __future__ import annotations

from pathlib import Path

import pytest


pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parents[2]

HEAD = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from examples.reference_client import PredictionError, ReferenceClient
from mockserver import ClientContract
"""
GOOD = f"""{HEAD}
class TestSync(ClientContract):
    errors = (PredictionError,)

    def run(self, api, model, input):
        return ReferenceClient(api.base_url, api.token, api.transport).run(model, input)

class TestAsync(ClientContract):
    errors = (PredictionError,)

    async def run(self, api, model, input):
        client = ReferenceClient(api.base_url, api.token, api.transport)
        return await client.run_async(model, input)
"""
MINE = f"""{HEAD}
from tests.audit.planted import KnowsNotAborted

class TestMine(ClientContract):
    errors = (PredictionError,)

    def run(self, api, model, input):
        return KnowsNotAborted(api.base_url, api.token, api.transport).run(model, input)
"""
PROMISES = 19
DRAWN = 2


@pytest.mark.slow
def test_a_good_client_keeps_every_promise(pytester: pytest.Pytester) -> None:
    """Nothing is found, nothing skipped: each promise was put to the test, sync and async."""
    pytester.makepyfile(GOOD)
    seen = pytester.runpytest_subprocess("-v", "-p", "no:cacheprovider")
    seen.assert_outcomes(passed=2 * (PROMISES + DRAWN))
    seen.stdout.fnmatch_lines(["*TestAsync*K1-starts-at-most-one-job-* PASSED*"])


@pytest.mark.slow
def test_a_broken_promise_fails_its_test_and_no_other(pytester: pytest.Pytester) -> None:
    """The failure names the promise, the cases, what was seen, and the call that shows it."""
    pytester.makepyfile(MINE + "    drawn = 0\n")
    seen = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    seen.assert_outcomes(passed=PROMISES - 1, failed=1, skipped=DRAWN)
    seen.stdout.fnmatch_lines(
        [
            "*K5-knows-every-final-status*",
            "*broken in aborted, life.aborted*",
            "*C105 (must)*",
            "*looks after 'aborted' was told*",
            "*repeat*curl -sS -X GET*",
        ]
    )


def test_a_known_breach_can_be_accepted(pytester: pytest.Pytester) -> None:
    """Its test is an expected failure, with the reason, for as long as the promise is broken."""
    pytester.makepyfile(f"""{HEAD}
class Impatient(ReferenceClient):
    def pause_s(self, answer, own_s):
        return 0.01

class TestMine(ClientContract):
    suites = ("http.retry_after;form=one;on=create;nth=1",)
    accepted = {{"K2": "our gateway never limits us"}}
    drawn = 0
    errors = (PredictionError,)

    def run(self, api, model, input):
        return Impatient(api.base_url, api.token, api.transport).run(model, input)
""")
    seen = pytester.runpytest_subprocess("-rxs", "-p", "no:cacheprovider")
    seen.assert_outcomes(xfailed=1, skipped=PROMISES - 3 + DRAWN, passed=2)
    seen.stdout.fnmatch_lines(["*our gateway never limits us*", "*no case put K1 to the test*"])


@pytest.mark.slow
def test_an_unmodified_program_is_led_to_the_fake(pytester: pytest.Pytester) -> None:
    """Upstream's own client finds it by its variables, and its sleeps cost nothing."""
    pytester.makepyfile("""
import replicate
from mockserver import ClientContract

class TestOfficial(ClientContract):
    suites = ("lives",)
    deadline_s = 60.0

    def run(self, api, model, input):
        client = replicate.Client()
        return client.run(model, input=input)
""")
    seen = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-k", "K5- or K6- or K7-")
    seen.assert_outcomes(passed=1, failed=2, deselected=PROMISES - 3 + DRAWN)


def test_a_client_that_is_not_named_is_told_so(pytester: pytest.Pytester) -> None:
    """A class without `run` fails in every test, and says what is missing."""
    pytester.makepyfile("""
from mockserver import ClientContract

class TestNobody(ClientContract):
    suites = ("happy",)
""")
    seen = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    assert seen.ret != 0
    seen.stdout.fnmatch_lines(["*TestNobody has to say how its client is run*"])


def test_a_server_at_which_the_client_fails_is_saved(pytester: pytest.Pytester) -> None:
    """As a scenario of two steps, which is a case like any other."""
    pytester.makepyfile(f"""{MINE}
class TestAgain(TestMine):
    suites = ("mockserver-found/TestMine-legal.toml",)
    drawn = 0
""")
    seen = pytester.runpytest_subprocess(
        "-p", "no:cacheprovider", "-k", "(TestMine and legal) or (TestAgain and K5-)"
    )
    seen.assert_outcomes(failed=2, deselected=2 * (PROMISES + DRAWN) - 2)
    file = pytester.path / "mockserver-found" / "TestMine-legal.toml"
    assert file.read_text(encoding="utf-8").count("[[step]]") == 2
    seen.stdout.fnmatch_lines(["*again: suites = *TestMine-legal.toml*"])
