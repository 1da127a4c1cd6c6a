"""No secret is on a cassette, wherever it stood and however it was spelled; and it still plays."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from re import sub
from typing import Final
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract.cassettes.leaks import leaks
from mockserver.contract.cassettes.redacting import redacted
from mockserver.core.cassette import Cassette, Part, Posted, Recorded
from mockserver.core.interaction import Interaction, Request
from mockserver.library.cassettes.written import written
from tests.playing import Listener, kept, played
from tests.recording import TOKEN, Recording


CANARY: Final = "r8_Kq7Zb3Nw9Xc5Vt1Ym8Ls4Hd6Gf2Rj0Pu7Ea3"
PLAIN: Final = "canary: \"K'q7\\ Z/b3+N<w9&Xc5é"
"""A secret of no known form, which every encoding spells otherwise."""


def said(
    request: Request | None = None,
    answer: bytes = b"{}",
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),),
    parts: tuple[bytes, ...] = (),
) -> Recorded:
    """One interaction, in which a secret may stand anywhere."""
    asked = request or Request("GET", "/v1/account", headers=(("host", "api.replicate.com"),))
    body = b"".join(parts) or answer
    seen = Interaction(asked, 200, headers, body, 0)
    return Recorded(seen, parts=tuple(Part(at, data) for at, data in enumerate(parts)))


def asked(path: str = "/v1/x", query: str = "", body: bytes = b"", **headers: str) -> Request:
    """A request with headers of these names, their underscores dashes."""
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Request("POST", path, query, (("host", "api.replicate.com"), *named), body, "https")


def form(name: str, secret: str) -> bytes:
    """An upload of one field."""
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return f"{head}{secret}\r\n--b--\r\n".encode()


Planted = Callable[[str], Recorded]

PLACES: Final[dict[str, Planted]] = {
    "Authorization": lambda s: said(asked(authorization=f"Bearer {s}")),
    "Basic credentials": lambda s: said(
        asked(authorization=f"Basic {b64encode(f'me:{s}'.encode()).decode()}")
    ),
    "Proxy-Authorization": lambda s: said(asked(proxy_authorization=f"Bearer {s}")),
    "X-Api-Key": lambda s: said(asked(x_api_key=s)),
    "Cookie": lambda s: said(asked(cookie=f"a=b; session={quote(s)}")),
    "a header nobody knows": lambda s: said(asked(x_my_own=s)),
    "Set-Cookie": lambda s: said(headers=(("Set-Cookie", f"session={quote(s)}; Path=/"),)),
    "an answer's header nobody knows": lambda s: said(headers=(("X-Echo", s),)),
    "Location": lambda s: said(headers=(("Location", f"https://x.test/?token={quote(s)}"),)),
    "userinfo in a body": lambda s: said(
        asked(body=json.dumps({"webhook": f"https://me:{quote(s, safe='')}@x.test/h"}).encode())
    ),
    "a query": lambda s: said(asked(query=f"token={quote(s)}")),
    "a query in another case": lambda s: said(asked(query=f"Token={quote(s)}")),
    "JSON": lambda s: said(asked(body=json.dumps({"api_key": s}).encode())),
    "nested JSON": lambda s: said(asked(body=json.dumps({"a": [{"b": {"token": s}}]}).encode())),
    "JSON in JSON": lambda s: said(
        asked(body=json.dumps({"a": json.dumps({"token": s})}).encode())
    ),
    "a form": lambda s: said(asked(body=f"token={quote(s)}&a=b".encode())),
    "multipart": lambda s: said(asked(body=form("token", s))),
    "gzip asked": lambda s: said(
        asked(body=gzip.compress(json.dumps({"token": s}).encode()), content_encoding="gzip")
    ),
    "gzip answered": lambda s: said(
        answer=gzip.compress(json.dumps({"token": s}).encode()),
        headers=(("Content-Type", "application/json"), ("Content-Encoding", "gzip")),
    ),
    "an error that echoes": lambda s: said(
        asked(authorization=f"Bearer {s}"),
        json.dumps({"detail": f"Invalid token {s} given"}).encode(),
    ),
    "base64": lambda s: said(
        asked(authorization=f"Bearer {s}"), b64encode(f"key is {s}, really".encode())
    ),
    "base64 for addresses": lambda s: said(
        asked(authorization=f"Bearer {s}"), urlsafe_b64encode(f"x{s}".encode())
    ),
    "a data URI": lambda s: said(
        asked(authorization=f"Bearer {s}"),
        json.dumps(
            {"output": f"data:text/plain;base64,{b64encode(s.encode()).decode()}"}
        ).encode(),
    ),
    "a path": lambda s: said(
        asked(path=f"/v1/x/{quote(s, safe='')}", authorization=f"Bearer {s}")
    ),
    "an event": lambda s: said(
        asked(authorization=f"Bearer {s}"), parts=(b"data: ", f"{s}\n\n".encode())
    ),
    "an event that was split": lambda s: said(
        asked(authorization=f"Bearer {s}"),
        parts=(f"data: {s}"[:20].encode(), f"data: {s}\n\n"[20:].encode(), b"data: x\n\n"),
    ),
    "a secret of webhooks": lambda s: said(answer=json.dumps({"key": f"whsec_{b64(s)}"}).encode()),
    "a broken connection": lambda s: replace(
        said(asked(authorization=f"Bearer {s}")), error=f"ConnectError: {s}"
    ),
}


def b64(secret: str) -> str:
    """In letters that a secret of webhooks may have."""
    return b64encode(secret.encode()).decode()


def spellings(secret: str) -> dict[str, bytes]:
    """How a secret may be spelled in bytes that a person reads."""
    raw = secret.encode()
    return {
        "raw": raw,
        "json": json.dumps(secret)[1:-1].encode(),
        "json twice": json.dumps(json.dumps(secret)[1:-1])[1:-1].encode(),
        "percent": quote(secret, safe="").encode(),
        "base64": b64encode(raw),
        "base64 + 1": b64encode(b"x" + raw)[4:-4],
        "base64 + 2": b64encode(b"xx" + raw)[4:-4],
        "hex": raw.hex().encode(),
    }


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
