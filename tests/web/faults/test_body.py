"""Bodies that are not the JSON they say they are, as a raw socket gets them."""

from __future__ import annotations

import gzip
import json
import subprocess
import zlib
from shutil import which
from typing import TYPE_CHECKING, Any, Final

import pytest


if TYPE_CHECKING:
    from tests.web.faults.conftest import Caller

RIGHT: Final = "net.latency;ms=0"
GUNZIP: Final = 16 + zlib.MAX_WBITS


def right(caller: Caller, on: str = "get") -> bytes:
    """The body without a fault."""
    return caller.told(RIGHT, on).body


@pytest.mark.parametrize("percent", [0, 50, 99])
def test_json_ends_early(caller: Caller, percent: int) -> None:
    """Its length is right for what there is of it."""
    body = right(caller)
    told = caller.told(f"body.truncated_json;percent={percent}")
    assert told.body == body[: len(body) * percent // 100]
    assert (told.headers("content-length"), told.ended) == ([str(len(told.body))], "fin")
    with pytest.raises(ValueError, match=r"Expecting|Unterminated|delimiter"):
        json.loads(told.body)


@pytest.mark.parametrize(
    ("kind", "edit"),
    [
        ("empty", lambda _: b""),
        ("null", lambda _: b"null"),
        ("array", lambda body: b"[" + body + b"]"),
        ("bom", lambda body: b"\xef\xbb\xbf" + body),
        ("utf16", lambda body: body.decode().encode("utf-16")),
    ],
)
@pytest.mark.parametrize("on", ["create", "get", "list"])
def test_another_body(caller: Caller, kind: str, edit: Any, on: str) -> None:
    """Under the same head, with a length that is right for it."""
    told = caller.told(f"body.{kind}", on)
    assert told.body == edit(right(caller, on))
    assert told.headers("content-type")[0].startswith("application/json")
    assert (told.headers("content-length"), told.ended) == ([str(len(told.body))], "fin")
    assert told.entry.faults[0].startswith(f"body.{kind}-")


def test_numbers_that_json_has_not(caller: Caller) -> None:
    """A strict reader refuses them, Python's does not."""
    told = caller.told("body.nan")
    assert b'"score":NaN,"limit":-Infinity' in told.body
    assert json.loads(told.body)["limit"] == float("-inf")


def test_keys_that_come_twice(caller: Caller) -> None:
    """Whoever takes the first ones sees another prediction, which has failed."""
    told = caller.told("body.dup_keys")
    pairs = json.loads(told.body, object_pairs_hook=list)
    assert pairs[:2] == [("id", "another"), ("status", "failed")]
    assert told.json == json.loads(right(caller))


def test_text_that_is_no_utf8(caller: Caller) -> None:
    """Its bytes cannot be decoded; the rest is as it was."""
    told = caller.told("body.bad_utf8")
    with pytest.raises(UnicodeDecodeError):
        told.body.decode()
    assert told.body.decode(errors="replace").endswith(right(caller)[1:].decode().strip())


def test_lists_in_lists(caller: Caller) -> None:
    """So deep that readers which call themselves give up."""
    told = caller.told("body.deep;levels=50000")
    assert b"[" * 50_000 + b"]" * 50_000 in told.body
    with pytest.raises(RecursionError):
        json.loads(told.body)
    nested = json.loads(caller.told("body.deep;levels=3").body)["nested"]
    assert nested == [[[]]]


@pytest.mark.parametrize("size", [1, 65_536, 1_000_000, 30_000_000])
def test_a_huge_body(caller: Caller, size: int) -> None:
    """Of that size to the byte, unless what has to be in it is more; it is JSON."""
    told = caller.told(f"body.huge;bytes={size}", quiet_s=2)
    least = len(right(caller).strip()) + len('"padding":"",')
    assert len(told.body) == max(size, least)
    assert told.headers("content-length") == [str(len(told.body))]
    assert told.json.pop("padding").strip("0") == ""


@pytest.mark.parametrize("kind", ["nan", "dup_keys", "bad_utf8", "deep;levels=2", "huge;bytes=9"])
def test_what_is_no_object_becomes_one(caller: Caller, kind: str) -> None:
    """It stands in it as its value. The fault that was set last comes first."""
    world = caller.world()
    caller.set(world, f"body.{kind}")
    caller.set(world, "body.array")
    told = caller.sent(world, caller.request(world, "other", {}), quiet_s=5)
    assert told.body.startswith(b'{"')
    assert b',"value":[{' in told.body


@pytest.mark.parametrize(("kind", "more"), [("length_short", 10), ("length_long", -10)])
@pytest.mark.parametrize("on", ["create", "get", "output"])
def test_a_length_that_is_wrong(caller: Caller, kind: str, more: int, on: str) -> None:
    """All of the body comes, and the connection is closed behind it."""
    body = caller.told(RIGHT, on, after_s=60, quiet_s=5).body
    told = caller.told(f"body.{kind}", on, after_s=60, quiet_s=5)
    assert (told.body, told.ended) == (body, "fin")
    assert told.headers("content-length") == [str(len(body) + more)]


def test_a_length_is_never_negative(caller: Caller) -> None:
    """Whatever is taken from it."""
    assert caller.told("body.length_long;bytes=99999").headers("content-length") == ["0"]


@pytest.mark.parametrize("percent", [0, 50, 99])
def test_compressed_and_cut(caller: Caller, percent: int) -> None:
    """What is there can be read, and has no end."""
    told = caller.told(f"body.gzip_truncated;percent={percent}")
    reader = zlib.decompressobj(GUNZIP)
    assert right(caller).startswith(reader.decompress(told.body))
    assert (reader.eof, told.headers("content-encoding")) == (False, ["gzip"])


def test_not_compressed_at_all(caller: Caller) -> None:
    """Random bytes that say they are."""
    told = caller.told("body.gzip_garbage")
    assert told.headers("content-encoding") == ["gzip"]
    with pytest.raises(gzip.BadGzipFile):
        gzip.decompress(told.body)


@pytest.mark.parametrize(("said", "coding"), [("once", "gzip"), ("twice", "gzip, gzip")])
def test_compressed_twice(caller: Caller, said: str, coding: str) -> None:
    """Whether it says so or not."""
    told = caller.told(f"body.gzip_twice;told={said}")
    assert gzip.decompress(gzip.decompress(told.body)) == right(caller)
    assert told.headers("content-encoding") == [coding]


@pytest.mark.skipif(which("node") is None, reason="Node reads Brotli; Python has no reader for it")
@pytest.mark.parametrize("on", ["get", "output"])
def test_an_encoding_that_nobody_asked_for(caller: Caller, on: str) -> None:
    """It is right: whoever knows Brotli reads it, whatever its size."""
    told = caller.told("body.br_unasked", on, after_s=60, quiet_s=5)
    reads = (
        "process.stdout.write(require('zlib').brotliDecompressSync(require('fs').readFileSync(0)))"
    )
    command = [str(which("node")), "-e", reads]
    read = subprocess.run(command, input=told.body, capture_output=True, check=True)
    assert told.headers("content-encoding") == ["br"]
    assert read.stdout == caller.told(RIGHT, on, after_s=60, quiet_s=5).body


def test_nothing_is_encoded_too(caller: Caller) -> None:
    """No bytes are one byte of Brotli."""
    world = caller.world()
    caller.set(world, "body.br_unasked")
    caller.set(world, "body.empty")
    told = caller.sent(world, caller.request(world, "list", {}))
    assert (told.body, told.headers("content-encoding")) == (b"\x06", ["br"])


@pytest.mark.parametrize("size", [1, 1_500_000, 100_000_000])
def test_a_bomb(caller: Caller, size: int) -> None:
    """Small on the wire, so many spaces when read, and then what it should be."""
    told = caller.told(f"body.gzip_bomb;bytes={size}", quiet_s=5)
    reader = zlib.decompressobj(GUNZIP)
    head = reader.decompress(told.body, 1000)
    assert head[: min(size, 1000)].strip() == b""
    assert len(told.body) < 1000 + size // 100
    if size < 2_000_000:
        assert gzip.decompress(told.body) == b" " * size + right(caller)


KINDS: Final = (
    *("truncated_json", "empty", "null", "array", "bom", "nan", "dup_keys", "utf16", "bad_utf8"),
    *("deep", "huge", "length_short", "length_long", "gzip_truncated", "gzip_garbage"),
    *("gzip_twice", "br_unasked", "gzip_bomb"),
)


@pytest.mark.parametrize("kind", KINDS)
def test_what_has_no_body_keeps_none(caller: Caller, kind: str) -> None:
    """Whatever was to be done to it: 204 has no body afterwards either."""
    world = caller.world()
    caller.set(world, f"body.{kind}")
    caller.set(world, "http.status_odd;status=204")
    told = caller.sent(world, caller.request(world, "create", {}), quiet_s=5)
    assert (told.status, told.body, len(told.entry.faults)) == (204, b"", 1)
