"""What a check found: a value. Only the pytest layer fails."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from mockserver.core.interaction import Interaction, Request
from mockserver.core.redaction import SECRET_HEADERS


class Severity(StrEnum):
    """How much a rule binds: breaking a `must` breaks clients, a `should` surprises them."""

    MUST = "must"
    SHOULD = "should"


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a provider does not what a rule says.

    `at` is a JSON pointer into the answer (empty for the whole), or the name of a header; `curl`
    repeats the request that brought it to light, its token left out.
    """

    code: str
    severity: Severity
    title: str
    at: str
    expected: object
    seen: object
    source: str
    prediction_id: str = ""
    curl: str = ""

    def __str__(self) -> str:
        told = (
            ("expected", repr(self.expected)),
            ("seen", repr(self.seen)),
            ("at", self.at or "the whole answer"),
            ("source", self.source),
            ("prediction", self.prediction_id),
            ("repeat", self.curl),
        )
        lines = (f"  {name:<10} {text:.2000}" for name, text in told if text)
        return "\n".join((f"{self.code} ({self.severity}) {self.title}", *lines))


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that must or should hold. A code never changes its meaning."""

    code: str
    title: str
    source: str
    severity: Severity = Severity.MUST

    def softly(self, *, unless: bool = False) -> Rule:
        """The same rule as a `should`, `unless` it is sure: what nobody documents binds less."""
        return self if unless else replace(self, severity=Severity.SHOULD)

    def found(
        self,
        at: str,
        *,
        expected: object,
        seen: object,
        exchange: Interaction | None = None,
        prediction_id: str = "",
    ) -> Finding:
        """The finding that this rule does not hold at `at`."""
        return Finding(
            self.code,
            self.severity,
            self.title,
            at,
            expected,
            seen,
            self.source,
            prediction_id,
            curl(exchange.request) if exchange else "",
        )

    def equal(
        self, at: str, *, expected: object, seen: object, exchange: Interaction | None = None
    ) -> list[Finding]:
        """Nothing where `seen` is what is `expected`, else the one finding that it is not."""
        if seen == expected:
            return []
        return [self.found(at, expected=expected, seen=seen, exchange=exchange)]


def told(findings: Sequence[Finding], most: int = 5) -> list[str]:
    """The lines of a report: how many findings there are, and the first `most` of them in full."""
    lines = [line for one in findings[:most] for line in (*str(one).splitlines(), "")]
    left = len(findings) - most
    return [f"{len(findings)} found", *lines, *([f"and {left} more"] if left > 0 else [])]


PLACEHOLDER: Final = "$TOKEN"
"""The variable that stands in a repeated request instead of a secret."""


def curl(request: Request) -> str:
    """The shell line that sends `request` again; it takes the secrets from the environment."""
    words = ["curl", "-sS", "-X", request.method]
    for name, value in request.headers:
        if name not in _CURLS_OWN:
            words += ["-H", _header(name, value)]
    if request.body:
        words += ["--data-raw", shlex.quote(request.body.decode(errors="replace"))]
    return " ".join((*words, shlex.quote(address(request))))


def address(request: Request) -> str:
    """The whole address that was asked for."""
    return request.url


_CURLS_OWN: Final = frozenset({"host", "content-length", "connection", "accept-encoding"})


def _header(name: str, value: str) -> str:
    """One header as a word for the shell, which fills in what is secret."""
    if name not in SECRET_HEADERS:
        return shlex.quote(f"{name}: {value}")
    scheme, space, _ = value.partition(" ")
    shown = f"{scheme} {PLACEHOLDER}" if space and scheme in _SCHEMES else PLACEHOLDER
    return f'"{name}: {shown}"'


_SCHEMES: Final = frozenset({"Basic", "Bearer", "Token"})
