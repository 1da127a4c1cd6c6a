"""The whole fake without HTTP: its data, its worlds, and the choice of a scenario."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import blake2b

from mockserver.core import run_limit
from mockserver.core.clock import Clock, clock
from mockserver.core.fault import Source
from mockserver.core.problem import BadControl, ModelNotFound, TokenMissing, Unauthenticated
from mockserver.core.timeline import Created, Plan, Status
from mockserver.library.catalogue import Catalogue
from mockserver.library.errors import LibraryError
from mockserver.library.models import Model
from mockserver.library.scenarios import plan
from mockserver.service import outputs, predictions
from mockserver.service.courier import Courier
from mockserver.service.egress import Egress
from mockserver.service.faults import Set
from mockserver.service.gallery import Gallery
from mockserver.service.given import Given
from mockserver.service.journal import Journal
from mockserver.service.limits import Standing, standing
from mockserver.service.orders import Order, Orders
from mockserver.service.outputs import Outputs
from mockserver.service.registry import Registry
from mockserver.service.rules import magic_word
from mockserver.service.settings import RunLimit, Settings
from mockserver.service.snapshots import Snapshots
from mockserver.service.worlds import World, Worlds


_NOBODYS_TOKENS = frozenset({"undefined", "null", "none"})
"""What programs send that forgot to set a token."""
_NOT_VALID = "You did not pass a valid authentication token"


class Fake:
    """Everything one server holds. Two fakes share nothing."""

    def __init__(
        self, settings: Settings | None = None, catalogue: Catalogue | None = None
    ) -> None:
        self.settings = settings or Settings()
        self.catalogue = (catalogue or Catalogue()).own()
        self.worlds = Worlds(self.settings)
        self.orders = Orders(self.catalogue)
        self.outputs = Outputs(self.catalogue)
        self.courier = Courier(Egress(self.settings.allowed_webhooks))
        self.registry = Registry(self.catalogue, any_id=self.settings.any_id)
        self.gallery = Gallery(self.catalogue)
        self.given = Given(self.catalogue)
        self.snapshots = Snapshots()
        self.worlds.furnish = self.given.furnish if self.catalogue.data else None
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
            raise Unauthenticated(_NOT_VALID)
        if standing(token) is Standing.INVALID:
            raise Unauthenticated(_NOT_VALID)
        return token

    def model(self, owner: str, name: str) -> Model:
        """The model that is called so. Raises `ModelNotFound`."""
        model = self.catalogue.model(f"{owner}/{name}")
        if model is None:
            raise ModelNotFound(f"{owner}/{name}", model=f"{owner}/{name}")
        return model

    def create(self, world: World, order: Order, scenario: str = "") -> Created:
        """Begin a prediction; `scenario` is the one its creator named, if any."""
        unreadable = outputs.input_problem(
            order.model, order.input, world.files.taking(world.clock.now_ms())
        )
        with world.lock:
            lived = scenario or self._scenario(world, order)
            chosen = self._plan(lived, order)
            if unreadable is not None:
                chosen = replace(self._plan("failed", order), error=unreadable)
            for strike in order.struck:
                chosen = strike.kind.plan(chosen, strike) if strike.kind.plan else chosen
            created = predictions.create(world, order, chosen)
            self._leave_faults(world, created, lived, order.faults)
            return created

    def _leave_faults(
        self, world: World, created: Created, scenario: str, asked: tuple[Set, ...]
    ) -> None:
        """Let those go with the prediction that its creator and its scenario ask for."""
        scripted = self.catalogue.scenario(scenario).faults
        if scripted or asked or world.faults.active:
            own = (Set(one, Source.SCENARIO, created.at_ms) for one in scripted)
            made_of = blake2b(created.model.encode() + created.input, digest_size=8).hexdigest()
            world.faults.born(created.id, made_of, (*asked, *own))

    def planned(self, world: World, order: Order, scenario: str = "") -> Plan:
        """How what is ordered will go; `scenario` is the one its creator named, if any."""
        return self._plan(scenario or self._scenario(world, order), order)

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
            known = self._plans[key] = self._limited(known)
        return known

    def _limited(self, wanted: Plan) -> Plan:
        """The plan, with a run that takes too long cut as the settings say."""
        limit = self.settings.run_limit
        if limit is RunLimit.NONE:
            return wanted
        return run_limit.within_run_limit(wanted, Status(limit))
