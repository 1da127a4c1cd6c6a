"""Values as TOML writes them; the standard library only reads it."""

from __future__ import annotations

import json


def toml(value: object) -> str:
    """A text, number, flag or list of such as TOML writes it, which is as JSON does."""
    # DEL is a letter to JSON, and none to TOML.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
