"""The fast lane: finds the hot routes by their segments, without Flask's machinery."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mockserver.web.routes import ROUTES, Route


Found = tuple[Route, Mapping[str, str]]
_Place = tuple[str, int]
_Candidate = tuple[Route, tuple[str, ...]]


def _places() -> Mapping[_Place, tuple[_Candidate, ...]]:
    """Hot routes by method and number of segments."""
    places: dict[_Place, tuple[_Candidate, ...]] = {}
    for route in ROUTES:
        if route.hot:
            place = route.method, route.rule.count("/")
            places[place] = (*places.get(place, ()), (route, tuple(route.rule.split("/"))))
    return places


_HOT: Final = _places()


def find(method: str, path: str) -> Found | None:
    """The hot route of a plain path and its arguments; None leaves the question to Flask."""
    candidates = _HOT.get((method, path.count("/")))
    if candidates is None or "%" in path:
        return None
    segments = path.split("/")
    for route, pattern in candidates:
        arguments = _arguments(pattern, segments)
        if arguments is not None:
            return route, arguments
    return None


def _arguments(pattern: tuple[str, ...], segments: list[str]) -> dict[str, str] | None:
    arguments = {}
    for known, seen in zip(pattern, segments, strict=True):
        if known[:1] == "<":
            if not seen:
                return None
            arguments[known[1:-1]] = seen
        elif known != seen:
            return None
    return arguments
