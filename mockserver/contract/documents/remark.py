"""A finding about a document, and what the rules look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from mockserver.contract.finding import Finding, Rule
from mockserver.library.catalogue import Catalogue
from mockserver.library.documents.addresses import model_in
from mockserver.library.documents.page import Operation, Page, Request, Response
from mockserver.library.documents.tokens import masked
from mockserver.library.documents.tree import Place
from mockserver.library.json_text import members
from mockserver.library.models import Model


_SUCCESS: Final = 2


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding, and the document and place that it is about."""

    document: str
    place: Place
    finding: Finding

    def wire(self) -> Mapping[str, object]:
        """The remark as JSON."""
        return {
            "document": self.document,
            "line": self.place.line,
            "pointer": self.place.pointer,
            "code": self.finding.code,
            "severity": str(self.finding.severity),
            "title": self.finding.title,
            "expected": self.finding.expected,
            "seen": self.finding.seen,
            "source": self.finding.source,
        }


@dataclass(frozen=True, slots=True)
class Subject:
    """One operation of a page, and the models that are known."""

    page: Page
    operation: Operation
    catalogue: Catalogue = field(repr=False)

    def remark(self, rule: Rule, place: Place, *, expected: object, seen: object) -> Remark:
        """The remark that `rule` does not hold at `place`."""
        return remark(self.page, rule, place, expected=expected, seen=seen)

    @property
    def model_name(self) -> str:
        """The model in the path; empty where the path has none."""
        return model_in(self.operation.path)

    @property
    def model(self) -> Model | None:
        """The model in the path, if it is known."""
        return self.catalogue.model(self.model_name)

    @property
    def creates(self) -> bool:
        """Whether the operation makes a prediction."""
        asked = self.operation
        return asked.method == "POST" and asked.path.rstrip("/").endswith("/predictions")

    def requests(self) -> Iterator[Request]:
        """The requests that have a body, each body once."""
        shown: list[object] = []
        for one in self.operation.requests:
            if one.body and one.body.value not in shown:
                shown.append(one.body.value)
                yield one

    def successes(self) -> Iterator[Response]:
        """The responses that are no refusals."""
        return (
            one
            for one in self.operation.responses
            if one.status is None or one.status // 100 == _SUCCESS
        )


Check = Callable[[Subject], Iterator[Remark]]


def remark(page: Page, rule: Rule, place: Place, *, expected: object, seen: object) -> Remark:
    """The remark that `rule` does not hold at `place` of `page`; it holds no credential."""
    at = " ".join(part for part in (f"{page.name}:{place.line}", place.pointer) if part)
    finding = rule.found(at, expected=masked(expected), seen=masked(seen))
    return Remark(page.name, place, finding)


def properties(schema: Mapping[str, object]) -> Mapping[str, object]:
    """The members that an object's schema describes."""
    return members(schema.get("properties"))
