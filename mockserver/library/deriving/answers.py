"""What documents say of a gateway's operations: statuses, the members of answers, `urls`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from re import Pattern, escape, sub
from re import compile as pattern
from typing import Final

from mockserver.library.deriving.facts import Ground, Sayings
from mockserver.library.deriving.told import Told, successes
from mockserver.library.documents.addresses import CANCEL, CREATE, LOOK, parts_of
from mockserver.library.documents.page import Operation
from mockserver.library.documents.tokens import masked
from mockserver.library.documents.tree import Place
from mockserver.library.gateways import URL_NAMES, UrlsMode


WHOLE: Final = (
    *("id", "model", "version", "input", "logs", "output", "data_removed", "error", "status"),
    *("created_at", "urls"),
)
"""The members of a prediction as upstream's create call answers it."""

FULL: Final = "full"
"""How a profile calls an answer that holds the whole prediction."""

_KNOWN: Final = frozenset({*WHOLE, "completed_at", "deadline", "metrics", "started_at"})
_SUCCESS: Final = 2
_ACCEPTED: Final = 202
_FOLLOWED: Final = ("get", "cancel")
_MODE: Final = "urls.mode"
_KEY: Final = pattern(r"[A-Za-z_]\w{0,80}")
_STREAM: Final = pattern(r"files/bcwr-[a-z2-7]{52}")

OPERATIONS: Final[tuple[tuple[str, str, Pattern[str]], ...]] = (
    ("create", "POST", CREATE),
    ("get", "GET", LOOK),
    ("list", "GET", CREATE),
    ("cancel", "POST", CANCEL),
)
"""The operations that a profile describes: name, method, and what their path ends in."""


def answers(documents: Iterable[Told]) -> Sayings:
    """What is said of the operations, by the dotted keys of a profile."""
    said = Sayings()
    for document, name, operation in _operations(documents):
        said.say(f"endpoints.{name}", "documented", document.origin(operation.place))
        _statuses(said, name, document, operation)
        if name != "list":
            _body(said, name, document, operation)
            _urls(said, name, document, operation)
            _added(said, document, operation)
    return said


def _operations(documents: Iterable[Told]) -> Iterator[tuple[Told, str, Operation]]:
    """The operations of which a profile speaks; each page's own create call, and all others."""
    seen: set[tuple[str, Place]] = set()
    for document in documents:
        for operation in document.page.operations:
            here = document.page.name, operation.place
            name = next(
                (
                    name
                    for name, method, path in OPERATIONS
                    if operation.method == method and path.search(operation.path)
                ),
                "",
            )
            mine = operation is document.creation if name == "create" else here not in seen
            if name and mine:
                seen.add(here)
                yield document, name, operation


def _statuses(said: Sayings, name: str, document: Told, operation: Operation) -> None:
    good = [
        one
        for one in operation.statuses
        if isinstance(one.value, int) and one.value // 100 == _SUCCESS
    ]
    for fact in good[:1]:
        said.say(f"{name}.status", fact.value, document.of(fact))
    for fact in good[1:] if name == "create" else ():
        if fact.value == _ACCEPTED:
            said.say("create.waited_out_status", fact.value, document.of(fact))


def _body(said: Sayings, name: str, document: Told, operation: Operation) -> None:
    """Which members an answer has: all that are shown or described, as far as they are known."""
    bodies = [one.body for one in successes(operation)]
    shown = dict.fromkeys(it for body in bodies for it, _ in body.members() if it in _KNOWN)
    told = {it.path: it for it in operation.answers if it.path in _KNOWN}
    names = list(shown | dict.fromkeys(told))
    if "id" not in names:
        return
    origin = document.origin(next(iter(told.values())).place) if told else None
    if shown:
        origin = document.origin(bodies[0].place, Ground.SHOWN)
    if origin:
        said.say(f"{name}.body", FULL if {*WHOLE} <= {*names} else names, origin)
        absent = [it for it in told if shown and it not in shown]
        if absent and not {*WHOLE} <= {*names}:
            said.say(f"{name}.omit_null", absent, document.origin(told[absent[0]].place))


def _urls(said: Sayings, name: str, document: Told, operation: Operation) -> None:
    """Where `urls` lead, and how the addresses are made that lead to upstream."""
    for response in successes(operation):
        links, id_ = response.body.at("urls"), response.body.at("id").text()
        origin = document.origin((links if links.value else response.body).place, Ground.SHOWN)
        led = {key: links.at(key).text() for key in URL_NAMES if links.at(key).text()}
        hosts = {parts_of(led[key]).hostname for key in _FOLLOWED if key in led}
        if not led and name == "create" and response.body.has("id"):
            said.say(_MODE, str(UrlsMode.NONE), origin)
        elif hosts:
            away = document.host not in hosts
            said.say(_MODE, str(UrlsMode.UPSTREAM if away else UrlsMode.OWN), origin)
            for key, url in led.items() if away and id_ else ():
                template = _STREAM.sub("{stream}", sub(_segment(id_), "{id}", url))
                at = document.origin(links.at(key).place, Ground.SHOWN)
                if template != url and "{" not in url:
                    said.say(f"urls.upstream.{key}", template, at)


def _segment(id_: str) -> str:
    """A pattern of the part of a path that is this id."""
    return rf"(?<=/){escape(id_)}(?=[/?]|$)"


def _added(said: Sayings, document: Told, operation: Operation) -> None:
    """Members that upstream does not have, where the whole prediction is shown."""
    for response in successes(operation):
        shown = [key for key, _ in response.body.members()]
        for before, key in pairwise(shown if {*WHOLE} <= {*shown} else ()):
            value = response.body.at(key)
            new = key not in _KNOWN and _KEY.fullmatch(key)
            if new and before in WHOLE and isinstance(value.value, str):
                told = {"value": masked(value.value), "behind": before}
                origin = document.origin(value.place, Ground.SHOWN)
                said.say(f"prediction.added.{key}", told, origin)
