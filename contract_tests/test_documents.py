"""The documents themselves, executed: what they print is what happens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import pytest

from mockserver.contract.documents.printed import differences
from mockserver.contract.finding import Finding
from mockserver.core.interaction import Interaction
from mockserver.library.catalogue import Catalogue
from mockserver.library.examples import (
    Document,
    Example,
    ExampleRequest,
    load_contradictions,
    load_documents,
)
from mockserver.library.json_text import dumps

from .fake import Accounts, Judge


@dataclass(frozen=True, slots=True)
class Executed:
    """An example, what was sent for it, and what came back."""

    document: Document
    example: Example
    request: ExampleRequest
    answer: Interaction

    @property
    def name(self) -> str:
        """How the table of waivers calls it."""
        return f"{self.document.gateway}/{self.document.model} {self.example.name}"


DOCUMENTS: Final = load_documents(Catalogue().fixtures)
EXAMPLES: Final = [(document, one) for document in DOCUMENTS for one in document.examples]

WAIVERS: Final[Mapping[tuple[str, str], str]] = {
    ("anyapi/black-forest-labs/flux-kontext-pro 2", "/model"): "anyapi-example-model",
    ("winfull/black-forest-labs/flux-fill-dev example", "/input/num_outputs"): "fill-num-outputs",
}
"""Where the documents contradict themselves, the fake cannot follow both sides."""


def _told_apart(example: tuple[Document, Example]) -> str:
    document, one = example
    return f"{document.gateway}-{document.model.rpartition('/')[2]}-{one.name}"


@pytest.fixture(params=EXAMPLES, ids=_told_apart)
def executed(
    request: pytest.FixtureRequest, accounts: Accounts, catalogue: Catalogue, judge: Judge
) -> Iterator[Executed]:
    """Each example, sent to the address that its document prints."""
    document, example = request.param
    account = accounts.open(catalogue.gateway(document.gateway))
    sent = example.request or _rebuilt(document, example)
    printed = {name: value for name, value in sent.headers if name != "Authorization"}
    answer = account.ask(sent.method, sent.url, sent.body, headers=printed)
    yield Executed(document, example, sent, answer)
    assert judge(account) == []


def test_the_request_of_a_document_gets_the_answer_of_the_document(executed: Executed) -> None:
    """The same members, in the same order, with the same values, but for id, time and origin."""
    found = [
        finding for finding in _differences(executed) if (executed.name, finding.at) not in WAIVERS
    ]
    assert found == []


def test_a_waiver_is_a_known_contradiction_and_needed(
    executed: Executed, catalogue: Catalogue
) -> None:
    """Each waiver stands in the table of contradictions, and would be missed."""
    known = {row.id for row in load_contradictions(catalogue.fixtures)}
    waived = {at: row for (name, at), row in WAIVERS.items() if name == executed.name}
    differing = {finding.at for finding in _differences(executed)}
    assert waived.keys() == differing
    assert set(waived.values()) <= known


def test_the_printed_answer_obeys_the_rules(
    executed: Executed, accounts: Accounts, catalogue: Catalogue, judge: Judge
) -> None:
    """It is valid by the document that this gateway's fake serves, and the oracle believes it."""
    printed = accounts.open(catalogue.gateway(executed.document.gateway))
    content = dumps(executed.example.response.body)
    printed.exchanges.append(replace(executed.answer, response_body=content))
    assert judge(printed) == []


def _rebuilt(document: Document, example: Example) -> ExampleRequest:
    """The request of an example that was printed without one: its echo, sent to the same path."""
    printed = next(one.request for one in document.examples if one.request)
    return replace(printed, body={"input": example.response.body["input"]})


def _differences(executed: Executed) -> list[Finding]:
    """Everywhere the answer is not what the document prints."""
    return differences(executed.example.response, executed.answer)
