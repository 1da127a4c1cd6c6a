"""`hooks test`: exit codes, the table, what repeats a finding, and what programs get."""

from __future__ import annotations

import json
import tomllib
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

import pytest

from examples.receiver import Inbox, create_app
from mockserver.contract.hooks.cases import shipped
from mockserver.contract.hooks.run import Trial
from tests.contract.hooks.receivers import SECRET, LastWins, Timeless, serving, wsgi_served
from tests.contract.hooks.test_shell import run, shell


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from click.testing import Result

    Command = Callable[..., Result]
    Served = Callable[[Inbox], str]

CASES: Final = len(shipped())


@pytest.fixture
def served() -> Iterator[Served]:
    """Serves an app whose inbox is this one; returns its root."""
    with ExitStack() as open_:
        yield lambda inbox: open_.enter_context(wsgi_served(create_app(inbox=inbox)))


def seen_by(url: str) -> tuple[str, ...]:
    """The options by which the app at `url` can be told and asked."""
    jobs = f"{url}/jobs"
    return ("--state", jobs + "/{id}", "--created", jobs, "--polled", jobs)


def test_nothing_is_found_in_the_good_receiver(command: Command, served: Served) -> None:
    """Exit code 0, every case tried, and every order of a job."""
    url = served(Inbox(SECRET))
    seen = command(
        "hooks", "test", f"{url}/hook", "--secret", SECRET, "--orders", "200", *seen_by(url)
    )
    assert seen.exit_code == 0, seen.output
    last = seen.stdout.splitlines()[-1]
    assert last == f"0 found in {CASES + 1} of {CASES + 1} cases"
    assert "a job is told in 120 of 120 orders" in seen.stdout


def test_a_finding_ends_with_1_and_is_told_with_the_line_that_repeats_it(
    command: Command, served: Served
) -> None:
    """Its rule, what was expected, what was seen; the secret is told nowhere."""
    url = served(Timeless(SECRET))
    seen = command("hooks", "test", f"{url}/hook", "--secret", SECRET, "--case", "stale")
    assert seen.exit_code == 1
    assert "stale  found H103  200" in seen.stdout
    assert "stale: H103 (must) A timestamp that is not within five minutes" in seen.stdout
    assert "curl -sS -i -X POST -H 'Content-Type: application/json'" in seen.stdout
    assert seen.stdout.splitlines()[-1] == "1 found in 1 of 1 cases"
    assert SECRET.removeprefix("whsec_") not in seen.output


def test_a_wrong_order_is_found_kept_and_told_again(
    command: Command, served: Served, tmp_path: Path
) -> None:
    """The file is one of cases."""
    url, kept = served(LastWins(SECRET)), tmp_path / "order.toml"
    asked = ("hooks", "test", f"{url}/hook", "--secret", SECRET, *seen_by(url))
    seen = command(*asked, "--case", "valid", "--orders", "200", "--save", str(kept))
    assert seen.exit_code == 1
    assert "orders: H109 (must)" in seen.stdout
    assert f"the order is kept in {kept}" in seen.stderr
    (case,) = tomllib.loads(kept.read_text(encoding="utf-8"))["case"]
    again = command(*asked, "--cases", str(kept))
    assert again.exit_code == 1
    assert f"{case['name']}: H109 (must)" in again.stdout


def test_programs_get_json(command: Command, served: Served) -> None:
    """One document with what was sent, what was answered, and what was found."""
    url = served(LastWins(SECRET))
    asked = ("hooks", "test", f"{url}/hook", "--secret", SECRET, *seen_by(url), "--json")
    told = json.loads(command(*asked, "--case", "v2-only", "--orders", "9").stdout)
    case, orders = told["cases"]
    (sent,) = case["sent"]
    assert (case["name"], case["outcome"], case["findings"]) == ("v2-only", "passed", [])
    assert (sent["what"], sent["status"]) == ("completed hook.scheme_v2", 401)
    assert (orders["name"], orders["outcome"]) == ("orders", "found")
    assert [one["code"] for one in orders["findings"]] == ["H109"]


@shell
@pytest.mark.slow
def test_what_is_shown_can_be_pasted(command: Command) -> None:
    """Although it may be shown to anybody: nothing in a line was taken for a secret."""
    with serving(lambda *_: 200) as url:
        told = json.loads(command("hooks", "test", url, "--secret", SECRET, "--json").stdout)
        found = [one for case in told["cases"] for one in case["findings"]]
        assert len(found) > 25
        assert {one["seen"] for one in found} == {"200"}
        assert not [one["curl"] for one in found if "sha256:" in one["curl"]]
        assert {run(one["curl"]) for one in found} == {"200"}


