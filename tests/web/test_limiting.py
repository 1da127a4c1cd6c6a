"""What an account is refused for its standing or its haste, and what headers tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from mockserver.core.reply import Later
from mockserver.service.settings import LimitStyle, OutputForm


if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.web.conftest import Api, Apis, Got

PRO: Final = "/v1/models/black-forest-labs/flux-kontext-pro/predictions"
RELAYED: Final = f"/gateways/anyapi/replicate{PRO}"
BODY: Final = {"input": {"prompt": "x"}}
LOW: Final = "Bearer r8_lowcredit-tests"
NO_CREDIT: Final = (
    b'{"title":"Insufficient credit","detail":"You have insufficient credit to run this model. Go '
    b"to https://replicate.com/account/billing#billing to purchase credit. Once you purchase "
    b'credit, please wait a few minutes before trying again.","status":402}\n'
)
FREE_LIMIT: Final = (
    b'{"title":"Free time limit reached","detail":"You have reached the free time limit. To '
    b"continue using Replicate, set up billing at https://replicate.com/account/billing#billing."
    b'","status":402}\n'
)
UNPAID: Final = (
    b'{"detail":"Request was throttled. Your rate limit for creating predictions is reduced to 6 '
    b"requests per minute with a burst of 1 requests until you add a payment method. Your rate "
    b'limit resets in ~9s.","status":429,"retry_after":9}\n'
)
REDUCED: Final = (
    b'{"detail":"Request was throttled. Your rate limit for creating predictions is reduced to 6 '
    b"requests per minute with a burst of 1 requests while you have less than $5.0 in credit. "
    b'Your rate limit resets in ~%ds.","status":429,"retry_after":%d}\n'
)
THROTTLED: Final = b'{"detail":"Request was throttled. Your rate limit resets in ~60s."}\n'
INVALID: Final = (
    b'{"title":"Unauthenticated","detail":"You did not pass a valid authentication token",'
    b'"status":401}\n'
)
FORBIDDEN: Final = (
    b'{"title":"Forbidden","detail":"You do not have permission to perform this action.",'
    b'"status":403}\n'
)


def limit(got: Got) -> tuple[str | None, str | None]:
    """The two headers of the limit, as upstream's recordings are abridged: 599/1."""
    return got.headers.get("ratelimit-remaining"), got.headers.get("ratelimit-reset")


def empty(api: Api) -> None:
    """Create as often as one may at once."""
    for _ in range(600):
        api.post(PRO, BODY)


def test_each_answer_tells_what_is_left(api: Api) -> None:
    """599/1 of a create, 59999/1 of a look, 2999/1 of all others; each counts for itself."""
    created = api.post(PRO, BODY)
    at = f"/v1/predictions/{created.json['id']}"
    assert limit(created) == ("599", "1")
    assert limit(api.get(at)) == ("59999", "1")
    assert limit(api.get("/v1/predictions")) == ("2999", "1")
    assert limit(api.post(f"{at}/cancel")) == ("2998", "1")
    assert limit(api.post("/v1/predictions", {"version": "x/y", "input": {}})) == ("598", "1")


def test_looks_at_what_did_not_change_count_too(api: Api) -> None:
    """Their bodies are the same bytes, their headers are not."""
    target = f"/v1/predictions/{api.create()['id']}"
    first, second = api.get(target), api.get(target)
    assert first.body == second.body
    assert (limit(first)[0], limit(second)[0]) == ("59999", "59998")


def test_tokens_come_back_with_the_time_of_the_world(api: Api) -> None:
    """Ten a second: after two creates and a tenth of a second one is missing."""
    api.create()
    api.create()
    api.advance(0.1)
    assert limit(api.post(PRO, BODY)) == ("598", "1")


def test_refusals_tell_it_too(api: Api) -> None:
    """What was wrong with the request did not spare the limit; the order of headers is ours."""
    got = api.post(PRO, {"input": {}})
    assert (got.status, limit(got)) == (422, ("599", "1"))
    assert limit(api.get("/v1/predictions/aaaaaaaaaaaaaaaaaaaaaaaaaa")) == ("59999", "1")


