"""The control API's reading half: the journal, the ledger, and the life of a prediction."""

from __future__ import annotations

from collections.abc import Iterator

from mockserver.core.redaction import shown_headers
from mockserver.core.reply import Answer
from mockserver.core.timestamps import edge_timestamp
from mockserver.service import predictions
from mockserver.service.journal import Entry
from mockserver.service.ledger import Line, Total
from mockserver.service.ledger_requests import Balance, LogicalRequest
from mockserver.web.call import Call
from mockserver.web.control import world_of
from mockserver.web.naming import named, told, worlds
from mockserver.web.queries import has_query, query_value


LOBBY = "(nobody)"
"""Where interactions are listed whose sender gave no usable token."""


def get_journal(call: Call) -> Answer:
    """GET /__mock__/journal: every interaction kept, oldest first; `?unmatched`, `?path=`."""
    only_unmatched = has_query(call.request, "unmatched")
    path = query_value(call.request, "path")
    found = [
        _entry(world, entry)
        for world, entry in _entries(call)
        if (entry.unmatched or not only_unmatched) and path in entry.interaction.request.path
    ]
    return told({"interactions": found})


def get_ledger(call: Call) -> Answer:
    """GET /__mock__/ledger: what was created, and what it would have cost; `?duplicates`."""
    only_duplicates = has_query(call.request, "duplicates")
    ledgers = [world.ledger for world in worlds(call)]
    totals: dict[str, Total] = {}
    for ledger in ledgers:
        for model, one in ledger.totals.items():
            totals[model] = totals.get(model, Total()) + one
    return told(
        {
            "usd": float(sum(total.usd for total in totals.values())),
            "models": {model: _total(total) for model, total in totals.items()},
            "predictions": [_line(line) for ledger in ledgers for line in ledger],
            "totals": _balance(sum((ledger.balance for ledger in ledgers), Balance())),
            "requests": [
                _request(request)
                for ledger in ledgers
                for request in (ledger.duplicates if only_duplicates else ledger.requests)
            ],
        }
    )


def get_timeline(call: Call, prediction_id: str) -> Answer:
    """GET /__mock__/predictions/{id}/timeline: every moment, past and future."""
    world = world_of(call, prediction_id)
    seen = predictions.look(world, prediction_id, now_ms=world.clock.now_ms())
    created_ms = seen.created.at_ms
    moments = [
        {
            "at": edge_timestamp(created_ms + moment.after_ms),
            "after_ms": moment.after_ms,
            "seen": moment.after_ms <= seen.after_ms,
            "status": moment.status,
            "logs": moment.logs.replace("{seed}", str(seen.created.seed)),
            "outputs": moment.outputs,
            "error": moment.error,
        }
        for moment in seen.moments
    ]
    return told({"id": prediction_id, "now": edge_timestamp(seen.now_ms), "moments": moments})


def _entries(call: Call) -> Iterator[tuple[str, Entry]]:
    if not named(call):
        yield from ((LOBBY, entry) for entry in call.fake.lobby)
    for world in worlds(call):
        yield from ((world.label, entry) for entry in world.journal)


def _entry(world: str, entry: Entry) -> dict[str, object]:
    seen = entry.interaction
    return {
        "number": entry.number,
        "world": world,
        "at": edge_timestamp(seen.at_ms),
        "request": {
            "method": seen.request.method,
            "path": seen.request.path,
            "query": seen.request.query,
            "headers": shown_headers(seen.request.headers),
            "body": seen.request.body.decode(errors="replace"),
        },
        "response": {
            "status": seen.status,
            "headers": shown_headers(seen.response_headers),
            "body": seen.response_body.decode(errors="replace"),
        },
        "notes": entry.notes,
        "faults": entry.faults,
        "unmatched": entry.unmatched,
        "operation": entry.asked.operation,
        "prediction_id": entry.asked.prediction_id,
    }


def _total(total: Total) -> dict[str, object]:
    return {
        "predictions": total.predictions,
        "outputs": total.outputs,
        "usd": float(total.usd),
    }


def _line(line: Line) -> dict[str, object]:
    return {
        "id": line.prediction_id,
        "model": line.model,
        "created_at": edge_timestamp(line.at_ms),
        "outputs": line.outputs,
        "usd": float(line.usd),
    }


def _balance(balance: Balance) -> dict[str, object]:
    return {
        "submissions": balance.submissions,
        "requests": balance.requests,
        "duplicates": balance.duplicates,
        "jobs": balance.jobs,
        "usd": float(balance.usd),
        "usd_wasted": float(balance.usd_wasted),
    }


def _request(request: LogicalRequest) -> dict[str, object]:
    return {
        "key": request.key,
        "model": request.model,
        "first_at": edge_timestamp(request.first_ms),
        "submitted": request.submitted,
        "submissions": [
            {"at": edge_timestamp(one.at_ms), "prediction": one.prediction_id}
            for one in request.submissions
        ],
        "predictions": request.prediction_ids,
        "jobs": request.jobs,
        "usd": float(request.usd),
        "usd_wasted": float(request.usd_wasted),
    }
