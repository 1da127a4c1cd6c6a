"""A cassette is on the disk as a whole or not at all, and nothing is written anywhere else."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.cassette import Cassette, Part, Posted, Recorded
from mockserver.core.interaction import Interaction, Request
from mockserver.library.cassettes import files
from mockserver.library.cassettes.files import NoCassette, as_written, load, outputs_of, save
from mockserver.library.cassettes.reading import NotACassette, cassette_of
from mockserver.library.cassettes.written import told, written
from mockserver.library.errors import LibraryError
from tests.playing import kept
from tests.recording import Recording


@pytest.fixture
def cassette() -> Cassette:
    """A life that was polled and listened to, and a webhook."""
    recording = Recording()
    made = recording.create()
    recording.poll(made["id"], [300, 300, 5_000])
    recording.exchange("GET", made["urls"]["stream"].partition("replicate.com")[2])
    hook = Posted(Request("POST", "/hook", "a=1", (("host", "x.test"),), b"{}", "https"), 700)
    return replace(kept(recording), hooks=(hook,), expires_ms=1_800_000_000_000)


def no_side_file(name: str, size: int) -> bytes:
    """Where none is expected."""
    raise AssertionError(f"{name} of {size} bytes was asked for")


def same(one: Cassette, other: Cassette) -> bool:
    """Whether both hold the same; headers of requests may change their order around `host`."""
    return told(one) == told(other)


def test_what_is_written_is_read_again(cassette: Cassette) -> None:
    """Interactions, pieces and times, webhooks, lives: everything."""
    again = cassette_of(written(cassette), no_side_file)
    assert same(again, cassette)
    assert again.jobs == cassette.jobs


@given(
    st.binary(max_size=40),
    st.binary(max_size=40),
    st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=9)), max_size=4),
)
def test_any_bytes_survive(asked: bytes, answered: bytes, parts: list[tuple[int, bytes]]) -> None:
    """What is no text is kept in base64."""
    request = Request("POST", "/x", "", (("host", "x.test"),), asked, "https")
    pieces = tuple(Part(after_ms, data) for after_ms, data in parts)
    body = b"".join(part.data for part in pieces) if pieces else answered
    one = Recorded(Interaction(request, 200, (("A", "b"),), body, 5), 3, pieces)
    assert cassette_of(written(Cassette(recorded=(one,))), no_side_file).recorded == (one,)


def test_large_bodies_are_kept_aside(cassette: Cassette, tmp_path: Path) -> None:
    """In files that are named by what is in them, which two answers may share."""
    picture = bytes(range(256)) * 1_000
    one = cassette.recorded[1]
    large = replace(one, seen=replace(one.seen, response_body=picture))
    cassette = replace(cassette, recorded=(*cassette.recorded, large, large))
    path = tmp_path / "one.json"
    save(path, as_written(cassette, aside=True))
    (side_file,) = outputs_of(path).iterdir()
    assert side_file.read_bytes() == picture
    assert path.stat().st_size < len(picture)
    assert [each.seen.response_body for each in load(path).recorded[-2:]] == [picture] * 2


@pytest.mark.parametrize("name", ["fsync", "replace"])
def test_a_crash_leaves_the_file_before(
    cassette: Cassette, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Whenever it comes, one of the two is there and whole, and nothing beside it."""
    path = tmp_path / "one.json"
    save(path, as_written(cassette, aside=False))
    before = path.read_bytes()

    def crash(*_: object) -> None:
        raise OSError("the power went")

    monkeypatch.setattr(Path if name == "replace" else os, name, crash)
    with pytest.raises(LibraryError, match="the power went"):
        save(path, as_written(replace(cassette, hooks=()), aside=False))
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["one.json"]