@pytest.mark.parametrize("token", [None, "Bearer undefined", "Bearer r8_invalid"])
def test_who_is_not_known_is_told_nothing(api: Api, token: str | None) -> None:
    """A recorded 401 carries neither header."""
    got = api.get("/v1/predictions", authorization=token)
    assert (got.status, limit(got)) == (401, (None, None))


@pytest.mark.parametrize(
    "target",
    ["/", "/v1/openapi.json", "/__mock__/info", "/v1/files", "/v1/files/bcwr-x", "/v1/nothing"],
)
def test_what_counts_against_no_limit_tells_of_none(api: Api, target: str) -> None:
    """What needs no token, files, our own paths, and paths that there are not."""
    assert limit(api.get(target)) == (None, None)


def test_a_waiting_create_counts_once(api: Api, show: Callable[..., Got]) -> None:
    """When it comes in; it is told when it is answered."""
    held = api.answer("POST", PRO, json=BODY, prefer="wait=4")
    assert isinstance(held, Later)
    api.create()
    assert limit(show(held)) == ("599", "1")


def test_answers_that_take_a_calculation_tell_it(apis: Apis) -> None:
    """As all others."""
    api = apis(outputs=OutputForm.DATA)
    assert limit(api.post(PRO, BODY, prefer="wait")) == ("599", "1")


def test_the_601st_at_once_is_refused(api: Api) -> None:
    """429 in the documented words; a look is not refused; a tenth of a second later one passes."""
    empty(api)
    got = api.post(PRO, BODY)
    assert (got.status, got.body, limit(got)) == (429, THROTTLED, ("0", "60"))
    assert got.headers["retry-after"] == "60"
    assert got.headers["content-type"] == "application/problem+json"
    assert api.get("/v1/predictions").status == 200
    api.advance(0.1)
    assert api.post(PRO, BODY).status == 201


def test_the_journal_says_why_it_was_throttled(api: Api) -> None:
    """Whoever meets it on a clock that stands still learns what to do."""
    empty(api)
    api.post(PRO, BODY)
    (note,) = api.get("/__mock__/journal").json["interactions"][-1]["notes"]
    assert "'create' holds 600 and gets 600 a minute of this world's time" in note
    assert "--limits told" in note


@pytest.mark.parametrize(
    ("style", "told"), [(LimitStyle.TOLD, ("0", "60")), (LimitStyle.OFF, (None, None))]
)
def test_limits_can_be_told_only_or_left_out(
    apis: Apis, style: LimitStyle, told: tuple[str | None, str | None]
) -> None:
    """`--limits`: for load tests that want no 429."""
    api = apis(limits=style)
    empty(api)
    got = api.post(PRO, BODY)
    assert (got.status, limit(got)) == (201, told)


def test_low_credit_is_six_a_minute_one_at_a_time(api: Api) -> None:
    """The body that users report, with the seconds twice; only creations are slowed."""
    first = api.post(PRO, BODY, authorization=LOW)
    assert (first.status, limit(first)) == (201, ("0", "10"))
    api.put("/__mock__/clock", {"action": "advance", "seconds": 3}, authorization=LOW)
    got = api.post(PRO, BODY, authorization=LOW)
    assert (got.status, got.body) == (429, REDUCED % (7, 7))
    assert (limit(got), got.headers["retry-after"]) == (("0", "7"), "7")
    assert api.get("/v1/predictions", authorization=LOW).status == 200
    api.put("/__mock__/clock", {"action": "advance", "seconds": 7}, authorization=LOW)
    assert api.post(PRO, BODY, authorization=LOW).status == 201


def test_without_a_payment_method_it_is_six_a_minute_too(api: Api) -> None:
    """In other words, which users report."""
    unpaid = "Bearer r8_nopayment-tests"
    first = api.post(PRO, BODY, authorization=unpaid)
    api.put("/__mock__/clock", {"action": "advance", "seconds": 1}, authorization=unpaid)
    got = api.post(PRO, BODY, authorization=unpaid)
    assert (first.status, got.status, got.body) == (201, 429, UNPAID)
    assert (limit(got), got.headers["retry-after"]) == (("0", "9"), "9")


