"""Each letter that a fault has changed, and what a strict verifier says of it."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.core.signature import secret
from mockserver.library.faults import catalogue


if TYPE_CHECKING:
    from tests.web.faults.hooks.conftest import Heard, Hooked

WRONG = "none of the signatures in webhook-signature is right"
OLD = "s from now; at most 300 s are accepted"
NO_TIME = "webhook-timestamp is whole seconds since 1970"
ACCEPTED = ""

VERDICTS = {
    "hook.old_timestamp;age=301s": "301 " + OLD,
    "hook.old_timestamp;age=30d": "2592000 " + OLD,
    "hook.future;ahead=330s": "330 " + OLD,
    "hook.future;ahead=30d": "2592000 " + OLD,
    "hook.odd_timestamp;form=float": NO_TIME,
    "hook.odd_timestamp;form=nan": NO_TIME,
    "hook.odd_timestamp;form=text": NO_TIME,
    "hook.odd_timestamp;form=empty": "the header webhook-timestamp is missing",
    "hook.odd_timestamp;form=millis": OLD,
    "hook.odd_timestamp;form=negative": NO_TIME,
    "hook.bad_signature;signed=other_secret": WRONG,
    "hook.bad_signature;signed=other_body": WRONG,
    "hook.bad_signature;signed=other_id": WRONG,
    "hook.bad_signature;signed=other_time": WRONG,
    "hook.missing_header;header=webhook-id": "the header webhook-id is missing",
    "hook.missing_header;header=webhook-timestamp": "the header webhook-timestamp is missing",
    "hook.missing_header;header=webhook-signature": "the header webhook-signature is missing",
    "hook.missing_header;header=all": "the header webhook-id is missing",
    "hook.empty_signature;form=nothing": "the header webhook-signature is missing",
    "hook.empty_signature;form=scheme": WRONG,
    "hook.empty_signature;form=signs": WRONG,
    "hook.scheme_v2": WRONG,
    "hook.v1a_first": ACCEPTED,
    "hook.second_valid;before=stranger": ACCEPTED,
    "hook.second_valid;before=garbage": ACCEPTED,
    "hook.commas;form=behind": WRONG,
    "hook.commas;form=doubled": WRONG,
    "hook.commas;form=leading": WRONG,
    "hook.commas;form=between": WRONG,
    "hook.commas;form=none": WRONG,
    "hook.bad_base64;form=unpadded": WRONG,
    "hook.bad_base64;form=signs": WRONG,
    "hook.bad_base64;form=hex": WRONG,
    "hook.bad_base64;form=non_ascii": WRONG,
    "hook.undecoded_secret;key=behind_prefix": WRONG,
    "hook.undecoded_secret;key=whole": WRONG,
    "hook.secret_rotated;signed=new": WRONG,
    "hook.secret_rotated;signed=both": ACCEPTED,
    "hook.body_reserialised;form=spaces": WRONG,
    "hook.body_reserialised;form=keys": WRONG,
    "hook.body_reserialised;form=escapes": WRONG,
    "hook.body_reserialised;signed=before": WRONG,
    "hook.body_reserialised;signed=after": ACCEPTED,
    "hook.gzip": WRONG,
    "hook.chunked": ACCEPTED,
    "hook.huge_body;bytes=300000": ACCEPTED,
    "hook.not_json;form=cut": ACCEPTED,
    "hook.not_json;form=empty": ACCEPTED,
    "hook.not_json;form=text": ACCEPTED,
    "hook.not_json;form=form": ACCEPTED,
    "hook.not_json;form=html": ACCEPTED,
    "hook.not_json;form=list": ACCEPTED,
    "hook.charset;charset=gbk": ACCEPTED,
    "hook.charset;charset=utf-16": ACCEPTED,
    "hook.charset;charset=latin-1": ACCEPTED,
    "hook.bad_utf8": ACCEPTED,
    "hook.wrong_method;method=GET": ACCEPTED,
    "hook.wrong_method;method=PUT": ACCEPTED,
    "hook.wrong_path": ACCEPTED,
    "hook.forged_prediction": ACCEPTED,
    "hook.prototype": ACCEPTED,
}
"""What a verifier over the raw body says; a body that it accepts may still be no good."""


def test_every_letter_has_a_verdict() -> None:
    """Whoever adds a kind, or a word that it can be told, says what becomes of it."""
    kinds = [one for one in catalogue.families()["hook"] if one.letter]
    shown = {text for one in kinds for text in catalogue.examples(one.name)}
    assert {text.partition(";bytes")[0] for text in VERDICTS} == {
        text.partition(";bytes")[0] for text in shown
    }


@pytest.mark.parametrize(("fault", "verdict"), VERDICTS.items())
def test_a_strict_verifier_says(hooked: Hooked, fault: str, verdict: str) -> None:
    """Accepted or refused as it should be, over the bytes that arrived; the journal names it."""
    (heard,) = hooked.heard(fault)
    said = hooked.verdict(heard)
    assert verdict in said
    assert bool(said) == bool(verdict)
    (entry,) = hooked.struck
    (delivery,) = hooked.world.deliveries()
    name = fault.partition(";")[0]
    assert entry.faults == delivery.faults
    assert entry.faults[0].startswith(f"{name}-")
    assert entry.interaction.request.body.startswith(heard.body[:50_000])
    assert entry.interaction.status == 200


def test_without_a_fault_all_is_as_it_was(hooked: Hooked) -> None:
    """Accepted, and the journal holds nothing of it: it tells what is asked of the fake."""
    (heard,) = hooked.heard()
    assert hooked.verdict(heard) == ACCEPTED
    assert heard.line == "POST /hook?of=mine"
    assert hooked.struck == []
    assert hooked.world.deliveries()[0].faults == ()


def test_the_same_seed_gives_the_same_letter(hooked: Hooked) -> None:
    """Whatever a fault draws: bytes and headers repeat in a world begun anew."""
    faults = ("hook.bad_signature", "hook.forged_prediction", "hook.second_valid")
    for fault in faults:
        runs = []
        for _ in range(2):
            hooked.world.reset()
            hooked.receiver.heard.clear()
            runs.extend(hooked.heard(fault))
        assert runs[0] == runs[1]


def one(hooked: Hooked, fault: str) -> Heard:
    """The one webhook under `fault`."""
    (heard,) = hooked.heard(fault)
    return heard


def told(hooked: Hooked, fault: str) -> Any:
    """What its body says."""
    return json.loads(one(hooked, fault).body)


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_another_method_brings_the_same_body(hooked: Hooked, method: str) -> None:
    """At the receiver's own address."""
    heard = one(hooked, f"hook.wrong_method;method={method}")
    assert heard.line == f"{method} /hook?of=mine"
    assert json.loads(heard.body)["status"] == "succeeded"


