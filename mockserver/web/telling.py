"""Predictions on their way out: which outputs they show, and the reply they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from mockserver.core import ids
from mockserver.core.reply import Answer, Reply, Work
from mockserver.library.gateways import Endpoint
from mockserver.library.json_text import dumps
from mockserver.library.models import OutputKind
from mockserver.service.predictions import Page, Seen
from mockserver.service.settings import OutputForm
from mockserver.service.worlds import World
from mockserver.web.addresses import location
from mockserver.web.call import Call
from mockserver.web.dialect import Told, content_type, spelled


KEPT_REPLIES = 1_000
DELIVERY = "/delivery/xezq"
"""Where output files lie on our origin. Source: the documents' replicate.delivery/xezq/…"""


def told(call: Call, seen: Seen, *, inline: bool = False) -> Told:
    """The prediction and its outputs, as addresses or (`inline`) written out."""
    model = call.fake.catalogue.model(seen.created.model)
    return Told(
        seen=seen,
        outputs=_data_uris(call, seen) if inline else addresses(call, call.world, seen),
        many=model is not None and model.output_kind is OutputKind.FILES,
        stream=ids.stream_name(call.world.key, seen.created.id),
    )


def addresses(call: Call, world: World, seen: Seen) -> Sequence[str]:
    """The addresses of the outputs that can be seen."""
    if not seen.moment.outputs:
        return ()
    folder = f"{call.face.origin}{DELIVERY}/{call.fake.outputs.folder(world, seen.created)}"
    names = call.fake.outputs.names(seen.created, seen.moment.outputs)
    return [f"{folder}/{name}" for name in names]


def look(call: Call, seen: Seen) -> Answer:
    """The answer to a look; clients that poll get the same bytes until something changes."""
    face, told_before = call.face, call.world.told
    key = seen.created.id, seen.moment, seen.data_removed, face.gateway.name, face.base_url
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
    where = ("Location", location(call.face, prediction.seen.created.id))
    preference = (("Preference-Applied", applied),) if applied else ()
    return reply(call, prediction, shape, where, *preference)


def page(call: Call, found: Page) -> Reply:
    """A page of a list: absolute addresses of its neighbours, and its predictions."""
    shape = call.face.gateway.list
    here = f"{call.face.base_url}/predictions?cursor="
    body = b'{"next":%b,"previous":%b,"results":[%b]}' % (
        dumps(here + quote(str(found.next)) if found.next else None),
        dumps(here + quote(str(found.previous)) if found.previous else None),
        b",".join(spelled(told(call, seen), call.face, shape).rstrip() for seen in found.results),
    )
    return Reply(shape.status, content_type(shape), body)


def _data_uris(call: Call, seen: Seen) -> Sequence[str]:
    outputs = call.fake.outputs
    return [outputs.file(seen.created, n).data_uri for n in range(seen.moment.outputs)]
