"""How a gateway spells predictions, pages and problems on the wire: its profile, interpreted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from orjson import Fragment, dumps

from mockserver.core import readers
from mockserver.core.timestamps import edge_timestamp, web_timestamp
from mockserver.library.gateways import Endpoint, Serializer
from mockserver.service.predictions import Seen
from mockserver.web.addresses import urls
from mockserver.web.faces import Face


Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Told:
    """A prediction and the outputs it shows: addresses, `data:` URIs, texts, or other values.

    `stream` is the path of its stream below the base URL; `counted` goes among its metrics.
    """

    seen: Seen
    outputs: Sequence[object]
    many: bool
    stream: str
    counted: Mapping[str, float] = field(default_factory=dict)
    extra: Mapping[str, object] = field(default_factory=dict)
    """Members that are shown besides, or in the place of, those of the timeline."""

    @property
    def output(self) -> object:
        """The output as its model gives it: one value, or a list."""
        if self.seen.data_removed or not self.outputs:
            return None
        return list(self.outputs) if self.many else self.outputs[0]


class Spelling(Protocol):
    """Spells a prediction as JSON-ready values, in the order they are served."""

    def __call__(self, told: Told, face: Face) -> Json: ...


def edge(told: Told, face: Face) -> Json:
    """The form of create and of recent gets: absent instead of null, timestamps trimmed.

    Source: the documents' examples of 2025-07; upstream's recordings.
    """
    seen, moment = told.seen, told.seen.moment
    body: Json = {
        "id": seen.created.id,
        "model": seen.created.model,
        "version": seen.created.version,
        "input": _input(seen),
        "logs": _logs(seen),
        "output": told.output,
        "data_removed": seen.data_removed,
        "error": moment.error,
        "status": moment.status,
        "created_at": edge_timestamp(seen.created.at_ms),
    }
    if seen.created.deadline_ms is not None:
        body["deadline"] = edge_timestamp(seen.created.at_ms + seen.created.deadline_ms)
    if moment.started_after_ms is not None:
        body["started_at"] = edge_timestamp(seen.created.at_ms + moment.started_after_ms)
    if moment.ended:
        body["completed_at"] = edge_timestamp(seen.created.at_ms + _ended_after_ms(seen))
        if metrics := _metrics(told):
            body["metrics"] = metrics
    if links := urls(face, seen.created.id, told.stream):
        body["urls"] = links
    return body


def web(told: Told, face: Face) -> Json:
    """The form of list and cancel: null instead of absent, six digits of a second.

    Source: upstream's recordings of `predictions.list` and `predictions.cancel`.
    """
    seen, moment = told.seen, told.seen.moment
    at_ms = seen.created.at_ms
    started = moment.started_after_ms
    links = urls(face, seen.created.id, told.stream)
    deadline_ms = seen.created.deadline_ms
    return {
        "completed_at": web_timestamp(at_ms + _ended_after_ms(seen)) if moment.ended else None,
        "created_at": web_timestamp(at_ms),
        "data_removed": seen.data_removed,
        **({} if deadline_ms is None else {"deadline": web_timestamp(at_ms + deadline_ms)}),
        "error": moment.error,
        "id": seen.created.id,
        "input": _input(seen),
        "logs": _logs(seen).removesuffix("\n") or None,
        "metrics": _metrics(told),
        "output": told.output,
        "started_at": None if started is None else web_timestamp(at_ms + started),
        "status": moment.status,
        "urls": {name: links[name] for name in ("stream", "get", "cancel", "web") if links},
        "model": seen.created.model,
        "version": seen.created.version,
        "webhook": seen.created.webhook,
    }


SERIALIZERS: Final[Mapping[Serializer, Spelling]] = {Serializer.EDGE: edge, Serializer.WEB: web}


def edge_bytes(body: object) -> bytes:
    """JSON as upstream's edge writes it: angle brackets and ampersands escaped, a final newline.

    Source: Go's encoding/json, which escapes these five characters by default.
    """
    text = dumps(body)
    for plain, escaped in _ASCII_ESCAPES if text.isascii() else _ESCAPES:
        if plain in text:
            text = text.replace(plain, escaped)
    return text + b"\n"


_ASCII_ESCAPES: Final = ((b"<", b"\\u003c"), (b">", b"\\u003e"), (b"&", b"\\u0026"))
_ESCAPES: Final = (
    *_ASCII_ESCAPES,
    ("\u2028".encode(), b"\\u2028"),
    ("\u2029".encode(), b"\\u2029"),
)


def content_type(shape: Endpoint) -> tuple[tuple[str, str], ...]:
    """The header that goes with such a body. Source: recordings of 2024 for the edge's charset."""
    charset = "; charset=utf-8" if shape.serializer is Serializer.EDGE else ""
    return (("Content-Type", f"application/json{charset}"),)


def shaped(body: Json, shape: Endpoint) -> Json:
    """Those members of `body` that the gateway's documents show."""
    if shape.body is None:
        return body
    return {
        name: body[name]
        for name in shape.body
        if name in body and not (body[name] is None and name in shape.omit_null)
    }


def whole(told: Told, face: Face, serializer: Serializer, *, letter: bool = False) -> Json:
    """Every member of the prediction, in the form of `serializer`; `letter` is for a webhook."""
    members = SERIALIZERS[serializer](told, face)
    if told.extra:
        members = {**members, **told.extra}
    if face.past:
        members = face.past.told(members, "prediction", serializer)
    spelling = face.gateway.prediction
    return spelling.told(members, letter=letter) if spelling else members


def item(told: Told, face: Face, shape: Endpoint) -> Json:
    """The prediction as it stands in an answer of `face` whose profile says `shape`."""
    return shaped(whole(told, face, shape.serializer), shape)


def spelled(told: Told, face: Face, shape: Endpoint) -> bytes:
    """The prediction as `face` writes it for an operation whose profile says `shape`."""
    return answer_bytes(item(told, face, shape), face, shape)


def answer_bytes(body: Json, face: Face, shape: Endpoint) -> bytes:
    """What `face` answers with: `body`, in the wrapping that its gateway has, if any."""
    wrapping = face.gateway.wrapped
    if wrapping:
        body = wrapping.around(body)
    return edge_bytes(body) if shape.serializer is Serializer.EDGE else dumps(body)


def _input(seen: Seen) -> Fragment:
    return Fragment(b"{}" if seen.data_removed else seen.created.input)


def _logs(seen: Seen) -> str:
    if seen.data_removed:
        return ""
    return seen.moment.logs.replace("{seed}", str(seen.created.seed))


def _ended_after_ms(seen: Seen) -> int:
    """When the first terminal moment was; the prediction has ended."""
    return (readers.ending(seen.moments) or seen.moment).after_ms


def _metrics(told: Told) -> Json:
    """Seconds of run and of life, and what was made; empty for what never ran or still runs."""
    moment = told.seen.moment
    if not moment.ended or moment.started_after_ms is None:
        return {}
    ended = _ended_after_ms(told.seen)
    metrics: Json = {
        "predict_time": (ended - moment.started_after_ms) / 1000,
        "total_time": ended / 1000,
    }
    metrics.update(told.counted)
    return metrics