def test_side_files_are_there_before_they_are_named(
    cassette: Cassette, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cassette whose writing fails may leave side files, but never lacks one."""
    one = cassette.recorded[1]
    large = replace(one, seen=replace(one.seen, response_body=b"x" * 100_000))
    order: list[str] = []
    write = files.write

    def noted(path: Path, data: bytes) -> None:
        order.append(path.suffix)
        write(path, data)

    monkeypatch.setattr(files, "write", noted)
    save(tmp_path / "one.json", as_written(replace(cassette, recorded=(large,)), aside=True))
    assert order == ["", ".json"]


def test_a_link_is_not_written_through(cassette: Cassette, tmp_path: Path) -> None:
    """What is written stays where it is written."""
    elsewhere = tmp_path / "elsewhere.json"
    elsewhere.write_text("mine", encoding="utf-8")
    path = tmp_path / "one.json"
    path.symlink_to(elsewhere)
    with pytest.raises(LibraryError, match="this is a link"):
        save(path, as_written(cassette, aside=False))
    assert elsewhere.read_text(encoding="utf-8") == "mine"


def test_missing_is_not_broken(tmp_path: Path) -> None:
    """Two errors: one may be recorded over, the other must not."""
    with pytest.raises(NoCassette, match="record it first"):
        load(tmp_path / "none.json")
    path = tmp_path / "broken.json"
    path.write_text('{"format": "mockserver ca', encoding="utf-8")
    with pytest.raises(NotACassette, match="expected JSON"):
        load(path)


Edit = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda c: c.update(format="mockserver cassette 2"), "use the mockserver that wrote it"),
        (lambda c: c.update(format="another"), "/format"),
        (lambda c: c.update(extra=1), "extra"),
        (lambda c: c.pop("gateway"), "gateway"),
        (lambda c: c.update(recorded_at="yesterday"), "/recorded_at"),
        (lambda c: c["interactions"][0].update(at_ms=-1), "/interactions/0/at_ms"),
        (lambda c: c["interactions"][0]["request"].update(url="file:///etc/passwd"), "/url"),
        (lambda c: c["interactions"][0]["request"].update(url="http://[x/"), "/request/url"),
        (
            lambda c: c["interactions"][0]["response"].update(body={"base64": "A"}),
            "/interactions/0: a body that is no base64",
        ),
        (
            lambda c: c["interactions"][0]["response"].update(
                body={"sha256": "../../etc/passwd", "bytes": 1}
            ),
            "/interactions/0/response",
        ),
        (lambda c: c["timelines"][0].update(creates=[99]), "expected places below"),
        (lambda c: c["timelines"][0]["states"].reverse(), "this is no life"),
        (lambda c: c["timelines"][0]["states"][0].update(status="done"), "/status"),
    ],
)
def test_what_is_wrong_is_told_by_its_place(cassette: Cassette, edit: Edit, words: str) -> None:
    """With the path of the value, and nothing is made of the rest."""
    value = told(cassette)
    edit(value)
    with pytest.raises(NotACassette) as caught:
        cassette_of(json.dumps(value).encode(), no_side_file)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"format": NaN}', b'{"a": "\\ud800"}'],
    ids=["nothing", "a list", "null", "no UTF-8", "deep", "NaN", "half a character"],
)
def test_hostile_bytes_are_refused(data: bytes) -> None:
    """With a clear error, never with another one."""
    with pytest.raises(NotACassette):
        cassette_of(data, no_side_file)


def test_a_claim_of_more_bytes_than_there_are_is_refused(
    cassette: Cassette, tmp_path: Path
) -> None:
    """A side file is what its name and its size say, or the cassette is broken."""
    one = cassette.recorded[1]
    large = replace(one, seen=replace(one.seen, response_body=b"x" * 100_000))
    path = tmp_path / "one.json"
    save(path, as_written(replace(cassette, recorded=(large,), jobs=()), aside=True))
    text = path.read_text(encoding="utf-8").replace('"bytes": 100000', '"bytes": 2147483648')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NotACassette, match="expected 2147483648 bytes"):
        load(path)
    (side_file,) = outputs_of(path).iterdir()
    side_file.unlink()
    with pytest.raises(NotACassette, match="the side file of an answer"):
        load(path)


def test_a_file_that_is_too_large_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told by its size, before a byte of it is in memory."""
    monkeypatch.setattr(files, "MOST_BYTES", 10)
    path = tmp_path / "one.json"
    path.write_bytes(b"x" * 11)
    with pytest.raises(NotACassette, match="expected at most 10 bytes, seen 11"):
        load(path)


def test_a_folder_is_no_cassette(tmp_path: Path) -> None:
    """Whatever the system says of it is passed on."""
    with pytest.raises(NotACassette):
        load(tmp_path)


def test_where_nothing_can_be_written_is_told(cassette: Cassette, tmp_path: Path) -> None:
    """With the path and the reason."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(LibraryError, match="cannot be written"):
        save(tmp_path / "file" / "one.json", as_written(cassette, aside=False))
