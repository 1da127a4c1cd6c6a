"""Trainings: create, get, list, cancel."""

from __future__ import annotations

from typing import Any

from orjson import Fragment, dumps

from mockserver.core.problem import DestinationNotFound, PredictionNotFound
from mockserver.core.reply import Answer, Reply
from mockserver.core.timeline import Created, Status
from mockserver.core.timestamps import edge_timestamp, web_timestamp
from mockserver.service import trainings
from mockserver.service.orders import Order, webhook_events
from mockserver.service.predictions import Seen, begun
from mockserver.service.worlds import World
from mockserver.web import pages
from mockserver.web.call import Call


Json = dict[str, Any]


def create_training(call: Call, owner: str, name: str, version_id: str) -> Answer:
    """POST /models/{owner}/{name}/versions/{version_id}/trainings."""
    registry = call.fake.registry
    entry = registry.entry(call.world, owner, name)
    version = registry.version(entry, version_id)
    asked = registry.forms.read("TrainingRequest", call.request.body)
    destination = asked["destination"]
    if destination not in call.world.shelf.cards and not registry.any_id:
        raise DestinationNotFound(destination)
    order = Order(
        model=version.model,
        input=asked["input"],
        webhook=asked.get("webhook") or asked.get("webhook_completed"),
        webhook_events_filter=webhook_events(asked),
    )
    plan = call.fake.planned(call.world, order, call.request.header("x-mock-scenario"))
    created = trainings.create(call.world, order, plan, destination)
    call.fake.catalogue.trained(call.world.shelf.trained[trainings.version_of(created.id)].model)
    _expect(call, created)
    shown = _edge(call, begun(created)) | {"urls": _urls(call, created.id, "predictions")}
    where = ("Location", f"{call.face.base_url}/trainings/{created.id}")
    return pages.told(shown, 201).with_headers(where)


def get_training(call: Call, training_id: str) -> Answer:
    """GET /trainings/{training_id}."""
    try:
        return look(call, training_id)
    except PredictionNotFound:
        return _example(call, training_id)


def cancel_training(call: Call, training_id: str) -> Answer:
    """POST /trainings/{training_id}/cancel; one that has ended stays as it ended."""
    try:
        return cancel(call, training_id)
    except PredictionNotFound:
        return _example(call, training_id)


def list_trainings(call: Call) -> Answer:
    """GET /trainings: a page of 100, newest first."""
    found = trainings.page(call.world, pages.asked(call))
    results = [_web(call, seen) for seen in found.results]
    return pages.told(pages.neighbours(call, found.next, found.previous) | {"results": results})


def look(call: Call, training_id: str) -> Reply:
    """The training as it is now. Raises `PredictionNotFound`."""
    return pages.told(_edge(call, trainings.look(call.world, training_id)))


def cancel(call: Call, training_id: str) -> Reply:
    """The training, which is asked to cancel. Raises `PredictionNotFound`."""
    return pages.told(_web(call, trainings.cancel(call.world, training_id)))


def _expect(call: Call, created: Created) -> None:
    """Let the training's webhook, if it has one, be told its life."""
    if created.webhook is None:
        return
    kept = call.kept()

    def render(world: World, at_ms: int) -> bytes:
        return dumps(_web(kept(world), trainings.look(world, created.id, now_ms=at_ms)))

    call.fake.courier.expect(call.world, created, render, call.world.shelf.trainings)


def _edge(call: Call, seen: Seen) -> Json:
    """The form of create and get: absent instead of null."""
    moment, at_ms = seen.moment, seen.created.at_ms
    body: Json = {
        "id": seen.created.id,
        "model": seen.created.model,
        "version": seen.created.version,
        "destination": call.world.shelf.destinations.get(seen.created.id, ""),
        "source": "api",
        "input": Fragment(seen.created.input),
        "logs": _logs(seen),
        "output": _output(call, seen),
        "error": moment.error,
        "status": moment.status,
        "created_at": edge_timestamp(at_ms),
    }
    if moment.started_after_ms is not None:
        body["started_at"] = edge_timestamp(at_ms + moment.started_after_ms)
    if moment.ended:
        body |= {"completed_at": edge_timestamp(at_ms + moment.after_ms)}
        body |= {"metrics": _metrics(seen)}
    body["urls"] = _urls(call, seen.created.id, "trainings")
    return _then(call, body | _given(call, seen))


def _web(call: Call, seen: Seen) -> Json:
    """The form of list and cancel: null instead of absent, six digits of a second."""
    moment, at_ms = seen.moment, seen.created.at_ms
    started = moment.started_after_ms
    body: Json = {
        "completed_at": web_timestamp(at_ms + moment.after_ms) if moment.ended else None,
        "created_at": web_timestamp(at_ms),
        "destination": call.world.shelf.destinations.get(seen.created.id, ""),
        "error": moment.error,
        "id": seen.created.id,
        "input": Fragment(seen.created.input),
        "logs": _logs(seen).removesuffix("\n") or None,
        "metrics": _metrics(seen),
        "output": _output(call, seen),
        "source": "api",
        "started_at": None if started is None else web_timestamp(at_ms + started),
        "status": moment.status,
        "urls": _urls(call, seen.created.id, "trainings"),
        "model": seen.created.model,
        "version": seen.created.version,
    }
    return _then(call, body | _given(call, seen))


def _then(call: Call, body: Json) -> Json:
    """The training as it was told on the day that is spoken."""
    return call.face.past.told(body, "training") if call.face.past else body


def _given(call: Call, seen: Seen) -> Json:
    """What was given with a training that was made elsewhere."""
    given = call.world.shelf.extras.get(seen.created.id, {})
    return {key: value for key, value in given.items() if key != "data_removed"}


def _output(call: Call, seen: Seen) -> Json | None:
    """The version that was made, and its weights."""
    if seen.moment.status is not Status.SUCCEEDED:
        return None
    made = trainings.version_of(seen.created.id)
    destination = call.world.shelf.destinations.get(seen.created.id, "")
    weights = f"https://replicate.delivery/xezq/{seen.created.id}/trained_model.tar"
    return {"version": f"{destination}:{made}", "weights": weights}


def _logs(seen: Seen) -> str:
    return seen.moment.logs.replace("{seed}", str(seen.created.seed))


def _metrics(seen: Seen) -> Json:
    """Seconds of run and of life; empty for what never ran or still runs."""
    moment = seen.moment
    if not moment.ended or moment.started_after_ms is None:
        return {}
    ran_ms = moment.after_ms - moment.started_after_ms
    return {"predict_time": ran_ms / 1000, "total_time": moment.after_ms / 1000}


def _urls(call: Call, training_id: str, resource: str) -> Json:
    """Where to go on. Create names the path of predictions; both serve the same id.

    Source: upstream's recordings of trainings.create and trainings.get.
    """
    here = f"{call.face.base_url}/{resource}/{training_id}"
    return {"cancel": f"{here}/cancel", "get": here}


def _example(call: Call, training_id: str) -> Answer:
    """What stands for a training that nobody made. Raises `PredictionNotFound` unless asked to."""
    if not call.fake.settings.any_id:
        raise PredictionNotFound(training_id)
    seen = call.fake.gallery.stand_in(call.fake.registry.any_model(), training_id)
    return pages.told(_edge(call, seen))
