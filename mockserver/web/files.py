"""A file as a reply: its entity tag, and the range of bytes that was asked for."""

from __future__ import annotations

from hashlib import sha256
from re import compile as pattern
from typing import Final

from mockserver.core.interaction import Request
from mockserver.core.reply import Reply
from mockserver.service.outputs import OutputFile


Headers = tuple[tuple[str, str], ...]

_RANGE: Final = pattern(r"bytes=(\d{0,15})-(\d{0,15})")

_ALWAYS: Final = (
    ("Accept-Ranges", "bytes"),
    ("Cache-Control", "public,max-age=3600"),
    ("Access-Control-Allow-Origin", "*"),
    ("X-Content-Type-Options", "nosniff"),
)
"""Source: headers recorded from upstream's file host."""


def file_reply(request: Request, file: OutputFile) -> Reply:
    """The file, the part of it that `Range` names, or 304 if the client has it already."""
    tag = f'"{sha256(file.data).hexdigest()[:32]}"'
    headers: Headers = (*_ALWAYS, ("ETag", tag))
    known = {one.strip().removeprefix("W/") for one in request.header("if-none-match").split(",")}
    if tag in known or "*" in known:
        return Reply(304, headers)
    headers = (("Content-Type", file.media_type), *headers)
    if_range = request.header("if-range")
    found = _RANGE.fullmatch(request.header("range").strip())
    unasked = found is None or request.method != "GET" or (if_range and if_range != tag)
    if found is None or unasked or not _is_range(found[1], found[2]):
        return Reply(200, headers, file.data)
    return _part(file.data, found[1], found[2], headers)


def _is_range(first: str, last: str) -> bool:
    """Whether there is such a range in any file. Source: RFC 9110, 14.1.1."""
    return int(first) <= int(last) if first and last else bool(first or last)


def _part(data: bytes, first: str, last: str, headers: Headers) -> Reply:
    """Bytes `first` to `last`, or the final `last` bytes where `first` is empty."""
    size = len(data)
    start = int(first) if first else max(0, size - int(last))
    stop = min(int(last), size - 1) if first and last else size - 1
    if start > stop:
        return Reply(416, (*headers, ("Content-Range", f"bytes */{size}")))
    where = ("Content-Range", f"bytes {start}-{stop}/{size}")
    return Reply(206, (*headers, where), data[start : stop + 1])
