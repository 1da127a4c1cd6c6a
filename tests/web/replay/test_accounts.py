"""Whose a recorded interaction is, when somebody asks with whatever token."""

from __future__ import annotations

import json

import pytest

from mockserver.core.cassette import Recorded
from mockserver.core.interaction import Interaction, Request
from mockserver.web.replay.accounts import Accounts, Fit
from tests.playing import played
from tests.recording import TOKEN, Recording


def asked(token: str) -> Request:
    """A request with this token, or with none."""
    return Request("GET", "/x", headers=(("authorization", token),) if token else ())


def recorded(token: str, status: int = 200) -> Recorded:
    """An interaction of whoever has it."""
    return Recorded(Interaction(asked(token), status, (), b"", 0))


ONE, TWO = "Bearer <TOKEN:1>", "Bearer <TOKEN:2>"


@pytest.mark.parametrize(
    ("known", "status", "sent", "fit"),
    [
        ("", 200, "", Fit.SAME),
        (ONE, 200, ONE, Fit.SAME),
        (ONE, 200, "Bearer a", Fit.UNBOUND),
        (ONE, 200, "", Fit.LENIENT),
        ("", 200, "Bearer a", Fit.LENIENT),
        ("", 401, "Bearer a", Fit.OTHER),
        ("", 401, "", Fit.SAME),
    ],
)
def test_who_asks_first(known: str, status: int, sent: str, fit: Fit) -> None:
    """Any token may stand for a recorded one; what strangers were refused is for strangers."""
    accounts = Accounts(frozenset({ONE, TWO}))
    assert accounts.fit(recorded(known, status), asked(sent)) is fit


def test_two_accounts_stay_apart() -> None:
    """Who was played one account's answers gets no other's, and nobody else gets those."""
    accounts = Accounts(frozenset({ONE, TWO}))
    accounts.bind(recorded(ONE), asked("Bearer a"))
    assert accounts.fit(recorded(ONE), asked("Bearer a")) is Fit.SAME
    assert accounts.fit(recorded(TWO), asked("Bearer a")) is Fit.OTHER
    assert accounts.fit(recorded(ONE), asked("Bearer b")) is Fit.OTHER
    assert accounts.fit(recorded(TWO), asked("Bearer b")) is Fit.UNBOUND


def test_one_account_may_change_its_token() -> None:
    """Where a cassette is of one account alone, every token is that account's."""
    accounts = Accounts(frozenset({ONE}))
    accounts.bind(recorded(ONE), asked("Bearer a"))
    assert accounts.fit(recorded(ONE), asked("Bearer b")) is Fit.UNBOUND


def test_an_account_sees_its_own_predictions_only() -> None:
    """As it was when they were recorded: the look of another one was refused."""
    recording = Recording()
    made = recording.create()
    path = f"/v1/predictions/{made['id']}"
    recording.exchange("GET", path, headers={"authorization": "Bearer another-account-1"})
    assert recording.recorded[-1].seen.status == 404
    recording.poll(made["id"], [5_000])
    listener = played(recording)
    made = listener.create()
    reply, _ = listener.ask("GET", path, headers={"authorization": "Bearer somebody-else-2"})
    assert reply.status == 404
    assert listener.until_ended(made, 500)["status"] == "succeeded"


def test_strangers_are_refused_as_they_were() -> None:
    """The same create call without a token, and with one."""
    recording = Recording()
    path = "/v1/models/black-forest-labs/flux-schnell/predictions"
    given = {"input": {"prompt": "a lighthouse"}}
    recording.exchange("POST", path, given, {"authorization": ""})
    recording.create()
    listener = played(recording)
    made = listener.create(headers={"authorization": f"Bearer {TOKEN}x"})
    assert made["status"] == "starting"
    reply, data = listener.ask("POST", path, given, {"authorization": ""})
    assert (reply.status, json.loads(data)["status"]) == (401, 401)