@pytest.mark.parametrize("style", LimitStyle)
def test_a_token_that_asks_for_low_credit_gets_it(apis: Apis, style: LimitStyle) -> None:
    """Whatever the settings say of other accounts."""
    api = apis(limits=style)
    seen = [api.post(PRO, BODY, authorization=LOW).status for _ in range(2)]
    assert seen == [201, 429]


def test_retry_after_can_be_left_out(apis: Apis) -> None:
    """The header is assumed; the body's member is not, and stays."""
    api = apis(retry_after=False)
    api.post(PRO, BODY, authorization=LOW)
    got = api.post(PRO, BODY, authorization=LOW)
    assert (got.json["retry_after"], got.headers.get("retry-after")) == (10, None)


@pytest.mark.parametrize(
    ("token", "asked", "status", "body"),
    [
        ("r8_invalid7", ("GET", "/v1/predictions"), 401, INVALID),
        ("r8_invalid7", ("POST", PRO), 401, INVALID),
        ("r8_forbidden7", ("GET", "/v1/predictions"), 403, FORBIDDEN),
        ("r8_forbidden7", ("POST", PRO), 403, FORBIDDEN),
        ("r8_nocredit7", ("POST", PRO), 402, NO_CREDIT),
        ("r8_nocredit7", ("POST", "/v1/predictions"), 402, NO_CREDIT),
        ("r8_freelimit7", ("POST", PRO), 402, FREE_LIMIT),
        ("r8_freelimit7", ("POST", "/v1/predictions"), 402, FREE_LIMIT),
    ],
)
def test_magic_tokens_meet_their_refusals(
    api: Api, token: str, asked: tuple[str, str], status: int, body: bytes
) -> None:
    """Field by field as upstream words them, 403 assumed."""
    got = api.ask(*asked, json=BODY, authorization=f"Bearer {token}")
    assert (got.status, got.body) == (status, body)


def test_no_credit_is_enough_to_look(api: Api) -> None:
    """402 is for what costs something."""
    assert api.get("/v1/predictions", authorization="Bearer r8_nocredit").status == 200


def test_a_token_that_is_not_on_the_list_is_no_magic(apis: Apis) -> None:
    """`--token` is stronger: 401."""
    api = apis(tokens=frozenset({"the-one"}))
    assert api.post(PRO, BODY, authorization="Bearer r8_nocredit").status == 401


def test_refused_accounts_have_a_journal(api: Api) -> None:
    """What was refused can be read in the world of its token."""
    api.post(PRO, BODY, authorization="Bearer r8_forbidden")
    found = api.get("/__mock__/journal", authorization="Bearer r8_forbidden").json
    assert [one["response"]["status"] for one in found["interactions"]] == [403]


@pytest.mark.parametrize(
    ("token", "status", "code", "words"),
    [
        ("r8_nocredit", 403, "insufficient_user_quota", "用户额度不足"),
        ("r8_forbidden", 403, "access_denied", "该令牌无权访问"),
        ("r8_lowcredit", 429, "", "1分钟内最多请求6次"),
        ("r8_nopayment", 429, "", "1分钟内最多请求6次"),
        ("r8_freelimit", 403, "insufficient_user_quota", "用户额度不足"),
    ],
)
def test_the_new_api_family_words_them_its_way(
    api: Api, token: str, status: int, code: str, words: str
) -> None:
    """403 for what upstream answers 402, and no header that tells when to come back."""
    sent = [api.post(RELAYED, BODY, authorization=f"Bearer {token}") for _ in range(2)]
    error = sent[-1].json["error"]
    assert (sent[-1].status, error["code"]) == (status, code)
    assert words in error["message"]
    assert sent[-1].headers.keys().isdisjoint({"retry-after", "ratelimit-remaining"})
