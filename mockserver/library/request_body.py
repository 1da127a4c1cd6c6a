"""The JSON Schema of the body that creates a prediction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final


WEBHOOK_EVENTS: Final = ("start", "output", "logs", "completed")

MEMBERS: Final = frozenset({"input", "webhook", "webhook_events_filter"})
"""What is heard of a create call where everything else is passed over."""


def request_schema(input_schema: Mapping[str, object], *, versioned: bool) -> Mapping[str, object]:
    """The schema of a whole body whose `input` has to obey `input_schema`.

    `versioned`: the path names no model, so the body has to name a version.
    Source: upstream refuses `{"model":…,"input":…}` at /predictions with "version is required" and
    "Additional property model is not allowed" in one answer.
    """
    return {
        "type": "object",
        "required": ["version", "input"] if versioned else ["input"],
        "additionalProperties": False,
        "properties": {
            "input": input_schema,
            "version": {"type": "string"},
            "webhook": _webhook(),
            # The name that the webhook had before it was told apart by events.
            "webhook_completed": _webhook(),
            "webhook_events_filter": {
                "type": ["array", "null"],
                "items": {"type": "string", "enum": list(WEBHOOK_EVENTS)},
            },
            "stream": {"type": "boolean"},
        },
    }


def _webhook() -> Mapping[str, object]:
    # Some JSON clients write null for a webhook they do not use.
    return {"type": ["string", "null"], "format": "uri"}
