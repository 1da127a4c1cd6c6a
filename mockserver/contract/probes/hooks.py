"""Webhooks: whether the end is told, once, signed, and as a look finds it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mockserver.contract import rules
from mockserver.contract.evidence import Evidence, Exchange, Hook, Intent
from mockserver.contract.finding import Finding
from mockserver.contract.looks import posted
from mockserver.contract.probes.probe import Probe, found
from mockserver.core import signature
from mockserver.core.timeline import TERMINAL
from mockserver.library.gateways import Support


def hooks(evidence: Evidence) -> Iterator[Finding]:
    """A webhook whose end never came, came twice, tells otherwise, or is not signed."""
    known = evidence.profile.endpoints["webhooks"]
    for made in evidence.of(Intent.CREATE):
        url = posted(made.request).get("webhook")
        if not url or not made.went_well or not _ended(evidence, made):
            continue
        mine = [hook for hook in evidence.hooks if hook.body.get("id") == made.prediction_id]
        ends = [hook for hook in mine if hook.body.get("status") in TERMINAL]
        if not ends:
            rule = rules.HOOK_ARRIVES.softly(unless=known is Support.DOCUMENTED)
            yield found(rule, made, "webhook", expected="a webhook of the end", seen=len(mine))
        ids = {hook.request.header(signature.ID) for hook in ends}
        if len(ids) > 1:
            yield found(
                rules.COMPLETED_ONCE, made, signature.ID, expected="one id", seen=sorted(ids)
            )
        yield from _signed(evidence, made, mine)
        yield from _alike(evidence, made, ends)


def _signed(evidence: Evidence, made: Exchange, mine: list[Hook]) -> Iterator[Finding]:
    for hook in mine if evidence.hook_secret else ():
        try:
            headers = dict(hook.request.headers)
            secrets, body = (evidence.hook_secret,), hook.request.body
            signature.verify(secrets, headers, body, now_ms=hook.at_ms)
        except signature.SignatureRefused as reason:
            told = str(reason)
            yield found(
                rules.HOOK_IS_SIGNED, made, signature.SIGNATURE, expected="valid", seen=told
            )
            return


def _alike(evidence: Evidence, made: Exchange, ends: list[Hook]) -> Iterator[Finding]:
    looked = [
        one.body
        for one in evidence.of(Intent.LOOK_AGAIN)
        if one.prediction_id == made.prediction_id
    ]
    for hook in ends if looked else ():
        told = hook.body
        for name in ("status", "output", "error"):
            if name in told and name in looked[-1] and told[name] != looked[-1][name]:
                seen, expected = told[name], looked[-1][name]
                yield found(
                    rules.HOOK_TELLS_THE_PREDICTION, made, f"/{name}", expected=expected, seen=seen
                )


def _ended(evidence: Evidence, made: Exchange) -> bool:
    return any(one.prediction_id == made.prediction_id for one in evidence.of(Intent.LOOK_AGAIN))


PROBES: Final[tuple[Probe, ...]] = (hooks,)
