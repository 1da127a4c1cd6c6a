"""Sync answers: whether a wait is honoured, and whether its answer misleads who asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mockserver.contract import rules
from mockserver.contract.evidence import Evidence, Intent
from mockserver.contract.finding import Finding
from mockserver.contract.looks import header
from mockserver.contract.probes.probe import Probe, found
from mockserver.core import prefer
from mockserver.core.timeline import TERMINAL, Status
from mockserver.library.gateways import Support


_UNTOLD: Final = object()
_GRACE_MS: Final = 5_000
"""How much longer than asked a held call may take: networks are slow."""


def waits(evidence: Evidence) -> Iterator[Finding]:
    """`Prefer: wait` was neither followed nor declined; or its answer misleads who asked."""
    known = evidence.profile.endpoints["sync"]
    for exchange in evidence.of(Intent.CREATE_SYNC):
        if not exchange.went_well:
            continue
        status, output = exchange.body.get("status"), exchange.body.get("output", _UNTOLD)
        followed = header(exchange.raw, "preference-applied") or status in TERMINAL
        if not followed and output in (None, _UNTOLD):
            rule = rules.WAIT_HONOURED.softly(unless=known is Support.DOCUMENTED)
            told = "Preference-Applied, an end or an output"
            yield found(rule, exchange, "preference-applied", expected=told, seen="")
        if status not in TERMINAL and output is None and status != Status.STARTING:
            rule = rules.WAIT_RUN_OUT_IS_STARTING
            yield found(rule, exchange, "/status", expected=Status.STARTING, seen=status)
        asked_ms = prefer.wait_ms(exchange.request.header("prefer"))
        if asked_ms is not None and exchange.took_ms > asked_ms + _GRACE_MS:
            expected = f"at most {asked_ms + _GRACE_MS} ms"
            yield found(
                rules.WAIT_KEPT_SHORT, exchange, "time", expected=expected, seen=exchange.took_ms
            )


PROBES: Final[tuple[Probe, ...]] = (waits,)
