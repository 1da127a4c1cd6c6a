"""A repeated head is read without the parser, and never read differently."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.web.server.framing import Exchange
from mockserver.web.server.limits import Limits, Refused
from mockserver.web.server.reading import Reader


TARGETS = st.from_regex(r"/[ -~]{0,12}", fullmatch=True) | st.sampled_from(["/", "*", "x"])
BODIES = st.binary(max_size=30) | st.just(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
LENGTHS = st.sampled_from([b"%d", b"0%d", b"+%d", b"%d ", b"%d\r\nX: 1", b"%d\r\nHost: y"])


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """Requests alike but for target, length and body; some are not well-formed."""
    body = draw(BODIES)
    head = b"%b %b HTTP/1.1\r\nHost: x\r\nContent-Length: %b\r\nAccept: */*\r\n\r\n"
    method = draw(st.sampled_from([b"POST", b"PUT"]))
    length = draw(LENGTHS) % (len(body) + draw(st.sampled_from([0, 0, 0, 1, -1])))
    return head % (method, draw(TARGETS).encode(), length) + body


def read(reader_of: list[bytes], limits: Limits | None = None) -> list[Exchange | str]:
    """What one reader hands on for all of these."""
    handed: list[Exchange | Refused] = []
    reader = Reader(limits or Limits(), handed.append, lambda: None)
    for data in reader_of:
        reader.feed(data)
    return [str(item) if isinstance(item, Refused) else item for item in handed]


@given(first=st.binary(max_size=20), second=requests())
def test_reading_by_repetition_is_reading_by_the_parser(first: bytes, second: bytes) -> None:
    """What a reader that has accepted the head hands on is what a fresh reader does."""
    accepted = b"POST /first HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\nAccept: */*\r\n\r\n%b"

    after_another = read([accepted % (len(first), first), second])

    assert after_another[1:] == read([second])


@given(query=st.from_regex(r"[ -~]{0,12}", fullmatch=True))
def test_a_repeated_head_without_length_has_no_body(query: str) -> None:
    """The same law for requests without a body."""
    head = b"GET /%b HTTP/1.1\r\nHost: x\r\n\r\n"

    assert read([head % b"", head % query.encode()])[1:] == read([head % query.encode()])


@pytest.mark.parametrize(
    ("target", "body", "words"),
    [(b"/" + b"a" * 99, b"", "target"), (b"/", b"b" * 99, "body")],
)
def test_limits_hold_for_repeated_heads(target: bytes, body: bytes, words: str) -> None:
    """What is too large the second time is refused the second time."""
    head = b"POST %b HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b"

    *_, refused = read(
        [head % (b"/", 0, b""), head % (target, len(body), body)],
        Limits(uri_bytes=50, body_bytes=50),
    )

    assert words in str(refused)
