"""Models, their versions, examples and readmes."""

from __future__ import annotations

from operator import attrgetter
from typing import Any, Final

from orjson import Fragment

from mockserver.core.problem import BodyMalformed
from mockserver.core.reply import Answer, Reply
from mockserver.core.timestamps import web_timestamp
from mockserver.library.cog_schema import cog_document
from mockserver.library.models import Model
from mockserver.service.registry import Entry, Version
from mockserver.service.search import ranked
from mockserver.web import elsewhere, pages
from mockserver.web.call import Call
from mockserver.web.dialect import spelled
from mockserver.web.queries import query_value


Json = dict[str, Any]

_SORTS: Final = {
    "model_created_at": "card.created_at_ms",
    "latest_version_created_at": "latest_ms",
}


def list_models(call: Call) -> Answer:
    """GET /models: public ones and the account's own, 25 to a page."""
    names = ("sort_by", "sort_direction")
    sent = {name: value for name in names if (value := query_value(call.request, name))}
    call.fake.registry.forms.check("ModelSort", sent)
    by = attrgetter(_SORTS[sent.get("sort_by", "latest_version_created_at")])
    newest_first = sent.get("sort_direction", "desc") == "desc"
    found = sorted(call.fake.registry.entries(call.world), key=by, reverse=newest_first)
    return pages.page(call, found, lambda entry: as_json(call, entry))


def search_models(call: Call) -> Answer:
    """QUERY /models: those that a text speaks of, the best first."""
    text = call.request.body.decode(errors="replace")
    if not text:
        raise BodyMalformed("The body must be the text to search for")
    found = [entry for _, entry in ranked(call.fake.registry.entries(call.world), text)]
    return pages.page(call, found, lambda entry: as_json(call, entry))


def create_model(call: Call) -> Answer:
    """POST /models: a model without a version yet."""
    made = call.fake.registry.create(call.world, call.request.body)
    return pages.told(as_json(call, made), 201)


def get_model(call: Call, owner: str, name: str) -> Answer:
    """GET /models/{owner}/{name}."""
    return pages.told(as_json(call, _entry(call, owner, name)))


def update_model(call: Call, owner: str, name: str) -> Answer:
    """PATCH /models/{owner}/{name}."""
    entry = _entry(call, owner, name)
    return pages.told(
        as_json(call, call.fake.registry.update(call.world, entry, call.request.body))
    )


def delete_model(call: Call, owner: str, name: str) -> Answer:
    """DELETE /models/{owner}/{name}."""
    call.fake.registry.delete(call.world, _entry(call, owner, name))
    return pages.NOTHING


def list_versions(call: Call, owner: str, name: str) -> Answer:
    """GET /models/{owner}/{name}/versions, newest first."""
    return pages.page(call, _entry(call, owner, name).versions, version_as_json)


def get_version(call: Call, owner: str, name: str, version_id: str) -> Answer:
    """GET /models/{owner}/{name}/versions/{version_id}."""
    entry = _entry(call, owner, name)
    return pages.told(version_as_json(call.fake.registry.version(entry, version_id)))


def delete_version(call: Call, owner: str, name: str, version_id: str) -> Answer:
    """DELETE /models/{owner}/{name}/versions/{version_id}: accepted."""
    registry, entry = call.fake.registry, _entry(call, owner, name)
    registry.delete_version(call.world, entry, registry.version(entry, version_id))
    return Reply(202)


def list_examples(call: Call, owner: str, name: str) -> Answer:
    """GET /models/{owner}/{name}/examples: a page of predictions."""
    entry = _entry(call, owner, name)
    found = [entry.model] if entry.model else []
    return pages.page(call, found, lambda model: example(call, model))


def get_readme(call: Call, owner: str, name: str) -> Answer:
    """GET /models/{owner}/{name}/readme, as plain text; nobody wrote one yet: empty (assumed)."""
    entry = _entry(call, owner, name)
    if entry.card.readme is not None:
        return pages.text(entry.card.readme)
    title = entry.model.title if entry.model else ""
    return pages.text(f"# {title}\n\n{entry.description}\n" if title else "")


def as_json(call: Call, entry: Entry) -> Json:
    """A model as the API tells it. Source of the order: upstream's recording of models.get."""
    card, model = entry.card, entry.model
    told = {
        "url": f"https://replicate.com/{entry.full_name}",
        "owner": entry.owner,
        "name": entry.name,
        "description": entry.description,
        "visibility": card.visibility,
        "is_official": model is not None and model.official,
        "github_url": card.github_url,
        "paper_url": card.paper_url,
        "license_url": card.license_url,
        "weights_url": card.weights_url,
        "run_count": card.run_count,
        "cover_image_url": card.cover_image_url,
        "default_example": example(call, model) if model and not entry.own else None,
        "latest_version": version_as_json(entry.versions[0]) if entry.versions else None,
        "created_at": web_timestamp(card.created_at_ms),
    }
    return call.face.past.told(told, "model") if call.face.past else told


def version_as_json(version: Version) -> Json:
    """A version as the API tells it."""
    return {
        "id": version.id,
        "created_at": web_timestamp(version.created_at_ms),
        "cog_version": version.cog_version,
        "openapi_schema": cog_document(version.model),
    }


def example(call: Call, model: Model) -> object:
    """The example of a model, in the form of lists."""
    shown = elsewhere.example(call, model)
    return Fragment(spelled(shown, call.face, call.face.gateway.list).rstrip())


def _entry(call: Call, owner: str, name: str) -> Entry:
    return call.fake.registry.entry(call.world, owner, name)
