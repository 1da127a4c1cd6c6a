"""Predictions told with too little, too much, or in other types than the API promises."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote

from mockserver.library.faults.kinds import Strike
from mockserver.library.faults.params import choice
from mockserver.library.faults.places import upstream
from mockserver.library.faults.predictions import Json, put, shape_fault, without


_MEMBERS: Final = (
    "urls",
    "urls.get",
    "urls.stream",
    "version",
    "model",
    "logs",
    "input",
    "created_at",
    "metrics",
    "error",
)


@shape_fault("shape.missing", params=(choice("member", *_MEMBERS),), tests=("K11",))
def missing(told: Json, strike: Strike) -> Json:
    """A member of the prediction is left out."""
    return _at(told, strike.word("member"), without)


@shape_fault("shape.null", params=(choice("member", *_MEMBERS[:-1]),), tests=("K11",))
def null(told: Json, strike: Strike) -> Json:
    """A member of the prediction that is never null is null."""
    return _at(told, strike.word("member"), lambda held, name: put(held, **{name: None}))


def _at(told: Json, member: str, change: Callable[[Json, str], Json]) -> Json:
    """The prediction with `change` made where `member` stands: at the top, or inside another."""
    outer, _, name = member.rpartition(".")
    if not outer:
        return change(told, name)
    held = told.get(outer)
    return {**told, outer: change(held, name)} if isinstance(held, dict) else told


@shape_fault("shape.minimal", tests=("K11",), source="the documents of QuickRouter: create")
def minimal(told: Json, _strike: Strike) -> Json:
    """A prediction is told by its id and its status alone."""
    return {name: told[name] for name in ("id", "status") if name in told}


@shape_fault("shape.extra", tests=("K11",))
def extra(told: Json, _strike: Strike) -> Json:
    """A prediction has members that no document knows, of every type."""
    return told | _EXTRA


_EXTRA: Final[Json] = {
    "priority": 7,
    "_links": {"self": {"href": None, "templated": False}},
    "tags": ["a", None, 1.5, {}],
    "渠道": "默认分组",
    "__proto__": {"polluted": True},
    "": "",
}


@shape_fault("shape.error_object", tests=("K10", "K11"))
def error_object(told: Json, _strike: Strike) -> Json:
    """The reason of a failure is an object instead of a text."""
    if not told.get("error"):
        return told
    return put(told, error={"code": "E1001", "message": told["error"], "details": []})


@shape_fault("shape.error_empty", tests=("K10",))
def error_empty(told: Json, _strike: Strike) -> Json:
    """The reason of a failure is an empty text."""
    return put(told, error="") if told.get("error") else told


@shape_fault("shape.number_as_string", tests=("K11",))
def number_as_string(told: Json, _strike: Strike) -> Json:
    """Every number is told as a text, also those in `input` and `metrics`."""
    changed: Json = _each(told, lambda value: value if isinstance(value, bool) else str(value))
    return changed


@shape_fault("shape.bool_as_int", tests=("K11",))
def bool_as_int(told: Json, _strike: Strike) -> Json:
    """Every true is told as 1, and every false as 0."""
    changed: Json = _each(told, lambda value: int(value) if isinstance(value, bool) else value)
    return changed


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    """The value with every number and every truth value in it changed."""
    match value:
        case dict():
            return {name: _each(one, change) for name, one in value.items()}
        case list():
            return [_each(one, change) for one in value]
        case int() | float():
            return change(value)
    return value


def _fewer_outputs(given: Json) -> Json:
    asked = given.get("num_outputs")
    return given | {"num_outputs": 2 if asked == 1 else 1}


def _reencoded(given: Json) -> Json:
    prompt = given.get("prompt")
    return put(given, prompt=quote(prompt)) if isinstance(prompt, str) else given


_DEFAULTS: Final[Json] = {"seed": None, "output_format": "webp", "guidance": 3.5}

_ECHOES: Final[Mapping[str, Callable[[Json], Json]]] = {
    "num_outputs": _fewer_outputs,
    "dropped": lambda given: dict([*given.items()][:-1]),
    "defaults_added": lambda given: _DEFAULTS | given,
    "prompt_reencoded": _reencoded,
    "reordered": lambda given: dict([*given.items()][::-1]),
}


@shape_fault("shape.echo_mutated", params=(choice("form", *_ECHOES),), tests=("K11",))
def echo_mutated(told: Json, strike: Strike) -> Json:
    """The input that is echoed is not the one that was sent.

    `num_outputs` tells another number, `dropped` leaves the last member out, `defaults_added` has
    members that nobody sent, `prompt_reencoded` percent-encodes the prompt, `reordered` turns the
    order of the members round.
    """
    given = told.get("input")
    return (
        put(told, input=_ECHOES[strike.word("form")](given)) if isinstance(given, dict) else told
    )


@shape_fault(
    "shape.urls_foreign",
    tests=("K9",),
    source="answers of gateways that hand on upstream's own addresses",
)
def urls_foreign(told: Json, strike: Strike) -> Json:
    """All of `urls` lead to upstream itself, where the client's token means nothing."""
    links = told.get("urls")
    if not isinstance(links, dict):
        return told
    led = {
        name: upstream(url, strike.base_url) if isinstance(url, str) else url
        for name, url in links.items()
    }
    return put(told, urls=led)
