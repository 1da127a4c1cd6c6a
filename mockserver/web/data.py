"""POST /__mock__/data: a user's own models, predictions and the rest, given while it runs."""

from __future__ import annotations

from mockserver.core.problem import BadControl
from mockserver.core.reply import Answer
from mockserver.library.errors import LibraryError
from mockserver.library.registry_files import content_of_document
from mockserver.service import given
from mockserver.web.call import Call
from mockserver.web.naming import body, named, told, worlds


def post_data(call: Call) -> Answer:
    """POST /__mock__/data: the sections of a data folder as one JSON document.

    Without a named world it reaches every world, and those still to come; models always do.
    """
    try:
        content = content_of_document(dict(body(call)))
        reached = worlds(call)
        for world in reached:
            given.check(world, content)
        call.fake.given.share_models(content)
        for world in reached:
            given.put(world, content)
    except LibraryError as reason:
        raise BadControl(str(reason)) from None
    if not named(call):
        call.fake.given.add(content)
        call.fake.worlds.furnish = call.fake.given.furnish
    counts = {
        "models": len(content.models),
        "collections": len(content.collections),
        "deployments": len(content.deployments),
        "predictions": len(content.predictions),
        "trainings": len(content.trainings),
    }
    return told({"given": counts, "worlds": [world.label for world in reached]}, 201)
