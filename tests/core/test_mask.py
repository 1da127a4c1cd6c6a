"""A secret that is known is found in every spelling; one that is not, where secrets stand."""

from __future__ import annotations

import base64
import html
import json
import re
import shlex
from collections.abc import Callable
from typing import Final
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mockserver.core.interaction import Interaction, Request
from mockserver.core.mask import LEAST_CHARACTERS, MOST_FOUND, Mask, mask_of
from mockserver.core.redaction import concealed, fingerprint


SECRET: Final = "Zx9/k+\"e'y\\&<é車🎩> 7"
PLAIN: Final = "Zx9kQw7LmN4pRt2v"

SPELLINGS: Final[dict[str, Callable[[str], str]]] = {
    "plain": str,
    "percent": lambda text: quote(text, safe=""),
    "percent, slashes kept": quote,
    "percent, twice": lambda text: quote(quote(text, safe=""), safe=""),
    "percent, lower case": lambda text: re.sub("%..", lambda one: one[0].lower(), quote(text)),
    "form": quote_plus,
    "every byte in percent": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "json": json.dumps,
    "json, not escaped": lambda text: json.dumps(text, ensure_ascii=False),
    "json in json": lambda text: json.dumps(json.dumps(text)),
    "json, slashes escaped": lambda text: json.dumps(text).replace("/", "\\/"),
    "html": html.escape,
    "html, by numbers": lambda text: "".join(f"&#x{ord(char):X};" for char in text),
    "html, by decimal numbers": lambda text: "".join(f"&#{ord(char)};" for char in text),
    "html, twice": lambda text: html.escape(html.escape(text)),
    "shell": shlex.quote,
    "repr": repr,
    "repr in json": lambda text: json.dumps(repr(text)),
    "json in percent": lambda text: quote(json.dumps(text), safe=""),
    "percent in json in json": lambda text: json.dumps(json.dumps(quote(text))),
    "html in percent": lambda text: quote(html.escape(text), safe=""),
    "lines": lambda text: f"{text[:9]}\r\n{text[9:]}",
}


@pytest.mark.parametrize("spelled", SPELLINGS.values(), ids=list(SPELLINGS))
@pytest.mark.parametrize("secret", [SECRET, PLAIN], ids=["strange", "plain"])
def test_a_secret_is_known_in_every_spelling(spelled: Callable[[str], str], secret: str) -> None:
    """In its place stands the fingerprint, and nothing before or after it is touched."""
    shown = Mask((secret,)).text(f"<<<{spelled(secret)}>>>")
    assert fingerprint(secret) in shown
    assert shown.startswith("<<<")
    assert shown.endswith(">>>")
    assert len(shown) <= len("<<<>>>") + len(fingerprint(secret)) + len("'\"\\\"'") * 2


@given(
    secret=st.text(min_size=8, max_size=40),
    before=st.binary(max_size=5),
    after=st.binary(max_size=5),
)
def test_base64_hides_nothing(secret: str, before: bytes, after: bytes) -> None:
    """At whichever of the three alignments it stands, in both alphabets, no run of it is left."""
    mask = Mask((secret,))
    data = secret.encode()
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        told = encode(before + data + after).decode()
        shown = mask.text(told)
        assert fingerprint(secret) in shown
        for part in shown.split(fingerprint(secret)):
            assert len(part) <= len(before + after) * 2 + 4


@given(secret=st.text(min_size=LEAST_CHARACTERS, max_size=30), around=st.text(max_size=30))
def test_a_known_secret_never_survives(secret: str, around: str) -> None:
    """Whatever it is made of, and whatever stands around it, in text and in bytes."""
    assume(secret not in f"{fingerprint(secret)}")
    mask = Mask((secret,))
    text = f"{around}|{secret}|{around}"
    shown = mask.text(text)
    assert fingerprint(secret) in shown or "sha256:" in shown
    assert f"|{secret}|" not in shown
    data = mask.data(text.encode(errors="replace"))
    assert f"|{secret}|".encode() not in data


@given(st.binary(max_size=200))
def test_bytes_without_secrets_stay_as_they_are(data: bytes) -> None:
    """A picture is a picture afterwards, whatever its bytes are."""
    assume(
        concealed(data.decode(errors="surrogateescape")).encode(errors="surrogateescape") == data
    )
    assert Mask((PLAIN,)).data(data) == data


@given(st.text(alphabet=st.sampled_from("token=:\"'\\ key&?@/.aB1{}\n"), max_size=60))
def test_doing_it_again_changes_nothing(text: str) -> None:
    """What is shown holds no secret, so that nothing is hidden of it."""
    mask = Mask((PLAIN,))
    once = mask.text(text)
    assert mask.text(once) == once


