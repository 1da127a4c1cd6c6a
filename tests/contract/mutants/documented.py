"""D: answers that are not what a document prints."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Final

from mockserver.contract import rules
from mockserver.contract.documents.printed import differences
from mockserver.contract.evidence import Evidence, Intent
from mockserver.contract.finding import Finding
from mockserver.library.examples import ExampleResponse
from tests.contract.mutants.mutant import Mutant, any_one, at, first_made, telling, where, without
from tests.mutations import Body, each, status


EXAMPLE: Final = {
    "id": "0gjp5q1ry1rme0cn9h7r8b5k7m",
    "model": "black-forest-labs/flux-schnell",
    "version": "hidden",
    "input": {"num_outputs": 2, "output_format": "png", "prompt": "a lighthouse at dusk"},
    "logs": "",
    "output": None,
    "data_removed": False,
    "error": None,
    "status": "starting",
    "created_at": "2025-08-07T07:12:42.163Z",
    "urls": {
        "cancel": "https://api.example/v1/predictions/0gjp5q1ry1rme0cn9h7r8b5k7m/cancel",
        "get": "https://api.example/v1/predictions/0gjp5q1ry1rme0cn9h7r8b5k7m",
        "stream": f"https://stream.example/v1/files/bcwr-{'a' * 52}",
        "web": "https://example.com/p/0gjp5q1ry1rme0cn9h7r8b5k7m",
    },
}
"""What a document would print of the first create call of the exam."""


def printed(evidence: Evidence) -> Iterable[Finding]:
    """What is found where a document prints `EXAMPLE`."""
    made = first_made(evidence)
    code = evidence.profile.create.status
    return differences(ExampleResponse(code, EXAMPLE), made.raw)


def _renamed(told: Body) -> Body:
    return {("state" if name == "status" else name): value for name, value in told.items()}


_mutant = partial(Mutant, rules.ANSWER_AS_DOCUMENTED, judge=printed)

MUTANTS: Final = (
    _mutant("another status", each(status(202), Intent.CREATE)),
    _mutant("another value", at(Intent.CREATE, telling(where(any_one, version="1")))),
    _mutant("a member is missing", at(Intent.CREATE, telling(without("data_removed")))),
    _mutant("a member has another name", at(Intent.CREATE, telling(_renamed))),
    _mutant(
        "an address of another form",
        at(
            Intent.CREATE,
            telling(lambda it: {**it, "urls": {**it["urls"], "get": "https://x/v1/p"}}),
        ),
    ),
)
