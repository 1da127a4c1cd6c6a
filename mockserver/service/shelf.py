"""What one world has of its own besides predictions: models, deployments, trainings, content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mockserver.library.models import Model
from mockserver.library.registry import Card, Content, Deployment
from mockserver.service.store.memory import MemoryStore
from mockserver.service.store.protocol import Store


@dataclass(frozen=True, slots=True)
class Trained:
    """A version that exists as soon as its training has succeeded."""

    training_id: str
    model: Model


@dataclass(slots=True)
class Shelf:
    """Everything here belongs to one world; what is shipped is never written to."""

    content: Content = field(default_factory=Content)
    """What was given to this world while it ran."""
    cards: dict[str, Card] = field(default_factory=dict)
    """The models that were made here, by name."""
    trained: dict[str, Trained] = field(default_factory=dict)
    """The versions that trainings make, by id."""
    deployments: dict[str, Deployment] = field(default_factory=dict)
    used_ms: dict[str, int] = field(default_factory=dict)
    """When each deployment was last in use."""
    trainings: Store = field(default_factory=MemoryStore)
    destinations: dict[str, str] = field(default_factory=dict)
    """The model that each training is for."""
    extras: dict[str, Mapping[str, object]] = field(default_factory=dict)
    """Members that a prediction shows besides, or in the place of, those of its timeline."""
    streams: dict[str, str] = field(default_factory=dict)
    """Ids of another form than ours, by the name of their stream."""

    def copy(self) -> Shelf:
        """The same, to be put on and taken from apart from this one."""
        return Shelf(
            content=self.content,
            cards=dict(self.cards),
            trained=dict(self.trained),
            deployments=dict(self.deployments),
            used_ms=dict(self.used_ms),
            trainings=self.trainings.copy(),
            destinations=dict(self.destinations),
            extras=dict(self.extras),
            streams=dict(self.streams),
        )
