"""Examples of predictions: a world whose time stands still, where each model has run once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, Final

from mockserver.core import ids
from mockserver.core.clock import FROZEN, Clock
from mockserver.core.timeline import Created
from mockserver.library.catalogue import Catalogue
from mockserver.library.json_text import dumps_sorted
from mockserver.library.models import Model
from mockserver.library.scenarios import plan
from mockserver.service import predictions
from mockserver.service.bell import WorldBell
from mockserver.service.orders import Order
from mockserver.service.predictions import Seen
from mockserver.service.worlds import KEY_LENGTH, World


OPENED_MS: Final = 1_753_773_162_163
"""When the examples were made: 2025-07-29T07:12:42.163Z, the instant of a documented example."""
OPEN_FOR_MS: Final = 10 * 60 * 1000
"""How long ago that is, for ever: every example has ended, and none has lost its data."""

_PROMPT: Final = "a lighthouse at dusk"


class Gallery:
    """One ended prediction of each model, made when it is first asked for."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._made: dict[str, Created] = {}

    @cached_property
    def world(self) -> World:
        """Where the examples are: their addresses name it as those of any world."""
        clock = Clock(FROZEN, start_ms=OPENED_MS + OPEN_FOR_MS)
        key = ids.token(b"examples", KEY_LENGTH)
        return World(key, "examples", 0, "happy", clock, WorldBell(clock))

    def with_key(self, key: str) -> World | None:
        """The world of the examples, if `key` is its own."""
        return self.world if key == self.world.key else None

    def example(self, model: Model) -> Seen:
        """The example of `model`."""
        with self.world.lock:
            created = self._made.get(model.full_name) or self._make(model)
        return predictions.look(self.world, created.id)

    def stand_in(self, model: Model, prediction_id: str) -> Seen:
        """The same, under another id."""
        seen = self.example(model)
        return Seen(replace(seen.created, id=prediction_id), seen.moments, seen.now_ms)

    def _make(self, model: Model) -> Created:
        order = Order(model, example_input(model))
        chosen = plan(self._catalogue.scenario("happy"), model, order.outputs)
        at_ms = OPENED_MS + len(self._made)
        created = Created(
            id=ids.prediction_id(at_ms, ids.entropy(0, len(self._made), b"example")),
            at_ms=at_ms,
            model=model.full_name,
            version=model.version,
            input=dumps_sorted(order.input),
            seed=int.from_bytes(ids.entropy(0, len(self._made), b"example seed")[:4]),
            plan=chosen,
        )
        self.world.store.append(created.id, created)
        self._made[model.full_name] = created
        return created


def example_input(model: Model) -> Mapping[str, object]:
    """What the model needs at least: its required inputs, by their defaults or types."""
    schema: Any = model.input_schema
    properties = schema.get("properties", {})
    return {name: _example(properties.get(name, {})) for name in schema.get("required", ())}


def _example(schema: Mapping[str, Any]) -> object:
    if "default" in schema or schema.get("enum"):
        return schema.get("default", (schema.get("enum") or [None])[0])
    if schema.get("format") == "uri":
        return "https://replicate.delivery/examples/input.png"
    types = schema.get("type", "string")
    kind = types if isinstance(types, str) else types[0]
    return _BY_TYPE.get(kind, lambda _: _PROMPT)(schema)


_BY_TYPE: Final[Mapping[str, Any]] = {
    "integer": lambda schema: schema.get("minimum", 1),
    "number": lambda schema: schema.get("minimum", 1),
    "boolean": lambda _: False,
    "array": lambda _: [],
    "object": lambda _: {},
}
