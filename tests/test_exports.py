"""What `import mockserver` gives, and what it costs."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import mockserver


ROOT = Path(__file__).resolve().parents[1]

NEW_MODULES = """\
import sys
before = set(sys.modules)
import mockserver
print(*sorted(set(sys.modules) - before))
"""


def test_public_names_are_sorted_and_told_once() -> None:
    """`__all__` reads like an index."""
    assert sorted(set(mockserver.__all__)) == mockserver.__all__


def test_dir_tells_the_public_names() -> None:
    """A completing shell offers what is public, and nothing else."""
    assert dir(mockserver) == mockserver.__all__


@pytest.mark.parametrize("name", mockserver.__all__)
def test_every_public_name_can_be_had(name: str) -> None:
    """A name in `__all__` is there when it is asked for."""
    assert getattr(mockserver, name) is not None


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    """A misspelled name is an `AttributeError` that tells what there is."""
    with pytest.raises(AttributeError, match=r"'create_ap'; public are .*create_app"):
        mockserver.__getattr__("create_ap")


def test_importing_the_package_imports_nothing_else() -> None:
    """`import mockserver` costs one small module: other people's pytest runs pay for it."""
    seen = subprocess.run(
        [sys.executable, "-c", NEW_MODULES],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert seen.stdout.split() == ["mockserver"]


def test_the_version_is_the_one_that_is_built() -> None:
    """`__version__` and pyproject.toml say the same."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert mockserver.__version__ == project["version"]
