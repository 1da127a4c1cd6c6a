"""Refusals: of strangers, of mistakes, of what is not there; their status, form and words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from mockserver.contract import rules
from mockserver.contract.evidence import MISTAKES, STRANGERS, Evidence, Exchange, Intent
from mockserver.contract.finding import Finding
from mockserver.contract.looks import answered, header
from mockserver.contract.probes.probe import Probe, found
from mockserver.contract.reading import field_of
from mockserver.contract.refusal import faults, problem, speaks_of
from mockserver.library.refusals import Envelope, ErrorKind, Refusals


_UNAUTHORIZED: Final = 401
_CLIENTS: Final = range(400, 500)

_KINDS: Final[Mapping[Intent, str]] = {
    Intent.NO_TOKEN: "unauthenticated_missing",
    Intent.WRONG_TOKEN: "unauthenticated_invalid",
    Intent.UNSET_TOKEN: "unauthenticated_invalid",
    Intent.INPUT_MISSING: "input_invalid",
    Intent.INPUT_WRONG: "input_invalid",
    Intent.NOT_JSON: "body_malformed",
    Intent.UNKNOWN_MODEL: "model_not_found",
    Intent.UNKNOWN_ID: "not_found",
    Intent.OTHER_ACCOUNT: "not_found",
    Intent.UNKNOWN_PATH: "path_not_found",
    Intent.WRONG_METHOD: "method_not_allowed",
}
"""What each mistake is called in a profile."""


def answers(evidence: Evidence) -> Iterator[Finding]:
    """A request was never answered: its connection broke, or time ran out."""
    for exchange in evidence.exchanges:
        if exchange.error:
            yield found(rules.ANSWERED, exchange, "", expected="an answer", seen=exchange.error)


def strangers(evidence: Evidence) -> Iterator[Finding]:
    """Somebody without a token of their own was not turned away with 401."""
    for exchange in evidence.of(*STRANGERS):
        if not exchange.error and not _turned_away(evidence, exchange):
            rule = rules.STRANGERS_REFUSED
            yield found(rule, exchange, "", expected=_UNAUTHORIZED, seen=exchange.status)


def _turned_away(evidence: Evidence, exchange: Exchange) -> bool:
    wanted = evidence.profile.errors.kinds["unauthenticated_invalid"].status
    return exchange.status in (_UNAUTHORIZED, wanted)


def blame(evidence: Evidence) -> Iterator[Finding]:
    """A mistake of the client was taken, or told as a failure of the server."""
    for exchange in evidence.of(*MISTAKES):
        if not exchange.error and not _blamed(evidence, exchange):
            rule, expected = rules.MISTAKES_BLAMED, "from 400 to 499"
            yield found(rule, exchange, "", expected=expected, seen=exchange.status)


def _blamed(evidence: Evidence, exchange: Exchange) -> bool:
    kind = evidence.profile.errors.kinds[_KINDS[exchange.intent]]
    return exchange.status in _CLIENTS or exchange.status == kind.status


def statuses(evidence: Evidence) -> Iterator[Finding]:
    """A refusal has another status than the profile says; sure only where that is documented."""
    for exchange, kind in _refusals(evidence):
        stranger, mistake = exchange.intent in STRANGERS, exchange.intent in MISTAKES
        told = (stranger and not _turned_away(evidence, exchange)) or (
            mistake and not _blamed(evidence, exchange)
        )
        if exchange.status != kind.status and not told:
            rule = rules.REFUSED_AS_PROFILED.softly(unless=kind.documented)
            yield found(rule, exchange, "", expected=kind.status, seen=exchange.status)


def envelopes(evidence: Evidence) -> Iterator[Finding]:
    """A refusal is no JSON, or not in the gateway's envelope."""
    errors = evidence.profile.errors
    for exchange, kind in _refusals(evidence):
        if kind.media_type or exchange.request.method == "HEAD":
            continue
        told = answered(exchange.raw)
        if told is None:
            seen = header(exchange.raw, "content-type") or "no type"
            yield found(
                rules.REFUSAL_IS_JSON, exchange, "content-type", expected="JSON", seen=seen
            )
        elif not _enveloped(errors, told):
            rule = rules.ENVELOPE_AS_PROFILED.softly(unless=kind.documented)
            yield found(rule, exchange, "", expected=errors.envelope.value, seen=told)


def way_out(evidence: Evidence) -> Iterator[Finding]:
    """405 without the header that tells the right methods."""
    for exchange in evidence.of(Intent.WRONG_METHOD):
        told = header(exchange.raw, "allow")
        if exchange.status == 405 and not told:  # noqa: PLR2004 - RFC 9110, 15.5.6
            yield found(rules.WAY_OUT_TOLD, exchange, "allow", expected="methods", seen="")


def named(evidence: Evidence) -> Iterator[Finding]:
    """A wrong input was refused without a word of the field that is wrong, or of another."""
    errors = evidence.profile.errors
    for exchange, kind in _refusals(evidence):
        field = field_of(evidence.profile, exchange.fault)
        told = answered(exchange.raw)
        if (
            not field
            or not _enveloped(errors, told)
            or exchange.status not in {*_INPUTS, kind.status}
        ):
            continue
        blamed = faults(exchange.raw)
        if blamed != {field} if blamed else not speaks_of(exchange.raw, field):
            rule = rules.FAULT_IS_NAMED.softly(unless=kind.documented)
            yield found(rule, exchange, "", expected=field, seen=sorted(blamed) or told)


_INPUTS: Final = frozenset({400, 422})
"""The statuses that speak of an input; others have other reasons."""


def request_ids(evidence: Evidence) -> Iterator[Finding]:
    """A refusal without the id that support is asked with, or with two of them."""
    errors = evidence.profile.errors
    name = errors.request_id_header.lower()
    for exchange, kind in _refusals(evidence) if name else ():
        if not _enveloped(errors, answered(exchange.raw)):
            continue
        rule = rules.REQUEST_ID_TOLD.softly(unless=kind.documented)
        told = header(exchange.raw, name)
        if not told:
            yield found(rule, exchange, name, expected="an id", seen="")
        elif "{request_id}" in kind.message and exchange.status == kind.status:
            message = str(problem(errors, exchange.raw).get("message"))
            if told not in message:
                yield found(rule, exchange, "/error/message", expected=told, seen=message)


def _refusals(evidence: Evidence) -> Iterator[tuple[Exchange, ErrorKind]]:
    """What was refused, and what the profile calls it."""
    for exchange in evidence.of(*_KINDS):
        if exchange.error or (exchange.went_well and exchange.prediction_id):
            continue
        yield exchange, evidence.profile.errors.kinds[_KINDS[exchange.intent]]


def _enveloped(errors: Refusals, told: object) -> bool:
    if not isinstance(told, Mapping):
        return False
    return (
        isinstance(told.get("error"), Mapping)
        if errors.envelope is Envelope.OPENAI
        else bool(told.keys() & {"detail", "title", "message"})
    )


PROBES: Final[tuple[Probe, ...]] = (
    answers,
    strangers,
    blame,
    statuses,
    envelopes,
    way_out,
    named,
    request_ids,
)
