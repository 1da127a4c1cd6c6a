"""Pages that miss some, repeat some, or lead nowhere, as a raw socket gets them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import pytest

from mockserver.library.faults import catalogue
from tests.faults import edited_by, reply_of


if TYPE_CHECKING:
    from mockserver.live import LiveWorld
    from tests.web.faults.conftest import Caller, Told

PAGE: Final = 100


def filled(caller: Caller, count: int) -> tuple[LiveWorld, list[str]]:
    """A world with so many predictions, and their ids, newest first."""
    world = caller.world()
    found = [caller.created(world)["id"] for _ in range(count)]
    return world, found[::-1]


def page(caller: Caller, world: LiveWorld, url: str | None = None) -> Told:
    """The first page of the list, or the one at `url`."""
    request = caller.request(world, "list", {})
    if url:
        where = urlsplit(url)
        line, _, rest = request.partition(b"\r\n")
        target = f"{where.path}?{where.query}".encode()
        request = b" ".join((line.split(b" ")[0], target, b"HTTP/1.1")) + b"\r\n" + rest
    return caller.sent(world, request)


def ids_of(told: Any) -> list[str]:
    """The ids on a page."""
    return [one["id"] for one in told["results"]]


def test_what_is_new_is_missing(caller: Caller) -> None:
    """Nothing younger than 10 s is told; the journal names the fault."""
    world, (old,) = filled(caller, 1)
    world.clock.advance(10)
    new = caller.created(world)["id"]
    caller.set(world, "list.missing_new")
    told = page(caller, world)
    assert ids_of(told.json) == [old]
    assert told.entry.faults[0].startswith("list.missing_new")
    world.clock.advance(10)
    assert ids_of(page(caller, world).json) == [new, old]


def test_the_last_of_a_page_is_the_first_of_the_next(caller: Caller) -> None:
    """One prediction is told twice."""
    world, found = filled(caller, PAGE + 1)
    caller.set(world, "list.duplicate_across_pages")
    first = page(caller, world).json
    second = page(caller, world, first["next"]).json
    assert (ids_of(first), ids_of(second)) == (found[:PAGE], found[PAGE - 1 :])


def test_a_page_is_told_the_other_way_round(caller: Caller) -> None:
    """The oldest comes first."""
    world, found = filled(caller, 3)
    caller.set(world, "list.reordered")
    assert ids_of(page(caller, world).json) == found[::-1]


def test_the_next_page_is_this_one(caller: Caller) -> None:
    """Whoever follows it comes back for ever."""
    world, found = filled(caller, 1)
    caller.set(world, "list.next_loop")
    first = page(caller, world).json
    again = page(caller, world, first["next"]).json
    assert (ids_of(again), urlsplit(again["next"]).path) == (found, "/v1/predictions")


def test_the_next_page_lies_elsewhere(caller: Caller) -> None:
    """On the same port by another name, which is another origin."""
    world, _ = filled(caller, 1)
    caller.set(world, "list.next_foreign")
    assert page(caller, world).json["next"].startswith("http://localhost:")


def test_there_is_no_next_page_but_a_text(caller: Caller) -> None:
    """`null` in quotes, on the last page only."""
    world, _ = filled(caller, PAGE + 1)
    caller.set(world, "list.next_string_null")
    first = page(caller, world).json
    assert page(caller, world, first["next"]).json["next"] == "null"


def test_a_page_is_empty_but_not_the_last(caller: Caller) -> None:
    """Whoever asks again is told what there is."""
    world, found = filled(caller, 1)
    caller.set(world, "list.empty_page_with_next")
    first = page(caller, world).json
    assert (first["results"], first["next"]) == ([], f"{world.base_url}/predictions")
    assert ids_of(page(caller, world).json) == found


@pytest.mark.parametrize("fault", catalogue.examples("list"))
def test_a_page_of_another_form_is_found(fault: str) -> None:
    """Inside a wrapping, under another name, asked for by number: no member is added."""
    told = {"code": 200, "data": {"page": 1, "items": [{"id": "b"}, {"id": "a"}], "total": 2}}
    body = edited_by(fault, reply_of(told)).body
    assert body.startswith(b'{"code":200,"data":{"page":1,"items":[')
    assert body.endswith(b'],"total":2}}')
