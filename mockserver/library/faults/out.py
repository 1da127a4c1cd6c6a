"""Outputs of another shape than a model promises, and addresses that are not what they seem."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from mockserver.core.fault import Operation
from mockserver.library.faults.kinds import Strike
from mockserver.library.faults.params import choice
from mockserver.library.faults.places import foreign, is_address, path_of
from mockserver.library.faults.predictions import (
    RUNNING,
    SUCCEEDED,
    Json,
    output_name,
    put,
    shape_fault,
    status,
    turn,
    with_output,
)


@shape_fault("out.null_on_success", tests=("K7",))
def null_on_success(told: Json, strike: Strike) -> Json:
    """A prediction that succeeded tells null for its output."""
    return _at_last(told, strike, lambda _: None)


@shape_fault("out.empty_list", tests=("K7",))
def empty_list(told: Json, strike: Strike) -> Json:
    """A prediction that succeeded tells an empty list for its output."""
    return _at_last(told, strike, lambda _: [])


@shape_fault(
    "out.fewer",
    tests=("K7",),
    source="github.com/replicate/cog-flux: unsafe pictures are left out of the list",
)
def fewer(told: Json, strike: Strike) -> Json:
    """The output is one short of what was asked for, as where an unsafe picture is left out."""
    return _at_last(told, strike, _shortened)


@shape_fault("out.nulls_inside", tests=("K7",))
def nulls_inside(told: Json, _strike: Strike) -> Json:
    """A list of outputs has null in the place of its last; an output alone becomes such a list."""
    return with_output(told, lambda value: [*_listed(value)[:-1], None])


@shape_fault("out.string_for_list", tests=("K7",))
def string_for_list(told: Json, _strike: Strike) -> Json:
    """A model that gives a list tells its first output alone."""
    return with_output(told, _single)


@shape_fault("out.list_for_string", tests=("K7",))
def list_for_string(told: Json, _strike: Strike) -> Json:
    """A model that gives one output tells it in a list."""
    return with_output(told, _listed)


@shape_fault("out.object", tests=("K7",))
def as_object(told: Json, _strike: Strike) -> Json:
    """The output stands in an object: `{"url": …}`, or `{"urls": […]}` for a list."""
    return with_output(
        told, lambda value: {"urls": value} if isinstance(value, list) else {"url": value}
    )


@shape_fault("out.type_flips_while_processing", tests=("K7", "K11"))
def type_flips_while_processing(told: Json, strike: Strike) -> Json:
    """While it runs, the output is a list at one look and a text at the next; the end is true."""
    if status(told) != RUNNING:
        return told
    name = output_name(told)
    value = told.get(name)
    flipped = _listed(value) if turn(told, strike) % 2 else _single(value) or ""
    return put(told, **{name: flipped})


@shape_fault("out.shrinks", tests=("K7",))
def shrinks(told: Json, strike: Strike) -> Json:
    """Every second look at an output tells one piece less of it; of a single one, null."""
    if not told.get(output_name(told)) or turn(told, strike) % 2:
        return told
    return with_output(told, _shortened)


@shape_fault("out.url_http", tests=("K9", "K15"))
def url_http(told: Json, _strike: Strike) -> Json:
    """Files have addresses of `http:` where the API is called by `https:`."""
    return with_output(told, lambda value: _addressed(value, _unsafe))


@shape_fault("out.url_relative", tests=("K15",))
def url_relative(told: Json, _strike: Strike) -> Json:
    """Files have addresses without an origin: a path alone."""
    return with_output(told, lambda value: _addressed(value, path_of))


_SPACED: Final[Mapping[str, Callable[[str], str]]] = {
    "around": lambda url: f" {url} ",
    "inside": lambda url: f"{url}?name=a file",
}


@shape_fault("out.url_spaces", params=(choice("form", *_SPACED),), tests=("K15",))
def url_spaces(told: Json, strike: Strike) -> Json:
    """Addresses of files have spaces around them, or inside them in the place of `%20`."""
    return with_output(told, lambda value: _addressed(value, _SPACED[strike.word("form")]))


@shape_fault("out.url_foreign_origin", tests=("K9",))
def url_foreign_origin(told: Json, _strike: Strike) -> Json:
    """Files lie at an origin that the client was never told of: no token may go there."""
    return with_output(told, lambda value: _addressed(value, foreign))


def _at_last(told: Json, strike: Strike, change: Callable[[Any], Any]) -> Json:
    """The prediction with its output changed if that is its last; a sync answer's always is."""
    last = status(told) in SUCCEEDED or strike.operation is Operation.CREATE
    return with_output(told, change) if last else told


def _shortened(value: Any) -> Any:
    return value[:-1] if isinstance(value, list) else None


def _listed(value: Any) -> list[Any]:
    if value in (None, ""):
        return []
    return value if isinstance(value, list) else [value]


def _single(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return value[0] if value else None


def _addressed(value: Any, change: Callable[[str], str]) -> Any:
    """The output with every address in it changed."""
    match value:
        case list():
            return [_addressed(one, change) for one in value]
        case dict():
            return {name: _addressed(one, change) for name, one in value.items()}
    return change(value) if is_address(value) else value


def _unsafe(url: str) -> str:
    return f"http://{url.partition('://')[2]}"
