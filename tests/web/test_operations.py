"""Each path of our document is served, and nothing of the API is served that it does not tell."""

from __future__ import annotations

import json
from re import sub
from typing import Final

from mockserver.library.rooms import room
from mockserver.web.routes import CONTROL_PREFIX, ROUTES


DOCUMENT: Final = json.loads((room("schemas") / "openapi.json").read_text(encoding="utf-8"))
FOR_PEOPLE: Final = ("/p/", "/delivery/", "/streams/", "/files/bcwr-", CONTROL_PREFIX)
"""What upstream serves at other hosts, or not at all."""


def unnamed(path: str) -> str:
    """A path without the names of its parameters."""
    return sub(r"[<{][a-z_]+[>}]", "{}", path)


def test_what_is_told_is_served() -> None:
    """By path and method; the root is for people."""
    told = {
        (method.upper(), unnamed(path))
        for path, item in DOCUMENT["paths"].items()
        for method in item
        if method != "parameters"
    }
    served = {
        (route.method, unnamed(route.rule))
        for route in ROUTES
        if route.rule != "/" and not route.rule.startswith(FOR_PEOPLE)
    }
    assert served == told
