"""Predictions on their way out: which outputs they show, and the reply they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from mockserver.core import ids
from mockserver.core.reply import Answer, Reply, Work
from mockserver.core.timeline import Created
from mockserver.library.gateways import Endpoint
from mockserver.library.json_text import dumps
from mockserver.library.models import Model
from mockserver.service.counting import counted
from mockserver.service.predictions import Page, Seen
from mockserver.service.settings import OutputForm
from mockserver.service.worlds import World
from mockserver.web.addresses import location
from mockserver.web.call import Call
from mockserver.web.dialect import Json, Told, content_type, spelled
from mockserver.web.filters import kept


KEPT_REPLIES = 1_000
SHELF = "xezq"
"""The first part of an output file's path. Source: the documents' replicate.delivery/xezq/…"""


def told(call: Call, seen: Seen, *, inline: bool = False) -> Told:
    """The prediction and its outputs, whose files are addresses or (`inline`) written out."""
    model = call.fake.catalogue.maker(seen.created.model)
    return Told(
        seen=seen,
        outputs=shown(call, call.world, seen, seen.moment.outputs, inline=inline),
        many=model is not None and model.makes_list,
        stream=_stream(call.world, seen, model),
        counted={} if model is None else counted(model, seen),
        extra=call.world.shelf.extras.get(seen.created.id) or {},
    )


def shown(
    call: Call, world: World, seen: Seen, count: int, *, inline: bool = False
) -> Sequence[object]:
    """The first `count` pieces of the output, as `told` shows them."""
    if not count:
        return ()
    created, outputs = seen.created, call.fake.outputs
    if inline:
        find = world.files.taken(created.at_ms)
        return outputs.values(created, count, lambda at: outputs.file(created, at, find).data_uri)
    folder = f"{call.face.files}/{SHELF}/{outputs.folder(world, created)}"
    names = tuple(outputs.names(created, count))
    return outputs.values(created, count, lambda at: f"{folder}/{names[at]}")


def lines(call: Call, world: World, seen: Seen) -> Sequence[str]:
    """The output for a person: an address in each line, or a text."""
    values = shown(call, world, seen, seen.moment.outputs)
    texts = [one if isinstance(one, str) else dumps(one).decode() for one in values]
    model = call.fake.catalogue.maker(seen.created.model)
    return texts if model is None or model.makes_files else ("".join(texts),)


def _stream(world: World, seen: Seen, model: Model | None) -> str:
    """The path of the stream: official clients make files of what comes under `files/`.

    Source: replicate-javascript, lib/stream.js; upstream's addresses of streams.
    """
    name = ids.stream_name(world.key, seen.created.id)
    return f"files/bcwr-{name}" if model is None or model.makes_files else f"streams/{name}"


def look(call: Call, seen: Seen) -> Answer:
    """The answer to a look; clients that poll get the same bytes until something changes."""
    face, told_before = call.face, call.world.told
    where = face.gateway.name, face.base_url, face.files
    key = seen.created.id, seen.moment, seen.data_removed, *where
    known = told_before.get(key)
    if known is not None:
        return known
    made = answer(call, seen, face.gateway.get)
    if isinstance(made, Reply):
        if len(told_before) >= KEPT_REPLIES:
            told_before.clear()
        told_before[key] = made
    return made


def answer(call: Call, seen: Seen, shape: Endpoint) -> Answer:
    """The prediction as an answer of status `shape.status`."""
    if call.fake.settings.outputs is OutputForm.DATA and seen.moment.outputs:
        return Work(lambda: reply(call, told(call, seen, inline=True), shape))
    return reply(call, told(call, seen), shape)


def reply(call: Call, prediction: Told, shape: Endpoint, *headers: tuple[str, str]) -> Reply:
    """The prediction as a reply of status `shape.status`, `headers` behind its type."""
    body = spelled(prediction, call.face, shape)
    return Reply(shape.status, (*content_type(shape), *headers), body)


def created(call: Call, prediction: Told, applied: str = "") -> Reply:
    """The answer of a create call: where to look next, and the preference that was honoured."""
    return _begun(call, prediction, applied, call.face.gateway.create)


def waited_out(call: Call, prediction: Told, applied: str) -> Reply:
    """The same where the wait ran out before the end."""
    gateway = call.face.gateway
    shape = replace(gateway.create, status=gateway.waited_out_status)
    return _begun(call, prediction, applied, shape)


def _begun(call: Call, prediction: Told, applied: str, shape: Endpoint) -> Reply:
    created = prediction.seen.created
    where = ("Location", location(call.face, created.id))
    preference = (("Preference-Applied", applied),) if applied else ()
    if created.webhook is not None:
        prediction = replace(prediction, extra={**prediction.extra, **_reports(created)})
    return reply(call, prediction, shape, where, *preference)


def _reports(created: Created) -> Json:
    """Where changes are posted to, and which of them: only the answer to create repeats both.

    Source: the sample of that answer in upstream's documents.
    """
    events = created.webhook_events_filter
    filtered = {"webhook_events_filter": list(events)} if events else {}
    return {"webhook": created.webhook, **filtered}


def page(call: Call, found: Page) -> Reply:
    """A page of a list: absolute addresses of its neighbours, and its predictions."""
    shape = call.face.gateway.list
    here = f"{call.face.base_url}/predictions?{kept(call.request)}cursor="
    body = b'{"next":%b,"previous":%b,"results":[%b]}' % (
        dumps(here + quote(str(found.next)) if found.next else None),
        dumps(here + quote(str(found.previous)) if found.previous else None),
        b",".join(spelled(told(call, seen), call.face, shape).rstrip() for seen in found.results),
    )
    return Reply(shape.status, content_type(shape), body)