def test_the_longest_secret_is_hidden_first() -> None:
    """One that holds another leaves nothing of itself."""
    short, long = "abcd1234", "abcd1234-efgh5678"
    assert (
        Mask((short, long)).text(f"{long} {short}") == f"{fingerprint(long)} {fingerprint(short)}"
    )


def test_short_secrets_are_not_sought() -> None:
    """Three letters are everywhere."""
    assert Mask(("abc", "")).text("abcdef") == "abcdef"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("https://me:pass-word@host/a", "pass-word"),
        ("https://pass-word@host/a?x=@", "pass-word"),
        ("/a?token=pass-word&b=1", "pass-word"),
        ("access_token=pass-word", "pass-word"),
        ("X-Amz-Signature=pass-word", "pass-word"),
        ('{"a": {"api_key": "pass-word"}}', "pass-word"),
        ('{"clientSecret":"pass-\\"word"}', "word"),
        ('{"told": "{\\"password\\": \\"pass-word\\"}"}', "pass-word"),
        ("{'token': 'pass-word'}", "pass-word"),
        ('{"token": "pass-word', "pass-word"),
        ('form-data; name="token"\r\n\r\npass-word\r\n--', "pass-word"),
        ("Authorization: Bearer pass-word", "pass-word"),
        ("x-api-key: pass-word", "pass-word"),
        ("Set-Cookie: a=pass-word; Path=/", "pass-word"),
        ("sent Bearer pass-word-0123456789", "pass-word"),
        ("see r8_0123456789abcdef0123456789abcdef", "r8_"),
        ("see sk-0123456789abcdef0123456789abcdef", "sk-"),
        ("see whsec_0123456789abcdef", "whsec_"),
        ("see eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "eyJ"),
    ],
)
def test_what_stands_where_secrets_stand_is_hidden(text: str, secret: str) -> None:
    """Nobody has to know it."""
    shown = concealed(text)
    assert secret not in shown
    assert "sha256:" in shown


@pytest.mark.parametrize(
    "text",
    [
        '{"token": "", "prompt": "a hat"}',
        '{"max_tokens": 5, "input_token_count": "7"}',
        '-H "authorization: Bearer $TOKEN"',
        '-H "x-api-key: $TOKEN"',
        "https://host/a@b?prompt=key",
        "the bearer of this letter",
        "the basic authentication-scheme is not supported",
        '{"monkey": "a hat"}',
    ],
)
def test_what_is_no_secret_is_shown(text: str) -> None:
    """A report is to be read."""
    assert concealed(text) == text


HOSTILE: Final = {
    "names": '"token":"',
    "names that never end": '"' + "a" * 40,
    "many secrets": '"token":"Aa{number:08}",',
    "forms": 'form-data; name="token"\n',
    "forms with headers": 'form-data; name="token"\na\na\na\n',
    "parameters": "?aaaaaaaa.token",
    "backslashes": "\\",
    "halves of characters": "\\ud83c",
    "addresses": "://a",
    "credentials": "eyJaaaaaaaa.",
    "schemes": "bearer a",
    "headers": "cookie:",
    "headers and spaces": "cookie: ",
    "percents": "%25",
    "percents of percents": "%2525",
    "percents of digits": "%25%32%35",
    "ampersands": "&amp;",
    "lines": "a\n",
    "quotes": "\"'",
    "one letter": "a",
}


@pytest.mark.slow
@pytest.mark.parametrize("end", ["", "$TOKEN@"])
@pytest.mark.parametrize("unit", HOSTILE.values(), ids=list(HOSTILE))
def test_a_hostile_answer_is_read_in_the_time_that_its_size_takes(unit: str, end: str) -> None:
    """What looks at each pair of its characters would look ten thousand million times."""
    count = 100_000 // len(unit)
    text = "".join(unit.format(number=number) for number in range(count)) + end
    said = Interaction(Request("GET", "/"), 200, (), f"{text}|{PLAIN}|".encode(), 0)
    mask = mask_of([said], (PLAIN,))
    assert len(mask.secrets) <= MOST_FOUND + 1
    assert PLAIN.encode() not in mask.interaction(said).response_body


