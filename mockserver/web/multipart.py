"""Bodies of type multipart/form-data, taken apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import (
    Data,
    Epilogue,
    Event,
    Field,
    File,
    MultipartDecoder,
    NeedData,
)

from mockserver.core.interaction import Request
from mockserver.core.problem import BodyMalformed


MOST_PARTS: Final = 100
_PIECE_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a form; `filename` is None where it names no file, `content_type` may be ""."""

    filename: str | None
    content_type: str
    data: bytes

    @property
    def text(self) -> str:
        """The part as text. Raises `BodyMalformed`."""
        try:
            return self.data.decode()
        except UnicodeDecodeError as reason:
            raise BodyMalformed(f"A text field of the form must be UTF-8: {reason}") from None


def parts(request: Request) -> Mapping[str, Part]:
    """The parts of a form by name, the first of each. Raises `BodyMalformed`.

    Takes as long as the body is: not for an event loop.
    """
    kind, options = parse_options_header(request.header("content-type"))
    if kind != "multipart/form-data" or not options.get("boundary"):
        seen = request.header("content-type")[:80]
        expected = "multipart/form-data; boundary=…"
        raise BodyMalformed(f"The Content-Type must be {expected}, not {seen!r}")
    try:
        found: dict[str, Part] = {}
        for name, part in _parts(_events(request.body, options["boundary"].encode())):
            found.setdefault(name, part)
    except RequestEntityTooLarge:
        raise BodyMalformed(f"The form has more than {MOST_PARTS} parts") from None
    except ValueError as reason:
        raise BodyMalformed(f"The body is not multipart/form-data: {reason}") from None
    return found


def _parts(events: Iterator[Event]) -> Iterator[tuple[str, Part]]:
    head: Field | File | None = None
    pieces: list[bytes] = []
    for event in events:
        match event:
            case Field() | File():
                head, pieces = event, []
            case Data(data=data, more_data=more_data) if head is not None:
                pieces.append(data)
                if not more_data:
                    filename = head.filename if isinstance(head, File) else None
                    content_type = head.headers.get("content-type", "")
                    yield head.name or "", Part(filename, content_type, b"".join(pieces))


def _events(body: bytes, boundary: bytes) -> Iterator[Event]:
    decoder = MultipartDecoder(boundary, max_parts=MOST_PARTS)
    for start in range(0, len(body), _PIECE_BYTES):
        decoder.receive_data(body[start : start + _PIECE_BYTES])
        yield from _decoded(decoder)
    decoder.receive_data(None)
    yield from _decoded(decoder)


def _decoded(decoder: MultipartDecoder) -> Iterator[Event]:
    """What can be told by now. Raises `ValueError` where the end of the body comes too soon."""
    while not isinstance(event := decoder.next_event(), NeedData):
        yield event
        if isinstance(event, Epilogue):
            return
