"""`check --report`, `--baseline` and `--write-baseline`: where what was found goes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import parse

import pytest
from click.testing import Result

from mockserver.contract.report.formats import FORMATS


Command = Callable[..., Result]

FOUND: Final = ("check", "--case", "cancel", "--fault", "gw.create_200")
"""An exam that takes a moment, and finds S101."""


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_can_be_written(command: Command, tmp_path: Path, form: str) -> None:
    """Into a file, while the terminal shows what it always shows; the exit code stays."""
    file = tmp_path / "report"
    seen = command(*FOUND, "--report", f"{form}={file}")
    assert seen.exit_code == 1
    assert "S101 (must)" in seen.stdout
    assert "S101" in file.read_text(encoding="utf-8") or form == "har"
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_can_be_on_stdout(command: Command, form: str) -> None:
    """In place of the terminal's; what happens meanwhile is told on stderr."""
    seen = command(*FOUND, "--report", form)
    assert ("CASE " in seen.stdout) is (form == "terminal")
    assert "cancel" in seen.stderr
    assert command(*FOUND, "--report", f"{form}=-").exit_code == seen.exit_code == 1


def test_lines_may_share_stdout(command: Command) -> None:
    """A build server reads the one, a person the other."""
    seen = command(*FOUND, "--report", "terminal", "--report", "github")
    assert "S101 (must)" in seen.stdout
    assert "\n::error title=S101 " in seen.stdout


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--report", "sarf"), "Did you mean 'sarif'?"),
        (("--report", "junit", "--report", "har"), "junit and har cannot both be on stdout"),
        (("--report", "junit", "--json"), "--json and --report junit=- cannot both"),
        (("--report", "junit=nowhere/a.xml"), "there is no folder nowhere"),
        (("--report", "junit=."), "is a folder"),
        (("--baseline", "nowhere.toml"), "nowhere.toml"),
        (("--write-baseline", "a.toml"), "needs a --reason"),
        (("--write-baseline", "a.toml", "--reason", " "), "needs a --reason"),
        (("--write-baseline", "nowhere/a.toml", "--reason", "x"), "there is no folder nowhere"),
        (("--reason", "known"), "are about --write-baseline"),
        (("--expires", "2999-01-01"), "are about --write-baseline"),
        (("--write-baseline", "a.toml", "--reason", "x", "--expires", "2020-01-01"), "has passed"),
        (("--write-baseline", "a.toml", "--reason", "x", "--expires", "soon"), "soon"),
    ],
)
def test_what_cannot_be_had_is_told_before_anything_is_asked(
    command: Command, options: tuple[str, ...], says: str
) -> None:
    """Exit code 2, and nothing was spent."""
    seen = command(*FOUND, *options)
    assert (seen.exit_code, seen.stdout) == (2, "")
    assert says in seen.stderr
    assert "found" not in seen.stderr


