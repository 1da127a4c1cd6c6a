"""A fake whose time stands still, one world of it, and an order for one picture."""

from __future__ import annotations

import pytest

from mockserver.library.catalogue import Catalogue
from mockserver.library.models import Model
from mockserver.service.fake import Fake
from mockserver.service.orders import Order
from mockserver.service.settings import Settings
from mockserver.service.worlds import World


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The data rooms; reading them once is enough, because nothing changes them."""
    return Catalogue()


@pytest.fixture(scope="session")
def pro(catalogue: Catalogue) -> Model:
    """The model most tests use: it boots for 300 ms and runs for 4,900 ms."""
    model = catalogue.model("black-forest-labs/flux-kontext-pro")
    assert model is not None
    return model


@pytest.fixture(scope="session")
def fill(catalogue: Catalogue) -> Model:
    """The model that puts out several files."""
    model = catalogue.model("black-forest-labs/flux-fill-dev")
    assert model is not None
    return model


@pytest.fixture
def fake(catalogue: Catalogue) -> Fake:
    """A fake with manual clocks."""
    return Fake(Settings(clock="manual"), catalogue)


@pytest.fixture
def world(fake: Fake) -> World:
    """One account of it."""
    return fake.worlds.named("tester")


@pytest.fixture(scope="session")
def order(pro: Model) -> Order:
    """The smallest order there is."""
    return Order(pro, {"prompt": "a lighthouse at dusk"})
