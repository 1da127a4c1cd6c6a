"""What an exam brings to light: everything that was said, and what was meant by it.

Probes read it and nothing else, so what they find in a recording they find in a live run too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from mockserver.contract.looks import answered, posted
from mockserver.core.interaction import Interaction, Request
from mockserver.library.gateways import Gateway
from mockserver.library.json_text import members
from mockserver.library.models import Model


class Intent(StrEnum):
    """What a request was meant to show."""

    CREATE = "create a prediction"
    CREATE_SYNC = "create one and wait for it (Prefer: wait)"
    LOOK = "look at a prediction"
    LOOK_AGAIN = "look at a prediction that has ended"
    PEEK = "look at a prediction, at whatever time, without waiting for it"
    FOLLOW = "follow urls.get with the same token"
    LIST_BEFORE = "list predictions before any is made"
    LIST = "list predictions"
    LIST_NEXT = "follow next of a list"
    LIST_PREVIOUS = "follow previous of the page that next led to"
    CANCEL = "cancel a prediction that runs"
    CANCEL_AGAIN = "cancel a prediction that has ended"
    STREAM = "listen to urls.stream"
    OUTPUT = "download an output"
    SECRET = "ask for the secret that signs webhooks"  # noqa: S105 - it opens nothing
    NO_TOKEN = "create without a token"  # noqa: S105 - it opens nothing
    WRONG_TOKEN = "create with a token that nobody has"  # noqa: S105 - it opens nothing
    UNSET_TOKEN = "create as a program does that forgot to set its token"  # noqa: S105 - it opens nothing
    OTHER_ACCOUNT = "look at a prediction of another account"
    OTHER_LIST = "list the predictions of an account beside the one that made some"
    INPUT_MISSING = "create with an empty body"
    INPUT_WRONG = "create with one input of the wrong type"
    NOT_JSON = "create with a body that is no JSON"
    UNKNOWN_MODEL = "create of a model that nobody has"
    UNKNOWN_ID = "look at a prediction that nobody made"
    UNKNOWN_PATH = "ask for a path that nobody has"
    WRONG_METHOD = "ask with a method that the path does not have"
    EXACT = "create with what only exact relays carry"
    SECRETS = "look with secrets in headers that upstream never asked for"
    UPSTREAM_FAILS = "create while upstream refuses or breaks down"
    UPSTREAM_FAILS_LOOK = "look while upstream refuses or breaks down"


CANCELS = frozenset({Intent.CANCEL, Intent.CANCEL_AGAIN})
CREATES = frozenset({Intent.CREATE, Intent.CREATE_SYNC})
LOOKS = frozenset({Intent.LOOK, Intent.LOOK_AGAIN, Intent.PEEK, Intent.FOLLOW})
STRANGERS = frozenset({Intent.NO_TOKEN, Intent.WRONG_TOKEN, Intent.UNSET_TOKEN})
MISTAKES = frozenset({Intent.INPUT_MISSING, Intent.INPUT_WRONG, Intent.NOT_JSON})
OTHERS = frozenset({Intent.OTHER_ACCOUNT, Intent.OTHER_LIST})
"""What is only asked where the exam has the key of a second account."""
FUZZED = frozenset({Intent.PEEK})
"""What no case of an exam asks, only fuzzing."""
BOTH_ENDS = frozenset(
    {Intent.EXACT, Intent.SECRETS, Intent.UPSTREAM_FAILS, Intent.UPSTREAM_FAILS_LOOK}
)
"""What is only asked where the exam sees what arrives behind the gateway."""


@dataclass(frozen=True)
class Exchange:
    """One request, what was meant by it, and its answer read in upstream's terms.

    `given` is the input that a create call sent; `fault` the one field in it that is wrong, by
    its dotted path from the body. `raw` is the answer as it came. `error` says why
    there is none; then status is 0.
    `took_ms` is real time; `arrivals_ms` tells, of a stream, when each part came. `behind` is what
    arrived at upstream meanwhile, and what was answered there (status 0: the connection broke).
    """

    intent: Intent
    interaction: Interaction
    raw: Interaction
    took_ms: int = 0
    error: str = ""
    given: Mapping[str, object] = field(default_factory=dict)
    arrivals_ms: tuple[int, ...] = ()
    behind: tuple[Interaction, ...] = ()
    fault: str = ""

    @property
    def status(self) -> int:
        """The status of the answer; 0 where none came."""
        return self.interaction.status

    @property
    def request(self) -> Request:
        """What was asked."""
        return self.interaction.request

    @property
    def url(self) -> str:
        """Where it was asked, without the query."""
        return f"{self.request.scheme}://{self.request.header('host')}{self.request.path}"

    @cached_property
    def body(self) -> Mapping[str, object]:
        """The JSON object of the answer; one without members where there is none."""
        return members(answered(self.interaction))

    @property
    def went_well(self) -> bool:
        """Whether the answer is a success."""
        return 200 <= self.status < 300  # noqa: PLR2004 - 2xx

    @property
    def prediction_id(self) -> str:
        """The prediction that the answer tells of, if it tells of one."""
        told = self.body.get("id")
        return told if isinstance(told, str) else ""


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook that arrived."""

    request: Request
    at_ms: int

    @property
    def body(self) -> Mapping[str, object]:
        """The JSON object that it is; one without members where it is none."""
        return posted(self.request)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that one exam said and heard.

    `both_ends`: the exam also saw what arrived behind the gateway, at `upstream_url`; `canaries`
    are secrets by what they are called, none of which may come out there.
    """

    profile: Gateway
    base_url: str
    model: Model
    exchanges: tuple[Exchange, ...] = ()
    hooks: tuple[Hook, ...] = ()
    hook_secret: str = ""
    both_ends: bool = False
    upstream_url: str = ""
    canaries: Mapping[str, str] = field(default_factory=dict)

    def of(self, *intents: Intent) -> Iterator[Exchange]:
        """The exchanges that were meant so."""
        return (one for one in self.exchanges if one.intent in intents)

    @property
    def interactions(self) -> tuple[Interaction, ...]:
        """All answers that came, in upstream's terms."""
        return tuple(one.interaction for one in self.exchanges if not one.error)
