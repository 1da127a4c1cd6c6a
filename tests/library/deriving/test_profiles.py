"""What documents say of a gateway becomes its profile."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from tomllib import loads
from typing import TYPE_CHECKING, Any, Final

import pytest

from mockserver.library.catalogue import Catalogue
from mockserver.library.deriving.answers import WHOLE
from mockserver.library.deriving.profile_text import profile_text
from mockserver.library.deriving.profiles import ProfileDraft, checked, profile_draft
from mockserver.library.errors import LibraryError


if TYPE_CHECKING:
    from tests.library.deriving.conftest import Reader

PageText = Callable[..., str]

UPSTREAM: Final = Catalogue().gateway("replicate")
FULL: Final[Mapping[str, object]] = {
    **dict.fromkeys(WHOLE),
    "id": "x1",
    "status": "starting",
    "urls": {
        "get": "https://api.clip.example/v1/predictions/x1",
        "cancel": "https://api.clip.example/v1/predictions/x1/cancel",
    },
}
AWAY: Final = {
    "get": "https://api.replicate.com/v1/predictions/x1",
    "stream": f"https://stream.replicate.com/v1/files/bcwr-{'a2' * 26}",
}
CURL: Final = "curl https://api.clip.example/v1/models/acme/clip/predictions -H '{}' -d '{{}}'\n"
LOOK: Final = "GET https://api.clip.example/v1/predictions/{id}\n🟢200\n"


def drawn(documents: Reader, *texts: str) -> ProfileDraft:
    """The profile that these pages give, which its own reader takes."""
    made = profile_draft(documents(*texts), (), UPSTREAM)
    checked(profile_text(made), Path(made.path))
    return made


def answering(page: PageText, **members: object) -> str:
    """A page whose create call answers the whole prediction, with these members."""
    return page(answer=json.dumps({**FULL, **members}))


def values(made: ProfileDraft, *keys: str) -> list[Any]:
    """The values of facts."""
    return [made.facts[key].value for key in keys]


def test_what_no_page_says_is_assumed(documents: Reader, page: PageText) -> None:
    """As upstream answers; a gateway that relays answers 200."""
    made = drawn(documents, page())
    assumed = {key for key, fact in made.facts.items() if fact.assumed}
    assert {"create.status", "get.body", "list.status", "urls.mode", "errors.like"} <= assumed
    assert values(made, "create.status", "create.body", "urls.mode") == [200, "full", "own"]
    assert values(made, "errors.like", "errors.brand") == ["replicate", ""]
    assert made.facts["endpoints.create"].source == "document clip/clip, line 1"
    told = loads(profile_text(made))
    assert (told["create"]["documented"], told["get"]["documented"]) == (True, False)
    assert told["create"]["source"] == (
        "document clip/clip, line 1; status assumed; waited_out_status assumed; body assumed"
    )


def test_the_family_is_known_by_its_path(documents: Reader, page: PageText) -> None:
    """Where no refusal is printed."""
    made = drawn(documents, page().replace("/v1/", "/replicate/v1/"))
    assert values(made, "errors.like", "errors.brand") == ["new-api", "new_api_error"]


@pytest.mark.parametrize(
    ("members", "body", "omit_null"),
    [
        (list(WHOLE), "full", None),
        ([*WHOLE, "metrics"], "full", None),
        (["status", "id"], ["status", "id"], None),
        (["id", "task_name", "status"], ["id", "status"], None),
        (["task_id"], "full", None),
    ],
)
def test_an_answer_has_the_members_that_are_shown(
    documents: Reader, page: PageText, members: list[str], body: object, omit_null: object
) -> None:
    """In their order, as far as the fake can tell them."""
    made = drawn(documents, page(answer=json.dumps(dict.fromkeys(members, "x"))))
    assert made.facts["create.body"].value == body
    assert ("create.omit_null" in made.facts) is (omit_null is not None)


def test_members_that_are_described_and_not_shown_may_be_absent(
    documents: Reader, page: PageText
) -> None:
    """They are left out while they are null."""
    rows = "响应参数 application/json\nid string required\noutput string optional\n示例\n"
    made = drawn(documents, page(answer=f'{rows}{{"id": "x", "status": "starting"}}'))
    assert values(made, "create.body", "create.omit_null") == [
        ["id", "status", "output"],
        ["output"],
    ]
    (quirk,) = made.quirks
    assert (quirk.quirk.name, quirk.quirk.fault) == ("reduced-create", "shape.minimal;on=create")
    assert quirk.quirk.says.startswith("create answers id and status only")


def test_a_longer_answer_without_urls_is_reduced_too(documents: Reader, page: PageText) -> None:
    """No fault plays exactly that."""
    made = drawn(documents, page(answer='{"id": "x", "status": "starting", "logs": ""}'))
    (quirk,) = made.quirks
    assert (quirk.quirk.fault, quirk.quirk.says[:38]) == (
        "",
        "create answers id, status and logs onl",
    )


def test_a_look_tells_what_a_client_has_to_know(documents: Reader, page: PageText) -> None:
    """An example of one before its end cannot hide the output."""
    made = drawn(documents, page(after=f'{LOOK}{{"id": "x", "status": "processing"}}\n'))
    assert made.facts["get.body"].value == ["id", "status", "output", "error"]
    assert made.facts["get.body"].source.endswith("output and error assumed")
    assert made.facts["get.omit_null"].value == ["output", "error"]


@pytest.mark.parametrize(
    ("urls", "mode"),
    [
        (FULL["urls"], "own"),
        (AWAY, "upstream"),
        (None, "none"),
        ({"web": "https://a.example"}, "own"),
    ],
)
def test_urls_lead_home_away_or_nowhere(
    documents: Reader, page: PageText, urls: object, mode: str
) -> None:
    """As the examples show them."""
    assert values(drawn(documents, answering(page, urls=urls)), "urls.mode") == [mode]


def test_addresses_away_become_templates(documents: Reader, page: PageText) -> None:
    """With the id and the stream left open; the others are upstream's."""
    made = drawn(documents, answering(page, urls=AWAY))
    assert values(made, "urls.upstream.get", "urls.upstream.stream", "urls.upstream.web") == [
        "https://api.replicate.com/v1/predictions/{id}",
        "https://stream.replicate.com/v1/{stream}",
        "https://replicate.com/p/{id}",
    ]


