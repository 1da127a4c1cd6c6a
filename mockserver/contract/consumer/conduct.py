"""What is known of one run of a client: what it asked, what it started, and how it ended.

Probes read it and nothing else, so that a client that lives in this process, a program in any
language and a recording are judged alike.
Times are the client's own, in milliseconds since it began: a program that runs against a fake
whose time is scaled feels less time pass than that fake.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Final

from mockserver.contract.consumer.replies import Told, told_of
from mockserver.core.fault import Operation
from mockserver.core.interaction import Interaction, Request
from mockserver.core.timeline import TERMINAL
from mockserver.library.faults import catalogue


@dataclass(frozen=True)
class Call:
    """One request of the client, and the answer that it got.

    `kinds` are the kinds of faults that struck the answer. `prediction_id` is the one that was
    asked about. `known` says whether the fake could tell whose request it is; `unmatched`, that
    the API has no such path.
    """

    interaction: Interaction
    operation: Operation
    at_ms: int
    kinds: tuple[str, ...] = ()
    prediction_id: str = ""
    known: bool = True
    unmatched: bool = False

    @property
    def request(self) -> Request:
        """What was asked."""
        return self.interaction.request

    @property
    def host(self) -> str:
        """Who was asked, as it stands in the address: `host:port`."""
        return self.request.header("host").lower()

    @property
    def target(self) -> str:
        """What was asked, so that the same request sent again has the same."""
        return f"{self.request.method} {self.host}{self.request.path}"

    @cached_property
    def told(self) -> Told:
        """What the answer told the client."""
        return told_of(self.interaction, self.kinds)

    @cached_property
    def puts_to_the_test(self) -> frozenset[str]:
        """The promises that the faults which struck it are about."""
        known = catalogue.kinds()
        return frozenset(name for kind in self.kinds for name in known[kind].tests)


@dataclass(frozen=True, slots=True)
class Job:
    """One prediction that the client started from `input`, as it was when the client had ended."""

    prediction_id: str
    model: str
    status: str
    at_ms: int
    input: Mapping[str, object] = field(default_factory=dict, hash=False)

    @property
    def ended(self) -> bool:
        """Whether it will cost nothing more."""
        return self.status in TERMINAL


class How(StrEnum):
    """How a run of a client ended."""

    RETURNED = "returned"
    RAISED = "raised"
    HUNG = "hung"


Outputs = tuple[str | bytes, ...]


@dataclass(frozen=True, slots=True)
class End:
    """The end of a run. `outputs` None: what it gave back cannot be told.

    `error` is the full name of what it raised, `own` whether that is an error of its own,
    `said` everything the error tells. Both of a program are what it wrote to stderr.
    """

    how: How
    at_ms: int
    outputs: Outputs | None = None
    error: str = ""
    own: bool = True
    said: str = ""

    def __str__(self) -> str:
        match self.how:
            case How.RETURNED:
                return "returned" if self.outputs is None else f"returned {len(self.outputs)}"
            case How.RAISED:
                return f"raised {self.error}"
            case How.HUNG:
                return f"had not ended after {self.at_ms / 1000:g} s"


@dataclass(frozen=True)
class Conduct:
    """One run of a client that was given `base_url` and `token`.

    `deadline_ms` is how long it was allowed to take. `usd` is what its jobs would have cost.
    `files` are the true bytes behind the paths that it downloaded, as far as they are known.
    """

    base_url: str
    token: str
    calls: tuple[Call, ...]
    jobs: tuple[Job, ...]
    end: End
    deadline_ms: int
    usd: Decimal = Decimal(0)
    files: Mapping[str, bytes] = field(default_factory=dict)

    @cached_property
    def outputs(self) -> int:
        """How many outputs the client asked for."""
        count = self.jobs[0].input.get("num_outputs") if self.jobs else None
        return count if isinstance(count, int) else 1

    def of(self, *operations: Operation) -> Iterator[Call]:
        """The calls of these operations, in order."""
        return (call for call in self.calls if call.operation in operations)

    @cached_property
    def host(self) -> str:
        """Where the client was sent."""
        return self.base_url.partition("://")[2].partition("/")[0].lower()

    @property
    def succeeded(self) -> bool:
        """Whether the client says that all went well."""
        return self.end.how is How.RETURNED

    @cached_property
    def struck(self) -> frozenset[str]:
        """All kinds of faults that struck the client."""
        return frozenset(kind for call in self.calls for kind in call.kinds)

    @cached_property
    def last(self) -> Call | None:
        """The last call that was not made to give up."""
        asked = [call for call in self.calls if call.operation is not Operation.CANCEL]
        return asked[-1] if asked else None

    def told_about(self, prediction_id: str) -> Iterator[Call]:
        """The calls whose answers told something of this prediction."""
        return (call for call in self.calls if prediction_id in (call.told.id, call.prediction_id))

    def looks(self, prediction_id: str) -> tuple[Call, ...]:
        """The plain looks at this prediction."""
        return tuple(
            call for call in self.of(Operation.GET) if call.prediction_id == prediction_id
        )


API: Final = frozenset({Operation.CREATE, Operation.GET, Operation.LIST, Operation.CANCEL})
"""What cannot be asked without a token."""
