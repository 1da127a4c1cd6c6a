"""Signing and verifying webhooks: the published vector, and what a verifier must survive."""

from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.signature import (
    ID,
    SIGNATURE,
    TIMESTAMP,
    SignatureRefused,
    secret,
    signatures,
    verify,
)


SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = secret(b"another key of 24 bytes.")
MESSAGE_ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
SECOND = 1_614_265_330
BODY = b'{"test": 2432232314}'
SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

SECRETS = st.binary(min_size=24, max_size=64).map(secret)


def headers(**changed: str) -> dict[str, str]:
    """Those of the vector, some of them changed; an underscore stands for a dash."""
    told = {ID: MESSAGE_ID, TIMESTAMP: str(SECOND), SIGNATURE: SIGNED}
    return told | {name.replace("_", "-"): value for name, value in changed.items()}


def test_the_published_vector_holds() -> None:
    """Source: the vector of Standard Webhooks that the official JavaScript client tests with."""
    assert signatures([SECRET], MESSAGE_ID, SECOND, BODY) == SIGNED
    verify([SECRET], headers(), BODY, now_ms=SECOND * 1000)


def test_the_key_is_what_the_text_means_and_not_the_text() -> None:
    """Who signs with the characters themselves, as a sample in the documents does, is refused."""
    undecoded = secret(SECRET.removeprefix("whsec_").encode())
    wrong = signatures([undecoded], MESSAGE_ID, SECOND, BODY)
    with pytest.raises(SignatureRefused, match="none of the signatures"):
        verify([SECRET], headers(webhook_signature=wrong), BODY, now_ms=SECOND * 1000)


@given(SECRETS, st.text(max_size=40), st.integers(0, 10**12), st.binary(max_size=200))
def test_what_is_signed_is_verified(whole: str, message_id: str, second: int, body: bytes) -> None:
    """For every key and every body, in whatever case the headers arrive."""
    message_id = message_id or "msg"
    told = {
        "Webhook-Id": message_id,
        "Webhook-Timestamp": str(second),
        "Webhook-Signature": signatures([whole], message_id, second, body),
    }
    verify([whole], told, body, now_ms=second * 1000)


@given(st.dictionaries(st.sampled_from([ID, TIMESTAMP, SIGNATURE]), st.text()), st.binary())
def test_a_verifier_raises_one_error_whatever_arrives(told: dict[str, str], body: bytes) -> None:
    """No header and no body brings it down."""
    with pytest.raises(SignatureRefused):
        verify([SECRET], told, body, now_ms=SECOND * 1000)


@pytest.mark.parametrize(
    "sent",
    [
        f"{SIGNED} v1,{b64encode(b'no').decode()}",
        f"v1,{b64encode(b'no').decode()} {SIGNED}",
        f"v1a,anything {SIGNED}",
        f"v1  {SIGNED}",
    ],
)
def test_one_right_signature_among_several_is_enough(sent: str) -> None:
    """While a secret is rotated there are two; schemes that are not known are passed over."""
    verify([SECRET], headers(webhook_signature=sent), BODY, now_ms=SECOND * 1000)


def test_two_secrets_make_two_signatures() -> None:
    """Each of them is verified by its own secret."""
    sent = signatures([OTHER, SECRET], MESSAGE_ID, SECOND, BODY)
    assert sent.split(" ")[1] == SIGNED
    verify([OTHER], headers(webhook_signature=sent), BODY, now_ms=SECOND * 1000)


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook_signature": "v1"},
        {"webhook_signature": "v1,"},
        {"webhook_signature": SIGNED.replace("v1", "v2")},
        {"webhook_signature": f"{SIGNED},x"},
        {"webhook_signature": "v1,ä"},
        {"webhook_id": "msg_of_another"},
        {"webhook_id": ""},
        {"webhook_timestamp": "nan"},
        {"webhook_timestamp": f"{SECOND}.0"},
        {"webhook_timestamp": "1_614_265_330"},
        {"webhook_timestamp": "9" * 5000},
        {"webhook_timestamp": "¹"},
    ],
)
def test_wrong_headers_are_refused(changed: dict[str, str]) -> None:
    """Each with an error of the one kind."""
    with pytest.raises(SignatureRefused):
        verify([SECRET], headers(**changed), BODY, now_ms=SECOND * 1000)


@pytest.mark.parametrize("off_s", [-301, 301, 30 * 86_400])
def test_a_timestamp_far_from_now_is_refused(off_s: int) -> None:
    """What is old may be a replay; five minutes are accepted, either way."""
    with pytest.raises(SignatureRefused, match="at most 300 s"):
        verify([SECRET], headers(), BODY, now_ms=(SECOND + off_s) * 1000)
    verify([SECRET], headers(), BODY, now_ms=(SECOND + off_s // abs(off_s) * 300) * 1000)


@pytest.mark.parametrize("wrong", ["", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_?"])
def test_a_wrong_secret_is_refused(wrong: str) -> None:
    """It is the verifier's own mistake, and is told as such."""
    with pytest.raises(SignatureRefused, match="a secret is whsec_"):
        verify([wrong], headers(), BODY, now_ms=SECOND * 1000)


def test_a_secret_has_the_form_that_the_clients_read() -> None:
    """32 characters without another underscore: two official clients split there."""
    made = secret(bytes(range(24)))
    assert len(made) == len("whsec_") + 32
    assert made.split("_")[0] == "whsec"
    assert len(made.split("_")) == 2
