"""Conducts written by hand: a good one, and what is changed in it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Final

from mockserver.contract.consumer.conduct import Call, Conduct, End, How, Job
from mockserver.contract.finding import Rule
from mockserver.core.clock import EPOCH_MS
from mockserver.core.fault import Operation
from mockserver.core.interaction import Interaction, Request


HOST: Final = "api.example"
TOKEN: Final = "a-token-of-the-audit"
ID: Final = "abc"
CREATE: Final = "/v1/models/o/m/predictions"
LOOK: Final = f"/v1/predictions/{ID}"
FILE: Final = "/delivery/x/folder/out-0.png"
OUTPUT: Final = f"https://{HOST}{FILE}"

Body = dict[str, Any]


@dataclass(frozen=True)
class Said:
    """What is said of one call; the rest is as in a good one."""

    operation: Operation
    at_ms: int
    body: object = None
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)
    method: str = "GET"
    path: str = LOOK
    host: str = HOST
    token: str = TOKEN
    kinds: tuple[str, ...] = ()
    known: bool = True
    unmatched: bool = False

    def call(self) -> Call:
        """The call."""
        signed = (("authorization", f"Bearer {self.token}"),) if self.token else ()
        request = Request(self.method, self.path, "", (("host", self.host), *signed))
        told = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        seen = Interaction(request, self.status, self.headers, told, EPOCH_MS + self.at_ms)
        about = ID if self.operation in (Operation.GET, Operation.CANCEL) else ""
        return Call(
            seen, self.operation, self.at_ms, self.kinds, about, self.known, self.unmatched
        )


def told(status: str, output: object = None, **members: object) -> Body:
    """A prediction."""
    return {"id": ID, "model": "o/m", "status": status, "output": output, **members}


def created(at_ms: int = 0, body: object = None, **changes: Any) -> Said:
    """A create call."""
    made = {"status": 201, "method": "POST", "path": CREATE, **changes}
    return Said(Operation.CREATE, at_ms, body or told("starting"), **made)


def looked(at_ms: int, body: object = None, **changes: Any) -> Said:
    """A look."""
    return Said(Operation.GET, at_ms, body or told("succeeded", [OUTPUT]), **changes)


def canceled(at_ms: int) -> Said:
    """A cancel."""
    return Said(Operation.CANCEL, at_ms, told("canceled"), method="POST", path=f"{LOOK}/cancel")


def downloaded(at_ms: int, **changes: Any) -> Said:
    """A download, without a token."""
    picture = {"headers": (("Content-Type", "image/png"),), "path": FILE, "token": "", **changes}
    return Said(Operation.OUTPUT, at_ms, b"a picture", **picture)


def refused(said: Said, status: int, *headers: tuple[str, str], **changes: Any) -> Said:
    """The same call, refused."""
    body = {"detail": "a text that tells what is wrong", "status": status}
    return replace(said, status=status, body=body, headers=(*said.headers, *headers), **changes)


RETURNED: Final = End(How.RETURNED, 2_000, (OUTPUT,))
RAISED: Final = End(
    How.RAISED,
    2_000,
    None,
    "mine.ApiError",
    own=True,
    said="status 500: a text that tells what is wrong",
)
CRASHED: Final = End(How.RAISED, 2_000, None, "KeyError", own=False, said="'id'")
HUNG: Final = End(How.HUNG, 60_000)
GOOD: Final = (created(), looked(1_000), downloaded(1_100))


def conduct(*said: Said, end: End = RETURNED, status: str = "succeeded", jobs: int = 1) -> Conduct:
    """What a client did that started so many jobs, the first of which is now `status`."""
    started = tuple(
        Job(ID if place == 0 else f"{ID}{place}", "o/m", status, EPOCH_MS + 10 * place)
        for place in range(jobs)
    )
    calls = tuple(one.call() for one in said)
    return Conduct(f"https://{HOST}/v1", TOKEN, calls, started, end, 60_000)


RUNNING: Final = told("processing")
MANY: Final = [looked(500 * place, RUNNING) for place in range(1, 12)]
GIVEN_UP: Final = replace(RAISED, said="given up")


@dataclass(frozen=True)
class Broken:
    """Something that a client does wrong, and the rule that it breaks."""

    rule: Rule
    wrong: str
    conduct: Conduct
