"""Trainings: they live as predictions do, in a store of their own."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from mockserver.core import ids
from mockserver.core.cursor import Cursor
from mockserver.core.timeline import Created, Plan
from mockserver.library.json_text import dumps_sorted
from mockserver.service import predictions
from mockserver.service.orders import Order
from mockserver.service.predictions import Page, Seen
from mockserver.service.shelf import Trained
from mockserver.service.worlds import World


def create(world: World, order: Order, plan: Plan, destination: str) -> Created:
    """Begin a training of `order.model` for the model called `destination`."""
    model = order.model
    with world.lock:
        ordinal = len(world.shelf.trainings)
        now_ms = world.clock.now_ms()
        created = Created(
            id=ids.prediction_id(now_ms, world.draw(ordinal, b"training")),
            at_ms=now_ms,
            model=model.full_name,
            version=model.version_id,
            input=dumps_sorted(order.input),
            seed=int.from_bytes(world.draw(ordinal, b"training seed")[:4]),
            plan=without_outputs(plan),
            webhook=order.webhook,
            webhook_events_filter=order.webhook_events_filter,
        )
        world.shelf.trainings.append(created.id, created)
        world.shelf.destinations[created.id] = destination
        owner, _, name = destination.partition("/")
        version_id = version_of(created.id)
        made = replace(model, owner=owner, name=name, version=version_id, version_id=version_id)
        world.shelf.trained[version_id] = Trained(created.id, made)
    return created


def version_of(training_id: str) -> str:
    """The id of the version that a training makes: 64 hex digits."""
    return sha256(training_id.encode()).hexdigest()


def look(world: World, training_id: str, *, now_ms: int | None = None) -> Seen:
    """The training as it is now. Raises `PredictionNotFound`."""
    return predictions.look(_side(world), training_id, now_ms=now_ms)


def cancel(world: World, training_id: str) -> Seen:
    """Ask to cancel; what has ended stays as it ended. Raises `PredictionNotFound`."""
    return predictions.cancel(_side(world), training_id)


def page(world: World, cursor: Cursor | None = None) -> Page:
    """A page of the trainings of `world`, newest first. Raises `InvalidCursor`."""
    return predictions.page(_side(world), cursor)


def without_outputs(plan: Plan) -> Plan:
    """The plan of something that puts out no files."""
    steps = tuple(
        replace(step, beats=tuple(replace(beat, outputs=None) for beat in step.beats))
        for step in plan.steps
    )
    return replace(plan, steps=steps, outputs=0)


def _side(world: World) -> World:
    """The same world with its trainings where its predictions are."""
    return replace(world, store=world.shelf.trainings)
