"""All rules by their codes, whatever module they stand in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import walk_packages
from typing import Final

from mockserver import contract
from mockserver.contract.finding import Rule


_MODULES: Final = "rules"
"""How a module of rules is called, or how its name begins."""


def by_code() -> Mapping[str, Rule]:
    """Every rule by its code, in the order of the codes; the families stay together.

    Raises `ValueError` where two rules have one code.
    """
    found: dict[str, Rule] = {}
    for rule in _rules():
        if found.setdefault(rule.code, rule) != rule:
            raise ValueError(
                f"{rule.code} means two rules: {found[rule.code].title}; {rule.title}"
            )
    return dict(sorted(found.items()))


def _rules() -> Iterator[Rule]:
    for one in walk_packages(contract.__path__, f"{contract.__name__}."):
        name = one.name.rpartition(".")[2]
        if name == _MODULES or name.startswith(f"{_MODULES}_"):
            module = import_module(one.name)
            yield from (value for value in vars(module).values() if isinstance(value, Rule))
