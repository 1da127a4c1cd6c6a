"""No secret is on a cassette, wherever it stood and however it was spelled; and it still plays."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import replace
from re import sub
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract.cassettes.leaks import leaks
from mockserver.contract.cassettes.redacting import redacted
from mockserver.core.cassette import Cassette, Part, Posted, Recorded
from mockserver.library.cassettes.written import written
from tests.planted import CANARY, PLACES, PLAIN, asked, said, spellings
from tests.playing import Listener, kept, played
from tests.recording import TOKEN, Recording


def cassette_of(*recorded: Recorded) -> Cassette:
    """A cassette of these interactions, no lives in them."""
    return Cassette("https://api.replicate.com/v1", recorded=recorded)


@pytest.mark.parametrize("secret", [CANARY, PLAIN], ids=["of a known form", "of none"])
@pytest.mark.parametrize("place", PLACES)
def test_a_secret_is_nowhere_in_what_is_written(place: str, secret: str) -> None:
    """Neither as it is nor in any spelling, wherever it was planted."""
    if secret == PLAIN and place in {"Authorization", "a broken connection"}:
        secret = PLAIN.replace(" ", "")
    told = redacted(cassette_of(PLACES[place](secret)), (secret,))
    data = written(told)
    assert [name for name, text in spellings(secret).items() if text in data] == []
    assert list(leaks(data, (secret,))) == []


@pytest.mark.parametrize("place", PLACES)
def test_a_secret_is_found_where_secrets_stand(place: str) -> None:
    """Nobody has to say what it is, if it is one by its place or by its form."""
    data = written(redacted(cassette_of(PLACES[place](CANARY))))
    assert [name for name, text in spellings(CANARY).items() if text in data] == []


def test_a_secret_has_one_name_everywhere() -> None:
    """In a header, a body and an answer: so that what is the same can be seen to be."""
    one = said(asked(authorization=f"Bearer {CANARY}"), f'{{"echo": "{CANARY}"}}'.encode())
    other = said(asked(authorization="Bearer r8_0000000000111111111122222222223333333"))
    told = redacted(cassette_of(one, other, one)).recorded
    assert [each.request.header("authorization") for each in told] == [
        "Bearer <TOKEN:1>",
        "Bearer <TOKEN:2>",
        "Bearer <TOKEN:1>",
    ]
    assert told[0].seen.response_body == b'{"echo": "<TOKEN:1>"}'


def test_redacting_again_changes_nothing() -> None:
    """A cassette that is redacted is a cassette that is redacted."""
    once = redacted(cassette_of(*(plant(CANARY) for plant in PLACES.values())), (CANARY,))
    assert redacted(once) == once


def test_what_is_recorded_later_is_counted_on() -> None:
    """A name that is taken is not given to another secret."""
    before = redacted(cassette_of(said(asked(authorization=f"Bearer {CANARY}")))).recorded
    later = said(asked(authorization="Bearer r8_0000000000111111111122222222223333333"))
    told = redacted(cassette_of(*before, later)).recorded
    assert told[1].request.header("authorization") == "Bearer <TOKEN:2>"


def test_webhooks_are_redacted_too() -> None:
    """Their signatures are left out, and what they say is looked through."""
    hook = asked(
        body=json.dumps({"token": CANARY}).encode(), webhook_id="msg_1", webhook_signature="v1,abc"
    )
    told = redacted(replace(cassette_of(), hooks=(Posted(hook, 5),)))
    assert told.hooks[0].request.header("webhook-id") == "msg_1"
    assert told.hooks[0].request.header("webhook-signature") == ""
    assert CANARY.encode() not in written(told)


def test_a_stream_keeps_its_pieces_where_no_secret_was_split() -> None:
    """Each piece and its time, as they came."""
    parts = (b"event: output\nda", b"ta: abc\n", b"\n")
    told = redacted(cassette_of(said(parts=parts)))
    assert told.recorded[0].parts == tuple(Part(at, data) for at, data in enumerate(parts))


def test_a_split_secret_is_put_together_first() -> None:
    """Its stream is told event by event then, each when its last byte had come."""
    one = PLACES["an event that was split"](CANARY)
    parts = redacted(cassette_of(one)).recorded[0].parts
    assert [(part.after_ms, part.data) for part in parts] == [
        (1, b"data: <TOKEN:1>\n\n"),
        (2, b"data: x\n\n"),
    ]


def test_a_redacted_cassette_plays_as_the_raw_one() -> None:
    """Every answer is the same, up to the secrets in it."""
    recording = Recording()
    given = {"input": {"prompt": "a lighthouse"}, "webhook": f"https://me:{CANARY}@x.test/h"}
    made = recording.create(given=given)
    recording.poll(made["id"], [500] * 8)
    recording.exchange("GET", "/v1/webhooks/default/secret")
    recording.exchange("GET", f"/v1/predictions?token={CANARY}".partition("?")[0])
    raw = kept(recording)
    clean = kept_again(redacted(raw, (CANARY, TOKEN)), recording)
    assert CANARY.encode() not in written(clean)
    told = [_heard(played(each), given) for each in (raw, clean)]
    assert told[0] == told[1]
    assert "x.test" in told[0]


def kept_again(cassette: Cassette, recording: Recording) -> Cassette:
    """The same cassette, its lives distilled anew."""
    again = replace(recording, recorded=list(cassette.recorded))
    return replace(cassette, jobs=kept(again).jobs)


def _heard(listener: Listener, given: object) -> str:
    """What is answered, without names and passwords."""
    made = listener.create(given)
    told = json.dumps([made, listener.until_ended(made, 500)])
    _, listed = listener.ask("GET", "/v1/predictions")
    return sub("://[^/@]*@", "://", told + listed.decode())


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), min_size=8, max_size=40),
    st.sampled_from(sorted(PLACES)),
)
def test_any_known_secret_is_taken_out(secret: str, place: str) -> None:
    """Whatever it is made of."""
    if place in {"Authorization", "Proxy-Authorization"}:
        secret = "".join(secret.split()) or "12345678"
    told = written(redacted(cassette_of(PLACES[place](secret)), (secret,)))
    assert b64encode(secret.encode())[:-4] not in told
    assert quote(secret, safe="").encode() not in told or quote(secret) == secret.lower()
