"""What documents say of who may ask, and how refusals are worded."""

from __future__ import annotations

import json
from collections.abc import Callable
from tomllib import loads
from typing import TYPE_CHECKING, Any, Final

import pytest

from mockserver.library.deriving.profile_text import profile_text
from mockserver.library.deriving.profiles import ProfileDraft


if TYPE_CHECKING:
    from tests.library.deriving.conftest import Profiler

PageText = Callable[..., str]

CURL: Final = "curl https://api.clip.example/v1/models/acme/clip/predictions -H '{}' -d '{{}}'\n"


def values(made: ProfileDraft, *keys: str) -> list[Any]:
    """The values of facts."""
    return [made.facts[key].value for key in keys]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Authorization: Bearer <token>", ("Authorization", ["Bearer"])),
        ("Authorization: Token $KEY", ("Authorization", ["Token"])),
        ("Authorization: $KEY", ("Authorization", [])),
        ("X-API-Key: <key>", ("X-API-Key", [])),
        ("Accept: text/plain", ("Authorization", ["Bearer"])),
    ],
)
def test_a_token_is_sent_as_the_snippet_sends_it(
    profile: Profiler, page: PageText, header: str, expected: tuple[str, list[str]]
) -> None:
    """In which header, behind which word; a key alone is taken alone."""
    made = profile(page(after=CURL.format(header)))
    assert tuple(values(made, "auth.header", "auth.schemes")) == expected
    told = loads(profile_text(made))["auth"]
    assert told.get("bare", False) is (expected[1] == [])


def test_words_tell_how_a_token_is_sent(profile: Profiler, page: PageText) -> None:
    """A placeholder stands behind Bearer."""
    words = "在 Header 添加参数 Authorization\n示例: Authorization: Bearer ******\n"
    made = profile(page(words))
    assert made.facts["auth.schemes"].source == "document clip/clip, line 2"


@pytest.mark.parametrize(
    ("body", "family", "kind"),
    [
        (
            {"error": {"message": "无效 (request id: 2026a-b)", "type": "fast_api_error"}},
            ["new-api", "fast_api_error"],
            {
                "status": 401,
                "message": "无效 (request id: {request_id})",
                "type": "fast_api_error",
                "members": ["message", "type"],
            },
        ),
        (
            {"error": {"message": "No {key}", "type": "invalid_request_error", "code": None}},
            ["new-api", "new_api_error"],
            {
                "status": 401,
                "message": "No {{key}}",
                "type": "invalid_request_error",
                "code": "",
                "members": ["message", "type", "code"],
            },
        ),
        (
            {"detail": "Who?", "status": 401},
            ["replicate", ""],
            {"status": 401, "message": "Who?", "members": ["detail", "status"]},
        ),
    ],
)
def test_a_refusal_is_worded_as_it_is_printed(
    profile: Profiler, page: PageText, body: object, family: list[str], kind: object
) -> None:
    """In the envelope of its family; request ids are drawn anew."""
    made = profile(page(after=f"返回\n🔴401\n{json.dumps(body, ensure_ascii=False)}\n"))
    assert values(made, "errors.like", "errors.brand") == family
    assert made.facts["errors.kinds.unauthenticated_invalid"].value == kind


def test_refusals_of_another_envelope_are_left_out(profile: Profiler, page: PageText) -> None:
    """One profile speaks one family's words; and what is no refusal tells none."""
    after = (
        '返回\n🔴404\n{"detail": "gone"}\n🔴402\n{"error": {"message": "no money"}}\n'
        '🔴403\n{"error": "no"}\n🔴500\n{"detail": "sorry"}\n'
    )
    made = profile(page(after=after))
    kinds = loads(profile_text(made))["errors"]["kinds"]
    assert list(kinds) == ["not_found"]
