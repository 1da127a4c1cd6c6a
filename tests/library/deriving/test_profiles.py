"""What documents say of a gateway becomes its profile."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from tomllib import loads
from typing import TYPE_CHECKING, Any, Final

import pytest

from mockserver.library.deriving.answers import WHOLE
from mockserver.library.deriving.fixtures import fixture
from mockserver.library.deriving.models import model_draft
from mockserver.library.deriving.profile_text import profile_text
from mockserver.library.deriving.profiles import ProfileDraft, checked
from mockserver.library.errors import LibraryError


if TYPE_CHECKING:
    from tests.library.deriving.conftest import Profiler, Reader

PageText = Callable[..., str]

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
LOOK: Final = "GET https://api.clip.example/v1/predictions/{id}\n🟢200\n"


def answering(page: PageText, **members: object) -> str:
    """A page whose create call answers the whole prediction, with these members."""
    return page(answer=json.dumps({**FULL, **members}))


def values(made: ProfileDraft, *keys: str) -> list[Any]:
    """The values of facts."""
    return [made.facts[key].value for key in keys]


def test_what_no_page_says_is_assumed(profile: Profiler, page: PageText) -> None:
    """As upstream answers; a gateway that relays answers 200."""
    made = profile(page())
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


def test_the_family_is_known_by_its_path(profile: Profiler, page: PageText) -> None:
    """Where no refusal is printed."""
    made = profile(page().replace("/v1/", "/replicate/v1/"))
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
    profile: Profiler, page: PageText, members: list[str], body: object, omit_null: object
) -> None:
    """In their order, as far as the fake can tell them."""
    made = profile(page(answer=json.dumps(dict.fromkeys(members, "x"))))
    assert made.facts["create.body"].value == body
    assert ("create.omit_null" in made.facts) is (omit_null is not None)


def test_members_that_are_described_and_not_shown_may_be_absent(
    profile: Profiler, page: PageText
) -> None:
    """They are left out while they are null."""
    rows = "响应参数 application/json\nid string required\noutput string optional\n示例\n"
    made = profile(page(answer=f'{rows}{{"id": "x", "status": "starting"}}'))
    assert values(made, "create.body", "create.omit_null") == [
        ["id", "status", "output"],
        ["output"],
    ]
    (quirk,) = made.quirks
    assert (quirk.quirk.name, quirk.quirk.fault) == ("reduced-create", "shape.minimal;on=create")
    assert quirk.quirk.says.startswith("create answers id and status only")


def test_a_longer_answer_without_urls_is_reduced_too(profile: Profiler, page: PageText) -> None:
    """No fault plays exactly that."""
    made = profile(page(answer='{"id": "x", "status": "starting", "logs": ""}'))
    (quirk,) = made.quirks
    assert (quirk.quirk.fault, quirk.quirk.says[:38]) == (
        "",
        "create answers id, status and logs onl",
    )


def test_a_look_tells_what_a_client_has_to_know(profile: Profiler, page: PageText) -> None:
    """An example of one before its end cannot hide the output."""
    made = profile(page(after=f'{LOOK}{{"id": "x", "status": "processing"}}\n'))
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
    profile: Profiler, page: PageText, urls: object, mode: str
) -> None:
    """As the examples show them."""
    assert values(profile(answering(page, urls=urls)), "urls.mode") == [mode]


def test_addresses_away_become_templates(profile: Profiler, page: PageText) -> None:
    """With the id and the stream left open; the others are upstream's."""
    made = profile(answering(page, urls=AWAY))
    assert values(made, "urls.upstream.get", "urls.upstream.stream", "urls.upstream.web") == [
        "https://api.replicate.com/v1/predictions/{id}",
        "https://stream.replicate.com/v1/{stream}",
        "https://replicate.com/p/{id}",
    ]


def test_a_member_that_upstream_has_not_is_added(profile: Profiler, page: PageText) -> None:
    """A text, behind a member that is known; what is no text is not repeated."""
    body = {**FULL, "channel": "fast", "lane": "left", "cost": 0.1}
    made = profile(page(answer=json.dumps(body)))
    added = {key: it.value for key, it in made.facts.items() if key.startswith("prediction.")}
    assert added == {"prediction.added.channel": {"value": "fast", "behind": "urls"}}


def test_other_operations_and_features_are_documented_where_they_are_told(
    profile: Profiler, page: PageText
) -> None:
    """Each with its line."""
    after = (
        f"{LOOK}GET https://api.clip.example/v1/predictions\n🟢200\n"
        "POST https://api.clip.example/v1/predictions/{id}/cancel\n🟢202\n"
        "POST https://api.clip.example/v1/files\n🟢201\n"
        "GET https://api.clip.example/v1/models\n🟢200\n"
    )
    rows = "Header 参数\nPrefer string optional\nBody 参数\nwebhook string optional\n"
    made = profile(page(rows, after=after))
    told = {
        key.removeprefix("endpoints.")
        for key, it in made.facts.items()
        if key.startswith("endpoints.") and it.value == "documented"
    }
    assert told == {"create", "get", "list", "cancel", "files", "models", "webhooks", "sync"}
    assert values(made, "cancel.status", "list.status") == [202, 200]


