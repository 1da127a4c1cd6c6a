"""Streams: their type, their end, their order, and whether they tell what looks find."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mockserver.contract import rules
from mockserver.contract.evidence import CREATES, Evidence, Exchange, Intent
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
    events = list(_events(exchange.raw.response_body.decode(errors="replace")))
    names = [event.get("event", "message") for event in events]
    if names[-1:] != ["done"] or names.count("done") != 1:
        yield found(rules.STREAM_ENDS_WITH_DONE, exchange, "", expected="done, once", seen=names)
    ids = [event["id"] for event in events if "id" in event]
    if len(ids) != len(events) or len(set(ids)) != len(ids):
        yield found(rules.STREAM_IN_ORDER, exchange, "id", expected="an id each", seen=ids)
    output = [event.get("data", "") for event in events if event.get("event") == "output"]
    looked = _looked_at(evidence, exchange)
    if looked is not None and "done" in names and [*map(_path, output)] != [*map(_path, looked)]:
        yield found(
            rules.STREAM_TELLS_THE_OUTPUT, exchange, "output", expected=looked, seen=output
        )


def _path(output: object) -> object:
    """An output without the origin of its address: where that is, others ask."""
    address = isinstance(output, str) and output.startswith(("http://", "https://"))
    return output.split("/", 3)[-1] if isinstance(output, str) and address else output


def _looked_at(evidence: Evidence, heard: Exchange) -> list[object] | None:
    """The output as the last look at the prediction of this stream found it."""
    url = f"{heard.request.scheme}://{heard.request.header('host')}{heard.request.path}"
    made = next((one for one in evidence.of(*CREATES) if links(one).get("stream") == url), None)
    for exchange in evidence.of(Intent.LOOK_AGAIN):
        if made is not None and exchange.prediction_id == made.prediction_id:
            output = exchange.body.get("output")
            if exchange.body.get("status") == Status.SUCCEEDED:
                return output if isinstance(output, list) else [output]
    return None


def _events(text: str) -> Iterator[dict[str, str]]:
    """The events of a stream, their data joined. Source: HTML Standard, 9.2.6."""
    for block in text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n"):
        event: dict[str, str] = {}
        for line in block.split("\n"):
            name, colon, value = line.partition(":")
            if not name or not (colon or name):
                continue
            value = value.removeprefix(" ")
            both = name == "data" and "data" in event
            event[name] = f"{event['data']}\n{value}" if both else value
        if event:
            yield event


PROBES: Final[tuple[Probe, ...]] = (streams,)
