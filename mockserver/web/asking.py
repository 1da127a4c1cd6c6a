"""Create calls that are not written as upstream's are: flat bodies, webhooks in the query."""

from __future__ import annotations

from dataclasses import replace

from mockserver.library.manners import RequestForm
from mockserver.library.models import Model
from mockserver.service.orders import Order
from mockserver.web.call import Call
from mockserver.web.queries import query_value


def ordered(call: Call, form: RequestForm, model: Model) -> Order:
    """What `call` orders of `model`, in the form of its gateway. Raises what `Orders` raises."""
    orders, body = call.fake.orders, call.request.body
    if form.flat:
        webhook = query_value(call.request, "webhook") if form.webhook_in_query else ""
        order = orders.for_input(body, model, {"webhook": webhook} if webhook else {})
    else:
        order = orders.for_model(body, model, known_only=form.ignores_unknown)
    if not form.webhook_events:
        return order
    return replace(order, webhook_events_filter=form.webhook_events)
