"""Two providers held against each other: the same exam, phase by phase.

What differs anyhow is left aside: ids, times, addresses but for whether they lead to the provider
itself, and how often a prediction was looked at before it had ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from re import compile as pattern
from typing import Final

from mockserver.contract.events import events
from mockserver.contract.evidence import Evidence, Exchange, Intent
from mockserver.contract.exam import origin
from mockserver.contract.looks import answered, header
from mockserver.contract.outcome import Outcome
from mockserver.contract.run import Result
from mockserver.library.json_text import dumps


@dataclass(frozen=True, slots=True)
class Difference:
    """What one of two providers did otherwise: in which phase, where, and what either told."""

    case: str
    phase: str
    at: str
    a: str
    b: str


Facts = Mapping[str, str]
"""What an answer comes to, by where it stands: what is not compared has been taken out."""

ABSENT: Final = "-"
"""What stands for something that only the other one has."""


def differences(a: Sequence[Result], b: Sequence[Result]) -> Iterator[Difference]:
    """Everything that differs, each once, in the order of the cases of `a`."""
    seen: set[tuple[str, str, str, str]] = set()
    others = {result.case.name: result for result in b}
    for result in a:
        for one in _of_case(result, others[result.case.name]):
            key = one.phase, one.at, one.a, one.b
            if key not in seen:
                seen.add(key)
                yield one


def was_compared(a: Sequence[Result], b: Sequence[Result]) -> bool:
    """Whether both answered anything at all."""
    return all(any(_answers(result) for result in results) for results in (a, b))


def _answers(result: Result) -> bool:
    return any(not one.error for one in result.evidence.exchanges)


def _of_case(a: Result, b: Result) -> Iterator[Difference]:
    name, reasons = a.case.name, (_unasked(a), _unasked(b))
    if any(reasons):
        if reasons[0] != reasons[1]:
            yield Difference(name, f"case {name}", "", *(one or "asked" for one in reasons))
        return
    phases_a, phases_b = phases(a.evidence), phases(b.evidence)
    for phase in dict.fromkeys((*phases_a, *phases_b)):
        facts_a, facts_b = phases_a.get(phase), phases_b.get(phase)
        if facts_a is not None and facts_b is not None:
            for at, told_a, told_b in _told_apart(facts_a, facts_b):
                yield Difference(name, phase, at, told_a, told_b)
        elif phase not in _FLEETING:
            seen = ("not seen" if it is None else "seen" for it in (facts_a, facts_b))
            yield Difference(name, phase, "", *seen)


def _told_apart(a: Facts, b: Facts) -> Iterator[tuple[str, str, str]]:
    """Where two answers differ; members that one of them lacks, all at once."""
    lacks_a, lacks_b = _only(b, a), _only(a, b)
    if lacks_a or lacks_b:
        yield "members", " ".join(lacks_b) or ABSENT, " ".join(lacks_a) or ABSENT
    for at in dict.fromkeys((*a, *b)):
        in_both = at in a and at in b
        if a.get(at) != b.get(at) and (in_both or not at.startswith("/")):
            yield at, a.get(at, ABSENT), b.get(at, ABSENT)


def _only(facts: Facts, others: Facts) -> list[str]:
    """The pointers that only `facts` has, without what is below them."""
    known = {above for at in others for above in _lineage(at)}
    found = (
        next(above for above in _lineage(at) if above not in known)
        for at in facts
        if at.startswith("/") and at not in known
    )
    return list(dict.fromkeys(found))


def _lineage(at: str) -> list[str]:
    """A pointer and all above it, the highest first."""
    parts = at.split("/")
    return ["/".join(parts[: place + 1]) for place in range(1, len(parts))]


def _unasked(result: Result) -> str:
    unasked = result.outcome in (Outcome.UNSUPPORTED, Outcome.SKIPPED)
    return result.outcome.value if unasked else ""


_FLEETING: Final = frozenset(
    f"{intent.name.lower()} {status}"
    for intent in (Intent.LOOK, Intent.FOLLOW)
    for status in ("starting", "processing")
)
"""What who polls may miss."""


def phases(evidence: Evidence) -> dict[str, Facts]:
    """What was told in each phase of an exam, the last time that it was told."""
    found: dict[str, Facts] = {}
    for exchange in evidence.exchanges:
        found[_phase(exchange)] = facts(evidence, exchange)
    made = {one.prediction_id for one in evidence.exchanges if _asked_hooks(one)}
    told = [hook for hook in evidence.hooks if hook.body.get("id") in made]
    if told:
        statuses = [str(hook.body.get("status")) for hook in told]
        found["webhook"] = {
            "statuses": " ".join(dict.fromkeys(statuses)),
            **_flat(evidence, told[-1].body),
        }
    return found


def _phase(exchange: Exchange) -> str:
    """The intent, and of a look also the status it found."""
    name = exchange.intent.name.lower()
    if exchange.intent not in (Intent.LOOK, Intent.FOLLOW):
        return name
    return f"{name} {exchange.body.get('status', exchange.status)}"


def facts(evidence: Evidence, exchange: Exchange) -> Facts:
    """What can be compared of one answer."""
    if exchange.error:
        return {"answer": exchange.error.partition(":")[0]}
    told = {"status": str(exchange.status)}
    for name in ("content-type", "location", "preference-applied", "allow", "retry-after"):
        value = header(exchange.raw, name)
        if value:
            told[name] = _text(evidence, value)
    if exchange.intent is Intent.STREAM:
        return {**told, "events": _events(exchange.raw.response_body)}
    if exchange.intent is Intent.OUTPUT or answered(exchange.interaction) is None:
        return told
    return {**told, **_flat(evidence, answered(exchange.interaction))}


def _flat(evidence: Evidence, value: object, at: str = "") -> dict[str, str]:
    """Every value in a JSON tree that is compared, by its pointer."""
    if isinstance(value, Mapping):
        found = {} if value else {at: "{}"}
        for name, inner in value.items():
            found |= _flat(evidence, inner, f"{at}/{name}")
        return found
    if isinstance(value, list):
        if at == "/results":
            # How many others an account has made is its own affair.
            return _flat(evidence, value[0], f"{at}/0") if value else {at: "[]"}
        found = {at: f"{len(value)} of them"}
        for place, inner in enumerate(value):
            found |= _flat(evidence, inner, f"{at}/{place}")
        return found
    return {at: _leaf(evidence, at, value)}


def _leaf(evidence: Evidence, at: str, value: object) -> str:
    name = at.rpartition("/")[2]
    if value is not None and (name in _OWN or "/metrics/" in at):
        return f"({_TYPES.get(type(value), type(value).__name__)})"
    plain = _text(evidence, value) if isinstance(value, str) else value
    # What stands for an address is no text that anybody sent.
    stands_for = isinstance(plain, str) and plain in _PLACEHOLDERS
    return str(plain) if stands_for else dumps(plain).decode()


_OWN: Final = frozenset(
    {
        *("id", "request_id", "trace_id", "logs", "key"),
        *("created_at", "started_at", "completed_at"),
    }
)
"""Members that are of one run: only their type is compared."""
_TYPES: Final = {str: "text", int: "number", float: "number", bool: "flag"}


def _text(evidence: Evidence, text: str) -> str:
    """A text without what is of one run, or of one address."""
    if text.startswith(("http://", "https://")):
        return _OWN_ADDRESS if origin(text) == origin(evidence.base_url) else _ELSEWHERE
    if text.startswith("data:"):
        return text.partition(";")[0]
    base_path = evidence.base_url.removeprefix(origin(evidence.base_url))
    plain = text.replace(base_path, "") if base_path else text
    for prediction_id in {one.prediction_id for one in evidence.exchanges} - {""}:
        plain = plain.replace(prediction_id, "(id)")
    return _REQUEST_ID.sub(r"\1(id)", plain)


_OWN_ADDRESS: Final = "(own address)"
_ELSEWHERE: Final = "(address elsewhere)"
_PLACEHOLDERS: Final = frozenset({_OWN_ADDRESS, _ELSEWHERE})
_REQUEST_ID: Final = pattern(r"(request id: )\w+")
"""How gateways tell of a request in a message. Source: QuantumNous/new-api."""


def _events(body: bytes) -> str:
    """The names of a stream's events, those that repeat told once."""
    names = [event["event"] for event in events(body) if "event" in event]
    return " ".join(
        name for place, name in enumerate(names) if place == 0 or names[place - 1] != name
    )


def _asked_hooks(exchange: Exchange) -> bool:
    return b'"webhook"' in exchange.request.body or "webhook=" in exchange.request.query
