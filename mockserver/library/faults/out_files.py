"""Output files that cannot be had, or are not what their address promised."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Final, Unpack

from mockserver.core import ids
from mockserver.core.fault import Operation
from mockserver.core.reply import Close, Reply
from mockserver.library.faults import scripts
from mockserver.library.faults.kinds import About, Kind, Needs, ReplyEdit, Strike, reply_fault
from mockserver.library.faults.params import choice, number
from mockserver.library.faults.places import foreign
from mockserver.library.faults.predictions import editable
from mockserver.library.faults.wire import with_header, without


if TYPE_CHECKING:
    from PIL import Image


def _file_fault(name: str, **about: Unpack[About]) -> Callable[[ReplyEdit], Kind]:
    """Makes an edit of downloads a kind."""
    placed: About = {"on": frozenset({Operation.OUTPUT}), "fixed": True, **about}
    return reply_fault(name, **placed)


@_file_fault("out.url_404", tests=("K15",))
def url_404(_reply: Reply, strike: Strike) -> Reply:
    """A file of an output is not there: 404."""
    return strike.refusal(404)


@_file_fault("out.url_403", tests=("K15",))
def url_403(_reply: Reply, strike: Strike) -> Reply:
    """A file of an output is refused: 403."""
    return strike.refusal(403)


@_file_fault("out.url_410", tests=("K15",))
def url_410(_reply: Reply, strike: Strike) -> Reply:
    """A file of an output is gone: 410."""
    return strike.refusal(410)


@_file_fault("out.url_expired_after", params=(number("ms", 60_000),), tests=("K15",))
def url_expired_after(reply: Reply, strike: Strike) -> Reply:
    """Addresses of files are good for `ms` since the prediction was created; then 403."""
    return strike.refusal(403) if _age_ms(strike) >= strike.number("ms") else reply


@_file_fault("out.url_html_200", tests=("K15",))
def url_html_200(reply: Reply, _strike: Strike) -> Reply:
    """In the place of a file comes a page for people, with status 200."""
    if not editable(reply):
        return reply
    return Reply(200, (("Content-Type", "text/html; charset=utf-8"),), _PAGE)


_PAGE: Final = b"""\
<!DOCTYPE html>
<html><head><title>Just a moment...</title></head>
<body><h1>Checking your browser</h1></body></html>
"""

_TYPES: Final[Mapping[str, str]] = {
    "octet_stream": "application/octet-stream",
    "text": "text/plain; charset=utf-8",
    "json": "application/json",
    "none": "",
}


@_file_fault("out.url_wrong_type", params=(choice("form", *_TYPES),), tests=("K15",))
def url_wrong_type(reply: Reply, strike: Strike) -> Reply:
    """A file is right, but its `Content-Type` is another one, or none."""
    if not editable(reply):
        return reply
    told = _TYPES[strike.word("form")]
    if not told:
        return replace(reply, headers=without(reply.headers, "content-type"))
    return with_header(reply, "Content-Type", told)


@_file_fault(
    "out.url_truncated",
    needs=Needs.BYTES,
    params=(choice("form", "promised", "unnoticed"),),
    tests=("K13", "K15"),
)
def url_truncated(reply: Reply, strike: Strike) -> Reply:
    """A file breaks off halfway: short of the length it promised, or with the length it has."""
    if not editable(reply):
        return reply
    half = len(reply.body) // 2
    if strike.word("form") == "unnoticed":
        return replace(reply, body=reply.body[:half])
    return scripts.interrupted(reply, half, (Close(),))


@_file_fault("out.url_zero_bytes", tests=("K15",))
def url_zero_bytes(reply: Reply, _strike: Strike) -> Reply:
    """A file has no bytes at all, with status 200 and its usual type."""
    return replace(reply, body=b"") if editable(reply) else reply


@_file_fault("out.url_redirect_foreign", tests=("K9", "K15"))
def url_redirect_foreign(reply: Reply, strike: Strike) -> Reply:
    """A file is moved to another origin (302), where it is to be had: no token may go there."""
    request = strike.request
    if _MOVED in request.query or not editable(reply):
        return reply
    host = request.header("host")
    where = foreign(f"{request.scheme}://{host}{request.root}{request.path}?{_MOVED}")
    return Reply(302, (("Location", where),))


_MOVED: Final = "moved=1"
"""What tells the address that a file was moved to."""


@_file_fault("out.image_wrong_size", tests=("K15",))
def image_wrong_size(reply: Reply, _strike: Strike) -> Reply:
    """A picture has half the width and height that were asked for; other files are as always."""
    return _redrawn(reply, _halved, "")


@_file_fault("out.image_wrong_format", tests=("K15",))
def image_wrong_format(reply: Reply, _strike: Strike) -> Reply:
    """A picture has another format than its name and type say: WebP, or PNG for that."""
    webp = reply.body[8:12] == b"WEBP"
    return _redrawn(reply, lambda image: image, "PNG" if webp else "WEBP")


@_file_fault("out.image_corrupt", tests=("K15",))
def image_corrupt(reply: Reply, strike: Strike) -> Reply:
    """A file begins as it should and is noise from its middle on, at its full length."""
    if not editable(reply):
        return reply
    half = len(reply.body) // 2
    noise = strike.draw.octets(len(reply.body) - half)
    return replace(reply, body=reply.body[:half] + noise)


def _redrawn(reply: Reply, change: Callable[[Image.Image], Image.Image], wanted: str) -> Reply:
    """The picture changed, in the format `wanted` or in its own; what is none stays as it is."""
    from mockserver.library.media.measure import BROKEN_IMAGE, MediaError, open_image

    if reply.status != _WHOLE or not editable(reply):
        return reply
    with suppress(MediaError, *BROKEN_IMAGE), open_image(reply.body) as image:
        file = BytesIO()
        form = wanted or str(image.format)
        change(image).save(file, form, **_FASTEST.get(form, {}))
        return replace(reply, body=file.getvalue())
    return reply


_WHOLE: Final = 200
"""The status of a file that is all there: a part of a picture cannot be redrawn."""


_FASTEST: Final[Mapping[str, Mapping[str, int]]] = {
    "PNG": {"compress_level": 1},
    "WEBP": {"method": 0},
}


def _halved(image: Image.Image) -> Image.Image:
    return image.resize((max(1, image.width // 2), max(1, image.height // 2)))


def _age_ms(strike: Strike) -> int:
    """How old the prediction is whose file is asked for; 0 where its address does not tell."""
    folder = strike.request.path.rpartition("/")[0]
    created_ms = ids.carried_ms(folder[-ids.PREDICTION_ID_LENGTH :])
    return 0 if created_ms is None else strike.now_ms - created_ms
