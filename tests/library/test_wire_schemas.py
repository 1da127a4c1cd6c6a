"""The wire schemas take what was seen on the wire, in every status and both forms, and no more."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator

from mockserver.library.rooms import room
from mockserver.library.validate import Validator


Body = dict[str, object]

NAMES: Final = (
    "coded-problem",
    "gateway-error",
    "page",
    "prediction",
    "problem",
    "wrapped-error",
)

STARTING: Final[Body] = {
    "id": "tpdf40dypdrma0cram394vvzkg",
    "model": "black-forest-labs/flux-kontext-dev",
    "version": "hidden",
    "input": {"prompt": "x"},
    "logs": "",
    "output": None,
    "data_removed": False,
    "error": None,
    "status": "starting",
    "created_at": "2025-07-29T07:12:42.163Z",
    "urls": {"cancel": "https://x.test/c", "get": "https://x.test/g"},
}
STARTED: Final[Body] = {"started_at": "2025-07-29T07:12:42.5Z"}
ENDED: Final[Body] = {
    "completed_at": "2025-07-29T07:12:47.163Z",
    "metrics": {"predict_time": 4.66, "total_time": 5, "image_count": 1},
}
EDGE: Final[dict[str, Body]] = {
    "starting": STARTING,
    "processing": STARTING | STARTED | {"status": "processing", "logs": "Using seed: 1\n"},
    # What a Prefer: wait answers when the files are there: no end yet, but output.
    "processing-waited": STARTING | {"status": "processing", "output": "data:image/png;base64,"},
    "succeeded": STARTING | STARTED | ENDED | {"status": "succeeded", "output": "https://x.test"},
    "failed": STARTING | STARTED | ENDED | {"status": "failed", "error": "why"},
    "failed-before-it-ran": STARTING | ENDED | {"status": "failed", "error": "why"},
    "canceled": STARTING | STARTED | ENDED | {"status": "canceled", "output": ["https://x.test"]},
    "aborted": STARTING | {"status": "aborted", "completed_at": "2025-07-29T07:12:43Z"},
    "removed": STARTING
    | STARTED
    | ENDED
    | {"status": "succeeded", "data_removed": True, "input": {}, "logs": None},
}
WEB: Final[dict[str, Body]] = {
    "starting": STARTING
    | {
        "logs": None,
        "started_at": None,
        "completed_at": None,
        "metrics": {},
        "webhook": None,
        "created_at": "2025-07-29T07:12:42.163000Z",
    },
    "canceled": STARTING
    | ENDED
    | {"status": "canceled", "logs": None, "started_at": "2025-07-29T07:12:42.163000Z"},
    "succeeded": STARTING | STARTED | ENDED | {"status": "succeeded", "error": "", "output": []},
}
WRONG: Final[dict[str, Body]] = {
    "status-of-a-sample": STARTING | {"status": "successful"},
    "starting-with-output": STARTING | {"output": "https://x.test"},
    "starting-with-start": STARTING | STARTED,
    "starting-with-end": STARTING | ENDED,
    "starting-removed": STARTING | {"data_removed": True},
    "processing-with-end": EDGE["processing"] | ENDED,
    "processing-with-error": EDGE["processing"] | {"error": "why"},
    "succeeded-without-end": STARTING | STARTED | {"status": "succeeded"},
    "succeeded-without-start": STARTING | ENDED | {"status": "succeeded"},
    "succeeded-with-error": EDGE["succeeded"] | {"error": "why"},
    "failed-without-error": EDGE["failed"] | {"error": None},
    "failed-with-output": EDGE["failed"] | {"output": "https://x.test"},
    "aborted-with-start": EDGE["aborted"] | STARTED,
    "removed-with-input": EDGE["removed"] | {"input": {"prompt": "x"}},
    "time-without-zone": STARTING | {"created_at": "2025-07-29T07:12:42"},
    "id-of-a-uuid": STARTING | {"id": "01985506-beb3-7145-926f-7f9cd59af201"},
    "url-of-a-path": STARTING | {"urls": {"get": "/v1/predictions/x", "cancel": "/"}},
}


def schema(name: str) -> dict[str, Any]:
    """The wire schema of that name."""
    text = (room("schemas") / f"{name}.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


PREDICTION: Final = Validator(schema("prediction"))


@pytest.mark.parametrize("name", NAMES)
def test_each_is_a_schema_that_tells_its_sources(name: str) -> None:
    """Draft 2020-12, named by its file, with title, description and sources."""
    found = schema(name)
    Draft202012Validator.check_schema(found)
    assert found["$id"] == f"{name}.schema.json"
    assert all(found[key] for key in ("title", "description", "x-source"))


@pytest.mark.parametrize("body", EDGE.values(), ids=EDGE.keys())
def test_the_edge_form_is_valid(body: Body) -> None:
    """What create and get answer: members appear when they are known."""
    assert PREDICTION.violations(body) == ()


@pytest.mark.parametrize("body", WEB.values(), ids=WEB.keys())
def test_the_web_form_is_valid(body: Body) -> None:
    """What list and cancel answer: nulls and six digits."""
    assert PREDICTION.violations(body) == ()


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG.keys())
def test_what_never_was_on_the_wire_is_not(body: Body) -> None:
    """Members and values belong to their status."""
    assert not PREDICTION.is_valid(body)


@pytest.mark.parametrize("member", schema("prediction")["required"])
def test_a_required_member_cannot_be_missing(member: str) -> None:
    """A schema that lets the id go would prove nothing."""
    body = {key: value for key, value in STARTING.items() if key != member}
    assert not PREDICTION.is_valid(body)


@pytest.mark.parametrize(
    ("body", "valid"),
    [
        ({"next": None, "previous": None, "results": []}, True),
        ({"next": "https://x.test/?cursor=cD0x", "previous": None, "results": [{}]}, True),
        # Printed in upstream's samples, never sent.
        ({"next": "null", "previous": None, "results": []}, False),
        ({"next": "/v1/predictions?cursor=cD0x", "previous": None, "results": []}, False),
        ({"results": []}, False),
    ],
)
def test_a_page_has_absolute_neighbours(body: Body, valid: bool) -> None:  # noqa: FBT001 - a column of the table
    """A client that follows a relative address goes astray."""
    assert Validator(schema("page")).is_valid(body) is valid


@pytest.mark.parametrize(
    ("body", "valid"),
    [
        ({"detail": "Files must be less than 100MB in size"}, True),
        ({"title": "Unauthenticated", "detail": "x", "status": 401}, True),
        ({"detail": "x", "status": 429, "retry_after": 7}, True),
        ({"title": "Unauthenticated", "status": 401}, False),
        ({"detail": "x", "status": 201}, False),
        ({"detail": "x", "status": 400, "title": "y", "invalid_fields": []}, False),
        ({"detail": "x", "status": 422, "title": "y", "invalid_fields": [{"field": ""}]}, False),
    ],
)
def test_a_problem_tells_what_is_wrong(body: Body, valid: bool) -> None:  # noqa: FBT001 - a column of the table
    """Detail always; single fields only where a body was refused."""
    assert Validator(schema("problem")).is_valid(body) is valid
