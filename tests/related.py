"""Gateways that are so much alike that not all of them need be asked everything."""

from __future__ import annotations

from typing import Final


RELATED: Final = frozenset({"cometapi", "new-api", "quickrouter", "winfull", "winfull-cloud"})
"""Of the family of `anyapi`, which is asked everything: they share its refusals and its models."""
