"""How a gateway words its refusals: one entry per kind of problem, in one of four envelopes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from mockserver.library.strict import Table, toml_table


class Envelope(StrEnum):
    """Where the members stand: at the top (RFC 7807), or in `error` (OpenAI's form).

    `coded` is RFC 9457 with a code for programs and the wrong fields in `errors`; `wrapped` is
    what wraps the answers of success too, with the status in `code`.
    """

    PROBLEM = "problem"
    OPENAI = "openai"
    CODED = "coded"
    WRAPPED = "wrapped"


KINDS: Final = (
    "unauthenticated_missing",
    "unauthenticated_invalid",
    "not_found",
    "path_not_found",
    "model_not_found",
    "invalid_cursor",
    "method_not_allowed",
    "invalid_version",
    "input_invalid",
    "body_malformed",
    "body_too_large",
    "internal",
    "insufficient_credit",
    "free_limit_reached",
    "forbidden",
    "conflict",
    "throttled",
    "throttled_reduced",
    "throttled_unpaid",
    "deadline_invalid",
    "file_not_found",
    "destination_not_found",
    "file_too_large",
)
"""The kinds of problem every profile words; the names are those of `core.problem`."""

MEMBERS: Final = {
    Envelope.PROBLEM: (
        "title",
        "detail",
        "status",
        "type",
        "instance",
        "invalid_fields",
        "retry_after",
    ),
    Envelope.OPENAI: ("message", "type", "param", "code"),
    Envelope.CODED: (
        "type",
        "title",
        "status",
        "detail",
        "code",
        "errors",
        "trace_id",
        "request_id",
    ),
    Envelope.WRAPPED: ("code", "message", "data"),
}
"""The members a body may have, by envelope."""

FACTS: Final = (
    "method",
    "path",
    "model",
    "detail",
    "request_id",
    "trace_id",
    "limit",
    "burst",
    "retry_after",
)
"""What a `message` may speak of."""


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """One refusal: its status, the members of its body in order, and their texts.

    `message` is a format text over `FACTS`; a problem writes it as `detail`. `told_status` is the
    status that the body tells, which is that of the answer unless all answers have the same.
    A refusal without members is a page of the type `media_type`, whose text is `message`;
    `location` is where it sends the client, behind the origin. `field_codes` are the codes of
    single wrong fields by the rule they break; the others have `code`.
    """

    name: str
    status: int
    told_status: int
    media_type: str
    location: str
    title: str
    message: str
    type: str
    param: str
    code: str
    field_codes: Mapping[str, str] = field(hash=False)
    members: tuple[str, ...]
    documented: bool
    source: str


@dataclass(frozen=True, slots=True)
class Refusals:
    """All refusals of a gateway; `request_id_header` is empty where there is none.

    `ratelimit_headers`: its answers tell what is left of a limit; `retry_after`: a 429 tells when
    to come back.
    """

    like: str
    brand: str
    envelope: Envelope
    content_type: str
    request_id_header: str
    ratelimit_headers: bool
    retry_after: bool
    kinds: Mapping[str, ErrorKind] = field(hash=False)

    def body(
        self,
        kind: str,
        facts: Mapping[str, str],
        invalid_fields: Sequence[Mapping[str, str]] = (),
    ) -> dict[str, object]:
        """The JSON body of a refusal of this `kind`; facts that are not given read as empty."""
        entry = self.kinds[kind]
        known = dict.fromkeys(FACTS, "") | dict(facts)
        text = entry.message.format_map(known)
        values: dict[str, object] = {
            "title": entry.title,
            "detail": text,
            "message": text,
            "status": entry.told_status,
            "type": entry.type,
            "param": entry.param,
            "code": entry.told_status if self.envelope is Envelope.WRAPPED else entry.code,
            "invalid_fields": list(invalid_fields),
            "retry_after": int(known["retry_after"] or 0),
            "errors": [_coded(entry, field) for field in invalid_fields],
            "trace_id": known["trace_id"],
            "request_id": known["request_id"],
            "data": None,
        }
        body = {member: values[member] for member in entry.members}
        return {"error": body} if self.envelope is Envelope.OPENAI else body


def load_refusals(path: Path, *, brand: str, own: Table | None = None) -> Refusals:
    """The refusals of the TOML file at `path`, `{brand}` filled in; `LibraryError` if broken.

    `own` are the kinds that one gateway of a family words in its own way.
    """
    table = toml_table(path)
    envelope = Envelope(table.one_of("envelope", tuple(Envelope)))
    status = table.integer("http_status", 0)
    kinds = table.table("kinds")
    family = {name: _kind(kinds.table(name), name, envelope, brand, status) for name in KINDS}
    mine = _own(own, envelope, brand, status) if own else {}
    refusals = Refusals(
        like=path.stem,
        brand=brand,
        envelope=envelope,
        content_type=table.text("content_type"),
        request_id_header=table.text("request_id_header"),
        ratelimit_headers=table.flag("ratelimit_headers"),
        retry_after=table.flag("retry_after"),
        kinds={**family, **mine},
    )
    kinds.done()
    table.done()
    return refusals


def _own(table: Table, envelope: Envelope, brand: str, status: int) -> dict[str, ErrorKind]:
    return {name: _kind(table.table(name), name, envelope, brand, status) for name in table}


def _kind(table: Table, name: str, envelope: Envelope, brand: str, http_status: int) -> ErrorKind:
    if name not in KINDS:
        raise table.error("", f"one of {', '.join(KINDS)}", name)
    told = _refusal(table)
    media_type = table.text("media_type", "")
    kind = ErrorKind(
        name=name,
        status=http_status or told,
        told_status=told,
        media_type=media_type,
        location=table.text("location", ""),
        title=table.text("title", ""),
        message=_message(table),
        type=table.text("type", "").replace("{brand}", brand),
        param=table.text("param", ""),
        code=table.text("code", ""),
        field_codes=_field_codes(table),
        members=() if media_type else _members(table, envelope),
        documented=table.flag("documented"),
        source=table.text("source"),
    )
    table.done()
    return kind


def _refusal(table: Table) -> int:
    status = table.integer("status")
    # Classes of RFC 9110: refusals are in 15.5 and 15.6, what sends elsewhere is in 15.4.
    least = 300 if table.has("location") else 400
    if not least <= status <= 599:  # noqa: PLR2004 - the last of them
        raise table.error("status", f"a status from {least} to 599", status)
    return status


def _message(table: Table) -> str:
    message = table.text("message")
    try:
        message.format_map(dict.fromkeys(FACTS, ""))
    except (KeyError, IndexError, ValueError) as broken:
        raise table.error("message", f"a text over {', '.join(FACTS)}", message) from broken
    return message


def _members(table: Table, envelope: Envelope) -> tuple[str, ...]:
    members = table.texts("members")
    strange = set(members) - set(MEMBERS[envelope])
    if strange or not members:
        raise table.error("members", f"some of {', '.join(MEMBERS[envelope])}", members)
    return members


def _field_codes(table: Table) -> Mapping[str, str]:
    if not table.has("field_codes"):
        return {}
    codes = table.table("field_codes")
    return {rule: codes.text(rule) for rule in codes}


def _coded(entry: ErrorKind, wrong: Mapping[str, str]) -> dict[str, str]:
    """One wrong field with a code; what is missing is named by its own path."""
    rule, at, says = wrong["type"], wrong["field"], wrong["description"]
    missing = says.removesuffix(_IS_MISSING) if rule == _MISSING else ""
    return {
        "field": ".".join(part for part in (at, missing) if part),
        "code": entry.field_codes.get(rule, entry.code),
        "message": says,
    }


_MISSING: Final = "required"
_IS_MISSING: Final = " is required"
