"""Ids that are no prediction of the account: trainings, examples, and what nobody made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mockserver.core.problem import PredictionNotFound
from mockserver.core.reply import Answer
from mockserver.library.gateways import Endpoint
from mockserver.library.models import Model
from mockserver.service import predictions
from mockserver.service.predictions import Seen
from mockserver.service.worlds import World
from mockserver.web import telling, trainings
from mockserver.web.call import Call
from mockserver.web.dialect import Told


def get(call: Call, prediction_id: str) -> Answer:
    """What GET answers for an id that is no prediction. Raises `PredictionNotFound`."""
    return _found(call, prediction_id, call.face.gateway.get, trainings.look)


def cancel(call: Call, prediction_id: str) -> Answer:
    """What a cancel answers for it. Raises `PredictionNotFound`.

    Source: upstream's recording of trainings: both paths cancel the same id.
    """
    return _found(call, prediction_id, call.face.gateway.cancel, trainings.cancel)


def among(call: Call, world: World) -> Call:
    """The same call, as it would be answered in `world`."""
    there = Call(call.fake, call.request, call.face, call.path)
    there.enter(world)
    return there


def example(call: Call, model: Model) -> Told:
    """The example of `model`."""
    gallery = call.fake.gallery
    return telling.told(among(call, gallery.world), gallery.example(model))


def stand_in(call: Call, prediction_id: str) -> Told:
    """An example under the id that was asked for."""
    model = call.fake.registry.any_model()
    shown = example(call, model)
    seen = call.fake.gallery.stand_in(model, prediction_id)
    return replace(shown, seen=seen)


def _found(
    call: Call, prediction_id: str, shape: Endpoint, of_training: Callable[[Call, str], Answer]
) -> Answer:
    try:
        return of_training(call, prediction_id)
    except PredictionNotFound:
        seen = _exhibit(call, prediction_id)
    if seen is not None:
        there = among(call, call.fake.gallery.world)
        return telling.answer(there, seen, shape)
    if call.fake.settings.any_id:
        return telling.reply(call, stand_in(call, prediction_id), shape)
    raise PredictionNotFound(prediction_id)


def _exhibit(call: Call, prediction_id: str) -> Seen | None:
    """The example of this id, which anybody may look at."""
    try:
        return predictions.look(call.fake.gallery.world, prediction_id)
    except PredictionNotFound:
        return None
