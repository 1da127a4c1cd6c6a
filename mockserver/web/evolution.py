"""The API of an earlier date: what it did not know is not heard, and not told."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from re import sub
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from mockserver.core.interaction import Request
from mockserver.library.catalogue import Catalogue
from mockserver.library.evolution import Evolution, Member, api_date, load_evolution
from mockserver.library.gateways import Gateway, Serializer


Json = dict[str, Any]

_NOTHING: Final[frozenset[str]] = frozenset()


class Past:
    """The API as it was on the day that `text` names. Raises `ValueError`, `LibraryError`."""

    def __init__(self, text: str, catalogue: Catalogue) -> None:
        self.text = text
        was: Evolution = load_evolution(catalogue.schemas / "evolution.toml", api_date(text))
        self._operations = frozenset(map(_shape, was.operations))
        self._parameters = {_shape(name): ignored for name, ignored in was.parameters.items()}
        self._headers = was.headers
        self._created = was.created
        self._members = was.members
        self._values = was.values

    def lacks(self, method: str, rule: str) -> bool:
        """Whether the operation did not exist."""
        return _shape(f"{method} {rule}") in self._operations

    def heard(self, request: Request, rule: str) -> tuple[Request, tuple[str, ...]]:
        """The request without what was ignored, and the names of that."""
        names = self._parameters.get(_shape(f"{request.method} {rule}"), _NOTHING)
        query = parse_qsl(request.query, keep_blank_values=True) if names else []
        ignored = (
            *(name for name, _ in query if name in names),
            *(name for name, _ in request.headers if name in self._headers),
        )
        if not ignored:
            return request, ()
        headers = tuple(one for one in request.headers if one[0] not in self._headers)
        kept = urlencode([one for one in query if one[0] not in names]) if names else request.query
        return replace(request, headers=headers, query=kept), ignored

    def spoken(self, gateway: Gateway) -> Gateway:
        """The gateway with the statuses that it answered create calls with."""
        if self._created is None:
            return gateway
        create = replace(gateway.create, status=self._created)
        return replace(gateway, create=create, waited_out_status=self._created)

    def told(self, members: Json, of: str, form: Serializer | None = None) -> Json:
        """The members of a prediction, a training or a model as they were told."""
        then = dict(members)
        for member in self._members:
            if member.of == of and member.form in (None, form):
                _take(then, member)
        for value in self._values:
            if value.of == of and then.get(value.member) == value.now:
                then[value.member] = value.before
        return then


def past(text: str, catalogue: Catalogue) -> Past | None:
    """The API of that day; None for that of today."""
    return Past(text, catalogue) if text else None


def _take(members: Json, member: Member) -> None:
    """Leave out `member` where it was missing."""
    if member.statuses and (
        members.get("status") not in member.statuses or members.get(member.name) is not None
    ):
        return
    outer, _, inner = member.name.partition(".")
    if not inner:
        members.pop(outer, None)
    elif outer in members:
        members[outer] = {key: value for key, value in members[outer].items() if key != inner}


@lru_cache(maxsize=256)
def _shape(operation: str) -> str:
    """The operation without the names of its parameters, which routes and documents differ in."""
    return sub(r"[<{][a-z_]+[>}]", "{}", operation)
