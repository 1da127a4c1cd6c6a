"""Webhooks over HTTP: bodies, the secret, the log of deliveries, and who delivers when."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from replicate.webhook import Webhooks, WebhookSigningSecret

from mockserver.core.letter import Letter
from mockserver.core.reply import Reply, Work
from mockserver.core.signature import SignatureRefused, verify
from mockserver.mount import FakeTransport
from mockserver.service.egress import Target
from mockserver.service.settings import OutputForm


if TYPE_CHECKING:
    from tests.web.conftest import Api, Apis

PRO = "/v1/models/black-forest-labs/flux-kontext-pro/predictions"
HOOK = "http://127.0.0.1:9/hook"
LIFE_S = 5.2


class Inbox:
    """A sender that keeps what it was given, and takes everything."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []

    def __call__(self, _target: Target, letter: Letter) -> int:
        """Taken."""
        self.letters.append(letter)
        return 200

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """What was received, read as JSON."""
        return [json.loads(letter.body) for letter in self.letters]


@pytest.fixture
def inbox(api: Api) -> Inbox:
    """What the webhooks of `api` arrive in."""
    return posted_to(api)


def posted_to(api: Api) -> Inbox:
    """An inbox for the webhooks of `api`."""
    inbox = Inbox()
    api.front.fake.courier.sender = inbox
    return inbox


def create(api: Api, *wanted: str, at: str = PRO, **body: object) -> Any:
    """A new prediction that reports to HOOK, as its create call tells it."""
    filtered = {"webhook_events_filter": list(wanted)} if wanted else {}
    asked = {"input": {"prompt": "a hat"}, "webhook": HOOK, **filtered, **body}
    return api.post(at, asked).json


def deliveries(api: Api, query: str = "") -> list[dict[str, Any]]:
    """The log."""
    got = api.get(f"/__mock__/deliveries{query}")
    assert got.status == 200
    return list(got.json["deliveries"])


def test_an_advance_delivers_before_it_answers(api: Api, inbox: Inbox) -> None:
    """In order, as the prediction was at each instant."""
    made = create(api, "start", "completed")
    assert api.advance(3600).status == 200
    assert [body["status"] for body in inbox.bodies] == ["starting", "succeeded"]
    assert {body["id"] for body in inbox.bodies} == {made["id"]}


def test_an_advance_that_delivers_is_work(api: Api, inbox: Inbox) -> None:
    """The receiver may be served by the loop that would have to wait; without one it is quick."""
    asked = {"action": "advance", "seconds": LIFE_S}
    create(api)
    # Whoever holds this delivers: so nobody else does for now.
    with api.front.fake.worlds.named("tester").outbox.performing:
        assert isinstance(api.answer("PUT", "/__mock__/clock", json=asked), Work)
        assert inbox.letters == []
    api.advance(0)
    assert len(inbox.letters) == 1
    assert isinstance(api.answer("PUT", "/__mock__/clock", json=asked), Reply)


def test_an_answer_says_where_changes_go(api: Api) -> None:
    """The address and the events that were asked for; neither where none was."""
    made = create(api, "start", "completed")
    assert (made["webhook"], made["webhook_events_filter"]) == (HOOK, ["start", "completed"])
    assert "webhook_events_filter" not in create(api)
    assert "webhook" not in api.create()


def test_the_body_is_the_web_form(api: Api, inbox: Inbox) -> None:
    """What is not known yet is null. Source: the documents' sample of a webhook."""
    create(api, "start", "completed")
    api.advance(LIFE_S)
    begun, ended = inbox.bodies
    unknown = ("started_at", "completed_at", "output", "error", "logs")
    assert {begun[name] for name in unknown} == {None}
    assert (begun["metrics"], begun["webhook"]) == ({}, HOOK)
    assert ended["output"].startswith("http://127.0.0.1:4010/delivery/")
    assert ended["urls"]["get"] == f"http://127.0.0.1:4010/v1/predictions/{ended['id']}"
    assert not inbox.letters[0].body.endswith(b"\n")


