"""A test that names a cassette is answered from it, or records it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mockserver.contract.cassettes.keeping import keep, ready
from mockserver.library.cassettes.files import load
from mockserver.live import serve
from mockserver.service.settings import Settings
from tests.recording import polled


pytest_plugins = ["pytester"]

Run = Callable[..., pytest.RunResult]

KONTEXT = "black-forest-labs/flux-kontext-pro"
LOOP = """
def until_ended(api, made, step=None):
    while made["status"] not in ("succeeded", "failed", "canceled"):
        if step:
            step()
        made = api.get(made["urls"]["get"]).json()
    return made
"""


@pytest.fixture
def cassette(pytester: pytest.Pytester) -> Path:
    """A recording beside the tests, of what their client asks."""
    recording = polled([500] * 40, model=KONTEXT)
    path = pytester.path / "calls.json"
    keep(path, ready(recording.cassette, recording.profile))
    return path


@pytest.mark.usefixtures("cassette")
def test_the_fixtures_play_a_cassette(run: Run) -> None:
    """On a server and without a socket, on a clock that the test moves or that each look does."""
    run(
        LOOP
        + """
@pytest.mark.mockserver(cassette="calls.json")
def test_server(mockserver):
    with client() as api:
        ended = until_ended(api, create().json(), lambda: mockserver.clock.advance(0.05))
    assert ended["status"] == "succeeded"
    assert [one.status for one in mockserver.predictions()] == ["succeeded"]

@pytest.mark.mockserver(cassette="calls.json", clock="poll")
def test_looks(mockserver):
    with client() as api:
        assert until_ended(api, create().json())["output"]

@pytest.mark.mockserver(cassette="calls.json")
def test_mount(mockserver_mount):
    with mockserver_mount.client() as api:
        made = api.post(PATH, json={"input": {"prompt": "a lighthouse"}}).json()
        assert until_ended(api, made)["status"] == "succeeded"

def test_without(mockserver):
    assert create("anything else").status_code == 201
""",
    ).assert_outcomes(passed=4)


@pytest.mark.usefixtures("cassette")
def test_what_is_not_on_it_fails_the_test(run: Run) -> None:
    """Also where the client made nothing of the refusal; the report says what was the nearest."""
    result = run(
        """
@pytest.mark.mockserver(cassette="calls.json")
def test_it(mockserver):
    assert create("a ship").status_code == 424
""",
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["*1 requests were not on it*", "*/input/prompt: recorded 'a lighthouse', asked 'a ship'*"]
    )


def test_a_cassette_that_is_not_there_fails_the_test(run: Run) -> None:
    """With what to do about it."""
    result = run(
        """
@pytest.mark.mockserver(cassette="calls.json", record_mode="none")
def test_it(mockserver):
    pass
""",
    )
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*calls.json: there is no such cassette; record it first*"])


def test_nothing_is_recorded_from_nobody(run: Run) -> None:
    """A mode that records needs to be told whom."""
    result = run(
        """
@pytest.mark.mockserver(cassette="calls.json", record_mode="once")
def test_it(mockserver):
    pass
""",
    )
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*nothing says whom to record (mode once)*upstream=*"])


def test_whom_to_record_is_an_address(run: Run) -> None:
    """What is none is told before anything is asked."""
    result = run(
        """
@pytest.mark.mockserver(cassette="calls.json", record_mode="once", upstream="api.replicate.com/v1")
def test_it(mockserver):
    pass
""",
    )
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*expected a URL like https://host/v1, seen 'api.replicate.com*"])


def test_a_wrong_mode_is_told_before_any_test(run: Run) -> None:
    """As everything that is wrong with a mark."""
    result = run(
        """
@pytest.mark.mockserver(cassette="calls.json", record_mode="never")
def test_it(mockserver):
    pass
""",
    )
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["*no record mode is named 'never' (known: all, new_episodes, none*"]
    )


def test_a_test_records_what_the_next_run_plays(
    run: Run, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`once`: recorded where there is no cassette, with a token that is not on it; then played."""
    token = "r8_0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2"
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("MOCKSERVER_UPSTREAM_TOKEN", token)
    with serve(Settings(clock="poll", tokens=frozenset({token}))) as upstream:
        code = (
            LOOP
            + f"""
@pytest.mark.mockserver(cassette="calls.json", upstream="{upstream.base_url}", clock="poll")
def test_it(mockserver):
    with client() as api:
        assert until_ended(api, create().json())["status"] == "succeeded"
"""
        )
        run(code).assert_outcomes(passed=1)
    path = pytester.path / "calls.json"
    assert load(path).jobs[0].ended
    assert token not in path.read_text(encoding="utf-8")
    run(code).assert_outcomes(passed=1)


def test_under_ci_nothing_is_recorded(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where `CI` is set a cassette that is missing is an error, and not a recording."""
    monkeypatch.setenv("CI", "true")
    result = run(
        """
@pytest.mark.mockserver(cassette="calls.json", upstream="http://127.0.0.1:9/v1")
def test_it(mockserver):
    pass
""",
    )
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*there is no such cassette*"])


def test_a_run_says_its_mode(run: Run) -> None:
    """`--mockserver-record-mode` and the ini-file, for marks that say nothing."""
    code = """
@pytest.mark.mockserver(cassette="calls.json")
def test_it(mockserver):
    pass
"""
    run(code, "--mockserver-record-mode=rewrite").stdout.fnmatch_lines(["*(mode rewrite)*"])
    run(code, "-o", "mockserver_record_mode=all").stdout.fnmatch_lines(["*(mode all)*"])
    wrong = run(code, "--mockserver-record-mode=alll")
    assert wrong.ret == pytest.ExitCode.USAGE_ERROR
    wrong.stderr.fnmatch_lines(["*no record mode is named 'alll'*Did you mean 'all'*"])
