"""What an account finds: its own data and the platform's, as files and documents give them.

A data folder and a data document hold the same sections; the shipped one is `fixtures/registry`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from mockserver.core.timeline import Status
from mockserver.library.models import Model


@dataclass(frozen=True, slots=True)
class Account:
    """Who a token stands for."""

    type: str
    username: str
    name: str | None = None
    github_url: str | None = None
    avatar_url: str | None = None


@dataclass(frozen=True, slots=True)
class Hardware:
    """Something that models run on."""

    sku: str
    name: str


@dataclass(frozen=True, slots=True)
class Card:
    """What is told of a model besides its schema; None where nothing is known."""

    visibility: str = "public"
    description: str | None = None
    github_url: str | None = None
    paper_url: str | None = None
    weights_url: str | None = None
    license_url: str | None = None
    cover_image_url: str | None = None
    readme: str | None = None
    run_count: int = 0
    cog_version: str = ""
    created_at_ms: int = 0
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Collection:
    """Models that somebody put together."""

    slug: str
    name: str
    description: str
    full_description: str | None
    models: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the documentation that a search can find."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Deployment:
    """A model kept at hand under an own name, in its current release."""

    owner: str
    name: str
    number: int
    model: str
    version: str
    hardware: str
    min_instances: int
    max_instances: int
    created_at_ms: int

    @property
    def full_name(self) -> str:
        """`owner/name`."""
        return f"{self.owner}/{self.name}"


@dataclass(frozen=True, slots=True)
class Run:
    """A prediction or a training that was made elsewhere; `destination` is a training's."""

    id: str
    model: str
    version: str
    status: Status
    created_at_ms: int
    started_at_ms: int | None
    completed_at_ms: int | None
    input: Mapping[str, object] = field(hash=False)
    output: object = field(hash=False)
    error: str | None
    logs: str
    metrics: Mapping[str, object] = field(hash=False)
    data_removed: bool
    source: str
    deployment: str = ""
    destination: str = ""


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file of a data folder, by its name."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that a folder or a document gives; what it does not speak of is empty."""

    account: Account | None = None
    hardware: tuple[Hardware, ...] = ()
    cards: Mapping[str, Card] = field(default_factory=dict)
    models: tuple[Model, ...] = ()
    collections: tuple[Collection, ...] = ()
    pages: tuple[Page, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    predictions: tuple[Run, ...] = ()
    trainings: tuple[Run, ...] = ()
    files: tuple[GivenFile, ...] = ()

    def over(self, below: Content) -> Content:
        """Both; where they speak of the same, this one is heard."""
        slugs = {one.slug for one in self.collections}
        kept = tuple(one for one in below.collections if one.slug not in slugs)
        return replace(
            below,
            account=self.account or below.account,
            hardware=self.hardware or below.hardware,
            cards={**below.cards, **self.cards},
            models=(*below.models, *self.models),
            collections=(*kept, *self.collections),
            pages=(*below.pages, *self.pages),
            deployments=(*below.deployments, *self.deployments),
            predictions=(*below.predictions, *self.predictions),
            trainings=(*below.trainings, *self.trainings),
            files=(*below.files, *self.files),
        )
