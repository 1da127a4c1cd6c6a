"""What a kind of fault is: its name, where it belongs, and what it does to which value.

A kind is a function from a value to a value: it edits a reply, a request, a plan, the events of a
stream, or a webhook. It never waits, sends or counts; the value says what happens on the wire.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from enum import StrEnum
from inspect import cleandoc
from typing import Final, TypedDict, Unpack

from mockserver.core.fault import Draw, Fault, Operation, Phase, Source
from mockserver.core.interaction import Request
from mockserver.core.letter import Letter, Posting, Seal
from mockserver.core.limit import Bucket
from mockserver.core.reply import Answer, Bell, Reply, Script
from mockserver.core.signature import TIMESTAMP
from mockserver.core.timeline import Intervention, Plan
from mockserver.library.faults.params import Param, Value


Events = tuple[bytes, ...]
"""Server-sent events as they stand on the wire, each with the empty line that ends it."""


@dataclass(frozen=True, slots=True)
class Last:
    """What a stream still does before it ends in order, whatever else there was to tell."""

    script: Script = ()


Ask = Callable[[], Answer]

API: Final = frozenset(Operation) - {Operation.WEBHOOK}
"""Everything that a client asks."""
TOLD: Final = frozenset({Operation.CREATE, Operation.GET, Operation.LIST, Operation.CANCEL})
"""What answers with predictions."""


class Needs(StrEnum):
    """What an edge must have to perform a fault."""

    REPLY = "nothing but replies"
    BYTES = "the bytes of a connection, or a parser in their place"
    SOCKET = "a connection that outlives a request"
    TRANSPORT = "the client's own transport, in-process: there is no connection"
    LISTENER = "the handshakes of a server: it is set for all of them, where it is started"


SERVER: Final = frozenset({Needs.REPLY, Needs.BYTES, Needs.SOCKET})
"""What our own server has."""
MOUNT: Final = frozenset({Needs.REPLY, Needs.BYTES, Needs.TRANSPORT})
"""What a mount behind a client has."""
WSGI: Final = frozenset({Needs.REPLY})
"""What any other server has."""


_NOTHING: Final = Request("", "")
_UNSEALED: Final = Seal()


@dataclass(frozen=True, slots=True)
class Strike:
    """One fault that strikes one request: which kind, how often before, and what it may draw on.

    `ordinal` counts from 1 the requests of this operation about this `subject`; `now_ms` is world
    time; `refusal` words a status as the gateway does; `memory` is kept for this subject by the
    world, so that a kind can remember what it told before; `seal` signs a webhook's body anew for
    a timestamp in seconds; `running` counts the predictions of the account that have not ended.
    """

    fault: Fault
    source: Source
    kind: Kind
    operation: Operation
    subject: str
    ordinal: int
    draw: Draw
    now_ms: int
    params: Mapping[str, Value] = field(default_factory=dict)
    request: Request = _NOTHING
    base_url: str = ""
    bell: Bell | None = None
    refusal: Callable[[int], Reply] = Reply
    seal: Seal = _UNSEALED
    memory: MutableMapping[str, object] = field(default_factory=dict)
    running: Callable[[], int] = lambda: 0

    @property
    def phase(self) -> Phase:
        """Before or after the request took effect: as the fault says, else as its kind does."""
        return self.fault.phase or self.kind.phase

    @property
    def told(self) -> str:
        """What the journal says of it."""
        params = "".join(f";{name}={value}" for name, value in self.params.items())
        where = f"{self.operation} {self.ordinal}, {self.phase} it took effect"
        return f"fault {self.fault.key}: {self.kind.name}{params} ({where})"

    def sealed(self, letter: Letter, body: bytes) -> Letter:
        """The letter with another body, signed for the time it was signed for."""
        return self.seal(letter, letter.header(TIMESTAMP) or self.now_ms // 1000, body)

    def word(self, name: str) -> str:
        """The parameter `name`, which is a word."""
        return str(self.params[name])

    def number(self, name: str) -> int:
        """The parameter `name`, which is a whole number."""
        return int(self.params[name])


ReplyEdit = Callable[[Reply, Strike], Reply]
RequestEdit = Callable[[Request, Strike], Request]
PlanEdit = Callable[[Plan, Strike], Plan]
StreamEdit = Callable[[Events, Events, Strike], Script | Last]
"""What becomes of events that come now, behind those that came before."""
LetterEdit = Callable[[Letter, Strike], Letter]
PostingEdit = Callable[[Posting, Strike], Posting]
AskEdit = Callable[[Ask, Strike], Answer]
EventEdit = Callable[[Intervention, Strike], Intervention | None]
"""What becomes of an event that a request adds to a prediction; None where nothing happens."""
BucketEdit = Callable[[Bucket, Strike], Bucket]
"""Which bucket a request takes from; it is enforced whatever the settings say."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault. Its edits say what it does; most kinds have a single one.

    `on` is where it strikes unless a fault says otherwise, `possible` where it may be told to.
    `fixed`: it needs what took effect, so that its phase cannot be chosen.
    `lasting`: a create call that asks for it means all that will be told of what it creates.
    `tests` are the promises of a good client that it puts to the test (K1 to K20).
    """

    name: str
    says: str
    on: frozenset[Operation] = API
    possible: frozenset[Operation] = API
    phase: Phase = Phase.AFTER
    fixed: bool = False
    lasting: bool = False
    needs: Needs = Needs.REPLY
    params: tuple[Param, ...] = ()
    tests: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    source: str = ""
    reply: ReplyEdit | None = None
    request: RequestEdit | None = None
    plan: PlanEdit | None = None
    stream: StreamEdit | None = None
    letter: LetterEdit | None = None
    posting: PostingEdit | None = None
    ask: AskEdit | None = None
    event: EventEdit | None = None
    bucket: BucketEdit | None = None

    @property
    def changes_more(self) -> bool:
        """Whether it changes anything besides what an answer or a webhook says."""
        acts = (self.request, self.plan, self.ask, self.event, self.bucket, self.posting)
        return any(acts) or (self.letter is not None and self.reply is None)

    @property
    def family(self) -> str:
        """What stands before the dot."""
        return self.name.partition(".")[0]

    def values(self, given: Mapping[str, str]) -> dict[str, Value]:
        """The value of each parameter. Raises `ValueError` for one that it has not."""
        known = {param.name: param for param in self.params}
        for name in given:
            if name not in known:
                has = ", ".join(known) or "none"
                raise ValueError(f"{self.name} has no parameter {name!r} (it has: {has})")
        return {name: param.value(given.get(name)) for name, param in known.items()}


class About(TypedDict, total=False):
    """What else an entry says of its kind."""

    on: frozenset[Operation]
    possible: frozenset[Operation]
    phase: Phase
    fixed: bool
    lasting: bool
    needs: Needs
    params: tuple[Param, ...]
    tests: tuple[str, ...]
    aliases: tuple[str, ...]
    source: str


class Edits(TypedDict, total=False):
    """What a kind does, by what it does it to."""

    reply: ReplyEdit
    request: RequestEdit
    plan: PlanEdit
    stream: StreamEdit
    letter: LetterEdit
    posting: PostingEdit
    ask: AskEdit
    event: EventEdit
    bucket: BucketEdit


def kind(name: str, edit: Callable[..., object], edits: Edits, about: About) -> Kind:
    """The kind called `name`: `edit` says what it is, `edits` what it does.

    Where it is only said where it strikes by default, it can strike there and nowhere else.
    """
    on = about.get("on", API)
    placed: About = {"possible": on, **about, "on": on}
    return Kind(name=name, says=cleandoc(edit.__doc__ or ""), **edits, **placed)


def reply_fault(name: str, **about: Unpack[About]) -> Callable[[ReplyEdit], Kind]:
    """Makes an edit of replies a kind."""
    return lambda edit: kind(name, edit, {"reply": edit}, about)


def request_fault(name: str, **about: Unpack[About]) -> Callable[[RequestEdit], Kind]:
    """Makes an edit of requests a kind: the fake hears something else than was sent."""
    about = {"fixed": True, **about}
    return lambda edit: kind(name, edit, {"request": edit}, about)


def plan_fault(name: str, **about: Unpack[About]) -> Callable[[PlanEdit], Kind]:
    """Makes an edit of plans a kind: the prediction lives otherwise, and all channels agree."""
    about = {"on": frozenset({Operation.CREATE}), "fixed": True, **about}
    return lambda edit: kind(name, edit, {"plan": edit}, about)


def stream_fault(name: str, **about: Unpack[About]) -> Callable[[StreamEdit], Kind]:
    """Makes an edit of a stream's events a kind."""
    about = {"on": frozenset({Operation.STREAM}), "fixed": True, **about}
    return lambda edit: kind(name, edit, {"stream": edit}, about)


