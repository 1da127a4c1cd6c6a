"""The whole fake without HTTP: its data, its worlds, and the choice of a scenario."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mockserver.core.clock import Clock, clock
from mockserver.core.problem import BadControl, ModelNotFound, TokenMissing, Unauthenticated
from mockserver.core.timeline import Created, Plan
from mockserver.library.catalogue import Catalogue
from mockserver.library.errors import LibraryError
from mockserver.library.models import Model
from mockserver.library.scenarios import plan
from mockserver.service import outputs, predictions
from mockserver.service.journal import Journal
from mockserver.service.orders import Order, Orders
from mockserver.service.outputs import Outputs
from mockserver.service.rules import magic_word
from mockserver.service.settings import Settings
from mockserver.service.worlds import World, Worlds


_NOBODYS_TOKENS = frozenset({"undefined", "null", "none"})
"""What programs send that forgot to set a token."""


class Fake:
    """Everything one server holds. Two fakes share nothing."""

    def __init__(
        self, settings: Settings | None = None, catalogue: Catalogue | None = None
    ) -> None:
        self.settings = settings or Settings()
        self.catalogue = catalogue or Catalogue()
        self.worlds = Worlds(self.settings)
        self.orders = Orders(self.catalogue)
        self.outputs = Outputs(self.catalogue)
        self.lobby = Journal()
        """Interactions whose sender cannot be told: they belong to no world."""
        self.lobby_clock = clock(self.settings.clock)
        self._plans: dict[tuple[str, str, int], Plan] = {}

    def reset(self, name: str | None = None, seed: int | None = None) -> None:
        """Forget everything in the world `name`, or in all of them; begin again from `seed`."""
        self.worlds.reset(name, seed)
        if name is None:
            self.lobby = Journal()

    def begin_clocks_like(self, change: Callable[[Clock], object]) -> None:
        """Let new worlds begin with the pace that `change` gives a clock."""
        made = self.worlds.new_clock()
        before = made.rate
        change(made)
        if made.rate != before:
            self.worlds.rate = made.rate

    def account(self, token: str | None) -> str:
        """The name of the world that `token` opens. Raises `Unauthenticated`."""
        if token is None:
            raise TokenMissing("You did not pass an authentication token")
        known = not self.settings.tokens or token in self.settings.tokens
        if not known or not token or token.lower() in _NOBODYS_TOKENS:
            raise Unauthenticated("You did not pass a valid authentication token")
        return token

    def model(self, owner: str, name: str) -> Model:
        """The model that is called so. Raises `ModelNotFound`."""
        model = self.catalogue.model(f"{owner}/{name}")
        if model is None:
            raise ModelNotFound(f"{owner}/{name}", model=f"{owner}/{name}")
        return model

    def create(self, world: World, order: Order, scenario: str = "") -> Created:
        """Begin a prediction; `scenario` is the one its creator named, if any."""
        unreadable = outputs.input_problem(order.model, order.input)
        with world.lock:
            chosen = self._plan(scenario or self._scenario(world, order), order)
            if unreadable is not None:
                chosen = replace(self._plan("failed", order), error=unreadable)
            return predictions.create(world, order, chosen)

    def _scenario(self, world: World, order: Order) -> str:
        """What speaks when the creator names none: a rule, a magic word, the world's default."""
        ruled = world.rules.take(order.model.full_name, order.prompt)
        return ruled or magic_word(order.prompt) or world.scenario

    def _plan(self, scenario: str, order: Order) -> Plan:
        key = scenario, order.model.full_name, order.outputs
        known = self._plans.get(key)
        if known is None:
            try:
                known = plan(self.catalogue.scenario(scenario), order.model, order.outputs)
            except LibraryError as reason:
                raise BadControl(str(reason)) from None
            self._plans[key] = known
        return known
