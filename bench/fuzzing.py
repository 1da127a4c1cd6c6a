"""How fast a provider is fuzzed: `mockserver fuzz` beside Schemathesis, on one Flask application.

Both draw by Hypothesis, without a database, and there is nothing to be found. Both call the same
WSGI application in this process: Schemathesis by its Python API, with the checks that it makes by
default, we by httpx, with all probes, the oracle and the model. What is counted is *judged
interactions*: requests that were drawn, answered and held against every rule, by the processor
time of this process, the application's part included. What a check of Schemathesis asks besides
(the same once more without a token) is the cost of that check; the note tells all requests, too.

*inputs*: right and wrong inputs for every model; of Schemathesis, `as_strategy` in both modes and
`call_and_validate`. *lives*: create, get, list and cancel in any order; of Schemathesis,
`as_state_machine`. It is spared one check there, `ignored_auth`, because its machine takes a
token only by a header that this check does not know. Nobody's first round counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import product
from time import process_time
from typing import TYPE_CHECKING, Any, Final

import httpx

from bench.report import Row, Rows, median_ratio
from mockserver.contract.budget import MODEL, Budget
from mockserver.contract.exam import Exam
from mockserver.contract.fuzzing.profiles import searching
from mockserver.contract.fuzzing.search import Search
from mockserver.contract.fuzzing.told import Who
from mockserver.contract.provider import HttpProvider
from mockserver.examine import Hand, given_to
from mockserver.fuzzed import Subject
from mockserver.library.catalogue import Catalogue
from mockserver.service.fake import Fake
from mockserver.service.settings import LimitStyle, OutputForm, Settings
from mockserver.web.app import create_app
from mockserver.web.front import Front


if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ROUNDS: Final = 3
EXAMPLES: Final = 40
QUICK: Final = 5
AT_LEAST: Final = 5.0
GATEWAY: Final = "replicate"
ORIGIN: Final = "http://localhost"
TOKEN: Final = "bench"  # noqa: S105 - it opens our own fake
ACCOUNTS: Final = frozenset({TOKEN, *(f"{TOKEN}-{number}" for number in range(20_000))})
"""Tokens that are accepted; no other is, so that this can be judged as well."""
PATHS: Final = (
    r"^/(models/[^/]+/[^/]+/predictions|predictions|predictions/[^/]+|predictions/[^/]+/cancel)$"
)
"""The operations that both of them ask for."""

Fuzz = Callable[[int], int]
"""Draws so many examples of each sort; returns how many interactions were judged."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Interactions that were judged in a second, and requests that were answered in it."""

    judged: float
    requests: float

    def __str__(self) -> str:
        return f"{self.judged:,.0f}/s of {self.requests:,.0f} requests/s"


@dataclass(slots=True)
class Counted:
    """An application that counts what it answers."""

    app: WSGIApplication
    count: int = 0

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """What the application answers."""
        self.count += 1
        return self.app(environ, start)

    def rates(self, fuzz: Fuzz, examples: int) -> Rates:
        """What a second of processor time is enough for."""
        begun, count = process_time(), self.count
        judged = fuzz(examples)
        took_s = process_time() - begun
        return Rates(judged / took_s, (self.count - count) / took_s)


def fuzzing(quick: bool) -> Rows:  # noqa: FBT001 - as every measurement
    """Interactions that are drawn and judged in a second, as a multiple of Schemathesis'."""
    examples, rounds = (QUICK, 1) if quick else (EXAMPLES, ROUNDS)
    settings = Settings(
        clock="manual:jump", outputs=OutputForm.URL, limits=LimitStyle.TOLD, tokens=ACCOUNTS
    )
    fake = Fake(settings, Catalogue())
    app = Counted(create_app(Front(fake)))
    stranger = Stranger(app)
    ours = _ours(fake, app)
    theirs: dict[str, Fuzz] = {"inputs": stranger.inputs, "lives": stranger.lives}
    for name in ours:
        pairs = [
            (app.rates(ours[name], examples), app.rates(theirs[name], examples))
            for _ in range(rounds + 1)
        ][1:]
        yield Row(
            f"{name}: judged interactions, Schemathesis = 1",
            median_ratio((one.judged, other.judged) for one, other in pairs),
            at_least=AT_LEAST,
            note="; ".join(map(str, pairs[0])),
        )


def _ours(fake: Fake, app: WSGIApplication) -> dict[str, Fuzz]:
    """What `mockserver fuzz` does."""
    catalogue = fake.catalogue
    profile, model = catalogue.gateway(GATEWAY), catalogue.model(MODEL)
    assert model is not None  # noqa: S101 - it is one of ours
    hand = Hand(fake, TOKEN)
    client = httpx.Client(transport=httpx.WSGITransport(app))
    provider = HttpProvider(profile, f"{ORIGIN}{profile.base_path}", TOKEN, client, hand)
    exam = Exam(provider, model, given_to(model), hand.advance, Budget(None))
    models = [one for one in catalogue.models() if one.official]
    scenarios = {one.name: one for one in catalogue.scenarios()}
    subject = Subject(exam, models, scenarios, Who(profile, "", "", ORIGIN))

    def inputs(examples: int) -> int:
        search = Search(subject.begin, searching("ci", examples))
        search.mistakes(subject.scope)
        search.valid(subject.scope)
        return search.asked

    def lives(examples: int) -> int:
        search = Search(subject.begin, searching("ci", examples))
        search.lives(subject.scope)
        return search.asked

    return {"inputs": inputs, "lives": lives}


class Stranger:
    """What Schemathesis does."""

    def __init__(self, app: WSGIApplication) -> None:
        import schemathesis
        from schemathesis.generation import GenerationMode

        document = f"{Catalogue().gateway(GATEWAY).base_path}/openapi.json"
        # Its types end where its own engine takes over.
        loaded: Any = schemathesis.openapi.from_wsgi(document, app)
        self._schema = loaded.include(path_regex=PATHS)
        self._headers = {"Authorization": f"Bearer {TOKEN}"}
        operations = [one.ok() for one in self._schema.get_all_operations()]
        self._strategies = [
            operation.as_strategy(generation_mode=mode)
            for operation, mode in product(operations, GenerationMode)
        ]
        self._judged = 0

    def inputs(self, examples: int) -> int:
        """Every operation, in both modes."""
        from hypothesis import given

        before = self._judged
        for strategy in self._strategies:
            drawn: Any = given(strategy)
            searching("ci", examples)(drawn(self._called))()
        return self._judged - before

    def lives(self, examples: int) -> int:
        """Its state machine."""
        before = self._judged
        self._schema.config.checks.ignored_auth.enabled = False
        machine = self._schema.as_state_machine()
        members = {
            "get_call_kwargs": lambda _self, _case: {"headers": self._headers},
            "validate_response": lambda *told, **named: self._validated(
                machine.validate_response, *told, **named
            ),
        }
        lived: Any = type("Lives", (machine,), members)
        lived.run(settings=searching("ci", examples))
        return self._judged - before

    def _called(self, case: Any) -> None:
        self._validated(case.call_and_validate, headers=self._headers)

    def _validated(self, validate: Callable[..., object], *told: Any, **named: Any) -> None:
        from schemathesis.core.failures import FailureGroup

        self._judged += 1
        # A case without a token is given one here, and its being taken is no failure.
        with suppress(FailureGroup):
            validate(*told, **named)
