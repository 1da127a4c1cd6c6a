"""Whether answers are what the provider's own OpenAPI document says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from mockserver.contract import rules
from mockserver.contract.finding import Finding
from mockserver.contract.looks import answered, header
from mockserver.core.interaction import Interaction
from mockserver.library.validate import Validator


# An OpenAPI document is a tree of whatever JSON can hold; there is nothing to be typed.
Json = Mapping[str, Any]

_OPERATIONS: Final = frozenset({"get", "put", "post", "delete", "patch"})


@dataclass(frozen=True)
class Conformance:
    """The judge of one document; `base_path` is what comes before the document's paths."""

    document: Json
    base_path: str
    _validators: dict[str, Validator] = field(default_factory=dict, repr=False)

    def judged(self, exchanges: Iterable[Interaction]) -> list[Finding]:
        """Every way in which these answers differ from the document."""
        return [finding for exchange in exchanges for finding in self.findings(exchange)]

    def findings(self, exchange: Interaction) -> Iterator[Finding]:
        """How one answer differs; an operation that the document does not have is not judged."""
        responses = self._responses(exchange)
        if responses is None:
            return
        response = responses.get(str(exchange.status), responses.get("default"))
        if response is None:
            yield rules.STATUS_DESCRIBED.found(
                "", expected=sorted(responses), seen=exchange.status, exchange=exchange
            )
            return
        content: Json = response.get("content", {})
        if not content:
            return
        media_type = header(exchange, "content-type").partition(";")[0].strip()
        if media_type not in content:
            yield rules.MEDIA_TYPE_DESCRIBED.found(
                "content-type", expected=sorted(content), seen=media_type, exchange=exchange
            )
            return
        yield from self._body(exchange, content[media_type].get("schema", {}))

    def _responses(self, exchange: Interaction) -> Json | None:
        """The responses of the operation that was asked; None if there is no such operation."""
        path = urlsplit(exchange.request.path).path.removeprefix(self.base_path)
        method = exchange.request.method.lower()
        for template, item in self.document["paths"].items():
            if method in item.keys() & _OPERATIONS and _matches(template, path):
                responses: Json = item[method]["responses"]
                return responses
        return None

    def _body(self, exchange: Interaction, schema: Json) -> Iterator[Finding]:
        seen = answered(exchange)
        for violation in self._validator(schema).violations(seen):
            yield rules.BODY_DESCRIBED.found(
                f"/{violation.field.replace('.', '/')}" if violation.field else "",
                expected=violation.description,
                seen=seen,
                exchange=exchange,
            )

    def _validator(self, schema: Json) -> Validator:
        key = repr(schema)
        known = self._validators.get(key)
        if known is None:
            whole = {**schema, "components": self.document["components"]}
            known = self._validators[key] = Validator(whole)
        return known


def _matches(template: str, path: str) -> bool:
    pattern, segments = template.split("/"), path.split("/")
    return len(pattern) == len(segments) and all(
        known == seen or (known.startswith("{") and seen)
        for known, seen in zip(pattern, segments, strict=True)
    )
