"""A page in running text or Markdown: the text that is left of an Apifox page, or a plain one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from re import IGNORECASE, MULTILINE
from re import compile as pattern
from typing import Final, TypeVar

from mockserver.library.documents.addresses import joined
from mockserver.library.documents.curl import Curl, curls
from mockserver.library.documents.json_blocks import Block, blocks
from mockserver.library.documents.modified import modified
from mockserver.library.documents.page import (
    DocumentError,
    Fact,
    Form,
    Operation,
    Page,
    Parameter,
    Request,
    Response,
    Where,
)
from mockserver.library.documents.rows import Row, rows
from mockserver.library.documents.snippets import snippets
from mockserver.library.documents.tokens import tokens
from mockserver.library.documents.tree import Lines, Place
from mockserver.library.json_text import members
from mockserver.library.request_body import MEMBERS


_T = TypeVar("_T")

MAX_OPERATIONS: Final = 500
MAX_EXAMPLES: Final = 2000

# A line that names what is asked for; that of an HTTP snippet ends in its version.
_HEAD: Final = pattern(
    r"^[#*`> \t]*(GET|POST|PUT|PATCH|DELETE)[`* \t]+(https?://[^\s`*]+|/[^\s`*]*)(?!.* HTTP/)",
    MULTILINE,
)
_REQUEST: Final = pattern(
    r"请求参数|请求示例|请求体|请求|body\s*参数|\bcurl\b|fetch\(|JSON\.stringify|json\.dumps|\brequest\b",
    IGNORECASE,
)
_RESPONSE: Final = pattern(
    r"返回|响应|[🟢🔴🟠🟡⚪]|\bresponses?\b|HTTP/\d(?:\.\d)? \d{3}|成功示例|\breturns?\b",
    IGNORECASE,
)
_STATUS: Final = pattern(
    r"(?:[🟢🔴🟠🟡⚪] ?|HTTP/\d(?:\.\d)? |(?:status(?: code)?|状态码|状态) ?[::]? ?[`*]{0,3}"
    r"|(?:\bresponses?|响应|返回) ?[((`*:]{0,4} ?|^\| {0,9}[`*]{0,3})([1-5]\d\d)(?!\d)"
    r"|(?<![\w.])([1-5]\d\d)[`*]{0,3} (?:OK|Created|Accepted|Bad Request|Unauthorized"
    r"|Payment Required|Forbidden|Not Found|Unprocessable|Too Many|Internal|Bad Gateway)",
    IGNORECASE | MULTILINE,
)
_STATUS_LINE: Final = pattern(r"(?:\bstatus|状态码).*", IGNORECASE)
_THREE_DIGITS: Final = pattern(r"(?<![\w.])[1-5]\d\d(?![\w%.]*\d)")
_NEEDS_TOKEN: Final = pattern(
    r"在\s*header\s*添加参数\s*authorization|^[^\w\n]*header ?[::] ?authorization(?=[::])"
    r"|\b(?:requires?|must|add|include|send|set|needs?)\b[^\n]{0,60}\bauthorization\b",
    IGNORECASE | MULTILINE,
)
_HEADERS_BEFORE: Final = pattern(r"headers['\"]?\s*[=:]\s*$", IGNORECASE)
_OF_RESPONSES: Final = frozenset(
    {"id", "status", "urls", "created_at", "output", "error", "detail", "title"}
)


def text_page(text: str, name: str) -> Page:
    """The page `text`. Raises `DocumentError`."""
    shown = _few(blocks(text, name), MAX_EXAMPLES, "pairs of braces", name)
    asked = _few(curls(text), MAX_EXAMPLES, "curl commands", name)
    words = _words(text, shown)
    found = _Found(text, words, Lines(text), shown, asked, _origin(words, asked))
    sections = _few(found.sections(), MAX_OPERATIONS, "operations", name)
    operations = tuple(_operation(found, start, end) for start, end in sections)
    return Page(
        name,
        Form.TEXT,
        tuple(one for one in operations if one.url or one.requests or one.responses),
        tokens=tuple(tokens(text)),
        broken=tuple(found.broken()),
        snippets=tuple(snippets(text, asked)),
        modified=modified(text),
    )


def _few(found: Iterable[_T], most: int, what: str, name: str) -> tuple[_T, ...]:
    """What is found. Raises `DocumentError` for more than `most`, which no author writes."""
    kept = tuple(islice(found, most + 1))
    if len(kept) > most:
        raise DocumentError(f"{name}: expected at most {most} {what}, seen more")
    return kept


@dataclass(frozen=True, slots=True)
class _Found:
    """The text of a page, and what stands in it."""

    text: str
    words: str
    """The text with a blank for every character that is part of JSON."""
    lines: Lines
    blocks: tuple[Block, ...]
    curls: tuple[Curl, ...]
    origin: str
    """The first address that is asked, to which a path alone belongs."""

    def sections(self) -> list[tuple[int, int]]:
        """Where the operations begin and end: at the lines that name them, or all is one."""
        heads = [one.start() for one in _HEAD.finditer(self.words)]
        # What stands before the first such line belongs to it, unless it is a command of its own.
        if heads and not any(one.start < heads[0] for one in self.curls):
            heads = heads[1:]
        cuts = [0, *heads, len(self.text)]
        return list(pairwise(cuts))

    def in_curl(self, offset: int) -> bool:
        """Whether a curl command stands there."""
        at = bisect_right(self.curls, offset, key=lambda one: one.start)
        return at > 0 and offset < self.curls[at - 1].end

    def broken(self) -> Iterator[Fact]:
        """What is meant as JSON and is none: the body of a curl command, a block marked so."""
        for one in self.curls:
            if one.broken:
                yield Fact("curl", one.broken, one.request.place)
        for block in self.blocks:
            before = self.text[max(0, block.start - 20) : block.start].rstrip().lower()
            if block.tree is None and before.endswith(("```json", "~~~json")):
                yield Fact("json", block.reason, Place(block.line))


def _origin(words: str, asked: Sequence[Curl]) -> str:
    heads = (one[2] for one in _HEAD.finditer(words) if "://" in one[2])
    return next(chain(heads, (one.request.url for one in asked)), "")


def _words(text: str, found: Sequence[Block]) -> str:
    kept: list[str] = []
    at = 0
    for block in found:
        if block.tree:
            kept += [text[at : block.start], _blanked(text[block.start : block.end])]
            at = block.end
    return "".join((*kept, text[at:]))


def _blanked(text: str) -> str:
    return "".join(char if char == "\n" else " " for char in text)


def _operation(found: _Found, start: int, end: int) -> Operation:
    words = found.words[start:end]
    line = found.lines.of(start)
    head = _HEAD.search(words)
    asked = [one.request for one in found.curls if start <= one.start < end]
    method, url = ("", "")
    place = Place(line)
    if head:
        method, url = head[1], joined(found.origin, head[2])
        place = Place(found.lines.of(start + head.start(1)))
    elif asked:
        method, url, place = asked[0].method, asked[0].url, asked[0].place
    requests, responses = _examples(found, words, start, (method, url))
    requests = sorted((*requests, *asked), key=lambda one: one.place)
    told = tuple(rows(words.split("\n"), line))
    return Operation(
        method,
        url,
        place,
        tuple(requests),
        tuple(responses),
        tuple(_nested([row for row in told if row.where is not Where.ANSWER], requests)),
        tuple(_nested([row for row in told if row.where is Where.ANSWER], responses)),
        tuple(_security(found, (start, end), asked)),
        tuple(_statuses(found, (start, end))),
    )


def _examples(
    found: _Found, words: str, start: int, head: tuple[str, str]
) -> tuple[list[Request], list[Response]]:
    """The JSON objects of a section, told apart by their members and the words before them."""
    requests: list[Request] = []
    responses: list[Response] = []
    at, answering, status = start, False, None
    for block in found.blocks:
        if not start <= block.start < start + len(words) or block.tree is None:
            continue
        gap = words[at - start : block.start - start]
        at = block.end
        answering, before = _answering(gap, before=answering), answering
        # A second example of a response stands below the same heading.
        status = _status(gap) or (status if answering and before else None)
        if found.in_curl(block.start) or _HEADERS_BEFORE.search(gap):
            continue
        keys = members(block.tree.value).keys()
        place = Place(block.line)
        if {"type", "properties"} <= keys or "$schema" in keys:
            continue
        if keys & _OF_RESPONSES or (answering and "input" not in keys):
            responses.append(Response(status, block.tree, place))
        elif "input" in keys or not answering:
            requests.append(Request(*head, (), block.tree, place))
    return requests, responses


def _answering(gap: str, *, before: bool) -> bool:
    """Whether what follows these words is a response."""
    asks = [one.start() for one in _REQUEST.finditer(gap)]
    answers = [one.start() for one in _RESPONSE.finditer(gap)]
    return answers[-1:] > asks[-1:] if asks or answers else before


def _status(gap: str) -> int | None:
    known = [one[1] or one[2] for one in _STATUS.finditer(gap)]
    return int(known[-1]) if known else None


def _statuses(found: _Found, section: tuple[int, int]) -> Iterator[Fact]:
    told = {
        one.start(one.lastindex or 0): one[one.lastindex or 0]
        for one in _STATUS.finditer(found.words, *section)
    }
    for line in _STATUS_LINE.finditer(found.words, *section):
        told |= {one.start(): one[0] for one in _THREE_DIGITS.finditer(found.words, *line.span())}
    for at in sorted(told):
        yield Fact("status", int(told[at]), Place(found.lines.of(at)))


def _security(found: _Found, section: tuple[int, int], asked: Sequence[Request]) -> Iterator[Fact]:
    for one in _NEEDS_TOKEN.finditer(found.words, *section):
        place = Place(found.lines.of(one.start()))
        yield Fact("security", " ".join(one[0].split()), place)
    for request in asked:
        if any(name.lower() == "authorization" for name, _ in request.headers):
            yield Fact("security", "the curl command sends Authorization", request.place)


def _nested(told: list[Row], examples: Sequence[Request | Response]) -> Iterator[Parameter]:
    """The parameters by their paths: a table prints the members of an object below it."""
    bodies = [members(one.body.value) for one in examples[:_MOST_ASKED] if one.body]
    above = ""
    for row in told:
        beside = row.where is Where.ANSWER and not row.printed
        path = row.name
        if row.where in _BODIES:
            path = _path(row.name, bodies, "" if beside else above or _outer(bodies))
        if row.type == "object" and "." not in path:
            above = path
        yield row.parameter(path)


_MOST_ASKED: Final = 20
_BODIES: Final = frozenset({Where.BODY, Where.ANSWER})


def _outer(bodies: Sequence[object]) -> str:
    """The member that holds the parameters of a model, where an example has it."""
    return "input" if any("input" in members(body) for body in bodies) else ""


def _path(name: str, bodies: Sequence[object], above: str) -> str:
    # What upstream's call has beside the input is no input, wherever a table lists it.
    if "." in name or name in MEMBERS or any(name in members(body) for body in bodies):
        return name
    for body in bodies:
        for outer, inner in members(body).items():
            if name in members(inner):
                return f"{outer}.{name}"
    return f"{above}.{name}" if above else name
