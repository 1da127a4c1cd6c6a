"""The API's operations: each parses, asks the service once, and renders."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from mockserver.core import cursor, duration, ids, prefer
from mockserver.core.problem import (
    DeadlineInvalid,
    InvalidCursor,
    OutputNotFound,
    PredictionNotFound,
)
from mockserver.core.reply import Answer, Reply, Work
from mockserver.core.timeline import Created
from mockserver.library.json_text import dumps
from mockserver.library.openapi import served_document
from mockserver.service import predictions
from mockserver.service.files import told_of
from mockserver.service.filters import positions
from mockserver.service.orders import Order
from mockserver.service.outputs import not_fetched
from mockserver.service.predictions import Seen
from mockserver.service.settings import OutputForm, SyncStyle
from mockserver.service.worlds import KEY_LENGTH, World
from mockserver.web import asking, elsewhere, filters, numbered, sync, telling, webhooks
from mockserver.web.call import Call
from mockserver.web.files import file_reply
from mockserver.web.queries import query_value
from mockserver.web.stream import streamed


def create_for_model(call: Call, owner: str, name: str) -> Answer:
    """POST /models/{owner}/{name}/predictions."""
    return create(call, order_for_model(call, owner, name))


def order_for_model(call: Call, owner: str, name: str) -> Order:
    """What is ordered there. Raises `ModelNotFound`, and what `Orders` raises."""
    model = call.fake.registry.official(call.world, owner, name)
    form = call.face.gateway.request
    if form is not None:
        return asking.ordered(call, form, model)
    return call.fake.orders.for_model(call.request.body, model)


def create_for_version(call: Call) -> Answer:
    """POST /predictions, the version in the body."""
    return create(call, order_for_version(call))


def order_for_version(call: Call) -> Order:
    """What is ordered there. Raises what `Orders` raises."""
    find = partial(call.fake.registry.model_of_version, call.world)
    return call.fake.orders.for_version(call.request.body, find)


def get_prediction(call: Call, prediction_id: str) -> Answer:
    """GET /predictions/{prediction_id}."""
    try:
        seen = predictions.look(call.world, prediction_id)
    except PredictionNotFound:
        return elsewhere.get(call, prediction_id)
    return telling.look(call, seen)


def cancel_prediction(call: Call, prediction_id: str) -> Answer:
    """POST /predictions/{prediction_id}/cancel; a body is neither needed nor read."""
    try:
        seen = predictions.cancel(call.world, prediction_id, call.struck)
    except PredictionNotFound:
        return elsewhere.cancel(call, prediction_id)
    return telling.answer(call, seen, call.face.gateway.cancel)


def list_predictions(call: Call) -> Answer:
    """GET /predictions: a page of 100 of those asked for, newest first."""
    paging = call.face.gateway.paging
    if paging is not None:
        return numbered.listed(call, paging)
    text = query_value(call.request, "cursor")
    wanted = cursor.cursor(text) if text else None
    if text and wanted is None:
        raise InvalidCursor("Invalid cursor")
    asked = filters.filter_of(call)
    among = positions(call.world, asked) if asked else None
    return telling.page(call, predictions.page(call.world, wanted, among))


def stream_prediction(call: Call, name: str) -> Answer:
    """GET /files/bcwr-… or /streams/…: `urls.stream`, which asks for no token."""
    key, prediction_id = ids.stream_target(name.removeprefix("bcwr-"), KEY_LENGTH)
    world = _entered(call, key)
    prediction_id = world.shelf.streams.get(name.removeprefix("bcwr-"), prediction_id)
    inline = call.fake.settings.outputs is OutputForm.DATA
    values = partial(telling.shown, call, world, inline=inline)
    begin = partial(streamed, world, prediction_id, values, call.request.header("last-event-id"))
    if not inline:
        return begin()
    planned = predictions.look(world, prediction_id, now_ms=world.clock.now_ms())

    def drawn() -> Answer:
        # An event loop writes the stream: its files are drawn, and remembered, before it begins.
        values(planned, planned.created.plan.outputs)
        return begin()

    return Work(drawn)


def download_output(call: Call, folder: str, name: str) -> Answer:
    """GET /delivery/xezq/…: the bytes of an output, drawn when first asked for."""
    world = _entered(call, folder[:KEY_LENGTH])
    created, index = call.fake.outputs.find(world, folder[KEY_LENGTH:], name)
    find = world.files.taken(created.at_ms)
    return Work(lambda: file_reply(call.request, call.fake.outputs.file(created, index, find)))


def openapi(call: Call) -> Answer:
    """GET /openapi.json: what this face of the fake serves."""
    document = served_document(call.fake.catalogue, call.face.gateway)
    here = document | {"servers": [{"url": call.face.base_url}]}
    return Reply(200, (("Content-Type", "application/json"),), dumps(here))


def welcome(call: Call) -> Answer:
    """GET /: for the person who opened the address in a browser."""
    return _plain(_WELCOME.format(origin=call.face.origin))


def web_page(call: Call, prediction_id: str) -> Answer:
    """GET /p/{prediction_id}: where `urls.web` leads, for a person."""
    for world in call.fake.worlds:
        try:
            seen = predictions.look(world, prediction_id, now_ms=world.clock.now_ms())
        except PredictionNotFound:
            continue
        lines = (prediction_id, seen.created.model, seen.moment.status, seen.moment.error or "")
        shown = "\n".join((*lines, *telling.lines(call, call.enter(world), seen)))
        return _plain(f"{shown}\n")
    raise PredictionNotFound(prediction_id)


def _plain(text: str) -> Reply:
    return Reply(200, (("Content-Type", "text/plain; charset=utf-8"),), text.encode())


def _entered(call: Call, world_key: str) -> World:
    """The world whose key stands in the address that was called."""
    world = call.fake.worlds.with_key(world_key) or call.fake.gallery.with_key(world_key)
    if world is None:
        raise OutputNotFound(world_key)
    return call.enter(world)


def _deadline(call: Call) -> int | None:
    """When `Cancel-After` says to end it, counted from creation; None where it is not sent."""
    asked = call.request.header("cancel-after")
    try:
        return duration.cancel_after_ms(asked) if asked else None
    except ValueError as reason:
        raise DeadlineInvalid(f"Invalid Cancel-After header: {reason}") from None


def create(call: Call, order: Order) -> Answer:
    """A new prediction, as the order says."""
    deadline_ms = _deadline(call)
    if deadline_ms is not None or call.own_faults or call.struck:
        order = replace(order, deadline_ms=deadline_ms, faults=call.own_faults, struck=call.struck)
    created = call.fake.create(call.world, order, call.request.header("x-mock-scenario"))
    call.created_id = created.id
    webhooks.expect(call, created)
    call.notes.extend(not_fetched(order.model, order.input))
    call.notes.extend(told_of(order.model, order.input, call.world.files.taking(created.at_ms)))
    return webhooks.before_reply(call, created, _told(call, created))


def _told(call: Call, created: Created) -> Answer:
    """What a create call answers, now or, with `Prefer: wait`, later."""
    asked = call.request.header("prefer")
    wait_ms = prefer.wait_ms(asked) if asked and call.face.gateway.has("sync") else None
    if wait_ms is None:
        return telling.created(call, telling.told(call, predictions.begun(created)))
    applied = prefer.preference_applied(asked)
    inline = call.fake.settings.outputs is not OutputForm.URL
    recorded = call.fake.settings.sync is SyncStyle.RECORDED

    def ended(seen: Seen) -> Reply:
        shown = sync.as_recorded(seen) if recorded else seen
        return telling.created(call, telling.told(call, shown, inline=inline), applied)

    def expired(seen: Seen) -> Reply:
        tell = telling.created if recorded else telling.waited_out
        return tell(call, telling.told(call, seen), applied)

    return sync.held(call.world, created.id, wait_ms, ended, expired)


_WELCOME = """\
mockserver pretends to be Replicate's prediction API, and the gateways that resell it.

base URLs      {origin}/v1   {origin}/replicate/v1   {origin}/gateways/NAME/replicate/v1
documents      {origin}/v1/openapi.json
what it holds  {origin}/__mock__/info
what it saw    {origin}/__mock__/journal

  curl {origin}/v1/models/black-forest-labs/flux-kontext-pro/predictions \\
    -H 'Authorization: Bearer anything' -H 'Content-Type: application/json' \\
    -d '{{"input": {{"prompt": "a lighthouse at dusk"}}}}'
"""