def test_what_is_known_can_be_accepted_and_reported_in_any_form(
    command: Command, served: Served, tmp_path: Path
) -> None:
    """A baseline is about a rule and a case; no form tells the secret."""
    url, known = served(Timeless(SECRET)), tmp_path / "known.toml"
    asked = ("hooks", "test", f"{url}/hook", "--secret", SECRET, "--case", "stale")
    first = command(*asked, "--write-baseline", str(known), "--reason", "until we know the time")
    assert first.exit_code == 0
    forms = {name: tmp_path / name for name in ("junit", "html", "markdown", "ndjson", "har")}
    wanted = [part for name, path in forms.items() for part in ("--report", f"{name}={path}")]
    again = command(*asked, "--baseline", str(known), *wanted)
    assert again.exit_code == 0
    assert "stale: H103 is accepted by the baseline: until we know the time" in again.stdout
    assert command(*asked, "--case", "future", "--baseline", str(known)).exit_code == 1
    texts = [path.read_text(encoding="utf-8") for path in forms.values()]
    assert all("stale" in text for text in texts)
    assert not [text for text in texts if SECRET.removeprefix("whsec_")[:10] in text]


def test_what_was_not_tried_is_told_with_the_reason(command: Command, served: Served) -> None:
    """Once for all cases that it is true of."""
    url = served(Inbox("whsec_AAAA"))
    seen = command(
        "hooks", "test", f"{url}/hook", "--secret", SECRET, "--orders", "1", *seen_by(url)
    )
    assert seen.exit_code == 1
    assert "valid: H101 (must)" in seen.stdout
    assert ", stale, " in seen.stdout
    assert seen.stdout.count("a refusal means nothing: see valid") == 1
    assert f"1 found in 2 of {CASES} cases" in seen.stdout


def test_where_nothing_could_be_tested_the_exit_code_is_2(
    command: Command, served: Served
) -> None:
    """Nobody there, nothing to be tried, or no state to compare."""
    nobody = command("hooks", "test", "http://127.0.0.1:1/hook", "--secret", SECRET)
    url = served(Inbox(SECRET))
    untold = command("hooks", "test", f"{url}/hook", "--secret", SECRET, "--case", "before-create")
    blind = command("hooks", "test", f"{url}/hook", "--secret", SECRET, "--orders", "3")
    assert [one.exit_code for one in (nobody, untold, blind)] == [2, 2, 2]
    assert "nobody answers at http://127.0.0.1:1/hook" in nobody.stderr
    assert "nobody says how to tell the app of created" in untold.stdout
    assert "say with --state where it tells it" in blind.stderr


def test_what_is_not_right_on_the_command_line_is_told(command: Command, tmp_path: Path) -> None:
    """Exit code 2, and what to do."""
    url = "http://127.0.0.1:1/hook"
    files = []
    for number, scenario in enumerate(("happy", "failed")):
        files.append(tmp_path / f"{number}.toml")
        job = f'[job]\nmodel = "a/b"\nscenario = "{scenario}"\nseed = 0\npolls = 0\n'
        files[-1].write_text(f"case = []\n{job}", encoding="utf-8")
    both = tuple(part for path in files for part in ("--cases", str(path)))
    told = {
        "a secret is whsec_": command("hooks", "test", url, "--secret", "mine"),
        "no case is named 'valdi'": command(
            "hooks", "test", url, "--secret", SECRET, "--case", "valdi"
        ),
        "different jobs": command("hooks", "test", url, "--secret", SECRET, *both),
        "Missing option '--secret'": command("hooks", "test", url),
    }
    assert {
        text: (one.exit_code, text in one.output) for text, one in told.items()
    } == dict.fromkeys(told, (2, True))


def test_a_receiver_that_breaks_down_in_the_middle_is_a_finding(command: Command) -> None:
    """The first answer showed that it was there."""
    answers = iter((200, 500))
    with serving(lambda *_: next(answers, 500)) as url:
        seen = command("hooks", "test", url, "--secret", SECRET, "--case", "valid")
    assert seen.exit_code == 1
    assert "valid  found H101  500" in seen.stdout


def test_the_cases_are_listed(command: Command) -> None:
    """For a person and for a program."""
    told = command("hooks", "cases").stdout
    assert "wrong-secret            refused          H102" in told
    assert len(json.loads(command("hooks", "cases", "--json").stdout)) == CASES


def test_ctrl_c_ends_it(command: Command, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """As everywhere: click makes 1 of it here, and `main` 130."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Trial, "result", interrupted)
    seen = command("hooks", "test", f"{served(Inbox(SECRET))}/hook", "--secret", SECRET)
    assert (seen.exit_code, "Aborted" in seen.output) == (1, True)
