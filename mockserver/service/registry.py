"""Which models, versions and collections an account finds, and what it may do to its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from mockserver.core.problem import Conflict, Forbidden, ModelNotFound, NotFound
from mockserver.core.timeline import Status
from mockserver.library.catalogue import Catalogue
from mockserver.library.models import Model
from mockserver.library.registry import Card, Collection, Content
from mockserver.service import trainings
from mockserver.service.forms import Forms
from mockserver.service.shelf import Trained
from mockserver.service.worlds import World


MOST_MODELS: Final = 1_000
"""Models that one account may make. Source: upstream's OpenAPI document, models.create."""

_UNDATED: Final = Card(created_at_ms=1_735_689_600_000)
"""What is told of a model that nobody wrote a card for; the instant is 2025-01-01."""
_WRITABLE: Final = (
    "description",
    "readme",
    "github_url",
    "paper_url",
    "weights_url",
    "license_url",
)


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a model, which `model` describes."""

    id: str
    created_at_ms: int
    cog_version: str
    model: Model


@dataclass(frozen=True, slots=True)
class Entry:
    """A model as it is listed; `own` if the account made it. A new one has no `model` yet."""

    owner: str
    name: str
    card: Card
    versions: tuple[Version, ...]
    model: Model | None = None
    own: bool = False

    @property
    def full_name(self) -> str:
        """`owner/name`."""
        return f"{self.owner}/{self.name}"

    @property
    def description(self) -> str | None:
        """What it is for."""
        return self.card.description or (self.model.description if self.model else None)

    @property
    def latest_ms(self) -> int:
        """When its latest version came; a model without one is as old as it is itself."""
        return self.versions[0].created_at_ms if self.versions else self.card.created_at_ms


class Registry:
    """What is served of models and collections, to whichever world asks."""

    def __init__(self, catalogue: Catalogue, *, any_id: bool = False) -> None:
        self._catalogue = catalogue
        self.any_id = any_id
        self.forms = Forms(catalogue.schemas)

    @cached_property
    def _shared(self) -> Content:
        return self._catalogue.given.over(self._catalogue.shipped)

    def content(self, world: World | None) -> Content:
        """What `world` finds on the platform: the shipped, below what it was given."""
        return self._shared if world is None else world.shelf.content.over(self._shared)

    def entries(self, world: World | None) -> Iterator[Entry]:
        """Every model that `world` can see; nobody's world sees the shared ones."""
        cards = self.content(world).cards
        for model in self._catalogue.models():
            yield self._entry(cards, model)
        if world is not None:
            yield from (self._own(world, name) for name in tuple(world.shelf.cards))

    def entry(self, world: World, owner: str, name: str) -> Entry:
        """The model that is called so. Raises `NotFound`.

        Gateways of the new-api family answer 503 for a model they have no channel for, but only
        where one is run; what is only looked up they relay.
        """
        full_name = f"{owner}/{name}"
        model = self._catalogue.model(full_name)
        if model is not None:
            return self._entry(self.content(world).cards, model)
        if full_name in world.shelf.cards:
            return self._own(world, full_name)
        if not self.any_id:
            raise NotFound(f"no model is called {full_name}")
        return replace(
            self._entry(self.content(world).cards, self.any_model()), owner=owner, name=name
        )

    def version(self, entry: Entry, version_id: str) -> Version:
        """That version of a model. Raises `NotFound`."""
        for version in entry.versions:
            if version.id == version_id:
                return version
        if self.any_id:
            return Version(
                version_id, entry.card.created_at_ms, "", entry.model or self.any_model()
            )
        raise NotFound(f"{entry.full_name} has no version {version_id}")

    def official(self, world: World, owner: str, name: str) -> Model:
        """The model, if it can be run by its name alone. Raises `ModelNotFound`."""
        model = self._catalogue.model(f"{owner}/{name}")
        if model is not None and model.official:
            return model
        if self.any_id and (model is None and f"{owner}/{name}" not in world.shelf.cards):
            return self.lenient()
        raise ModelNotFound(f"{owner}/{name}", model=f"{owner}/{name}")

    def model_of_version(self, world: World, version: str) -> Model | None:
        """The model that `version` asks for, or None; the name alone is enough for official ones.

        Source: replicate.com/docs/reference/http#predictions.create.
        """
        model = self._catalogue.model_of_version(version)
        if model is not None:
            return model if model.official or version != model.full_name else None
        name, _, version_id = version.rpartition(":")
        trained = world.shelf.trained.get(version_id)
        if trained is not None and name in {"", trained.model.full_name}:
            return trained.model if _finished_ms(world, trained) is not None else None
        return self.lenient() if self.any_id else None

    def create(self, world: World, body: bytes) -> Entry:
        """A new model of this account, without a version. Raises `InputInvalid`, `Conflict`."""
        asked = self.forms.read("ModelRequest", body, hardware=self.skus(world))
        full_name = f"{asked['owner']}/{asked['name']}"
        given: dict[str, Any] = {name: asked.get(name) for name in (*_WRITABLE, "cover_image_url")}
        with world.lock:
            if full_name in world.shelf.cards or self._catalogue.model(full_name):
                raise Conflict(f"A model called {full_name} exists already")
            if len(world.shelf.cards) >= MOST_MODELS:
                raise Forbidden(f"An account has at most {MOST_MODELS} models")
            now_ms = world.clock.now_ms()
            card = Card(visibility=asked["visibility"], created_at_ms=now_ms, **given)
            world.shelf.cards[full_name] = card
        return self._own(world, full_name)

    def update(self, world: World, entry: Entry, body: bytes) -> Entry:
        """The account's own model, told differently. Raises `InputInvalid`, `Forbidden`."""
        asked = self.forms.read("ModelUpdate", body)
        changes = {name: asked[name] for name in _WRITABLE if name in asked}
        card = replace(entry.card, **changes)
        if self._is_own(entry):
            world.shelf.cards[entry.full_name] = card
        return replace(entry, card=card)

    def delete(self, world: World, entry: Entry) -> None:
        """Forget the account's own, private model without versions.

        Source of the rules: replicate.com/docs/reference/http#models.delete.
        Raises `Forbidden`, `Conflict`.
        """
        if not self._is_own(entry):
            return
        if entry.card.visibility != "private":
            raise Forbidden("Only private models can be deleted")
        if entry.versions:
            raise Conflict("The model has versions; delete them first")
        del world.shelf.cards[entry.full_name]

    def delete_version(self, world: World, entry: Entry, version: Version) -> None:
        """Forget a version of the account's own, private model. Raises `Forbidden`, `Conflict`."""
        if not self._is_own(entry):
            return
        if entry.card.visibility != "private":
            raise Forbidden("Only versions of private models can be deleted")
        if any(one.version == version.id for one in world.shelf.deployments.values()):
            raise Conflict("A deployment runs this version")
        del world.shelf.trained[version.id]

    def skus(self, world: World) -> list[str]:
        """What hardware is called here; empty where every name is good."""
        return [] if self.any_id else [one.sku for one in self.content(world).hardware]

    def collection(self, world: World, slug: str) -> Collection:
        """The collection of that slug. Raises `NotFound`."""
        known = self.content(world).collections
        for one in known:
            if one.slug == slug:
                return one
        if self.any_id and known:
            return replace(known[0], slug=slug)
        raise NotFound(f"No collection is called {slug}")

    def shown(self, world: World | None, names: tuple[str, ...]) -> Iterator[Entry]:
        """Those of the models called `names` that are served."""
        cards = self.content(world).cards
        for name in names:
            model = self._catalogue.model(name)
            if model is not None:
                yield self._entry(cards, model)
            elif world is not None and name in world.shelf.cards:
                yield self._own(world, name)

    def _is_own(self, entry: Entry) -> bool:
        """Whether it may be written to; False for an example, of which nothing is kept."""
        if entry.own:
            return True
        if self.any_id and self._catalogue.model(entry.full_name) is None:
            return False
        raise Forbidden(f"{entry.full_name} belongs to somebody else")

    def _entry(self, cards: Mapping[str, Card], model: Model) -> Entry:
        card = cards.get(model.full_name, _UNDATED)
        version = Version(model.version_id, card.created_at_ms, card.cog_version, model)
        return Entry(model.owner, model.name, card, (version,), model)

    def _own(self, world: World, full_name: str) -> Entry:
        owner, _, name = full_name.partition("/")
        versions = tuple(_versions(world, full_name))
        model = versions[0].model if versions else None
        return Entry(owner, name, world.shelf.cards[full_name], versions, model, own=True)

    def any_model(self) -> Model:
        """The model that stands for those that nobody knows."""
        return next(model for model in self._catalogue.models() if model.official)

    def lenient(self) -> Model:
        """The same, content with any input."""
        schema: dict[str, Any] = {"type": "object", "title": "Input", "properties": {}}
        return replace(self.any_model(), input_schema=schema)


def _versions(world: World, full_name: str) -> Iterator[Version]:
    """What trainings made of the account's own model, newest first."""
    for version_id, trained in reversed(world.shelf.trained.items()):
        if trained.model.full_name == full_name:
            made_ms = _finished_ms(world, trained)
            if made_ms is not None:
                yield Version(version_id, made_ms, "", trained.model)


def _finished_ms(world: World, trained: Trained) -> int | None:
    """When the training that makes this version succeeded; None if it has not, yet or ever."""
    seen = trainings.look(world, trained.training_id, now_ms=world.clock.now_ms())
    if seen.moment.status is not Status.SUCCEEDED:
        return None
    return seen.created.at_ms + seen.moment.after_ms
