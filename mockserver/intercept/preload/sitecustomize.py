"""Python imports a module of this name at its start, from PYTHONPATH: it leads connections.

What would have been imported under this name otherwise is imported all the same.
It runs in the program's own Python, which may be older than ours.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType


HERE = Path(__file__).resolve().parent


def loaded(name: str, path: str) -> ModuleType:
    """The module in the file at `path`. Raises `ImportError`."""
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python module; is all of mockserver there?")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def customize_as_before() -> None:
    """Run the module that this one stands in front of."""
    elsewhere = [place for place in sys.path if Path(place).resolve() != HERE]
    spec = PathFinder.find_spec("sitecustomize", elsewhere)
    if spec is not None and spec.origin is not None:
        loaded("sitecustomize", spec.origin)


# Under a name that no program has of its own.
loaded("_mockserver_redirect", str(HERE.parent / "redirect.py")).begin(os.environ, sys.modules)
customize_as_before()
