"""How a gateway is told who asks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mockserver.library.auth import Auth, load_auth
from mockserver.library.strict import Table


def auth(**keys: Any) -> Auth:
    """What a table with these keys describes."""
    usual = {"header": "Authorization", "schemes": ["Bearer"], "documented": True, "source": "x"}
    return load_auth(Table({**usual, **keys}, Path("profile.toml"), "auth"))


@pytest.mark.parametrize(
    ("sent", "strict", "bare"),
    [
        ("Bearer abc", "abc", "abc"),
        ("bearer  abc ", "abc", "abc"),
        ("Bearer", "", ""),
        ("Token abc", "", ""),
        ("abc", "", "abc"),
        ("", "", ""),
    ],
)
def test_a_token_stands_behind_a_known_word(sent: str, strict: str, bare: str) -> None:
    """Or, where a gateway says so, alone."""
    assert (auth().token(sent), auth(bare=True).token(sent)) == (strict, bare)


def test_nothing_overrules_the_header_unless_it_is_said() -> None:
    """The keys may be left out."""
    assert (auth().overruled_by, auth(overruled_by="x-api-key").overruled_by) == ("", "x-api-key")