def test_a_member_that_upstream_has_not_is_added(documents: Reader, page: PageText) -> None:
    """A text, behind a member that is known; what is no text is not repeated."""
    body = {**FULL, "channel": "fast", "lane": "left", "cost": 0.1}
    made = drawn(documents, page(answer=json.dumps(body)))
    added = {key: it.value for key, it in made.facts.items() if key.startswith("prediction.")}
    assert added == {"prediction.added.channel": {"value": "fast", "behind": "urls"}}


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
    documents: Reader, page: PageText, header: str, expected: tuple[str, list[str]]
) -> None:
    """In which header, behind which word; a key alone is taken alone."""
    made = drawn(documents, page(after=CURL.format(header)))
    assert tuple(values(made, "auth.header", "auth.schemes")) == expected
    told = loads(profile_text(made))["auth"]
    assert told.get("bare", False) is (expected[1] == [])


def test_words_tell_how_a_token_is_sent(documents: Reader, page: PageText) -> None:
    """A placeholder stands behind Bearer."""
    words = "在 Header 添加参数 Authorization\n示例: Authorization: Bearer ******\n"
    made = drawn(documents, page(words))
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
    documents: Reader, page: PageText, body: object, family: list[str], kind: object
) -> None:
    """In the envelope of its family; request ids are drawn anew."""
    made = drawn(documents, page(after=f"返回\n🔴401\n{json.dumps(body, ensure_ascii=False)}\n"))
    assert values(made, "errors.like", "errors.brand") == family
    assert made.facts["errors.kinds.unauthenticated_invalid"].value == kind


def test_refusals_of_another_envelope_are_left_out(documents: Reader, page: PageText) -> None:
    """One profile speaks one family's words; and what is no refusal tells none."""
    after = (
        '返回\n🔴404\n{"detail": "gone"}\n🔴402\n{"error": {"message": "no money"}}\n'
        '🔴403\n{"error": "no"}\n🔴500\n{"detail": "sorry"}\n'
    )
    made = drawn(documents, page(after=after))
    kinds = loads(profile_text(made))["errors"]["kinds"]
    assert list(kinds) == ["not_found"]


def test_other_operations_and_features_are_documented_where_they_are_told(
    documents: Reader, page: PageText
) -> None:
    """Each with its line."""
    after = (
        f"{LOOK}GET https://api.clip.example/v1/predictions\n🟢200\n"
        "POST https://api.clip.example/v1/predictions/{id}/cancel\n🟢202\n"
        "POST https://api.clip.example/v1/files\n🟢201\n"
        "GET https://api.clip.example/v1/models\n🟢200\n"
    )
    rows = "Header 参数\nPrefer string optional\nBody 参数\nwebhook string optional\n"
    made = drawn(documents, page(rows, after=after))
    told = {
        key.removeprefix("endpoints.")
        for key, it in made.facts.items()
        if key.startswith("endpoints.") and it.value == "documented"
    }
    assert told == {"create", "get", "list", "cancel", "files", "models", "webhooks", "sync"}
    assert values(made, "cancel.status", "list.status") == [202, 200]


def test_an_accepted_create_call_is_one_whose_wait_ran_out(
    documents: Reader, page: PageText
) -> None:
    """Where 202 is printed beside the other status."""
    made = drawn(documents, page(after="返回\n🟢202\n").replace("🟢202", "🟢201\n🟢202"))
    assert values(made, "create.status", "create.waited_out_status") == [201, 202]


def test_documents_that_disagree_on_the_gateway_are_told(
    documents: Reader, page: PageText
) -> None:
    """The first is followed."""
    one = page(answer=json.dumps(FULL))
    other = one.replace("acme/clip", "acme/film").replace("🟢201", "🟢200")
    made = drawn(documents, one, other)
    assert values(made, "create.status") == [201]
    assert [(it.key, it.first.value, it.other.value) for it in made.disputes] == [
        ("create.status", 201, 200)
    ]


def test_a_profile_that_its_reader_refuses_is_not_written(
    documents: Reader, page: PageText
) -> None:
    """It is refused before."""
    text = profile_text(drawn(documents, page())).replace('"edge"', '"other"', 1)
    with pytest.raises(LibraryError, match="serializer"):
        checked(text, Path("gateways/clip.toml"))


def test_each_key_tells_its_place_in_a_comment(documents: Reader, page: PageText) -> None:
    """As a line of the page that is kept beside the fixture."""
    text = profile_text(drawn(documents, answering(page)))
    assert "# NAME:LINE is a line of docs/NAME.page.txt." in text
    assert "\n# clip/clip:5\nstatus = 201\n" in text
    assert "\n# assumed: nothing says that it knows 202\nwaited_out_status = 201\n" in text
