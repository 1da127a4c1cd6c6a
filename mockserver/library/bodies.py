"""Bodies in files of JSON: as text where they are text, else in base64."""

from __future__ import annotations

from base64 import b64decode, b64encode


Told = str | dict[str, str]


def body_told(body: bytes) -> Told:
    """The JSON value that stands for a body."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        return {"base64": b64encode(body).decode()}


def body_of(told: Told) -> bytes:
    """The body that a JSON value stands for. Raises `ValueError` where it is no base64."""
    return told.encode() if isinstance(told, str) else b64decode(told["base64"], validate=True)
