"""A gateway's own manners translated: what it is asked, and its answers in upstream's terms.

So one suite speaks to all of them. What a gateway does not tell is missing afterwards, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from mockserver.contract.looks import answered
from mockserver.core.interaction import Interaction
from mockserver.library.gateways import Gateway
from mockserver.library.json_text import JsonError, dumps, loads, members
from mockserver.library.manners import Arguments, PathRule
from mockserver.library.models import Model
from mockserver.library.spelling import As, Member


Sent = tuple[str, str, bytes | None]
"""A method, a path with its query, and a body."""

# A prediction is whatever JSON can hold.
Body = Mapping[str, Any]


def asked(profile: Gateway, method: str, path: str, content: bytes | None) -> Sent:
    """Upstream's request as it is put to `profile`; what it has no place for stays as it is."""
    plain, _, query = path.partition("?")
    rule, given = _rule(profile, method, plain)
    if rule is None:
        return method, path, content
    if rule.means.method == method:
        method = rule.asked.method
    if method == "POST" and content is not None and profile.request and profile.request.flat:
        content, beside = _flat(content)
        query = "&".join(filter(None, (query, urlencode(beside))))
    where = rule.asked.path.format_map(given)
    return method, f"{where}?{query}" if query else where, content


def read(profile: Gateway, exchange: Interaction) -> Interaction:
    """The exchange with its answer in upstream's terms; a refusal stays as it is."""
    if not (profile.wrapped or profile.paging or profile.prediction):
        return exchange
    told = answered(exchange)
    if not isinstance(told, Mapping):
        return exchange
    if profile.wrapped:
        if not profile.wrapped.is_around(told):
            return exchange
        told = members(told[profile.wrapped.member])
    return replace(exchange, response_body=dumps(_page(profile, told)))


def unspelled(profile: Gateway, told: Body) -> Body:
    """A prediction by upstream's names."""
    spelling = profile.prediction
    if spelling is None or not spelling.members or "id" not in told:
        return told
    body: dict[str, Any] = {}
    for member in spelling.members:
        _put(profile, body, member, told)
    return body


def field_of(profile: Gateway, field: str) -> str:
    """A wrong field, by upstream's dotted path from the body, as `profile` calls it."""
    if profile.request is None or not profile.request.flat:
        return field
    return field.removeprefix("input").removeprefix(".")


def status_of(profile: Gateway, status: str) -> str:
    """Upstream's `status` as it can be told apart here: the first of those of one name."""
    return profile.statuses[profile.status(status)]


def makes_list(profile: Gateway, model: Model) -> bool:
    """Whether the output of `model` is a list here: some gateways make one of every output."""
    told = profile.prediction.member("output") if profile.prediction else None
    return model.makes_list or (told is not None and told.form is As.LIST)


def _rule(profile: Gateway, method: str, path: str) -> tuple[PathRule | None, Arguments]:
    """The rule for an operation, or else for its path, and the arguments."""
    found: tuple[PathRule | None, Arguments] = None, {}
    for rule in profile.paths:
        given = rule.means.arguments(path)
        if given is None:
            continue
        if rule.means.method == method:
            return rule, given
        found = rule, given
    return found


def _flat(content: bytes) -> tuple[bytes, Mapping[str, str]]:
    """The input alone, and the webhook that stood beside it."""
    try:
        body = loads(content)
    except JsonError:
        return content, {}
    if not isinstance(body, Mapping) or "input" not in body:
        return content, {}
    webhook = body.get("webhook") or body.get("webhook_completed")
    return dumps(body["input"]), {"webhook": webhook} if webhook else {}


def _page(profile: Gateway, told: Body) -> Body:
    results = told.get(profile.paging.told("results")) if profile.paging else None
    if profile.paging is None or not isinstance(results, list):
        return unspelled(profile, told)
    neighbours = {name: told.get(profile.paging.told(name)) for name in ("next", "previous")}
    return {**neighbours, "results": [unspelled(profile, one) for one in results]}


def _put(profile: Gateway, body: dict[str, Any], member: Member, told: Any) -> None:
    for name in member.path:
        if not isinstance(told, Mapping) or name not in told:
            return
        told = told[name]
    if member.otherwise or member.form not in _READ:
        return
    value = profile.statuses.get(told, told) if member.names else _READ[member.form](told)
    for name in member.of[:-1]:
        body = body.setdefault(name, {})
    body[member.of[-1]] = value


_READ: Final[Mapping[As, Callable[[Any], object]]] = {
    As.PLAIN: lambda value: value,
    As.LIST: lambda value: value or None,
    As.TEXT: lambda value: value or None,
    As.PROBLEM: lambda value: members(value).get("message"),
}
"""What cannot be read back is left out: it was counted from something else."""
