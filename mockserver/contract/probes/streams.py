"""Streams: their type, their end, their order, and whether they tell what looks find."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from mockserver.contract import rules
from mockserver.contract.events import Event, events
from mockserver.contract.evidence import CREATES, LOOKS, Evidence, Exchange, Intent
from mockserver.contract.exam import links
from mockserver.contract.finding import Finding
from mockserver.contract.looks import header
from mockserver.contract.probes.probe import Probe, found
from mockserver.core.timeline import Status


def streams(evidence: Evidence) -> Iterator[Finding]:
    """A stream of another type, without `done`, out of order, or unlike what a look finds."""
    for exchange in evidence.of(Intent.STREAM):
        if exchange.error:
            continue
        kind = header(exchange.raw, "content-type").partition(";")[0].strip()
        if not exchange.went_well or kind != "text/event-stream":
            seen = f"{exchange.status} {kind}"
            yield found(
                rules.STREAM_IS_TYPED,
                exchange,
                "content-type",
                expected="text/event-stream",
                seen=seen,
            )
            continue
        yield from _told(evidence, exchange)


def _told(evidence: Evidence, exchange: Exchange) -> Iterator[Finding]:
    heard = list(events(exchange.raw.response_body))
    names = [event.get("event", "message") for event in heard]
    if names[-1:] != ["done"] or names.count("done") != 1:
        yield found(rules.STREAM_ENDS_WITH_DONE, exchange, "", expected="done, once", seen=names)
    ids = [event["id"] for event in heard if "id" in event]
    if len(ids) != len(heard) or len(set(ids)) != len(ids):
        yield found(rules.STREAM_IN_ORDER, exchange, "id", expected="an id each", seen=ids)
    if "done" in names:
        yield from _compared(evidence, exchange, heard)


def _compared(evidence: Evidence, exchange: Exchange, heard: Sequence[Event]) -> Iterator[Finding]:
    """Outputs, and logs where a stream tells any, beside what the last look found."""
    rule, looked = rules.STREAM_TELLS_THE_OUTPUT, _looked_at(evidence, exchange)
    if looked is None:
        return
    output, logs = _data(heard, "output"), "".join(_data(heard, "logs")).rstrip("\n")
    outputs = looked.get("output")
    expected = outputs if isinstance(outputs, list) else [outputs]
    if [*map(_path, output)] != [*map(_path, expected)]:
        yield found(rule, exchange, "output", expected=expected, seen=output)
    told = str(looked.get("logs") or "").rstrip("\n")
    if logs and "logs" in looked and logs != told:
        yield found(rule, exchange, "logs", expected=told, seen=logs)


def _data(heard: Sequence[Event], name: str) -> list[str]:
    return [event.get("data", "") for event in heard if event.get("event") == name]


def _path(output: object) -> object:
    """An output without the origin of its address: where that is, others ask."""
    address = isinstance(output, str) and output.startswith(("http://", "https://"))
    return output.split("/", 3)[-1] if isinstance(output, str) and address else output


def _looked_at(evidence: Evidence, heard: Exchange) -> Mapping[str, object] | None:
    """The prediction of this stream as a look found it when it had succeeded."""
    told = evidence.of(*CREATES, *LOOKS)
    made = next((one for one in told if links(one).get("stream") == heard.url), None)
    for exchange in evidence.of(Intent.LOOK_AGAIN):
        same = made is not None and exchange.prediction_id == made.prediction_id
        if same and exchange.body.get("status") == Status.SUCCEEDED:
            return exchange.body
    return None


PROBES: Final[tuple[Probe, ...]] = (streams,)
