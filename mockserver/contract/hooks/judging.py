"""What is wrong with what a receiver answered, and with what its app believes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from mockserver.contract import rules_receiver as rules
from mockserver.contract.finding import Finding, Rule
from mockserver.contract.hooks.cases import Case, Expect
from mockserver.contract.hooks.sent import Sent
from mockserver.contract.hooks.shell import repeated


SOON_MS: Final = 5_000
"""Source: "within a few seconds"; the figure is assumed."""

_SHOWN: Final[Mapping[Expect, str]] = {
    Expect.TAKEN: "2xx",
    Expect.REFUSED: "4xx",
    Expect.ANSWERED: "an answer, and not 5xx",
    Expect.ENDED: "an answer that is not 5xx, or to be hung up on",
}


def judged(case: Case, sent: Sequence[Sent], url: str) -> list[Finding]:
    """What is wrong with the answers of one case, each with the line that sends it again."""
    return [
        replace(found, curl=repeated(one, url, case.name))
        for one in sent
        for found in _wrong(case, one)
    ]


def left_behind(
    case: Case, sent: Sequence[Sent], expected: object, seen: object, url: str
) -> list[Finding]:
    """The finding that the app believes in the end something else than it should."""
    if case.ends is None or expected == seen:
        return []
    told = " → ".join(one.send.event for one in sent)
    found = case.ends.found("state", expected=expected, seen=seen)
    lines = filter(None, (repeated(one, url, case.name) for one in sent))
    return [replace(found, title=f"{found.title} ({told})", curl="\n".join(lines))]


def _wrong(case: Case, one: Sent) -> Iterator[Finding]:
    if one.answer is None:
        return
    expect, slow = one.send.expect, one.answer.took_ms > SOON_MS
    if not _HOLDS[expect](one):
        yield _rule(case, one).found("status", expected=_SHOWN[expect], seen=str(one.answer))
    elif expect is Expect.TAKEN and slow:
        seen = f"{one.answer.took_ms / 1000:.1f} s"
        yield rules.ANSWERED_SOON.found("", expected=f"{SOON_MS / 1000:g} s", seen=seen)


def _rule(case: Case, one: Sent) -> Rule:
    """The rule that is broken: what was refused by failing was not taken for right."""
    failed = not one.among(100, 499)
    if one.send.expect is Expect.REFUSED and failed:
        return rules.NOTHING_FAILS_IT
    return case.rule


_HOLDS: Final[Mapping[Expect, Callable[[Sent], bool]]] = {
    Expect.TAKEN: lambda one: one.taken,
    Expect.REFUSED: lambda one: one.among(400, 499),
    Expect.ANSWERED: lambda one: one.among(100, 499),
    Expect.ENDED: lambda one: one.among(100, 499) or bool(one.answer and one.answer.hung_up),
    Expect.ANY: lambda _: True,
}
