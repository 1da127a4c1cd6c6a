"""Who is examined: a gateway behind an address, or our own fake of it, in this process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from mockserver.contract.budget import Budget
from mockserver.library.errors import LibraryError


if TYPE_CHECKING:
    import httpx

    from mockserver.contract.exam import Exam, Mail
    from mockserver.library.catalogue import Catalogue
    from mockserver.library.models import Model
    from mockserver.service.fake import Fake

TIMEOUT_S: Final = 90.0
"""How long one answer is waited for: a sync answer may take a minute."""
OWN_ORIGIN: Final = "http://127.0.0.1:4010"
"""Where our own fake is called: as if by `mockserver serve`, so that what is told can be tried."""
PROMPT: Final = "a lighthouse at dusk"


@dataclass(frozen=True, slots=True)
class Target:
    """Who is examined, with which key, about which model; no `url` is our own fake.

    `fault` is what goes wrong in our fake, and `draws` whether its sync answers carry pictures.
    `other_token` is the key of a second account. `data` is a folder with gateways and models
    besides those that ship.
    """

    url: str
    gateway: str
    token: str
    model: str
    deadline_s: float
    fault: str = ""
    other_token: str = ""
    data: Path | None = None
    draws: bool = True

    @property
    def is_ours(self) -> bool:
        """Whether it is on this machine, where predictions cost nothing."""
        return not self.url or urlsplit(self.url).hostname in ("127.0.0.1", "localhost", "::1")


@contextmanager
def exam_of(
    target: Target, budget: Budget, webhook_url: str = "", webhook_port: int = 0
) -> Iterator[Exam]:
    """An exam that is ready to ask, and can be written to where the gateway can reach it.

    `webhook_url` is a public address that leads to `webhook_port` of this machine. Raises
    `LibraryError` for what there is not, `OSError` if the port cannot be had.
    """
    import httpx

    from mockserver.contract.exam import Exam
    from mockserver.contract.provider import HttpProvider
    from mockserver.core.clock import wall_ms
    from mockserver.library.catalogue import Catalogue

    catalogue = Catalogue(data=target.data)
    profile = catalogue.gateway(target.gateway)
    model = model_called(catalogue, target.model)
    hand: Hand | None = None
    if not target.url:
        ours = own_fake(catalogue, target)
        base_url, hand = f"{OWN_ORIGIN}{profile.base_path}", Hand(ours.fake, target.token)
        client, pause, now_ms = ours.client, hand.advance, hand.now_ms
    elif target.url.startswith(("http://", "https://")):
        base_url = target.url.rstrip("/")
        client, pause, now_ms = httpx.Client(timeout=TIMEOUT_S), _wait, wall_ms
    else:
        raise LibraryError(f"expected a base URL like https://host/v1, seen {target.url!r}")
    with client, _mail(target, webhook_url, webhook_port) as mail:
        mail.now_ms = now_ms
        yield Exam(
            HttpProvider(profile, base_url, target.token, client, hand, now_ms),
            model,
            given_to(model),
            pause,
            budget,
            target.deadline_s,
            mail,
            other_token=target.other_token or ("" if target.url else _NEIGHBOUR),
        )


_NEIGHBOUR: Final = "another-token"
"""At our own fake every token is an account."""


@dataclass(frozen=True, slots=True)
class Hand:
    """The hand on one account of a fake in this process: its time, and what will happen there."""

    fake: Fake
    token: str

    def advance(self, seconds: float) -> None:
        """Move the time of the account on, and deliver what that makes due."""
        world = self.fake.worlds.named(self.token)
        world.clock.advance(round(seconds * 1000))
        self.fake.courier.perform(world)

    def choosing(self, scenario: str) -> Mapping[str, str]:
        """The headers that make a create call begin `scenario`."""
        return {"X-Mock-Scenario": scenario}

    def now_ms(self) -> int:
        """What time it is there."""
        return self.fake.worlds.named(self.token).clock.now_ms()


@dataclass(frozen=True, slots=True)
class OwnFake:
    """A new fake, and a client of it."""

    fake: Fake
    client: httpx.Client


def own_fake(catalogue: Catalogue, target: Target) -> OwnFake:
    """A new fake of the target's gateway, whose clock stands still.

    Raises `LibraryError` for a fault that there is not.
    """
    import httpx

    from mockserver.library.faults.catalogue import checked
    from mockserver.mount import FakeTransport
    from mockserver.service.fake import Fake
    from mockserver.service.settings import OutputForm, Settings
    from mockserver.web.front import Front

    checked(target.fault, by_server=True)
    outputs = OutputForm.AUTO if target.draws else OutputForm.URL
    settings = Settings(
        gateway=target.gateway, clock="manual", fault=target.fault, outputs=outputs
    )
    fake = Fake(settings, catalogue)
    return OwnFake(fake, httpx.Client(transport=FakeTransport(Front(fake))))


def _mail(target: Target, public_url: str, port: int) -> AbstractContextManager[Mail]:
    """Where webhooks arrive; nowhere if the gateway could not reach this machine."""
    from mockserver.contract.exam import Mail
    from mockserver.contract.receiver import receiving

    reachable = target.is_ours or public_url
    return receiving(public_url, port) if reachable else nullcontext(Mail())


def model_called(catalogue: Catalogue, full_name: str) -> Model:
    """The model named `owner/name`. Raises `LibraryError` where there is none."""
    model = catalogue.model(full_name)
    if model is None:
        raise LibraryError(f"no model is called {full_name}; see `mockserver schemas list`")
    return model


def given_to(model: Model) -> dict[str, object]:
    """An input that the model takes, and that its echo can be compared by."""
    # A JSON Schema is a tree of whatever JSON can hold.
    schema: Mapping[str, Any] = model.input_schema
    properties, required = schema.get("properties", {}), schema.get("required", ())
    given: dict[str, object] = {"prompt": PROMPT} if "prompt" in properties else {}
    given |= {name: _PICTURE for name in required if name in model.file_inputs}
    if _FORMAT in properties.get("output_format", {}).get("enum", ()):
        given["output_format"] = _FORMAT
    return given | ({"num_outputs": 2} if "num_outputs" in properties else {})


_FORMAT: Final = "png"


_PICTURE: Final = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwAD"
    "hgGAWjR9awAAAABJRU5ErkJggg=="
)


def _wait(seconds: float) -> None:
    """Let real time pass; Ctrl-C ends it."""
    Event().wait(seconds)