def test_the_body_and_a_look_at_the_same_instant_agree(api: Api, inbox: Inbox) -> None:
    """Two channels read one timeline."""
    made = create(api)
    api.advance(LIFE_S)
    looked = api.look(made["id"])
    (told,) = inbox.bodies
    names = ("id", "status", "output", "error", "input", "metrics", "data_removed")
    assert {name: told[name] for name in names} == {name: looked[name] for name in names}


def test_data_uris_are_told_where_outputs_are_data_uris(apis: Apis) -> None:
    """The setting holds for every channel."""
    api = apis(outputs=OutputForm.DATA)
    inbox = posted_to(api)
    create(api)
    api.advance(LIFE_S)
    assert inbox.bodies[0]["output"].startswith("data:image/")


def test_the_old_name_is_told_the_end_only(api: Api, inbox: Inbox) -> None:
    """Older SDKs send `webhook_completed`, sometimes with a filter that was not meant for it."""
    asked = {"input": {"prompt": "a hat"}, "webhook_completed": HOOK}
    api.post(PRO, asked)
    api.advance(LIFE_S)
    assert [body["status"] for body in inbox.bodies] == ["succeeded"]


def test_headers_are_those_of_standard_webhooks(api: Api, inbox: Inbox) -> None:
    """The official Python client's own verifier accepts them; so does ours, and in time only."""
    create(api)
    api.advance(LIFE_S)
    (letter,) = inbox.letters
    key = api.get("/v1/webhooks/default/secret").json["key"]
    headers = dict(letter.headers)
    Webhooks.validate(
        headers=headers, body=letter.body.decode(), secret=WebhookSigningSecret(key=key)
    )
    assert headers["Content-Type"] == "application/json"
    now_ms = api.front.fake.worlds.named("tester").clock.now_ms()
    verify([key], headers, letter.body, now_ms=now_ms)
    with pytest.raises(SignatureRefused, match="from now"):
        verify([key], headers, letter.body, now_ms=now_ms + 400_000)


@pytest.mark.parametrize("face", ["/v1", "", "/gateways/anyapi/replicate/v1"])
def test_the_secret_is_the_accounts_own(api: Api, face: str) -> None:
    """The same at every face, another for another token, none without."""
    told = api.get(f"{face}/webhooks/default/secret")
    assert told.json["key"] == api.get("/v1/webhooks/default/secret").json["key"]
    other = api.get(f"{face}/webhooks/default/secret", authorization="Bearer another-one")
    assert other.json["key"] != told.json["key"]
    assert api.get(f"{face}/webhooks/default/secret", authorization=None).status == 401


def test_a_rotated_secret_signs_with_the_one_before(api: Api, inbox: Inbox) -> None:
    """A receiver that knows either of them accepts it, for a day."""
    before = api.get("/v1/webhooks/default/secret").json["key"]
    after = api.post("/__mock__/webhooks/rotate").json["key"]
    assert after == api.get("/v1/webhooks/default/secret").json["key"] != before
    create(api)
    api.advance(LIFE_S)
    (letter,) = inbox.letters
    for key in (before, after):
        secret = WebhookSigningSecret(key=key)
        Webhooks.validate(headers=dict(letter.headers), body=letter.body.decode(), secret=secret)


def test_without_a_name_every_world_rotates(api: Api) -> None:
    """And where there is none, it is said."""
    assert api.post("/__mock__/webhooks/rotate", authorization=None).status == 400
    api.create()
    (told,) = api.post("/__mock__/webhooks/rotate", authorization=None).json["worlds"]
    assert told["world"] == "tester"


def test_the_log_tells_each_delivery(api: Api, inbox: Inbox) -> None:
    """What was due when, what was tried, and what came of it."""
    first = create(api, "start")
    create(api, "start")
    api.advance(1)
    assert len(inbox.letters) == len(deliveries(api)) == 2
    (told,) = deliveries(api, f"?prediction={first['id']}")
    assert told["id"].startswith("msg_")
    assert (told["event"], told["state"], told["url"]) == ("start", "delivered", HOOK)
    assert told["due"] == first["created_at"]
    (attempt,) = told["attempts"]
    assert (attempt["at"], attempt["status"]) == (first["created_at"], 200)
    assert "error" not in attempt


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/",
        "http://10.0.0.1/",
        "https://user:secret@127.0.0.1/",
        "https://example.com/hook",
    ],
)
def test_a_blocked_webhook_is_told_and_not_sent(api: Api, inbox: Inbox, address: str) -> None:
    """In the log with its reason, and in the journal when it is asked for."""
    create(api, webhook=address)
    api.advance(LIFE_S)
    (told,) = deliveries(api)
    assert (told["state"], told["attempts"][0]["status"]) == ("blocked", None)
    assert told["attempts"][0]["error"]
    assert "secret" not in json.dumps(told)
    assert inbox.letters == []
    (entry, *_) = api.get("/__mock__/journal").json["interactions"]
    assert "the webhook will not be called" in entry["notes"][0]


