"""The account, hardware, collections, and the search over all of it."""

from __future__ import annotations

from typing import Any, Final

from mockserver.core.reply import Answer, Reply
from mockserver.library.json_text import dumps
from mockserver.library.registry import Collection
from mockserver.service.search import ranked, score
from mockserver.web import models, pages
from mockserver.web.call import Call
from mockserver.web.deployments import account_as_json
from mockserver.web.queries import query_value


Json = dict[str, Any]

DEFAULT_LIMIT: Final = 20
"""Results of a search. Source: upstream's OpenAPI document, which allows 1 to 50."""

_QUERY_MISSING: Final = dumps({"detail": 'Query parameter "query" is required'})


def get_account(call: Call) -> Answer:
    """GET /account."""
    account = call.fake.registry.content(call.world).account
    return pages.told(account_as_json(account) if account else {})


def list_hardware(call: Call) -> Answer:
    """GET /hardware: a bare array."""
    known = call.fake.registry.content(call.world).hardware
    return pages.told([{"sku": one.sku, "name": one.name} for one in known])


def list_collections(call: Call) -> Answer:
    """GET /collections."""
    return pages.page(call, call.fake.registry.content(call.world).collections, _named)


def get_collection(call: Call, slug: str) -> Answer:
    """GET /collections/{slug}, with its models."""
    found = call.fake.registry.collection(call.world, slug)
    shown = call.fake.registry.shown(call.world, found.models)
    return pages.told(
        _named(found)
        | {
            "full_description": found.full_description,
            "models": [models.as_json(call, entry) for entry in shown],
        }
    )


def search(call: Call) -> Answer:
    """GET /search: models, collections and pages; it asks for no token."""
    asked = query_value(call.request, "query")
    if not asked:
        return Reply(400, (("Content-Type", "application/json"),), _QUERY_MISSING)
    limit = _limit(call)
    world = call.world_if_known
    content = call.fake.registry.content(world)
    found = ranked(call.fake.registry.entries(world), asked)
    return pages.told(
        {
            "query": asked,
            "models": [
                {
                    "model": models.as_json(call, entry),
                    "metadata": {
                        "generated_description": entry.description,
                        "tags": list(entry.card.tags),
                        "score": round(found_score, 4),
                    },
                }
                for found_score, entry in found[:limit]
            ],
            "collections": [
                _named(one) | {"models": list(one.models)}
                for one in content.collections
                if score(asked, one.name, one.slug, one.description)
            ][:limit],
            "pages": [
                {"name": page.name, "href": page.href}
                for page in content.pages
                if score(asked, page.name)
            ][:limit],
        }
    )


def _limit(call: Call) -> int:
    """How many results are asked for. Raises `InputInvalid`."""
    sent = query_value(call.request, "limit")
    if not sent:
        return DEFAULT_LIMIT
    number = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 9 else sent  # noqa: PLR2004 - far beyond any limit
    limit: int = call.fake.registry.forms.check("SearchLimit", {"limit": number})["limit"]
    return limit


def _named(collection: Collection) -> Json:
    return {
        "name": collection.name,
        "slug": collection.slug,
        "description": collection.description,
    }
