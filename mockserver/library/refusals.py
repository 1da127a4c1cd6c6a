"""How a gateway words its refusals: one entry per kind of problem, in one of two envelopes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from mockserver.library.strict import Table, toml_table


class Envelope(StrEnum):
    """Where the members stand: at the top (RFC 7807), or in `error` (OpenAI's form)."""

    PROBLEM = "problem"
    OPENAI = "openai"


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
}
"""The members a body may have, by envelope."""

FACTS: Final = ("method", "path", "model", "detail", "request_id", "limit", "burst", "retry_after")
"""What a `message` may speak of."""


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """One refusal: its status, the members of its body in order, and their texts.

    `message` is a format text over `FACTS`; a problem writes it as `detail`.
    """

    name: str
    status: int
    title: str
    message: str
    type: str
    param: str
    code: str
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
            "status": entry.status,
            "type": entry.type,
            "param": entry.param,
            "code": entry.code,
            "invalid_fields": list(invalid_fields),
            "retry_after": int(known["retry_after"] or 0),
        }
        body = {member: values[member] for member in entry.members}
        return {"error": body} if self.envelope is Envelope.OPENAI else body


def load_refusals(path: Path, *, brand: str) -> Refusals:
    """The refusals of the TOML file at `path`, `{brand}` filled in; `LibraryError` if broken."""
    table = toml_table(path)
    envelope = Envelope(table.one_of("envelope", tuple(Envelope)))
    kinds = table.table("kinds")
    refusals = Refusals(
        like=path.stem,
        brand=brand,
        envelope=envelope,
        content_type=table.text("content_type"),
        request_id_header=table.text("request_id_header"),
        ratelimit_headers=table.flag("ratelimit_headers"),
        retry_after=table.flag("retry_after"),
        kinds={name: _kind(kinds.table(name), name, envelope, brand) for name in KINDS},
    )
    kinds.done()
    table.done()
    return refusals


def _kind(table: Table, name: str, envelope: Envelope, brand: str) -> ErrorKind:
    kind = ErrorKind(
        name=name,
        status=_refusal(table),
        title=table.text("title", ""),
        message=_message(table),
        type=table.text("type", "").replace("{brand}", brand),
        param=table.text("param", ""),
        code=table.text("code", ""),
        members=_members(table, envelope),
        documented=table.flag("documented"),
        source=table.text("source"),
    )
    table.done()
    return kind


def _refusal(table: Table) -> int:
    status = table.integer("status")
    if not 400 <= status <= 599:  # noqa: PLR2004 - the classes of refusal, RFC 9110 15.5 and 15.6
        raise table.error("status", "a status from 400 to 599", status)
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