def test_an_allowed_host_is_called(apis: Apis) -> None:
    """The list of the settings is the one that counts."""
    api = apis(allowed_webhooks=frozenset({"example.com"}))
    inbox = posted_to(api)
    create(api, webhook="https://example.com/hook")
    api.advance(LIFE_S)
    assert len(inbox.letters) == 1


def test_a_delivery_can_be_sent_again(api: Api, inbox: Inbox) -> None:
    """The same id and the same body, with the time of the new attempt."""
    create(api)
    api.advance(LIFE_S)
    (told,) = deliveries(api)
    api.advance(7200)
    again = api.post(f"/__mock__/deliveries/{told['id']}/redeliver")
    assert (again.status, len(again.json["attempts"])) == (200, 2)
    first, second = inbox.letters
    assert first.body == second.body
    assert first.header("webhook-id") == second.header("webhook-id")
    assert first.header("webhook-timestamp") < second.header("webhook-timestamp")


def test_an_unknown_delivery_is_not_found(api: Api) -> None:
    """404, and where to look."""
    got = api.post("/__mock__/deliveries/msg_nobody/redeliver")
    assert got.status == 404
    assert "/__mock__/deliveries" in got.json["detail"]


def test_a_forced_end_is_told_before_the_answer(api: Api, inbox: Inbox) -> None:
    """The control API's ends are ends."""
    made = create(api)
    path = f"/__mock__/predictions/{made['id']}/status"
    got = api.put(path, {"status": "failed", "error": "because"})
    assert got.json["status"] == "failed"
    assert [(body["status"], body["error"]) for body in inbox.bodies] == [("failed", "because")]


def test_the_same_seed_gives_the_same_webhooks(apis: Apis) -> None:
    """Byte for byte: ids, timestamps, signatures, bodies."""
    runs = []
    for seconds in (3600, 600):
        api = apis(seed=7)
        inbox = posted_to(api)
        create(api, "start", "output", "logs", "completed")
        api.advance(seconds)
        runs.append([(letter.headers, letter.body) for letter in inbox.letters])
    assert runs[0] == runs[1]


def test_a_mount_delivers_too(api: Api, inbox: Inbox) -> None:
    """Without a socket of ours; a create call that waits moves the clock to the end."""
    with httpx.Client(transport=FakeTransport(api.front), base_url="http://127.0.0.1") as client:
        headers = {"Authorization": "Bearer tester", "Prefer": "wait"}
        body = {"input": {"prompt": "a hat"}, "webhook": HOOK}
        assert client.post(PRO, json=body, headers=headers).status_code == 201
    api.advance(0)
    assert [one["status"] for one in inbox.bodies] == ["succeeded"]


def test_a_training_tells_its_end_too(api: Api, inbox: Inbox) -> None:
    """Trainings are kept apart from predictions, and their webhooks come by the same way."""
    model = PRO.removesuffix("/predictions")
    version = api.get(model).json["latest_version"]["id"]
    own = {"owner": "acme", "name": "hats", "visibility": "private", "hardware": "cpu"}
    api.post("/v1/models", own)
    asked = {"destination": "acme/hats", "input": {"input_images": "https://a.test/a.zip"}}
    made = api.post(f"{model}/versions/{version}/trainings", {**asked, "webhook": HOOK}).json
    api.advance(60)
    assert [(body["id"], body["status"]) for body in inbox.bodies] == [(made["id"], "succeeded")]
    assert deliveries(api)[0]["prediction"] == made["id"]
