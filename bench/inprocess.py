"""The front door called directly: the fast lane, and the same requests by way of Flask."""

from __future__ import annotations

from typing import Final

from bench import example
from bench.report import Row, Rows, best_us
from mockserver.core.interaction import Request
from mockserver.web.front import Front


TIMES: Final = {"create": 3_000, "get": 5_000, "list": 100}
AT_LEAST: Final = 4.0
"""How many times faster the lane is to be than Flask."""


def inprocess(quick: bool) -> Rows:  # noqa: FBT001 - as every measurement
    """Microseconds of one answer in the lane, and how many times that Flask needs."""
    made = example.prepared()
    front = made.front
    requests = {
        "get": example.get_request(made.path),
        "list": example.get_request(example.LIST),
        "create": example.create_request(),
    }
    for name, request in requests.items():
        times = TIMES[name] // (10 if quick else 1)
        lane_us, flask_us = _both_us(front, request, times)
        yield Row(
            f"{name} by Flask, lane = 1",
            flask_us / lane_us,
            at_least=None if name == "list" else AT_LEAST,
            note=f"lane {lane_us:.1f} µs, Flask {flask_us:.1f} µs",
        )


def _both_us(front: Front, request: Request, times: int) -> tuple[float, ...]:
    """Microseconds by the lane, and by Flask."""
    return best_us(
        lambda: front.answer(request), lambda: front.by_flask(front.call(request)), times=times
    )
