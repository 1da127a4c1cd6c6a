"""What is in the wheel: the package, its data and suites, under one name."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest
from hatchling.builders.wheel import WheelBuilder

import mockserver


ROOT = Path(__file__).resolve().parents[1]
SIZE_LIMIT_BYTES = 3_000_000

PACKED = {
    "contract_tests": "mockserver/contract_tests",
    "fixtures": "mockserver/_data/fixtures",
    "mockserver": "mockserver",
    "schemas": "mockserver/_data/schemas",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel, built from this checkout."""
    builder = WheelBuilder(str(ROOT))
    built = builder.build(directory=str(tmp_path_factory.mktemp("dist")), versions=["standard"])
    return Path(next(iter(built)))


@pytest.fixture(scope="module")
def names(wheel: Path) -> frozenset[str]:
    """The names of all files in the wheel."""
    with ZipFile(wheel) as archive:
        return frozenset(archive.namelist())


def test_one_name_lands_in_site_packages(names: frozenset[str]) -> None:
    """The wheel holds `mockserver` and its own metadata, nothing beside them."""
    metadata = f"mockserver-{mockserver.__version__}.dist-info"
    assert {name.split("/")[0] for name in names} == {"mockserver", metadata}


@pytest.mark.parametrize(("folder", "packed"), PACKED.items(), ids=list(PACKED))
def test_every_file_is_packed(names: frozenset[str], folder: str, packed: str) -> None:
    """Each file of the checkout's `folder` is in the wheel, at its place below `mockserver`."""
    expected = {
        f"{packed}/{path.relative_to(ROOT / folder).as_posix()}"
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert expected
    assert expected - names == set()


def test_no_leftovers_are_packed(names: frozenset[str]) -> None:
    """Compiled files and caches stay at home."""
    assert [name for name in names if "cache" in name or name.endswith(".pyc")] == []


def test_the_types_are_announced(names: frozenset[str]) -> None:
    """Type checkers of users read our annotations (PEP 561)."""
    assert "mockserver/py.typed" in names


def test_the_wheel_is_small(wheel: Path) -> None:
    """A wheel for everyone's CI stays below three megabytes."""
    assert wheel.stat().st_size < SIZE_LIMIT_BYTES


def test_the_command_and_the_plugin_are_announced(wheel: Path) -> None:
    """Installing the wheel gives the command `mockserver` and the pytest plugin."""
    with ZipFile(wheel) as archive:
        told = archive.read(f"mockserver-{mockserver.__version__}.dist-info/entry_points.txt")
    assert b"mockserver = mockserver.cli.main:main" in told
    assert b"[pytest11]\nmockserver = mockserver.plugin" in told
