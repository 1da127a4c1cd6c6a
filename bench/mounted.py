"""The fake behind httpx without a socket, next to routes of respx that always say the same."""

from __future__ import annotations

from typing import Final

import httpx

from bench import example
from bench.report import Row, Rows, best_us, median_ratio
from mockserver.mount import FakeTransport
from mockserver.mount import mounted as router


ORIGIN: Final = "https://www.anyapi.vip"
ROUNDS: Final = 5
TIMES: Final = 200
AT_MOST: Final = 1.3


def mounted(quick: bool) -> Rows:  # noqa: FBT001 - as every measurement
    """The time of a create and a get in-process, as a share of static answers by respx."""
    rounds = 2 if quick else ROUNDS
    found = [(_transport_us(), _router_us(), _static_us()) for _ in range(rounds)]
    yield _row("by the transport", [(ours, static) for ours, _, static in found])
    yield _row("by a respx router", [(ours, static) for _, ours, static in found])


def _row(how: str, pairs: list[tuple[float, float]]) -> Row:
    ours_us, theirs_us = min(pairs)
    return Row(
        f"create + get mounted {how}, static respx routes = 1",
        median_ratio(pairs),
        at_most=AT_MOST,
        note=f"{ours_us:.0f} µs; {theirs_us:.0f} µs",
    )


def _transport_us() -> float:
    """As `mockserver_mount.client()` does it."""
    made = example.prepared()
    return _create_and_get_us(f"{ORIGIN}{made.path}", FakeTransport(made.front))


def _router_us() -> float:
    """As `with mounted(): ...` does it for a client that knows of nothing."""
    made = example.prepared()
    with router(made.front):
        return _create_and_get_us(f"{ORIGIN}{made.path}")


def _static_us() -> float:
    import respx

    made = example.prepared()
    created = example.known(made.front, example.create_request())
    seen = example.known(made.front, example.get_request(made.path))
    with respx.mock() as static:
        for method, path, reply in (
            ("POST", example.CREATE, created),
            ("GET", made.path, seen),
        ):
            route = static.route(method=method, url=f"{ORIGIN}{path}")
            route.respond(reply.status, headers=dict(reply.headers), content=reply.body)
        return _create_and_get_us(f"{ORIGIN}{made.path}")


def _create_and_get_us(url: str, transport: httpx.BaseTransport | None = None) -> float:
    """Microseconds of one create call and one look at `url`."""
    headers = dict(example.HEADERS[1:])
    with httpx.Client(headers=headers, transport=transport) as client:

        def create_and_get() -> None:
            client.post(f"{ORIGIN}{example.CREATE}", content=example.body()).raise_for_status()
            client.get(url).raise_for_status()

        create_and_get()
        return best_us(create_and_get, times=TIMES, rounds=2)[0]