def test_another_path_is_posted_to(hooked: Hooked) -> None:
    """On the same machine and port."""
    heard = one(hooked, "hook.wrong_path")
    assert heard.line == "POST /somebody-elses-hook"
    assert heard.headers["host"] == f"127.0.0.1:{hooked.receiver.port}"


def test_chunks_say_no_length(hooked: Hooked) -> None:
    """There are several, and together they are the body."""
    heard = one(hooked, "hook.chunked")
    assert "content-length" not in heard.headers
    assert len(heard.chunks) > 2
    assert json.loads(heard.body)["status"] == "succeeded"


def test_a_compressed_body_is_signed_as_it_was(hooked: Hooked) -> None:
    """Who unpacks it first accepts it."""
    heard = one(hooked, "hook.gzip")
    assert heard.headers["content-encoding"] == "gzip"
    plain = type(heard)(heard.head, gzip.decompress(heard.body))
    assert hooked.verdict(plain) == ACCEPTED


def test_the_key_of_a_sample_in_the_documents_opens_it(hooked: Hooked) -> None:
    """Who does not decode the secret accepts what everybody else refuses."""
    heard = one(hooked, "hook.undecoded_secret")
    (own,) = hooked.world.world.outbox.secrets(hooked.world.clock.now_ms)
    assert hooked.verdict(heard, secret(own.removeprefix("whsec_").encode())) == ACCEPTED


@pytest.mark.parametrize("signed", ["new", "both"])
def test_a_rotation_that_is_still_to_come_brings_the_secret(hooked: Hooked, signed: str) -> None:
    """The one that the next rotation hands out."""
    heard = one(hooked, f"hook.secret_rotated;signed={signed}")
    coming = hooked.world.world.outbox.rotate(hooked.world.clock.now_ms)
    assert hooked.verdict(heard, coming) == ACCEPTED


@pytest.mark.parametrize("form", ["spaces", "keys", "escapes"])
def test_other_bytes_mean_the_same(hooked: Hooked, form: str) -> None:
    """Only the spelling differs from what is sent without the fault."""
    other = one(hooked, f"hook.body_reserialised;form={form}")
    hooked.world.reset()
    hooked.receiver.heard.clear()
    (plain,) = hooked.heard()
    assert other.body != plain.body
    assert json.loads(other.body) == json.loads(plain.body)


def test_a_huge_body_is_as_huge_as_it_says(hooked: Hooked) -> None:
    """And still JSON."""
    assert len(told(hooked, "hook.huge_body;bytes=300000")["padding"]) == 300_000


@pytest.mark.parametrize("form", ["cut", "empty", "text", "form", "html"])
def test_no_json_is_no_json(hooked: Hooked, form: str) -> None:
    """Signed all the same."""
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        told(hooked, f"hook.not_json;form={form}")


@pytest.mark.parametrize("charset", ["gbk", "utf-16", "latin-1"])
def test_another_charset_is_announced(hooked: Hooked, charset: str) -> None:
    """The text is there for who reads the header, and not in UTF-8."""
    heard = one(hooked, f"hook.charset;charset={charset}")
    assert heard.headers["content-type"] == f"application/json; charset={charset}"
    assert json.loads(heard.body.decode(charset))["status"] == "succeeded"
    with pytest.raises(UnicodeDecodeError):
        heard.body.decode()


def test_bad_utf8_stands_in_a_text(hooked: Hooked) -> None:
    """Nothing else is wrong with the JSON."""
    heard = one(hooked, "hook.bad_utf8")
    with pytest.raises(UnicodeDecodeError):
        heard.body.decode()
    assert json.loads(heard.body.decode(errors="replace"))["note"] == "�"


def test_a_forged_prediction_is_nobodys(hooked: Hooked) -> None:
    """Its id looks like one, and is not that of the prediction."""
    hooked.world.fault("hook.forged_prediction")
    made = hooked.create()
    hooked.world.clock.advance(10)
    forged = json.loads(hooked.receiver.heard[0].body)
    assert len(forged["id"]) == len(made["id"])
    assert forged["id"] != made["id"]
    assert made["id"] not in hooked.receiver.heard[0].body.decode()
    assert forged["urls"]["get"].endswith(forged["id"])


def test_a_prototype_is_a_member(hooked: Hooked) -> None:
    """What else there was is still there."""
    body = told(hooked, "hook.prototype")
    assert body["__proto__"] == {"admin": True}
    assert body["status"] == "succeeded"
