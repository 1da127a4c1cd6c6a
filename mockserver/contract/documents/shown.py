"""Rules about what a document shows: its examples beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mockserver.contract.documents import rules
from mockserver.contract.documents.remark import Check, Remark, Subject
from mockserver.library.documents.addresses import parts_of
from mockserver.library.documents.page import Operation, Response
from mockserver.library.documents.pairing import another, differing, nearest
from mockserver.library.documents.tree import Tree
from mockserver.library.json_text import members


_FOLLOWED: Final = ("get", "cancel")
_REFUSED: Final = 400
_CREATED: Final = frozenset({201, 202})
_ABSENT: Final = "absent"


def echo_equals_request(subject: Subject) -> Iterator[Remark]:
    """Each response with an input is compared with the request that is most like it."""
    asked = [members(one.body.at("input").value) for one in subject.requests() if one.body]
    for response in subject.operation.responses:
        echoed = response.body.at("input")
        if not isinstance(echoed.value, dict) or not any(asked):
            continue
        sent = nearest(asked, echoed.value)
        names = differing(sent, echoed.value)
        if another(sent, echoed.value):
            yield subject.remark(
                rules.RESPONSE_HAS_REQUEST,
                echoed.place,
                expected={name: sent.get(name) for name in names},
                seen={name: echoed.value.get(name) for name in names},
            )
            continue
        for name in names:
            yield subject.remark(
                rules.ECHO_EQUALS_REQUEST,
                echoed.at(name).place,
                expected=sent.get(name, _ABSENT),
                seen=echoed.value.get(name, _ABSENT),
            )


def model_of_path(subject: Subject) -> Iterator[Remark]:
    """The model that a response names is the one that was asked."""
    for response in subject.operation.responses:
        named = response.body.at("model")
        if subject.model_name and named.text() not in {"", subject.model_name}:
            yield subject.remark(
                rules.MODEL_OF_PATH, named.place, expected=subject.model_name, seen=named.value
            )


def summaries_differ(subject: Subject) -> Iterator[Remark]:
    """Examples are told apart by what they are called."""
    known: dict[tuple[int | None, str], Response] = {}
    for response in subject.operation.responses:
        other = known.setdefault((response.status, response.summary), response)
        if response.summary and other is not response:
            around = response.body.base.rpartition("/")[0]
            yield subject.remark(
                rules.SUMMARIES_DIFFER,
                Tree(None, response.body.lines, f"{around}/summary").place,
                expected=f"another summary than that of example {other.name}",
                seen=response.summary,
            )


def urls_at_home(subject: Subject) -> Iterator[Remark]:
    """Elsewhere the token is not valid, or is given away."""
    home = subject.operation.host
    for response in subject.operation.responses:
        urls = response.body.at("urls")
        led = {name: parts_of(urls.at(name).text()).hostname or "" for name in _FOLLOWED}
        away = {name: host for name, host in led.items() if host and host != home}
        if home and away:
            yield subject.remark(rules.URLS_AT_HOME, urls.place, expected=home, seen=away)


def create_answers_201(subject: Subject) -> Iterator[Remark]:
    """A client that waits for 201 does not take 200 for it."""
    good = [
        one
        for one in subject.operation.statuses
        if isinstance(one.value, int) and one.value // 100 == 2  # noqa: PLR2004 - 2xx
    ]
    if subject.creates and good and not any(one.value in _CREATED for one in good):
        yield subject.remark(
            rules.CREATE_ANSWERS_201,
            good[0].place,
            expected=sorted(_CREATED),
            seen=[one.value for one in good],
        )


def status_printed(subject: Subject) -> Iterator[Remark]:
    """A response without a status can be anything."""
    for response in subject.operation.responses:
        if response.status is None:
            yield subject.remark(
                rules.STATUS_PRINTED, response.place, expected="a status such as 201", seen=None
            )


def refusals_described(subject: Subject) -> Iterator[Remark]:
    """A client has to know what it is told when it may not, or has asked for nonsense."""
    said = [one.value for one in subject.operation.statuses]
    # 0 is the response that describes all the others.
    known = any(isinstance(one, int) and (one == 0 or one >= _REFUSED) for one in said)
    if not known and _can_refuse(subject.operation):
        yield subject.remark(
            rules.REFUSALS_DESCRIBED,
            subject.operation.place,
            expected="a response from 400 on, such as 401, 402, 422 and 429",
            seen=said,
        )


def _can_refuse(asked: Operation) -> bool:
    """Whether there is anything to refuse: not where all may read what has no parts."""
    open_to_all = asked.method == "GET" and not asked.security
    return not open_to_all or bool(asked.parameters) or "{" in asked.path


CHECKS: Final[tuple[Check, ...]] = (
    echo_equals_request,
    model_of_path,
    summaries_differ,
    urls_at_home,
    create_answers_201,
    status_printed,
    refusals_described,
)
