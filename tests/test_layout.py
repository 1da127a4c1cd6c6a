"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
import sys
from functools import cache
from itertools import chain
from pathlib import Path

import pytest


ROOT = Path(__file__).resolve().parents[1]
FILE_LIMIT_LINES = 300
FUNCTION_LIMIT_LINES = 40

CODE = ("bench", "contract_tests", "examples", "mockserver", "tests")
PLACES = (*CODE, "changelog.d", "docs", "fixtures", "schemas")
PROSE = {".json", ".md", ".py", ".toml", ".typed"}

VAGUE_NAMES = {"common", "helpers", "manager", "misc", "util", "utils"}
# Spelled in parts, so that this file keeps its own rule.
UNFINISHED = ("TO" + "DO", "FIX" + "ME", "XX" + "X")
SOMEONES_MACHINE = tuple(f"/{name}/" for name in ("farm", "root", "work"))

Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_files(*places: str) -> tuple[Path, ...]:
    """Every Python file below these folders of the checkout."""
    return tuple(chain.from_iterable(sorted((ROOT / place).rglob("*.py")) for place in places))


def texts() -> tuple[Path, ...]:
    """Every file that people read: code, data and prose."""
    below = chain.from_iterable((ROOT / place).rglob("*") for place in PLACES)
    beside = (*ROOT.glob("*.md"), *ROOT.glob("*.toml"), ROOT / "Makefile", ROOT / ".ci" / "run")
    return tuple(path for path in (*below, *beside) if path.suffix in PROSE or path in beside)


@cache
def tree(path: Path) -> ast.Module:
    """What is written in the file at `path`."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> tuple[Function, ...]:
    """Every function and method in the file at `path`."""
    return tuple(node for node in ast.walk(tree(path)) if isinstance(node, Function))


def docstring(node: ast.Module | Function) -> ast.Expr | None:
    """The statement that is the docstring of a module or function."""
    match node.body[:1]:
        case [ast.Expr(value=ast.Constant(value=str())) as told]:
            return told
    return None


def lines(node: ast.stmt) -> int:
    """How many lines a statement covers."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def function_lines(function: Function) -> int:
    """How many lines a function has, without its docstring."""
    told = docstring(function)
    return lines(function) - (lines(told) if told else 0)


def imports(path: Path) -> frozenset[str]:
    """The top-level names of all that the file at `path` imports."""
    whole = {
        name.name
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import)
        for name in node.names
    }
    parts = {
        node.module
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.module
    }
    return frozenset(name.split(".")[0] for name in whole | parts)


def where(path: Path, at: object = "") -> str:
    """A place in the checkout, as an editor takes it."""
    return f"{path.relative_to(ROOT).as_posix()}:{at}"


def test_files_are_small() -> None:
    """A file has at most 300 lines."""
    sizes = {
        path: len(path.read_text(encoding="utf-8").splitlines()) for path in python_files(*CODE)
    }
    assert {where(path): size for path, size in sizes.items() if size > FILE_LIMIT_LINES} == {}


def test_functions_are_small() -> None:
    """A function has at most 40 lines, its docstring not counted."""
    sizes = {
        where(path, function.name): function_lines(function)
        for path in python_files(*CODE)
        for function in functions(path)
    }
    assert {place: size for place, size in sizes.items() if size > FUNCTION_LIMIT_LINES} == {}


def test_no_name_is_vague() -> None:
    """No module or folder is called after nothing (`utils`, `helpers`)."""
    assert [where(path) for path in python_files(*CODE) if _words(path) & VAGUE_NAMES] == []


def test_every_sub_package_says_what_it_is() -> None:
    """The `__init__.py` of a sub-package holds one docstring and nothing else."""
    doors = [path for path in python_files("mockserver") if path.name == "__init__.py"]
    rooms = [path for path in doors if path.parent != ROOT / "mockserver"]
    assert [where(path) for path in rooms if not _is_one_docstring(tree(path))] == []


def test_every_folder_of_code_is_a_package() -> None:
    """No folder below `mockserver` lacks its `__init__.py`."""
    folders = {path.parent for path in python_files("mockserver")}
    assert [where(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_every_module_says_what_it_is() -> None:
    """Each module of the product begins with a docstring."""
    files = python_files("mockserver", "contract_tests")
    assert [where(path) for path in files if docstring(tree(path)) is None] == []


def test_the_core_needs_only_the_standard_library() -> None:
    """`core/` imports from the standard library and from itself."""
    allowed = sys.stdlib_module_names | {"mockserver"}
    seen = {where(path): imports(path) - allowed for path in python_files("mockserver/core")}
    assert {place: names for place, names in seen.items() if names} == {}


@pytest.mark.parametrize("word", UNFINISHED)
def test_nothing_is_left_for_later(word: str) -> None:
    """What is not done is an issue, not a comment."""
    assert [where(path) for path in python_files(*CODE) if word in _text(path)] == []


@pytest.mark.parametrize("folder", SOMEONES_MACHINE)
def test_no_path_of_one_machine_is_told(folder: str) -> None:
    """No file names a folder that only its author has."""
    assert [where(path) for path in texts() if folder in _text(path)] == []


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _words(path: Path) -> set[str]:
    return {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}


def _is_one_docstring(module: ast.Module) -> bool:
    return len(module.body) == 1 and docstring(module) is not None
