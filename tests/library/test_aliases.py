"""Hosts besides a gateway's own: read strictly, and matched as in a certificate."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver.library.aliases import Alias, load_alias, said_of
from mockserver.library.errors import LibraryError
from mockserver.library.strict import Table


GIVEN = {"hosts": ["files.test", "*.files.test"], "root": "/files", "source": "a document"}


def alias(**changed: object) -> Alias:
    """What a profile says, some of it changed."""
    return load_alias(Table({**GIVEN, **changed}, Path("gateway.toml"), "aliases[0]"))


def test_an_alias_is_what_the_profile_says() -> None:
    """Its hosts, where their root lies here, and who says so."""
    assert alias() == Alias(("files.test", "*.files.test"), "/files", "a document")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"hosts": []}, r"aliases\[0\].hosts: expected host names"),
        ({"hosts": ["https://files.test"]}, "hosts: expected host names"),
        ({"root": "files"}, "root: expected nothing, or a path"),
        ({"root": "/files/"}, "root: expected nothing, or a path"),
        ({"port": 443}, "port: unknown key"),
    ],
)
def test_a_mistake_is_told_with_its_place(changed: dict[str, object], says: str) -> None:
    """File, key, what was seen and what was expected."""
    with pytest.raises(LibraryError, match=says):
        alias(**changed)


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("files.test", 1),
        ("a.files.test", 2),
        ("a.b.files.test", None),
        ("xfiles.test", None),
        ("test", None),
        ("", None),
    ],
)
def test_a_pattern_stands_for_one_label(host: str, said: int | None) -> None:
    """A name comes before a pattern."""
    assert said_of(host, {"files.test": 1, "*.files.test": 2}) == said
