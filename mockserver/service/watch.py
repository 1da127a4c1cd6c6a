"""A prediction whose life is told by webhooks, and what of it was told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from mockserver.core import readers, webhook
from mockserver.core.timeline import Created, timeline
from mockserver.core.webhook import Hook
from mockserver.service.deliveries import Render
from mockserver.service.store.protocol import Store


@dataclass(slots=True)
class Watch:
    """One such prediction. `next_ms` is when to look at it again, `interventions` what was known.

    `changed` is called whenever something else may be due.
    """

    created: Created
    render: Render
    ordinal: int
    store: Store
    changed: Callable[[], None]
    unsubscribe: Callable[[], None] = lambda: None
    told: set[tuple[str, int]] = field(default_factory=set)
    next_ms: int | None = None
    interventions: int = 0

    def left(self) -> list[Hook]:
        """What is left to be told."""
        created, interventions = self.store.events(self.created.id)
        self.interventions = len(interventions)
        told = webhook.hooks(timeline(created, interventions), created.webhook_events_filter)
        return [hook for hook in told if (hook.event, hook.after_ms) not in self.told]

    @property
    def ends(self) -> bool:
        """Whether an end is ahead or past; what has none may yet be canceled, which is told."""
        return readers.ending(timeline(*self.store.events(self.created.id))) is not None

    @property
    def over_ms(self) -> int:
        """World time of the last that was told, or that was done to it."""
        told = (self.created.at_ms + after_ms for _, after_ms in self.told)
        done = (event.at_ms for event in self.store.events(self.created.id)[1])
        return max((*told, *done))

    def copy(self, store: Store) -> Watch:
        """The same over `store`, to go on apart from this one."""
        return replace(self, store=store, told=set(self.told), next_ms=None)
