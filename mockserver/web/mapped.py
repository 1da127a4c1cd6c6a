"""Gateways with paths of their own: which of the routes answers at each, and which there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from re import compile as pattern
from re import sub
from typing import Final
from urllib.parse import unquote

from mockserver.core.problem import MethodNotAllowed, PathNotFound
from mockserver.library.manners import PathRule, Place
from mockserver.web import handlers
from mockserver.web.call import Call
from mockserver.web.lane import Found
from mockserver.web.routes import CONTROL_PREFIX, ROUTES, Route


_OURS: Final = frozenset(
    {
        handlers.download_output,
        handlers.openapi,
        handlers.stream_prediction,
        handlers.web_page,
        handlers.welcome,
    }
)
"""What the fake itself needs to be one, whatever paths its gateway has."""
_NAME: Final = pattern(r"<([a-z_]+)>")


def find(call: Call, rules: Iterable[PathRule]) -> Found | None:
    """The route that `rules` put at the path of `call`; None for what is the fake's own.

    Raises `MethodNotAllowed`, `PathNotFound`.
    """
    if call.path.startswith(CONTROL_PREFIX) or _is_ours(call.path):
        return None
    matching = ((rule, rule.asked.arguments(call.path)) for rule in rules)
    found = [(rule, sent) for rule, sent in matching if sent is not None]
    asked, path = call.request.method, call.request.path
    if not found:
        raise PathNotFound(f"{asked} {path}", method=asked, path=path)
    # The first is the one that spells out most; the others have names where it has words.
    first, sent = found[0]
    there = {rule.asked.method: rule for rule, _ in found if rule.asked.path == first.asked.path}
    rule = there.get("GET" if asked == "HEAD" else asked)
    if rule is None:
        raise MethodNotAllowed(asked, list(there))
    return _route(rule, sent)


def _route(rule: PathRule, sent: Mapping[str, str]) -> Found:
    route = _meant(rule.means)
    # Both name the same things in the same order, but not by the same names.
    names = [part[1:-1] for part in rule.means.path.split("/") if part[:1] == "{"]
    called = zip(_NAME.findall(route.rule), names, strict=True)
    return route, {ours: unquote(sent[theirs]) for ours, theirs in called}


@cache
def _meant(means: Place) -> Route:
    """The route that upstream has at this place."""
    shape = means.method, sub(r"\{[^}]+\}", "{}", means.path)
    return next(one for one in ROUTES if (one.method, _NAME.sub("{}", one.rule)) == shape)


def _is_ours(path: str) -> bool:
    return any(known.fullmatch(path) for known in _OUR_PATHS)


_OUR_PATHS: Final = tuple(
    pattern(_NAME.sub("[^/]+", route.rule.replace(".", r"\.")))
    for route in ROUTES
    if route.handler in _OURS
)