def test_a_body_without_an_input_is_the_input(profile: Profiler, documents: Reader) -> None:
    """If it is shown so, below a path that names the model."""
    head = "POST https://api.clip.example/v1/models/acme/clip/predictions\n"
    rows = "prompt string required What.\nwebhook string optional\n"
    text = f'{head}{rows}示例\n{{"prompt": "a sail", "seconds": 5}}\n返回\n{{"id": "x"}}\n'
    assert loads(profile_text(profile(text)))["request"]["flat"] is True
    (model,) = map(model_draft, [documents(text)])
    assert list(model.described["Input"]["properties"]) == ["prompt", "seconds"]
    assert model.described["Input"]["required"] == ["prompt"]
    (document,) = documents(text)
    assert document.creation is not None
    made = fixture(document, document.creation, "2026-01-01")
    assert made["examples"][0]["request"]["body"] == {"prompt": "a sail", "seconds": 5}
    by_version = text.replace("/models/acme/clip", "")
    by_version = by_version.replace('{"prompt', '{"version": "a/b", "prompt')
    assert "request" not in loads(profile_text(profile(by_version)))


def test_a_webhook_may_only_be_shown(profile: Profiler, page: PageText) -> None:
    """Beside the input of an example; where it is http, that is said."""
    text = page().replace('{"input"', '{"webhook": "https://a.example", "input"')
    made = profile(text.replace("https://api.clip", "http://api.clip"))
    assert made.facts["endpoints.webhooks"].source == "document clip/clip, line 3, example"
    assert values(made, "homepage") == ["http://api.clip.example"]


def test_operations_that_share_a_line_are_all_read(profile: Profiler) -> None:
    """OpenAPI in JSON may be one long line."""
    paths = {
        "/v1/models/acme/clip/predictions": {"post": {"responses": {"201": {"description": ""}}}},
        "/v1/predictions/{id}": {"get": {"responses": {"200": {"description": ""}}}},
        "/v1/predictions/{id}/cancel": {"post": {"responses": {"202": {"description": ""}}}},
    }
    servers = [{"url": "https://api.clip.example"}]
    made = profile(json.dumps({"openapi": "3.0.3", "servers": servers, "paths": paths}))
    assert values(made, "create.status", "get.status", "cancel.status") == [201, 200, 202]


def test_an_id_is_left_open_where_it_is_a_part_of_the_path(
    profile: Profiler, page: PageText
) -> None:
    """And not where its letters stand by chance."""
    urls = {"get": "https://api.replicate.com/v1/predictions/a"}
    made = profile(answering(page, id="a", urls=urls))
    assert values(made, "urls.upstream.get") == ["https://api.replicate.com/v1/predictions/{id}"]


def test_an_accepted_create_call_is_one_whose_wait_ran_out(
    profile: Profiler, page: PageText
) -> None:
    """Where 202 is printed beside the other status."""
    made = profile(page(after="返回\n🟢202\n").replace("🟢202", "🟢201\n🟢202"))
    assert values(made, "create.status", "create.waited_out_status") == [201, 202]


def test_documents_that_disagree_on_the_gateway_are_told(
    profile: Profiler, page: PageText
) -> None:
    """The first is followed."""
    one = page(answer=json.dumps(FULL))
    other = one.replace("acme/clip", "acme/film").replace("🟢201", "🟢200")
    made = profile(one, other)
    assert values(made, "create.status") == [201]
    assert [(it.key, it.first.value, it.other.value) for it in made.disputes] == [
        ("create.status", 201, 200)
    ]


def test_a_profile_that_its_reader_refuses_is_not_written(
    profile: Profiler, page: PageText
) -> None:
    """It is refused before."""
    text = profile_text(profile(page())).replace('"edge"', '"other"', 1)
    with pytest.raises(LibraryError, match="serializer"):
        checked(text, Path("gateways/clip.toml"))


def test_each_key_tells_its_place_in_a_comment(profile: Profiler, page: PageText) -> None:
    """As a line of the page that is kept beside the fixture."""
    text = profile_text(profile(answering(page)))
    assert "# NAME:LINE is a line of docs/NAME.page.txt." in text
    assert "\n# clip/clip:5\nstatus = 201\n" in text
    assert "\n# assumed: nothing says that it knows 202\nwaited_out_status = 201\n" in text
