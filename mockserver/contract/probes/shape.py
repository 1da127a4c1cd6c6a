"""What predictions look like: statuses, members, the echo of the input, outputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mockserver.contract import rules
from mockserver.contract.evidence import CREATES, LOOKS, Evidence, Exchange, Intent
from mockserver.contract.finding import Finding
from mockserver.contract.looks import header
from mockserver.contract.probes.probe import Probe, first_told, found
from mockserver.contract.reading import makes_list
from mockserver.core.timeline import RETENTION_MS, Status
from mockserver.library.gateways import Endpoint, Serializer, Support
from mockserver.library.json_text import same


_SIGNATURES: Final[Mapping[str, bytes]] = {
    "image/png": b"\x89PNG\r\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/webp": b"RIFF",
}
_REST: Final[Mapping[str, object]] = {"logs": "", "started_at": None, "metrics": None}
"""What a prediction says that has not begun; its output, error and end are the oracle's matter."""


def statuses(evidence: Evidence) -> Iterator[Finding]:
    """An operation that went well has another status than its own."""
    profile = evidence.profile
    for exchange, endpoint in _successes(evidence):
        allowed = {endpoint.status}
        if exchange.intent is Intent.CREATE_SYNC:
            allowed.add(profile.waited_out_status)
        if exchange.status not in allowed:
            rule = rules.STATUS_AS_PROFILED.softly(unless=endpoint.documented)
            yield found(rule, exchange, "", expected=endpoint.status, seen=exchange.status)


def there(evidence: Evidence) -> Iterator[Finding]:
    """An operation is refused that the gateway documents, or that nothing can do without."""
    supports = evidence.profile.endpoints
    for exchange in evidence.of(*_FEATURES):
        known = supports[_FEATURES[exchange.intent]]
        if not exchange.went_well and not exchange.error and known in _PROMISED:
            yield found(
                rules.OPERATION_THERE, exchange, "", expected="a success", seen=exchange.status
            )


_FEATURES: Final[Mapping[Intent, str]] = {
    Intent.CREATE: "create",
    Intent.CREATE_SYNC: "create",
    Intent.LOOK: "get",
    Intent.LOOK_AGAIN: "get",
    Intent.PEEK: "get",
    Intent.LIST_BEFORE: "list",
    Intent.LIST: "list",
    Intent.CANCEL: "cancel",
}
_PROMISED: Final = frozenset({Support.DOCUMENTED, Support.SUPPORTED})


def presence(evidence: Evidence) -> Iterator[Finding]:
    """A prediction lacks members that the gateway documents, or has them in another order."""
    for exchange, endpoint in _successes(evidence):
        if exchange.intent is Intent.LIST or evidence.profile.prediction:
            continue
        wanted = endpoint.body or _ALWAYS
        missing = [
            name for name in wanted if name not in exchange.body and name not in endpoint.omit_null
        ]
        if missing:
            rule = rules.MEMBERS_AS_PROFILED.softly(unless=endpoint.documented)
            yield found(rule, exchange, "", expected=list(wanted), seen=sorted(exchange.body))
            continue
        seen = [name for name in exchange.body if name in wanted]
        expected = [name for name in wanted if name in exchange.body]
        if endpoint.serializer is Serializer.EDGE and seen != expected:
            # Programs read members by their names, so an order surprises at the most.
            rule = rules.MEMBERS_AS_PROFILED.softly()
            yield found(rule, exchange, "", expected=expected, seen=seen)


_ALWAYS: Final = ("id", "model", "version", "input", "logs", "error", "status", "created_at")
"""What every whole prediction has. Source: the documents' examples, upstream's recordings."""


def echo(evidence: Evidence) -> Iterator[Finding]:
    """The input came back otherwise than it was sent: changed, lost, invented, or unsorted."""
    for made, exchange in first_told(evidence, "input"):
        told = exchange.body["input"]
        if not isinstance(told, Mapping) or _may_be_removed(made, exchange):
            continue
        if not same(told, made.given):
            yield found(rules.INPUT_ECHOED, exchange, "/input", expected=made.given, seen=told)
        elif list(told) != sorted(told):
            rule, seen = rules.INPUT_SORTED, list(told)
            yield found(rule, exchange, "/input", expected=sorted(told), seen=seen)


