"""Accounts: whether what one of them made, or is known by, is anybody else's to see."""

from __future__ import annotations

from collections.abc import Iterator
from re import Pattern, escape
from re import compile as pattern
from typing import Final

from mockserver.contract import rules
from mockserver.contract.evidence import CREATES, STRANGERS, Evidence, Intent
from mockserver.contract.finding import Finding
from mockserver.contract.looks import looks
from mockserver.contract.probes.ends import pointers
from mockserver.contract.probes.probe import Probe, found
from mockserver.library.json_text import JsonError, loads


def isolated(evidence: Evidence) -> Iterator[Finding]:
    """A second account was shown a prediction that it did not make."""
    made = {one.prediction_id for one in evidence.of(*CREATES) if one.prediction_id}
    for exchange in evidence.of(Intent.OTHER_ACCOUNT, Intent.OTHER_LIST):
        seen = [one.id for one in looks(exchange.interaction) if one.id in made]
        if exchange.went_well and seen:
            at = "/results" if exchange.intent is Intent.OTHER_LIST else ""
            yield found(rules.ACCOUNTS_ISOLATED, exchange, at, expected="nothing", seen=seen)


def discreet(evidence: Evidence) -> Iterator[Finding]:
    """An answer or a webhook holds a token: in a header, an address, the text of an error."""
    tokens = _tokens(evidence)
    rule, expected, seen = rules.TOKEN_UNTOLD, "no token", "the token of an account"
    for exchange in evidence.exchanges:
        for at in _places(tokens, exchange.raw.response_headers, exchange.raw.response_body):
            yield found(rule, exchange, at, expected=expected, seen=seen)
    for hook in evidence.hooks:
        made = str(hook.body.get("id", ""))
        for at in _places(tokens, hook.request.headers, hook.request.body):
            yield rule.found(at, expected=expected, seen=seen, prediction_id=made)


_SHORTEST: Final = 7
"""Shorter words stand in many an answer by chance."""


def _tokens(evidence: Evidence) -> Pattern[str] | None:
    """Finds whatever opened an account; None where nothing did.

    What strangers sent opens nothing, and to say what it was helps them.
    """
    auth = evidence.profile.auth
    asked = (one.request for one in evidence.exchanges if one.intent not in STRANGERS)
    sent = {auth.token(request.header(auth.header.lower())) for request in asked}
    words = "|".join(sorted(escape(one) for one in sent if len(one) >= _SHORTEST))
    return pattern(rf"(?<![\w-])(?:{words})(?![\w-])") if words else None


def _places(
    tokens: Pattern[str] | None, headers: tuple[tuple[str, str], ...], body: bytes
) -> Iterator[str]:
    """Where a token stands: the name of a header, or a pointer into the body (empty: anywhere)."""
    if tokens is None:
        return
    yield from (name.lower() for name, value in headers if tokens.search(value))
    if tokens.search(body.decode(errors="replace")):
        inside = (at for at, value in pointers(_json(body)) if tokens.search(str(value)))
        yield next(inside, "")


def _json(body: bytes) -> object:
    try:
        return loads(body)
    except JsonError:
        return None


PROBES: Final[tuple[Probe, ...]] = (isolated, discreet)
