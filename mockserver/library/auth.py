"""How a gateway is told who asks: the header, the words before the token, what overrules it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mockserver.library.strict import Table


@dataclass(frozen=True, slots=True)
class Auth:
    """Which header carries the token, behind which words.

    `bare`: a word alone is the token. `overruled_by` is a header that stands for the other one
    where the path holds `overruled_under`; both are empty where there is none.
    """

    header: str
    schemes: tuple[str, ...]
    bare: bool
    overruled_by: str
    overruled_under: str
    documented: bool
    source: str

    def token(self, sent: str) -> str:
        """The token in the header's value; empty where the words before it are not accepted."""
        scheme, _, token = sent.strip().partition(" ")
        if scheme.lower() in self._accepted:
            return token.strip()
        return scheme if self.bare and not token else ""

    def value(self, token: str) -> str:
        """The header's value for a token, behind the word that is named first, if any is."""
        return " ".join((*self.schemes[:1], token))

    @property
    def _accepted(self) -> Iterator[str]:
        return map(str.lower, self.schemes)


def load_auth(table: Table) -> Auth:
    """The table `auth` of a profile."""
    auth = Auth(
        header=table.text("header"),
        schemes=table.texts("schemes"),
        bare=table.flag("bare", default=False),
        overruled_by=table.text("overruled_by", ""),
        overruled_under=table.text("overruled_under", ""),
        documented=table.flag("documented"),
        source=table.text("source"),
    )
    table.done()
    return auth
