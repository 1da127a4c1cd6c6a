"""Webhooks over HTTP: what their bodies say, the secret, and what became of each delivery."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from orjson import dumps

from mockserver.core.letter import Posting
from mockserver.core.problem import BadControl, NotFound
from mockserver.core.reply import Answer, Later, Reply, Work
from mockserver.core.timeline import Created
from mockserver.core.timestamps import edge_timestamp
from mockserver.service import posting, predictions
from mockserver.service.courier import Render
from mockserver.service.deliveries import Attempt, Delivery
from mockserver.service.egress import Blocked
from mockserver.service.settings import OutputForm
from mockserver.service.worlds import World
from mockserver.web import dialect, telling
from mockserver.web.call import Call
from mockserver.web.naming import named, told, worlds
from mockserver.web.queries import query_value


def expect(call: Call, created: Created) -> None:
    """Let the webhook of a prediction that was just created, if it has one, be told its life."""
    if created.webhook is None:
        return
    try:
        call.fake.courier.egress.target(created.webhook)
    except Blocked as reason:
        call.notes.append(f"the webhook will not be called: {reason}")
    call.fake.courier.expect(call.world, created, _render(call, created))


def delivered(call: Call, moved: Iterable[World], then: Callable[[], Answer]) -> Answer:
    """What `then` answers once all that is due in these worlds has been delivered.

    It is work, off the loop, because the receiver may be served by this very process.
    """
    busy = [world for world in moved if call.fake.courier.due(world)]
    if not busy:
        return then()

    def run() -> Answer:
        for world in busy:
            call.fake.courier.perform(world)
        return then()

    return Work(run)


def before_reply(call: Call, created: Created, answer: Answer) -> Answer:
    """The answer of a create call; struck by a fault that says so, behind the first webhook."""
    struck = tuple(one for one in call.struck if posting.posted((one,), Posting()).early)
    world = call.world
    if not struck or created.webhook is None:
        return answer

    def posted() -> Answer:
        call.fake.courier.perform(
            world, lambda: any(one.attempts for one in _first(world, created))
        )
        for delivery in _first(world, created):
            delivery.strikes = (*(delivery.strikes or ()), *struck)
        return answer

    def then(now_ms: int) -> Answer:
        at_ms = world.outbox.planned_ms(created.id)
        if at_ms is None or at_ms <= now_ms or world.forgotten or _first(world, created):
            return Work(posted)
        return Later(at_ms, created.id, world.bell, then)

    return then(world.clock.now_ms())


def _first(world: World, created: Created) -> list[Delivery]:
    """The first delivery of a prediction, once it became due."""
    return [one for one in world.outbox if one.prediction_id == created.id][:1]


def get_secret(call: Call) -> Answer:
    """GET /webhooks/default/secret: what this account's webhooks are signed with."""
    key = call.world.outbox.secrets(call.world.clock.now_ms())[0]
    headers = (("Content-Type", "application/json"),)
    return Reply(200, headers, dumps({"key": key}))


def rotate(call: Call) -> Answer:
    """POST /__mock__/webhooks/rotate: sign with a new secret, and for a day with both."""
    rotated = [
        {"world": world.label, "key": world.outbox.rotate(world.clock.now_ms())}
        for world in worlds(call)
    ]
    if named(call):
        return told({"key": rotated[0]["key"]})
    if not rotated:
        raise BadControl("No world has a secret to rotate: name one, or create a prediction")
    return told({"worlds": rotated})


def get_deliveries(call: Call) -> Answer:
    """GET /__mock__/deliveries: those that became due, in their order; `?prediction=`."""
    prediction_id = query_value(call.request, "prediction")
    found = [
        _shown(world, delivery)
        for world, delivery in _deliveries(call)
        if prediction_id in ("", delivery.prediction_id)
    ]
    return told({"deliveries": found})


def redeliver(call: Call, delivery_id: str) -> Answer:
    """POST /__mock__/deliveries/{id}/redeliver: try once more, whatever became of it."""
    for world, delivery in _deliveries(call):
        if delivery.id == delivery_id:
            return Work(partial(_again, call, world, delivery))
    raise NotFound(f"No delivery is called {delivery_id}; see /__mock__/deliveries")


def _again(call: Call, world: World, delivery: Delivery) -> Answer:
    tried = call.fake.courier.again(world, delivery.id)
    return told(_shown(world, tried or delivery))


def _render(call: Call, created: Created) -> Render:
    """What makes the bodies: the web form, in the dialect's addresses.

    Source: replicate.com/docs/topics/webhooks/receive-webhook, whose sample shows nulls.
    """
    kept = call.kept()
    inline = call.fake.settings.outputs is OutputForm.DATA

    def render(world: World, at_ms: int) -> bytes:
        own = kept(world)
        seen = predictions.look(world, created.id, now_ms=at_ms)
        told = telling.told(own, seen, inline=inline)
        return dumps(dialect.whole(told, own.face, own.face.gateway.list.serializer, letter=True))

    return render


def _deliveries(call: Call) -> Iterator[tuple[World, Delivery]]:
    for world in worlds(call):
        yield from ((world, delivery) for delivery in world.outbox)


def _shown(world: World, delivery: Delivery) -> dict[str, object]:
    return {
        "id": delivery.id,
        "world": world.label,
        "prediction": delivery.prediction_id,
        "event": delivery.event,
        "url": _without_user(delivery.url),
        "due": edge_timestamp(delivery.due_ms),
        "state": delivery.state,
        "faults": delivery.faults,
        "next": edge_timestamp(delivery.planned_ms[0]) if delivery.planned_ms else None,
        "attempts": [_tried(attempt) for attempt in delivery.attempts],
    }


def _tried(attempt: Attempt) -> dict[str, object]:
    outcome: dict[str, object] = {"status": attempt.status}
    if attempt.why:
        outcome["error"] = attempt.why
    return {"at": edge_timestamp(attempt.at_ms), **outcome, "ms": attempt.took_ms}


def _without_user(url: str) -> str:
    """The address without the name and password that it may carry."""
    scheme, _, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    return f"{scheme}://{authority.rpartition('@')[2]}{slash}{path}"
