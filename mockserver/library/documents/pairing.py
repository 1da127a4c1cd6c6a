"""Which request a response answers, as far as a page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mockserver.library.documents.page import Request, Response
from mockserver.library.json_text import members, same


def differing(asked: Mapping[str, object], echoed: Mapping[str, object]) -> list[str]:
    """The inputs that one has and the other has not, or has otherwise."""
    names = (*asked, *(name for name in echoed if name not in asked))
    return [
        name
        for name in names
        if name not in asked or name not in echoed or not same(asked[name], echoed[name])
    ]


def nearest(
    asked: Sequence[Mapping[str, object]], echoed: Mapping[str, object]
) -> Mapping[str, object]:
    """The input that is most like what was echoed; there is at least one."""
    return min(asked, key=lambda one: len(differing(one, echoed)))


def another(asked: Mapping[str, object], echoed: Mapping[str, object]) -> bool:
    """Whether a sentence or an address differs: what nobody changes by mistake."""
    return any(
        _free(asked.get(name)) or _free(echoed.get(name)) for name in differing(asked, echoed)
    )


def answered_by(response: Response, requests: Sequence[Request]) -> Request | None:
    """The request that the response answers; None where it must have been another one.

    A response answers the first where one of the two sides shows no input.
    """
    shown = [one for one in requests if one.body]
    echoed = members(response.body.at("input").value)
    inputs = [members(one.body.at("input").value) for one in shown if one.body]
    if not any(inputs) or not echoed:
        return next(iter(shown), None)
    found = nearest(inputs, echoed)
    return None if another(found, echoed) else shown[inputs.index(found)]


def _free(value: object) -> bool:
    return isinstance(value, str) and (" " in value.strip() or "://" in value)