def test_only_so_many_that_stood_somewhere_are_sought_elsewhere() -> None:
    """The others are hidden where they stand, so that no answer makes the search long."""
    secrets = [f"Aa{number:08}" for number in range(2 * MOST_FOUND)]
    body = "".join(f'{{"token":"{one}"}}\n' for one in secrets)
    said = Interaction(Request("GET", "/"), 200, (), body.encode(), 0)
    mask = mask_of([said])
    assert len(mask.secrets) == MOST_FOUND
    shown = mask.interaction(said).response_body.decode()
    assert [one for one in secrets if one in shown] == []


def test_what_is_only_likely_to_be_a_secret_is_hidden_where_it_stands_and_nowhere_else() -> None:
    """`key` may name a secret, or the entry of a table that a report is about."""
    told = json.dumps({"key": "flux-kontext-pro-1.1"})
    mask = mask_of([Interaction(Request("GET", "/"), 200, (), told.encode(), 0)])
    assert "flux" not in mask.text(told)
    assert mask.text("flux-kontext-pro-1.1") == "flux-kontext-pro-1.1"


def test_values_are_hidden_at_all_depths() -> None:
    """By what they are and by what they are called; other values stay what they are."""
    mask = Mask((PLAIN,))
    value = {"a": [{"token": "x", "b": (PLAIN, 7, None)}], PLAIN: True, "raw": PLAIN.encode()}
    assert mask.value(value) == {
        "a": [{"token": fingerprint("x"), "b": (fingerprint(PLAIN), 7, None)}],
        fingerprint(PLAIN): True,
        "raw": fingerprint(PLAIN).encode(),
    }
    assert mask.value({7: {"token": ""}}) == {7: {"token": ""}}
    assert mask.value(frozenset({PLAIN})) == f"frozenset({{'{fingerprint(PLAIN)}'}})"
    assert mask.value(1.5) == 1.5


def exchange(**sent: object) -> Interaction:
    """An exchange whose answer is empty."""
    request = Request(**{"method": "GET", "path": "/v1/a", **sent})  # type: ignore[arg-type]
    return Interaction(request, 200, (), b"", 0)


@pytest.mark.parametrize(
    "said",
    [
        exchange(headers=(("authorization", f"Bearer {PLAIN}"),)),
        exchange(headers=(("authorization", PLAIN),)),
        exchange(
            headers=(
                ("authorization", "Basic " + base64.b64encode(f"me:{PLAIN}".encode()).decode()),
            )
        ),
        exchange(headers=(("cookie", f"theme=dark; sid={PLAIN}"),)),
        exchange(headers=(("referer", f"https://me:{PLAIN}@host/"),)),
        exchange(query=f"token={quote(PLAIN)}"),
        exchange(body=json.dumps({"a": {"secret": PLAIN}}).encode()),
        Interaction(Request("GET", "/"), 200, (("set-cookie", f"sid={PLAIN}; Path=/"),), b"", 0),
        Interaction(Request("GET", "/"), 200, (), json.dumps({"api_key": PLAIN}).encode(), 0),
    ],
    ids=["bearer", "bare", "basic", "cookie", "userinfo", "query", "body", "set-cookie", "answer"],
)
def test_what_stood_where_secrets_stand_is_hidden_everywhere(said: Interaction) -> None:
    """A token of one request that another answer echoes."""
    mask = mask_of([said])
    assert PLAIN not in mask.text(f"echo: {PLAIN}")
    assert PLAIN not in repr(mask.interaction(said))


@pytest.mark.parametrize("word", ["undefined", "null", "lifecycle", "a hat 123", "$TOKEN", "x"])
def test_common_words_are_not_sought(word: str) -> None:
    """A program that forgot to set its token sends words that mean something elsewhere."""
    said = exchange(headers=(("authorization", f"Bearer {word}"),), query=f"token={word}")
    assert mask_of([said]).text(f"echo: {word}") == f"echo: {word}"


def test_a_header_keeps_its_scheme_and_its_neighbours() -> None:
    """As in the journal; whatever the header is called, if its name is one of a secret."""
    shown = Mask(()).headers(
        (("authorization", "Bearer abc"), ("x-my-token", "abc"), ("accept", "*/*"))
    )
    assert shown == (
        ("authorization", f"Bearer {fingerprint('abc')}"),
        ("x-my-token", fingerprint("abc")),
        ("accept", "*/*"),
    )


def test_whatever_is_below_the_name_of_a_secret_is_hidden() -> None:
    """A list, or an object that says whose it is."""
    shown = Mask(()).value({"credentials": {"user": "bob", "keys": ["abc", 1]}})
    assert shown == {"credentials": {"user": fingerprint("bob"), "keys": [fingerprint("abc"), 1]}}
