"""The fake behind httpx without a socket, next to routes of respx that always say the same."""

from __future__ import annotations

from typing import Final

import httpx

from bench import example
from bench.report import Row, Rows, best_us, median_ratio


ORIGIN: Final = "https://www.anyapi.vip"
ROUNDS: Final = 5
TIMES: Final = 200
AT_MOST: Final = 1.3


def mounted(quick: bool) -> Rows:  # noqa: FBT001 - as every measurement
    """The time of a create and a get in-process, as a share of static answers by respx."""
    rounds = 2 if quick else ROUNDS
    pairs = [(_fake_us(), _static_us()) for _ in range(rounds)]
    ours_us, theirs_us = min(pairs)
    yield Row(
        "create + get mounted, static respx routes = 1",
        median_ratio(pairs),
        at_most=AT_MOST,
        note=f"{ours_us:.0f} µs; {theirs_us:.0f} µs",
    )


def _fake_us() -> float:
    import respx

    from mockserver.mount import mounted as router

    made = example.prepared()
    mounted_on: respx.MockRouter = router(made.front)
    with mounted_on:
        return _create_and_get_us(f"{ORIGIN}{made.path}")


def _static_us() -> float:
    import respx

    made = example.prepared()
    created = example.known(made.front, example.create_request())
    seen = example.known(made.front, example.get_request(made.path))
    with respx.mock() as router:
        for method, path, reply in (
            ("POST", example.CREATE, created),
            ("GET", made.path, seen),
        ):
            route = router.route(method=method, url=f"{ORIGIN}{path}")
            route.respond(reply.status, headers=dict(reply.headers), content=reply.body)
        return _create_and_get_us(f"{ORIGIN}{made.path}")


def _create_and_get_us(url: str) -> float:
    """Microseconds of one create call and one look at `url`."""
    headers = dict(example.HEADERS[1:])
    with httpx.Client(headers=headers) as client:

        def create_and_get() -> None:
            client.post(f"{ORIGIN}{example.CREATE}", content=example.body()).raise_for_status()
            client.get(url).raise_for_status()

        create_and_get()
        return best_us(create_and_get, TIMES, 2)