def model(evidence: Evidence) -> Iterator[Finding]:
    """A prediction of another model than the one that was asked for."""
    wanted = evidence.model.full_name
    for _, exchange in first_told(evidence, "model"):
        told = exchange.body["model"]
        if told not in (None, wanted):
            yield found(rules.MODEL_AS_ASKED, exchange, "/model", expected=wanted, seen=told)


def birth(evidence: Evidence) -> Iterator[Finding]:
    """A prediction that was just created already tells of a run: logs, a start, metrics."""
    for exchange in evidence.of(Intent.CREATE):
        if exchange.body.get("status") != Status.STARTING:
            continue
        for name, at_rest in _REST.items():
            seen = exchange.body.get(name, at_rest)
            if seen:
                rule = rules.BORN_STARTING
                yield found(rule, exchange, f"/{name}", expected=at_rest, seen=seen)


def outputs(evidence: Evidence) -> Iterator[Finding]:
    """A success whose output has not the form, or not the number, that was asked for."""
    calls = {one.prediction_id: one for one in evidence.of(*CREATES)}
    for exchange in evidence.of(Intent.LOOK, Intent.LOOK_AGAIN, Intent.PEEK):
        told, made = exchange.body, calls.get(exchange.prediction_id)
        if told.get("status") != Status.SUCCEEDED or "output" not in told:
            continue
        if told.get("data_removed") or (made and _may_be_removed(made, exchange)):
            continue
        output, listed = told["output"], makes_list(evidence.profile, evidence.model)
        wanted = _asked_for(evidence, made)
        if isinstance(output, list) is not listed or not output:
            expected = "a list" if listed else "one value"
            yield found(
                rules.OUTPUT_AS_MODELED, exchange, "/output", expected=expected, seen=output
            )
        elif isinstance(output, list) and len(output) != (wanted or len(output)):
            expected, seen = f"{wanted} outputs", len(output)
            yield found(rules.OUTPUT_AS_MODELED, exchange, "/output", expected=expected, seen=seen)


def pictures(evidence: Evidence) -> Iterator[Finding]:
    """What an output's address gives is no picture, or not of the format that was asked for."""
    asked = {one.given.get("output_format") for one in evidence.of(*CREATES)}
    kinds = {kind for name in asked if (kind := _KINDS.get(str(name)))} or _SIGNATURES.keys()
    for exchange in evidence.of(Intent.OUTPUT):
        kind = header(exchange.raw, "content-type").partition(";")[0]
        begins = exchange.raw.response_body[:8]
        fine = kind in kinds and begins.startswith(_SIGNATURES[kind])
        if not exchange.error and not (exchange.went_well and fine):
            seen = f"{exchange.status} {kind} {begins!r}"
            expected = f"a picture, {' or '.join(sorted(kinds))}"
            yield found(rules.OUTPUT_IS_A_PICTURE, exchange, "", expected=expected, seen=seen)


_KINDS: Final[Mapping[str, str]] = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
}
"""The media type of each output_format."""


def _successes(evidence: Evidence) -> Iterator[tuple[Exchange, Endpoint]]:
    profile = evidence.profile
    endpoints = {
        **dict.fromkeys(CREATES, profile.create),
        **dict.fromkeys(LOOKS, profile.get),
        Intent.LIST: profile.list,
        Intent.CANCEL: profile.cancel,
    }
    for exchange in evidence.of(*endpoints):
        if exchange.went_well:
            yield exchange, endpoints[exchange.intent]


def _asked_for(evidence: Evidence, made: Exchange | None) -> int:
    """How many outputs this create call asked for; 0 where it cannot: texts come in pieces."""
    # A JSON Schema is a tree of whatever JSON can hold.
    schema: Mapping[str, Any] = evidence.model.input_schema
    if _COUNT not in schema.get("properties", {}):
        return 0
    count = made.given.get(_COUNT, 1) if made else 1
    return count if isinstance(count, int) else 1


_COUNT: Final = "num_outputs"


def _may_be_removed(made: Exchange, exchange: Exchange) -> bool:
    """Whether the data of what was `made` may be gone by now: not every gateway tells so."""
    return exchange.interaction.at_ms - made.interaction.at_ms >= RETENTION_MS


PROBES: Final[tuple[Probe, ...]] = (
    statuses,
    there,
    presence,
    echo,
    model,
    birth,
    outputs,
    pictures,
)
