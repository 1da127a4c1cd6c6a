"""The body that creates a prediction, as its schema judges it."""

from __future__ import annotations

from typing import Final

import pytest

from mockserver.library.invalid_fields import problem_detail
from mockserver.library.request_body import request_schema
from mockserver.library.validate import Validator


INPUT: Final = {
    "type": "object",
    "required": ["prompt"],
    "properties": {
        "prompt": {"type": "string"},
        "image": {"type": "string", "format": "uri"},
    },
}


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"input": {"prompt": "a"}, "webhook": None, "webhook_events_filter": None}, ""),
        ({"input": {"prompt": "a"}, "webhook_completed": None, "version": "5c7d5dc6"}, ""),
        ({"input": {"prompt": "a", "unknown": 1}, "stream": True}, ""),
        ({"input": {"prompt": "a"}, "webhook_events_filter": ["start", "start"]}, ""),
        ({"input": {"prompt": "a"}, "webhook": "https://a.b/hook"}, ""),
        ({"input": {"prompt": "a"}, "webhook": ""}, "- webhook: Does not match format 'uri'\n"),
        (
            {"input": {"prompt": "a"}, "webhook_events_filter": ["done"]},
            (
                "- webhook_events_filter.0: webhook_events_filter.0 must be one of the following: "
                '"start", "output", "logs", "completed"\n'
            ),
        ),
        (
            {"input": {"prompt": "a"}, "stream": "yes"},
            "- stream: Invalid type. Expected: boolean, given: string\n",
        ),
        (
            {"input": {"prompt": "a", "image": "/srv/a.png"}, "versio": "1"},
            (
                "- Additional property versio is not allowed\n"
                "- input.image: Does not match format 'uri'\n"
            ),
        ),
        ({"prompt": "a"}, "- input is required\n- Additional property prompt is not allowed\n"),
        ({"input": None}, "- input: Invalid type. Expected: object, given: null\n"),
        ([], "- Invalid type. Expected: object, given: array\n"),
    ],
    ids=repr,
)
def test_a_body_that_names_its_model_by_path_needs_an_input_only(
    body: object, detail: str
) -> None:
    """Webhooks may be null, unknown inputs pass, unknown keys beside the input do not."""
    validator = Validator(request_schema(INPUT, versioned=False))
    assert problem_detail(validator.violations(body)) == detail
