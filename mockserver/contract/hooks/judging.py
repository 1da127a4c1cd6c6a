"""What is wrong with what a receiver answered, and with what its app believes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from mockserver.contract.finding import Finding, Rule
from mockserver.contract.hooks import rules
from mockserver.contract.hooks.cases import Case, Expect
from mockserver.contract.hooks.reaching import Answer
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
    found = case.ends.found(f"{_place(case)}: {told}", expected=expected, seen=seen)
    lines = filter(None, (repeated(one, url, case.name) for one in sent))
    return [replace(found, curl="\n".join(lines))]


def in_full(finding: Finding) -> str:
    """The finding as a person reads it; the lines that repeat it are whole, to be pasted."""
    lines = [f"  {'repeat':<10} {line}" for line in finding.curl.splitlines()]
    return "\n".join((str(replace(finding, curl="")), *lines))


def _wrong(case: Case, one: Sent) -> Iterator[Finding]:
    if one.answer is None:
        return
    expect, slow = one.send.expect, one.answer.took_ms > SOON_MS
    if not _HOLDS[expect](one.answer):
        rule = _rule(case, expect, one.answer)
        yield rule.found(_place(case), expected=_SHOWN[expect], seen=str(one.answer))
    elif expect is Expect.TAKEN and slow:
        seen = f"{one.answer.took_ms / 1000:.1f} s"
        yield rules.ANSWERED_SOON.found(_place(case), expected=f"{SOON_MS / 1000:g} s", seen=seen)


def _place(case: Case) -> str:
    return f"case {case.name}"


def _rule(case: Case, expect: Expect, answer: Answer) -> Rule:
    """The rule that is broken: who fails over what is forged did not take it for right."""
    failed = not answer.among(*_NOT_FAILED)
    return rules.NOTHING_FAILS_IT if expect is Expect.REFUSED and failed else case.rule


_NOT_FAILED: Final = (100, 499)
_HOLDS: Final[Mapping[Expect, Callable[[Answer], bool]]] = {
    Expect.TAKEN: lambda answer: answer.taken,
    Expect.REFUSED: lambda answer: answer.among(400, 499),
    Expect.ANSWERED: lambda answer: answer.among(*_NOT_FAILED),
    Expect.ENDED: lambda answer: answer.among(*_NOT_FAILED) or answer.hung_up,
    Expect.ANY: lambda _: True,
}
