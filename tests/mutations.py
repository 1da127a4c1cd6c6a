"""Single changes to what was said: one answer, one header, one webhook otherwise than it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from mockserver.contract.evidence import Evidence, Exchange, Hook, Intent
from mockserver.core import signature
from mockserver.core.interaction import Interaction


Body = dict[str, Any]
Mutation = Callable[[Evidence], Evidence]


def answers(change: Callable[[Body], Body], *intents: Intent) -> Mutation:
    """Changes the JSON of every answer that was meant so."""

    def changed(one: Exchange) -> Exchange:
        return body(one, lambda data: json.dumps(change(json.loads(data))).encode())

    return each(changed, *intents)


def each(change: Callable[[Exchange], Exchange], *intents: Intent) -> Mutation:
    """Changes every exchange that was meant so."""

    def mutated(evidence: Evidence) -> Evidence:
        changed = (change(one) if one.intent in intents else one for one in evidence.exchanges)
        return replace(evidence, exchanges=tuple(changed))

    return mutated


def body(one: Exchange, change: Callable[[bytes], bytes]) -> Exchange:
    """The exchange with another body."""
    return answered(one, lambda it: replace(it, response_body=change(it.response_body)))


def answered(one: Exchange, change: Callable[[Interaction], Interaction]) -> Exchange:
    """The exchange with another answer."""
    return replace(one, interaction=change(one.interaction), raw=change(one.raw))


def status(code: int) -> Callable[[Exchange], Exchange]:
    """Another status."""
    return lambda one: answered(one, lambda it: replace(it, status=code))


def header(name: str, value: str | None) -> Callable[[Exchange], Exchange]:
    """Another value of a header of the answer; None for none."""

    def changed(it: Interaction) -> Interaction:
        kept = [pair for pair in it.response_headers if pair[0].lower() != name]
        more = [] if value is None else [(name, value)]
        return replace(it, response_headers=(*kept, *more))

    return lambda one: answered(one, changed)


def hooks(change: Callable[[tuple[Hook, ...]], Iterator[Hook]]) -> Mutation:
    """Changes what arrived."""
    return lambda evidence: replace(evidence, hooks=tuple(change(evidence.hooks)))


def ends(hook: Hook) -> bool:
    """Whether a webhook tells an end."""
    return bool(json.loads(hook.request.body)["completed_at"])


def again(arrived: tuple[Hook, ...]) -> Iterator[Hook]:
    """The last webhook comes twice, the second time as another."""
    yield from arrived
    (last,) = [hook for hook in arrived if ends(hook)]
    headers = tuple(
        (name, "msg_another" if name == signature.ID else value)
        for name, value in last.request.headers
    )
    yield replace(last, request=replace(last.request, headers=headers))


def unsigned(arrived: tuple[Hook, ...]) -> Iterator[Hook]:
    """Signatures that are nobody's."""
    for hook in arrived:
        headers = tuple(
            (name, "v1,AAAA" if name == signature.SIGNATURE else value)
            for name, value in hook.request.headers
        )
        yield replace(hook, request=replace(hook.request, headers=headers))


def told_otherwise(arrived: tuple[Hook, ...]) -> Iterator[Hook]:
    """The end is told with another output."""
    for hook in arrived:
        told = {**json.loads(hook.request.body), "output": ["https://other.example/a.png"]}
        data = json.dumps(told).encode() if ends(hook) else hook.request.body
        yield replace(hook, request=replace(hook.request, body=data))


def events(change: Callable[[str], str]) -> Mutation:
    """Changes the text of the stream."""
    return each(lambda one: body(one, lambda data: change(data.decode()).encode()), Intent.STREAM)
