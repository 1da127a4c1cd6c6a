"""Lists that are asked for by number: of the page, or of the first prediction on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from mockserver.core.reply import Reply
from mockserver.core.timeline import Status
from mockserver.library.gateways import Gateway
from mockserver.library.manners import Paging
from mockserver.library.validate import Validator
from mockserver.service import predictions
from mockserver.service.filters import Filter, positions
from mockserver.service.orders import parsed_body, valid_body
from mockserver.web import telling
from mockserver.web.call import Call
from mockserver.web.dialect import Json, answer_bytes, content_type, item
from mockserver.web.filters import instant


Asked = Mapping[str, Any]

_DIGITS: Final = "0123456789"


def listed(call: Call, paging: Paging) -> Reply:
    """The page that `call` asks for. Raises `InputInvalid`, `BodyMalformed`."""
    gateway = call.face.gateway
    asked = _asked(call, gateway, paging)
    size, at = asked.get(paging.size, paging.default), asked.get(paging.at, paging.least)
    offset = paging.offset(at, size)
    found, total = predictions.part(call.world, offset, size, _among(call, paging, asked))
    told = {
        "results": [item(telling.told(call, seen), call.face, gateway.list) for seen in found],
        "next": _address(call, paging, asked, offset + size) if offset + size < total else None,
        "previous": _address(call, paging, asked, max(0, offset - size)) if offset else None,
        "total": total,
        "at": at,
    }
    body: Json = {name: told[what] for name, what in paging.members.items()}
    return Reply(
        gateway.list.status,
        content_type(gateway.list),
        answer_bytes(body, call.face, gateway.list),
    )


def _asked(call: Call, gateway: Gateway, paging: Paging) -> Asked:
    """What the query asks for, or the body where there is one to ask with; checked."""
    sent: object = dict(_in_query(call, paging))
    if call.request.method == "POST" and call.request.body:
        sent = parsed_body(call.request.body)
    return valid_body(_validator(paging, tuple(gateway.statuses)), sent)


def _in_query(call: Call, paging: Paging) -> Iterator[tuple[str, object]]:
    known = {paging.at, paging.size, *paging.filters}
    for name, value in parse_qsl(call.request.query, keep_blank_values=True, errors="replace"):
        if name in known:
            counts = name in (paging.at, paging.size)
            yield name, _number(value) if counts else value


def _number(text: str) -> object:
    """The whole number that `text` writes, or the text itself."""
    digits = text.removeprefix("-")
    plain = bool(digits) and len(digits) < len(str(2**63)) and not digits.strip(_DIGITS)
    return int(text) if plain else text


@lru_cache(maxsize=64)
def _validator(paging: Paging, known: tuple[str, ...]) -> Validator:
    return Validator(paging.schema(known))


def _among(call: Call, paging: Paging, asked: Asked) -> predictions.Positions | None:
    wanted = {name: asked[name] for name in paging.filters if name in asked}
    if not wanted:
        return None
    gateway, named = call.face.gateway, wanted.get("status")
    among = [one for one in Status if named == gateway.status(one)]
    return positions(
        call.world,
        Filter(
            after_ms=instant(wanted, "created_after"),
            before_ms=instant(wanted, "created_before"),
            model=wanted.get("model", ""),
            statuses=frozenset(among),
        ),
    )


def _address(call: Call, paging: Paging, asked: Asked, offset: int) -> str:
    size = asked.get(paging.size, paging.default)
    kept = {name: asked[name] for name in (*paging.filters, paging.size) if name in asked}
    query = urlencode({**kept, paging.at: paging.number(offset, size)})
    return f"{call.face.base_url}{call.path}?{query}"
