"""`doctor`: what it finds, and what it says to do."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Mapping

import pytest
from click.testing import Result

from mockserver.cli import checks
from mockserver.cli.checks import CHECKS, Finding, Place, findings


HERE = Place("127.0.0.1", 0)


def checked(monkeypatch: pytest.MonkeyPatch, **found: Callable[[Place], Finding]) -> None:
    """Let the doctor look at these things only."""
    monkeypatch.setattr(checks, "CHECKS", found)


def broken(_place: Place) -> Finding:
    """A check that finds something to mend."""
    return Finding("thing", "broken", "it is cracked", "glue it")


def fails(_place: Place) -> Finding:
    """A check that does not get to its end."""
    raise RuntimeError("no ink")


def test_it_tells_everything_as_json(command: Callable[..., Result]) -> None:
    """Every check has its line, with a level and, unless all is well, a fix."""
    told = json.loads(command("doctor", "--json").stdout)
    assert [it["name"] for it in told] == list(CHECKS)
    assert {it["level"] for it in told} <= {"ok", "warning", "broken"}
    assert [it for it in told if (it["level"] == "ok") == bool(it["fix"])] == []


def test_a_person_sees_marks_and_fixes(
    command: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something broken is exit code 1; its fix stands below it."""
    checked(monkeypatch, python=checks.python, thing=broken)
    seen = command("doctor")
    assert seen.exit_code == 1
    assert seen.stdout.startswith("✔ python: mockserver ")
    assert seen.stdout.endswith("✘ thing: it is cracked\n    glue it\n")


def test_a_machine_in_order_is_exit_code_0(
    command: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing broken, all well."""
    checked(monkeypatch, python=checks.python)
    assert command("doctor").exit_code == 0


def test_a_check_that_fails_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other checks are made all the same."""
    checked(monkeypatch, ink=fails, thing=broken)
    told = [(it.name, it.level, it.says) for it in findings("127.0.0.1", 0)]
    assert told == [
        ("ink", "broken", "RuntimeError: no ink"),
        ("thing", "broken", "it is cracked"),
    ]


def test_an_old_python_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """What pip refuses, a copied folder does not."""
    monkeypatch.setattr(checks, "OLDEST_PYTHON", (99, 0))
    assert checks.python(HERE).level == "broken"


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fix installs what is missing."""
    monkeypatch.setattr(checks, "_PACKAGES", ("click", "no-such-package"))
    seen = checks.packages(HERE)
    assert (seen.level, seen.fix) == ("broken", "python -m pip install no-such-package")


def test_without_uvloop_all_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a warning, no more."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert checks.uvloop(HERE).level == "warning"
    assert checks.files(HERE).level == "ok"


def test_a_missing_codec_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures in that format could not be made."""
    monkeypatch.setattr("PIL.features.check", lambda codec: codec != "webp")
    seen = checks.codecs(HERE)
    assert (seen.level, seen.says) == ("broken", "this Pillow cannot write WebP")


def test_a_missing_font_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are made without it, but who reads code points?"""
    monkeypatch.setattr("mockserver.library.media.font.has_glyph", str.isascii)
    seen = checks.fonts(HERE)
    assert seen.level == "warning"
    assert "noto-cjk" in seen.fix


def test_missing_data_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A room without its files is told with its place."""
    monkeypatch.setattr("mockserver.library.catalogue.Catalogue.scenarios", lambda _: ())
    seen = checks.data(HERE)
    assert seen.level == "broken"
    assert "0 scenarios" in seen.says


def test_stale_documents_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fix writes them anew."""
    monkeypatch.setattr("mockserver.library.openapi.document_text", lambda *_: "{}\n")
    seen = checks.documents(HERE)
    assert (seen.level, seen.fix) == ("broken", "mockserver schemas export")
    assert "replicate.openapi.json" in seen.says


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_port_that_is_taken_is_a_warning(host: str) -> None:
    """The server may be running already; the fix names another port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    assert checks.port(Place(host, 0)).level == "ok"
    with socket.create_server((host, 0), family=family) as taken:
        seen = checks.port(Place(host, taken.getsockname()[1]))
    assert seen.level == "warning"
    assert "--port 4011" in seen.fix


@pytest.mark.parametrize(
    ("env", "level"),
    [
        ({}, "ok"),
        ({"http_proxy": "http://proxy.test"}, "warning"),
        ({"http_proxy": "http://proxy.test", "no_proxy": "127.0.0.1"}, "warning"),
        ({"http_proxy": "http://proxy.test", "no_proxy": "127.0.0.1,localhost"}, "ok"),
        ({"https_proxy": "http://proxy.test"}, "ok"),
    ],
)
def test_a_proxy_that_catches_loopback_is_a_warning(
    monkeypatch: pytest.MonkeyPatch, env: Mapping[str, str], level: str
) -> None:
    """Clients would ask the proxy for what only this machine can reach."""
    names = ("http_proxy", "https_proxy", "no_proxy", "all_proxy")
    list(map(monkeypatch.delenv, [*names, *map(str.upper, names)], [False] * 8))
    list(map(monkeypatch.setenv, env, env.values()))
    assert checks.proxies(HERE).level == level


@pytest.mark.parametrize(
    ("addresses", "level"), [(["127.0.0.1", "::1"], "ok"), (["::1", "127.0.0.1"], "warning")]
)
def test_localhost_that_is_first_another_address_is_a_warning(
    monkeypatch: pytest.MonkeyPatch, addresses: list[str], level: str
) -> None:
    """Some clients try only the first address, where nobody listens."""
    found = [(0, 0, 0, "", (address, 0)) for address in addresses]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_: found)
    assert checks.localhost(HERE).level == level


@pytest.mark.parametrize(("soft", "level"), [(-1, "ok"), (65536, "ok"), (256, "warning")])
def test_few_open_files_are_a_warning(
    monkeypatch: pytest.MonkeyPatch, soft: int, level: str
) -> None:
    """Each held request is an open file."""
    monkeypatch.setattr("resource.getrlimit", lambda _: (soft, soft))
    assert checks.files(HERE).level == level


@pytest.mark.parametrize(("writable", "level"), [(True, "ok"), (False, "warning")])
def test_a_folder_that_cannot_be_written_is_a_warning(
    monkeypatch: pytest.MonkeyPatch,
    writable: bool,  # noqa: FBT001
    level: str,
) -> None:
    """The demo's pictures need a place."""
    monkeypatch.setattr("os.access", lambda *_: writable)
    assert checks.folder(HERE).level == level