def test_what_cannot_be_written_loses_nothing_else(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The terminal shows all of it, the other files are there, and the exit code is 2."""
    full, other = tmp_path / "full.xml", tmp_path / "report.md"

    def replaced(self: Path, target: Path) -> Path:
        if target.name == full.name:
            raise OSError(28, "No space left on device")
        return self.rename(target)

    monkeypatch.setattr(Path, "replace", replaced)
    full.write_text("as it was")
    seen = command(*FOUND, "--report", f"junit={full}", "--report", f"markdown={other}")
    assert seen.exit_code == 2
    assert "S101 (must)" in seen.stdout
    assert f"{full} could not be written: No space left on device" in seen.stderr
    assert "S101" in other.read_text()
    assert full.read_text() == "as it was"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["full.xml", "report.md"]


def test_a_summary_of_a_step_is_added_to(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the variable of GitHub names the same file; any other is replaced."""
    summary, other = tmp_path / "summary.md", tmp_path / "other.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    for file in (summary, other):
        file.write_text("# Before\n")
        command(*FOUND, "--report", f"markdown={file}")
    assert summary.read_text().startswith("# Before\n## mockserver check")
    assert other.read_text().startswith("## mockserver check")


def test_a_link_leads_to_the_report(command: Command, tmp_path: Path) -> None:
    """It stays a link, and the file keeps who may read it."""
    kept, link = tmp_path / "kept.xml", tmp_path / "link.xml"
    kept.write_text("")
    kept.chmod(0o640)
    link.symlink_to(kept)
    command(*FOUND, "--report", f"junit={link}")
    assert link.is_symlink()
    assert "S101" in kept.read_text()
    assert kept.stat().st_mode & 0o777 == 0o640


def test_a_device_is_written_to(command: Command) -> None:
    """It is not replaced by a file."""
    assert command(*FOUND, "--report", f"junit={os.devnull}").exit_code == 1
    assert not Path(os.devnull).is_file()


def test_the_line_that_repeats_it_holds_no_secret_and_spends_nothing(
    command: Command, tmp_path: Path
) -> None:
    """What was said on the line, but for the consent and what only this run needed."""
    file = tmp_path / "a.xml"
    keys = ("--token", "r8_mine", "--other-token", "r8_yours")
    command(*FOUND, *keys, "--yes", "--report", f"junit={file}")
    told = {one.get("name"): one.get("value") for one in parse(file).iter("property")}  # noqa: S314 - we wrote it
    line = "mockserver check --token $TOKEN --other-token $OTHER_TOKEN"
    assert told["command"] == f"{line} --case cancel --fault gw.create_200"
    assert (told["seed"], told["clock"], told["profile"]) == ("0", "manual", "replicate")


def test_no_report_holds_the_token(command: Command, tmp_path: Path) -> None:
    """In none of the forms, whatever is sent and echoed."""
    token = "r8_CANARYcanaryCANARYcanaryCANARYcanaryX"
    options = [part for form in FORMATS for part in ("--report", f"{form}={tmp_path / form}")]
    seen = command("check", "--fault", "gw.create_200", "--token", token, *options)
    told = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert set(told) == set(FORMATS)
    assert [name for name, text in told.items() if "canaryCANARY" in text] == []
    assert "canaryCANARY" not in seen.output


def test_what_was_found_can_be_accepted(command: Command, tmp_path: Path) -> None:
    """Then it does not count; it is told, with the reason."""
    file = tmp_path / "baseline.toml"
    accept = ("--write-baseline", str(file), "--reason", "they know", "--expires", "2999-12-31")
    written = command(*FOUND, *accept)
    assert written.exit_code == 0
    assert f"1 more accepted in {file}" in written.stderr
    assert "expires = 2999-12-31" in file.read_text()
    seen = command(*FOUND, "--baseline", str(file))
    assert seen.exit_code == 0
    assert "excused: S101 by the baseline: they know" in seen.stdout
    (case,) = json.loads(command(*FOUND, "--baseline", str(file), "--json").stdout)["cases"]
    assert (case["outcome"], case["findings"]) == ("passed", [])
    assert [(one["code"], one["reason"]) for one in case["accepted"]] == [("S101", "they know")]


def test_a_baseline_that_is_there_is_added_to_and_never_changed(
    command: Command, tmp_path: Path
) -> None:
    """What a person wrote stays, letter for letter; nothing is accepted twice."""
    file = tmp_path / "baseline.toml"
    mine = "# Mine.\n[[accepted]]\ncode = 'L101'\nreason = 'known'\n"
    file.write_text(mine)
    accept = ("--write-baseline", str(file), "--reason", "they know")
    first = command(*FOUND, *accept)
    text = file.read_text()
    assert text.startswith(mine)
    assert "note: baseline: L101 at '*' (known) matches nothing" in first.stdout
    again = command(*FOUND, *accept)
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "0 more accepted" in again.stderr
    assert file.read_text() == text


def test_what_is_no_baseline_is_not_overwritten(command: Command, tmp_path: Path) -> None:
    """Exit code 2, before anything is asked."""
    file = tmp_path / "notes.txt"
    file.write_text("not a baseline")
    seen = command(*FOUND, "--write-baseline", str(file), "--reason", "x")
    assert (seen.exit_code, seen.stdout) == (2, "")
    assert file.read_text() == "not a baseline"


def test_an_expired_entry_does_not_excuse(command: Command, tmp_path: Path) -> None:
    """It is told, and what it was about is found again."""
    file = tmp_path / "baseline.toml"
    file.write_text("[[accepted]]\ncode = 'S101'\nreason = 'known'\nexpires = 2020-01-01\n")
    seen = command(*FOUND, "--baseline", str(file))
    assert seen.exit_code == 1
    assert "S101 at '*' (known) expired on 2020-01-01: mend it, or accept it anew" in seen.stdout


def test_findings_are_shown_beside_the_baseline(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of the user's own repository, in which they could be accepted."""
    monkeypatch.chdir(tmp_path)
    Path("baseline.toml").write_text("")
    command(*FOUND, "--baseline", str(tmp_path / "baseline.toml"), "--report", "sarif=a.sarif")
    uris = re.findall(r'"uri":"([^"]*)"', Path("a.sarif").read_text())
    assert uris == ["baseline.toml"]


@pytest.mark.parametrize(("plain", "coloured"), [("", True), ("1", False)])
def test_colours_are_for_a_terminal_whose_user_wants_them(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    plain: str,
    *,
    coloured: bool,
) -> None:
    """Source: no-color.org."""
    from mockserver.cli.main import app

    monkeypatch.setenv("NO_COLOR", plain)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    with pytest.raises(SystemExit):
        app(list(FOUND))
    assert ("\x1b[31m" in capsys.readouterr().out) is coloured


def test_a_terminal_that_cannot_show_a_letter_shows_the_others(folder: Path) -> None:
    """After an exam that was paid for, nothing may be lost for a letter."""
    words = [sys.executable, "-m", "mockserver", *FOUND, "--report", "markdown"]
    where = {**os.environ, "PYTHONIOENCODING": "ascii"}
    ran = subprocess.run(words, cwd=folder, env=where, capture_output=True, check=False, text=True)
    assert ran.returncode == 1, ran.stderr
    assert "| cancel | ? found | 1 |" in ran.stdout


def test_a_reader_who_went_away_takes_no_file_along(command: Command, tmp_path: Path) -> None:
    """What is on stdout is lost to them alone; the exit code is 2."""
    file = tmp_path / "a.xml"

    def gone(_text: str, **_options: object) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("mockserver.cli.reports._print", gone)
        seen = command(*FOUND, "--report", f"junit={file}")
    assert seen.exit_code == 2
    assert "stdout could not be written: Broken pipe" in seen.stderr
    assert "S101" in file.read_text()


def test_without_anything_said_there_is_no_evidence(command: Command, tmp_path: Path) -> None:
    """That is told, and nothing was tested."""
    file = tmp_path / "evidence.json"
    asked = ("--case", "webhook", "--gateway", "wavespeed", "--max-predictions", "0")
    seen = command("check", *asked, "--evidence", str(file))
    assert seen.exit_code == 2
    assert f"nothing was said: {file} is not written" in seen.stderr
    assert not file.exists()
