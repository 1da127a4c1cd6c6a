"""Where the client goes, and what it brings along: its token, its method."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from mockserver.contract.consumer import rules
from mockserver.contract.consumer.conduct import API, Call, Conduct
from mockserver.contract.consumer.probes.probe import Probe, found
from mockserver.contract.finding import Finding
from mockserver.core.fault import Operation


def abroad(conduct: Conduct) -> Iterator[Finding]:
    """The token was shown to a host that the client was never pointed at."""
    for call in conduct.calls:
        if call.host != conduct.host and _shows(call, conduct.token):
            yield found(rules.TOKEN_AT_HOME, call, "host", expected=conduct.host, seen=call.host)
            return


def unsigned(conduct: Conduct) -> Iterator[Finding]:
    """The API was called without the token, at first hand or behind a redirect."""
    before: Call | None = None
    for call in conduct.calls:
        if call.operation in API and call.host == conduct.host and not call.known:
            followed = before is not None and before.told.redirected
            rule = rules.TOKEN_KEPT if followed else rules.TOKEN_SENT
            yield found(rule, call, "authorization", expected="the token", seen="none")
            return
        before = call


def lost(conduct: Conduct) -> Iterator[Finding]:
    """A path was called that the API has not: the base URL was cut, or an address made up."""
    for call in conduct.calls:
        if call.host == conduct.host and call.unmatched:
            expected = f"what stands below {conduct.base_url}, or in urls"
            yield found(rules.PATHS_KNOWN, call, expected=expected, seen=call.request.path)
            return


def redirected(conduct: Conduct) -> Iterator[Finding]:
    """A create call was sent elsewhere, and became another request on its way."""
    for call, after in pairwise(conduct.calls):
        if call.operation is not Operation.CREATE or not call.told.redirected:
            continue
        same = after.request.path == call.request.path
        if same and after.request.method != call.request.method:
            seen = f"{after.request.method} after {call.told.status_code}"
            yield found(rules.METHOD_KEPT, after, expected=call.request.method, seen=seen)
        elif same and after.host != call.host:
            yield found(rules.ORIGIN_KEPT, after, "host", expected=call.host, seen=after.host)


def _shows(call: Call, token: str) -> bool:
    """Whether the token stands anywhere in the request."""
    told = (call.request.path, call.request.query, *(value for _, value in call.request.headers))
    return any(token in text for text in told)


PROBES: Final[tuple[Probe, ...]] = (abroad, unsigned, lost, redirected)
