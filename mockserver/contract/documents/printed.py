"""What a document prints beside what happened: an answer compared with an example of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import sub
from typing import Any
from urllib.parse import urlsplit

from mockserver.contract import rules
from mockserver.contract.finding import Finding
from mockserver.contract.looks import answered
from mockserver.core.interaction import Interaction
from mockserver.library.examples import ExampleResponse
from mockserver.library.json_text import members


# An example is whatever JSON can hold.
Body = Mapping[str, Any]


def differences(printed: ExampleResponse, answer: Interaction) -> list[Finding]:
    """Everywhere the answer is not what the document prints, but for id, time and origin."""
    rule = rules.ANSWER_AS_DOCUMENTED
    wanted, seen = _comparable(printed.body), _comparable(members(answered(answer)))
    status = printed.status or answer.status
    found = rule.equal(
        "", expected=(status, list(wanted)), seen=(answer.status, list(seen)), exchange=answer
    )
    for at in wanted:
        if at in seen:
            found += rule.equal(at, expected=wanted[at], seen=seen[at], exchange=answer)
    return found


def _comparable(told: Body) -> dict[str, object]:
    """Every leaf by its pointer, in order; what must differ is reduced to its form."""
    forms = {"id": "an id", "created_at": "an instant"}
    return dict(_leaves({**told, **{name: forms[name] for name in forms if name in told}}, told))


def _leaves(told: Body, whole: Body) -> Iterator[tuple[str, object]]:
    for name, value in told.items():
        if name == "urls":
            yield from ((f"/urls/{key}", _form(url, whole["id"])) for key, url in value.items())
        elif isinstance(value, Mapping):
            yield from ((f"/{name}/{key}", leaf) for key, leaf in value.items())
        else:
            yield f"/{name}", value


def _form(url: str, prediction_id: str) -> str:
    """An address without its origin, the prefix of its API, and what is its own."""
    path = urlsplit(url).path.replace(prediction_id, "ID")
    return sub(r"bcwr-[a-z2-7]{52}", "bcwr-TOKEN", sub(r"^.*/v1/", "/", path))