def letter_fault(name: str, **about: Unpack[About]) -> Callable[[LetterEdit], Kind]:
    """Makes an edit of what a webhook posts a kind."""
    about = {"on": frozenset({Operation.WEBHOOK}), "fixed": True, **about}
    return lambda edit: kind(name, edit, {"letter": edit}, about)


def posting_fault(name: str, **about: Unpack[About]) -> Callable[[PostingEdit], Kind]:
    """Makes an edit of how a webhook is posted a kind."""
    about = {"on": frozenset({Operation.WEBHOOK}), "fixed": True, **about}
    return lambda edit: kind(name, edit, {"posting": edit}, about)


def ask_fault(name: str, **about: Unpack[About]) -> Callable[[AskEdit], Kind]:
    """Makes a way of asking the handler a kind."""
    about = {"fixed": True, **about}
    return lambda edit: kind(name, edit, {"ask": edit}, about)


def handshake_fault(name: str, **about: Unpack[About]) -> Callable[[Callable[[], None]], Kind]:
    """Makes a way in which TLS fails a kind; it strikes before there is a request."""
    about = {
        "on": frozenset(),
        "needs": Needs.LISTENER,
        "phase": Phase.BEFORE,
        "fixed": True,
        **about,
    }
    return lambda says: kind(name, says, {}, about)
