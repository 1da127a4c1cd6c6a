"""Bad answers: whether they become errors that help, and good ones of an odd shape none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mockserver.contract.consumer import rules
from mockserver.contract.consumer.conduct import Call, Conduct, How
from mockserver.contract.consumer.probes.probe import Probe, found
from mockserver.contract.consumer.reading import followers, is_intolerant, last_told
from mockserver.contract.finding import Finding
from mockserver.core.fault import Operation


_REFUSED: Final = 400
_WORD: Final = 4
_SHOWN: Final = 12
"""So many characters of an answer are enough to know it again."""


def bad_answers(conduct: Conduct) -> Iterator[Finding]:
    """The run ended with a bad answer: by a crash, or by an error that hides what it was."""
    last, end = conduct.last, conduct.end
    if end.how is not How.RAISED or last is None:
        return
    if not (last.told.failed or "K10" in last.puts_to_the_test):
        return
    if not end.own:
        yield found(
            rules.ERROR_OF_ITS_OWN, last, expected="an error of the client's own", seen=str(end)
        )
        return
    if last.told.status_code >= _REFUSED and str(last.told.status_code) not in end.said:
        expected = str(last.told.status_code)
        yield found(rules.ERROR_TELLS_STATUS, last, expected=expected, seen=end.said[:200])
    texts = list(_texts(last)) if last.told.status_code >= _REFUSED else []
    if texts and not any(text in _plain(end.said) for text in texts):
        yield found(rules.ERROR_TELLS_BODY, last, expected=texts[0], seen=end.said[:200])


def asked_again(conduct: Conduct) -> Iterator[Finding]:
    """A request was sent again that had been refused for good."""
    for refused, again in followers(conduct):
        looked = refused.operation is Operation.GET and refused.told.status_code == _NOT_FOUND
        if refused.told.refused_for_good and not looked and _is_same(refused, again):
            seen = f"sent again after {refused.told.status_code}"
            yield found(rules.NOT_ASKED_AGAIN, again, expected="an error", seen=seen)
            return


_NOT_FOUND: Final = 404


def intolerant(conduct: Conduct) -> Iterator[Finding]:
    """The client gave up over an answer in which nothing was wrong."""
    last = last_told(conduct)
    if last is not None and is_intolerant(conduct):
        odd = ", ".join(sorted(conduct.struck)) or "nothing odd"
        seen = f"{conduct.end} over {odd}: {conduct.end.said[:200]}"
        yield found(rules.READS_TOLERANTLY, last, expected="the output", seen=seen)


def _is_same(one: Call, other: Call) -> bool:
    """Whether nothing was put right, the token included."""
    return (one.request.body, one.request.query, one.known) == (
        other.request.body,
        other.request.query,
        other.known,
    )


def _texts(call: Call) -> Iterator[str]:
    """What of an answer an error may tell: a text in it, or how it begins."""
    yield from _leaves(call.told.body)
    text = call.interaction.response_body.decode("utf-8", "replace").strip()
    if text.isprintable() or text.startswith("<"):
        yield from ([_plain(text)[:_SHOWN]] if len(text) >= _SHOWN else [])


def _leaves(value: object) -> Iterator[str]:
    match value:
        case str() if len(value) >= _WORD:
            yield _plain(value)[: 2 * _SHOWN]
        case dict():
            for inner in value.values():
                yield from _leaves(inner)
        case list():
            for inner in value:
                yield from _leaves(inner)


def _plain(text: str) -> str:
    """The text without the difference between one space and many."""
    return " ".join(text.split())


PROBES: Final[tuple[Probe, ...]] = (bad_answers, asked_again, intolerant)
