"""`mockserver schemas derive`: a model, a profile and fixtures, made of a gateway's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final


if TYPE_CHECKING:
    pass


_STDIN: Final = "-"
_GATEWAY: Final = r"[a-z0-9][a-z0-9-]*"
