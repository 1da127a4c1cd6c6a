"""The mark, the options and the report."""

from __future__ import annotations

from collections.abc import Callable

import pytest


pytest_plugins = ["pytester"]

Run = Callable[..., pytest.RunResult]

TOKEN = "mockserver-test-token"


def test_the_mark_says_how_the_world_begins(run: Run) -> None:
    """Gateway, scenario and clock, for the one test; a class' mark and a test's add up."""
    run(
        """
@pytest.mark.mockserver(gateway="winfull", clock="real")
class TestGateway:
    @pytest.mark.mockserver(scenario="failed", clock="poll")
    def test_it(self, mockserver):
        assert mockserver.base_url == mockserver.url + "/gateways/winfull/replicate/v1"
        assert mockserver.clock.mode == "poll"
        assert create().status_code == 200
        assert mockserver.settle()[0].status == "failed"

def test_other(mockserver):
    assert create().status_code == 201
    assert mockserver.settle()[0].status == "succeeded"

@pytest.mark.mockserver(gateway="winfull", scenario="failed")
def test_mount(mockserver_mount):
    assert os.environ["REPLICATE_BASE_URL"] == "https://aiapi.winfull.top/replicate/v1"
    assert create().status_code == 200
    assert mockserver_mount.settle()[0].status == "failed"

@pytest.mark.mockserver(gateway="winfull")
def test_app(mockserver_app):
    answer = mockserver_app.test_client().post("/v1/" + PATH, json={"input": {"prompt": "x"}},
                                               headers={"Authorization": "Bearer a-token"})
    assert answer.status_code == 200
""",
    ).assert_outcomes(passed=4)


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        ("gatway='winfull'", "*::test_it: @pytest.mark.mockserver: *Did you mean 'gateway'?"),
        ("gateway='winful'", "*no gateway is named 'winful'*Did you mean 'winfull'?"),
        ("scenario='faild'", "*no scenario is named 'faild'*Did you mean 'failed'?"),
        ("clock='fast'", "*no clock is called 'fast'; there are: real, scaled:RATE, manual*"),
        ("clock=1", "*clock is of type str, not 1*"),
        ("seed='x'", "*seed is of type int, not 'x'*"),
        ("'winfull'", "*its arguments have names: clock, gateway, scenario, seed*"),
    ],
)
def test_a_wrong_mark_ends_the_run(run: Run, mark: str, words: str) -> None:
    """A mark that means nothing is a usage error before the first test, with the nearest name."""
    result = run(
        f"""
@pytest.mark.mockserver({mark})
def test_it():
    pass
""",
    )
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {words}"])


@pytest.mark.parametrize(
    ("arguments", "seed"),
    [
        ((), 0),
        (("-o", "mockserver_seed=5"), 5),
        (("-o", "mockserver_seed=5", "--mockserver-seed=6"), 6),
    ],
)
def test_the_seed_is_an_option(run: Run, arguments: tuple[str, ...], seed: int) -> None:
    """`--mockserver-seed` goes before the ini-file; a mark of the test before both."""
    run(
        f"""
def test_it(mockserver, mockserver_server, mockserver_mount):
    assert mockserver_server.fake.settings.seed == {seed}
    assert mockserver_mount.fake.settings.seed == {seed}

@pytest.mark.mockserver(seed=9)
def test_mark(mockserver, mockserver_mount):
    assert mockserver_mount.fake.settings.seed == 9
    assert mockserver.world.seed == mockserver_mount.world.seed
""",
        *arguments,
    ).assert_outcomes(passed=2)


def test_a_seed_repeats_a_run(run: Run) -> None:
    """The same seed makes the same ids in every test, on the server and behind the mount."""
    run(
        """
IDS = set()

def test_one(mockserver):
    IDS.add(create().json()["id"])

def test_two(mockserver_mount):
    with mockserver_mount.client() as ours:
        IDS.add(ours.post(PATH, json={"input": {"prompt": "other"}}).json()["id"])
    assert len(IDS) == 1
""",
    ).assert_outcomes(passed=2)


def test_a_failure_tells_what_was_asked(run: Run) -> None:
    """The journal stands in the report, and the line that repeats the run; no secret does."""
    result = run(
        """
def test_it(mockserver):
    create(prompt="a storm", Prefer="respond-async")
    with client() as ours:
        ours.get("nowhere?a=b")
    httpx.get(mockserver.base_url + "/predictions")
    raise LookupError
""",
        "--mockserver-seed=3",
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*- mockserver journal -*",
            "2 of 2 interactions; now it is 2026-01-01T00:00:00.000+00:00",
            "*1  POST /v1/models/*/predictions -> 201",
            "*authorization: Bearer sha256:*",
            "*prefer: respond-async",
            '*> {*"a storm"*}',
            '*< {"id":*',
            "*2  GET /v1/nowhere?a=b -> 404",
            "*no such path in the API",
            "without a usable token:",
            "*1  GET /v1/predictions -> 401",
            "again the same: pytest --mockserver-seed=3 *::test_it",
        ]
    )
    assert TOKEN not in result.stdout.str()


def test_a_success_tells_nothing(run: Run) -> None:
    """Who passes has nothing to read."""
    result = run("\ndef test_it(mockserver):\n    create()\n", "-rA")
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*mockserver journal*")


def test_the_mark_and_the_fixtures_explain_themselves(inner: pytest.Pytester) -> None:
    """`pytest --markers` and `--fixtures` are the manual at hand."""
    marks = inner.runpytest_inprocess("--markers")
    marks.stdout.fnmatch_lines(["@pytest.mark.mockserver(gateway=*, scenario=*, clock=*, seed=*"])
    fixtures = inner.runpytest_inprocess("--fixtures")
    fixtures.stdout.fnmatch_lines_random(
        [
            "mockserver -- *",
            "mockserver_app -- *",
            "mockserver_mount -- *",
            "mockserver_server [[]session scope[]] -- *",
            "mockserver_token -- *",
        ]
    )
