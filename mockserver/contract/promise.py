"""What was promised of a prediction, beside the looks at it: only a scenario knows the former."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from mockserver.contract import rules
from mockserver.contract.finding import Finding
from mockserver.contract.looks import looks
from mockserver.core.interaction import Interaction


def ends_as(status: str, seen: Iterable[Interaction]) -> list[Finding]:
    """Nothing where the last of these looks at one prediction finds it in `status`."""
    *_, last = seen
    return rules.PROMISED_END.equal(
        "/status", expected=[status], seen=_statuses([last]), exchange=last
    )


def passes(statuses: Sequence[str], seen: Iterable[Interaction]) -> list[Finding]:
    """Nothing where these looks at one prediction find it in all of `statuses`, in this order."""
    changes = [status for status, _ in groupby(_statuses(seen))]
    return rules.PROMISED_END.equal("/status", expected=list(statuses), seen=changes)


def _statuses(seen: Iterable[Interaction]) -> list[object]:
    return [look.body.get("status") for exchange in seen for look in looks(exchange)]
