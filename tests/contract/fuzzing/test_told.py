"""A failure is told as something that runs, and shows it again when it does."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mockserver.contract.budget import MODEL, Budget
from mockserver.contract.fuzzing.case_file import load_case
from mockserver.contract.fuzzing.failure import Failure, failure, without_secrets
from mockserver.contract.fuzzing.steps import Advance, Cancel, Create, ListAll, Look, Steps
from mockserver.contract.fuzzing.told import Who, curl_lines, forms, pytest_code, report
from mockserver.examine import OWN_ORIGIN, Target
from mockserver.fuzzed import subject_of
from mockserver.library.catalogue import Catalogue
from mockserver.live import LiveServer, serve
from mockserver.service.settings import Settings


FAULT = "gw.create_200"
STEPS: Steps = (
    Create({"prompt": "it's\x7f"}, scenario="happy"),
    Advance(1500),
    Look(0),
    ListAll(),
    Create({"prompt": "two"}, wait_s=1, scenario="instant"),
    Cancel(1),
)


def seen(fault: str = FAULT, gateway: str = "replicate", url: str = "") -> tuple[Failure, Who]:
    """The case of `STEPS`, and who it was played at."""
    target = Target(url, gateway, "a-token", MODEL, 0.0, fault, draws=False)
    with subject_of(target, Budget(None), [MODEL]) as subject:
        play = subject.begin(subject.models[0])
        found = play.all(STEPS)
        return failure(play, found, confirmed=True), subject.who


@pytest.fixture(scope="module")
def served() -> Iterator[LiveServer]:
    """Our own fake as `mockserver serve` runs it."""
    with serve(Settings(clock="manual", fault=FAULT)) as server:
        yield server


def test_the_test_fails_as_long_as_the_rule_is_broken() -> None:
    """And passes as soon as it is not."""
    code = pytest_code(*seen())
    names: dict[str, object] = {}
    exec(compile(code, "test_s101.py", "exec"), names)  # noqa: S102 - it is what we told
    test = names["test_s101"]
    assert callable(test)
    with pytest.raises(AssertionError, match="S101"):
        test()
    mended = code.replace(f"fault='{FAULT}',", "")
    exec(compile(mended, "test_s101.py", "exec"), names)  # noqa: S102 - it is what we told
    test = names["test_s101"]
    assert callable(test)
    test()


def test_no_key_is_told_though_the_gateway_repeats_it() -> None:
    """What an answer says of the key is shown as a fingerprint."""
    one, _ = seen()
    (found, *_) = one.findings
    leaking = replace(one, findings=(replace(found, seen="401: no such key: a-token"),))
    (shown, *_) = without_secrets(leaking, ["a-token"]).findings
    assert "a-token" not in str(shown)
    assert "401: no such key: sha256:" in str(shown)


def test_a_test_for_an_address_takes_its_key_from_the_environment() -> None:
    """No key stands in code."""
    one, who = seen()
    code = pytest_code(one, Who(who.profile, "https://gateway.example/v1", "", OWN_ORIGIN))
    assert "import os\n" in code
    assert "token=os.environ[" in code
    assert "url='https://gateway.example/v1'," in code


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")), reason="no curl, or no jq")
def test_the_lines_for_the_shell_ask_the_same(served: LiveServer) -> None:
    """Against `mockserver serve`: each prediction by the id that its own line was told."""
    lines = "\n".join(curl_lines(*seen()))
    assert lines.startswith("# mockserver serve --gateway replicate --clock manual --fault")
    told = subprocess.run(
        ["/bin/sh", "-euc", lines.replace(OWN_ORIGIN, served.url)],
        env={"TOKEN": "told", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(served.fake.worlds.named("told").store) == 2
    assert '"status":"succeeded"' in told.stdout


def test_elsewhere_time_passes_by_itself() -> None:
    """Nobody's clock can be moved there, and there is nothing to be served."""
    one, who = seen()
    lines = curl_lines(one, Who(who.profile, "https://gateway.example/v1", "", OWN_ORIGIN))
    assert lines[1] == "sleep 1.5"
    assert not lines[0].startswith("#")


@pytest.mark.parametrize(("gateway", "path"), [("wavespeed", ".data.id"), ("replicate", ".id")])
def test_an_id_is_read_where_the_gateway_tells_it(gateway: str, path: str) -> None:
    """Some wrap their answers."""
    one, who = seen("shape.urls_foreign")
    profile = Catalogue().gateway(gateway)
    assert f"| jq -r {path})" in curl_lines(one, Who(profile, who.url, "", OWN_ORIGIN))[1]


def test_the_scenario_file_holds_the_case(tmp_path: Path) -> None:
    """Every step, as it was."""
    one, who = seen()
    path = tmp_path / "s101.toml"
    path.write_text(forms(one, who)["s101.toml"], encoding="utf-8")
    case = load_case(path)
    assert (case.gateway, case.model, case.steps) == ("replicate", MODEL, STEPS)


def test_a_report_has_all_three() -> None:
    """Behind what was found."""
    text = "\n".join(report(*seen()))
    assert text.startswith("S101 (must)")
    assert "steps      6, seen again when they were done once more" in text
    for name in ("test_s101.py", "s101.sh", "s101.toml"):
        assert f"\n  {name}\n" in text
