"""Forms are taken apart strictly: whatever is wrong with one is a 400, never a 500."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.interaction import Request
from mockserver.core.problem import BodyMalformed
from mockserver.web.multipart import MOST_PARTS, Part, parts


TYPE = "multipart/form-data; boundary=B"
CONTENT = b'Content-Disposition: form-data; name="content"; filename="a.png"\r\n\r\n'

PIECES = [b"--B", b"--", b"\r\n", b"\n", b"\r", b"x", b'"', b";"]


def form(body: bytes, content_type: str = TYPE) -> dict[str, Part]:
    """The parts of a form."""
    return dict(parts(Request("POST", "/v1/files", "", (("content-type", content_type),), body)))


def around(*inner: bytes) -> bytes:
    """A whole form of these parts."""
    return b"".join(b"--B\r\n" + one + b"\r\n" for one in inner) + b"--B--\r\n"


@given(st.binary(max_size=300).filter(lambda data: b"--B" not in data))
def test_bytes_arrive_as_they_were_sent(data: bytes) -> None:
    """Line ends, zeros and almost-boundaries included."""
    assert form(around(CONTENT + data)) == {"content": Part("a.png", "", data)}


@pytest.mark.parametrize("size", [0, 1, 65_000, 65_536, 65_537, 200_000])
def test_size_does_not_matter(size: int) -> None:
    """Nor does it where a piece ends; an empty file is a file."""
    data = (b"\r\n--C" * size)[:size]
    assert form(around(CONTENT + data))["content"].data == data


def test_the_first_of_a_name_counts() -> None:
    """As Go's `FormFile` has it."""
    found = form(around(CONTENT + b"one", CONTENT + b"two"))
    assert found["content"].data == b"one"


def test_a_field_has_no_filename() -> None:
    """Its text is read as UTF-8."""
    head = b'Content-Disposition: form-data; name="metadata"\r\nContent-Type: application/json'
    found = form(around(head + b"\r\n\r\n" + '{"a":"ä"}'.encode()))["metadata"]
    assert (found.filename, found.content_type, found.text) == (
        None,
        "application/json",
        '{"a":"ä"}',
    )


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ('filename="名.png"'.encode(), "名.png"),
        (b"filename*=UTF-8''%e2%82%ac.png", "€.png"),
        (b'filename="a%22b"', 'a"b'),
        (b'filename=""', ""),
    ],
)
def test_a_filename_may_have_any_letters(sent: bytes, seen: str) -> None:
    """Written plainly, as browsers do, or encoded. Source: RFC 7578, 4.2; RFC 5987."""
    head = b'Content-Disposition: form-data; name="content"; ' + sent
    assert form(around(head + b"\r\n\r\nx"))["content"].filename == seen


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"abc",
        b"--B",
        b"--B\r\n",
        b"--B\r\n" + CONTENT,
        b"--B\r\n" + CONTENT + b"abc",
        b"--B\r\n" + CONTENT + b"abc\r\n--B",
        around(b"X: y\r\n\r\nabc"),
        around(b'Content-Disposition: form-data; name="c"; filename="\xff"\r\n\r\nx'),
        around(*[CONTENT + b"x"] * (MOST_PARTS + 1)),
    ],
)
def test_a_broken_form_is_refused(body: bytes) -> None:
    """One that ends too early, or whose parts have no name, or too many of them."""
    with pytest.raises(BodyMalformed):
        form(body)


@pytest.mark.parametrize(
    "content_type",
    ["", "application/json", "multipart/form-data", "multipart/mixed; boundary=B", "boundary=B"],
)
def test_another_type_is_refused(content_type: str) -> None:
    """With the type that was expected."""
    with pytest.raises(BodyMalformed, match="multipart/form-data; boundary"):
        form(around(CONTENT + b"x"), content_type)


def test_a_text_that_is_none_is_refused() -> None:
    """Fields must be UTF-8."""
    with pytest.raises(BodyMalformed, match="UTF-8"):
        _ = Part(None, "", b"\xff").text


@given(
    st.lists(st.sampled_from([b"--B", b"--", b"\r\n", b"\n", b"\r", CONTENT, b"x", b'"', b";"]))
)
def test_no_body_breaks_the_parser(pieces: list[bytes]) -> None:
    """Either there are parts or a refusal."""
    with suppress(BodyMalformed):
        form(b"".join(pieces))
