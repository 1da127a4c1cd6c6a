"""Create calls that created nothing: they are noted in the ledger with what they ordered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from mockserver.core.problem import Problem
from mockserver.core.reply import Answer
from mockserver.service import submissions
from mockserver.service.orders import Order
from mockserver.web import deployments, handlers
from mockserver.web.call import Call
from mockserver.web.routes import Route


_ORDERS: Final[Mapping[Callable[..., Answer], Callable[..., Order]]] = {
    handlers.create_for_model: handlers.order_for_model,
    handlers.create_for_version: handlers.order_for_version,
    deployments.create_for_deployment: deployments.order_for_deployment,
}
"""What each create call would have ordered."""


def attempted(call: Call, route: Route, arguments: Mapping[str, str]) -> None:
    """Note in the ledger that `call` created nothing, because it was refused or got lost.

    Nothing is noted of calls that create nothing anyway, or whose order cannot be accepted.
    """
    order_of = _ORDERS.get(route.handler)
    if order_of is None:
        return
    try:
        order = order_of(call, **arguments)
    except Problem:
        return
    submissions.attempted(call.world, order)
