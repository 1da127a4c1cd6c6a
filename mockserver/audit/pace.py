"""How fast the time of an audit runs, and how much of it a client is told to take."""

from __future__ import annotations

from typing import Final


RATE: Final = 20
"""World seconds in one of a client's that lives in real time: a minute takes three seconds."""
OWN_SHARE: Final = 0.6
"""Of its time, what a client is told to take at the most before it gives up by itself."""
