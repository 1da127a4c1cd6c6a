"""Files as upstream's API has them: upload, look, list, delete, signed download."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from re import ASCII
from re import compile as pattern
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from orjson import Fragment

from mockserver.core.problem import BodyMalformed, FileNotFound, FileTooLarge
from mockserver.core.reply import Answer, Reply, Work
from mockserver.core.timestamps import edge_timestamp
from mockserver.library.json_text import JsonError, dumps_sorted, loads
from mockserver.service.files import MOST_BYTES, File, Upload, secret, signature
from mockserver.service.outputs import OutputFile
from mockserver.service.worlds import World
from mockserver.web.call import Call
from mockserver.web.dialect import Json, edge_bytes
from mockserver.web.faces import Face
from mockserver.web.files import file_reply
from mockserver.web.naming import told, worlds
from mockserver.web.queries import query_value


if TYPE_CHECKING:
    from mockserver.web.multipart import Part


LONGEST_NAME_BYTES: Final = 255
"""Source: upstream's OpenAPI document, files.create."""
LONGEST_EXPIRY: Final = 15
"""Digits of a number of seconds."""
OCTETS: Final = "application/octet-stream"

_MEDIA_TYPE: Final = pattern(r"[\w!#$&^.+-]{1,127}/[\w!#$&^.+-]{1,127}", ASCII)
_PARTS: Final = frozenset({"content", "filename", "metadata", "type"})
"""Source: as for `LONGEST_NAME_BYTES`."""
_JSON: Final = (("Content-Type", "application/json; charset=UTF-8"),)
_DELETED: Final = (("Content-Type", "text/plain; charset=UTF-8"),)
"""Source of both: upstream's recording of 2024-08."""
_INERT: Final = ("Content-Security-Policy", "default-src 'none'; sandbox")


def create_file(call: Call) -> Answer:
    """POST /files: a form with the file in its part `content`."""
    world = call.world
    at_ms = world.clock.now_ms()

    def taken() -> Reply:
        from mockserver.web import multipart

        form = multipart.parts(call.request)
        unread = sorted(set(form) - _PARTS)
        call.notes.extend(f"part {name!r} of the form is not read" for name in unread)
        file = world.files.add(_upload(form), at_ms, world.draw)
        return _told(201, _spelled(call.face, file))

    return Work(taken)


def list_files(call: Call) -> Answer:
    """GET /files: all files on one page, newest first."""
    found = call.world.files.here(call.world.clock.now_ms())
    results = [_spelled(call.face, file) for file in found]
    return _told(200, {"next": None, "previous": None, "results": results})


def get_file(call: Call, name: str) -> Answer:
    """GET /files/{file_id}."""
    file = call.world.files.look(name, call.world.clock.now_ms())
    return _told(200, _spelled(call.face, file))


def delete_file(call: Call, name: str) -> Answer:
    """DELETE /files/{file_id}."""
    call.world.files.delete(name, call.world.clock.now_ms())
    return Reply(204, _DELETED)


def download_file(call: Call, name: str) -> Answer:
    """GET /files/{file_id}/download: the bytes, for whoever was given a signed address."""
    owner, expiry = query_value(call.request, "owner"), query_value(call.request, "expiry")
    world = call.fake.worlds.with_key(owner)
    if world is None:
        raise FileNotFound(name)
    _check_signature(call, world, name, expiry)
    file = call.enter(world).files.look(name, world.clock.now_ms()).upload
    media_type = file.content_type.partition(";")[0].strip()
    output = OutputFile(file.data, media_type if _MEDIA_TYPE.fullmatch(media_type) else OCTETS)
    saved = ("Content-Disposition", f"attachment; filename*=UTF-8''{quote(file.name, safe='')}")
    return Work(lambda: file_reply(call.request, output).with_headers(saved, _INERT))


def get_files(call: Call) -> Answer:
    """GET /__mock__/files: what each world holds, with signed addresses to download it."""
    return told({"worlds": [_holding(call, world) for world in worlds(call)]})


def _holding(call: Call, world: World) -> Json:
    now_ms = world.clock.now_ms()
    files = world.files.here(now_ms)
    here = f"{call.face.origin}/v1/files"
    return {
        "world": world.label,
        "owner": world.key,
        "secret": secret(world.draw),
        "files": [
            {
                "id": file.id,
                "name": file.upload.name,
                "size": len(file.upload.data),
                "expires_at": edge_timestamp(file.expires_ms),
                "download": f"{here}/{file.id}/download?{_signed(world, file)}",
            }
            for file in files
        ],
    }


def _signed(world: World, file: File) -> str:
    """The query of a download address that is good as long as the file is."""
    expiry_s = file.expires_ms // 1000
    proof = signature(secret(world.draw), world.key, file.id, expiry_s)
    return urlencode({"owner": world.key, "expiry": expiry_s, "signature": proof})


def _check_signature(call: Call, world: World, file_id: str, expiry: str) -> None:
    """Raise `FileNotFound`, the one refusal that is documented, unless the address is good."""
    if not (expiry.isascii() and expiry.isdigit() and len(expiry) <= LONGEST_EXPIRY):
        raise FileNotFound(file_id)
    good = signature(secret(world.draw), world.key, file_id, int(expiry))
    sent = query_value(call.request, "signature")
    if not hmac.compare_digest(good.encode(), sent.encode(errors="replace")):
        raise FileNotFound(file_id)
    if int(expiry) * 1000 <= world.clock.now_ms():
        raise FileNotFound(file_id)


def _told(status: int, body: Json) -> Reply:
    """Escaped as upstream's edge does, but without a final newline. Source: as for `_JSON`."""
    return Reply(status, _JSON, edge_bytes(body).removesuffix(b"\n"))


def _spelled(face: Face, file: File) -> Json:
    """The file as upstream writes it. Source: as for `_JSON`."""
    upload = file.upload
    return {
        "id": file.id,
        "name": upload.name,
        "content_type": upload.content_type,
        "size": len(upload.data),
        "etag": file.md5,
        "checksums": {"sha256": file.sha256, "md5": file.md5},
        "metadata": Fragment(upload.metadata),
        "created_at": edge_timestamp(file.at_ms),
        "expires_at": edge_timestamp(file.expires_ms),
        "urls": {"get": f"{face.base_url}/files/{file.id}"},
    }


def _upload(form: Mapping[str, Part]) -> Upload:
    """What the form brings. Raises `BodyMalformed`, `FileTooLarge`."""
    content = form.get("content")
    if content is None:
        seen = ", ".join(sorted(form)) or "none"
        raise BodyMalformed(
            f'The form must have a part "content" with the file; its parts: {seen}'
        )
    if len(content.data) >= MOST_BYTES:
        raise FileTooLarge("Files must be less than 100MB in size")
    name = _text(form, "filename") or content.filename or ""
    content_type = _text(form, "type") or content.content_type or OCTETS
    return Upload(_name(name), content_type, content.data, _metadata(form.get("metadata")))


def _text(form: Mapping[str, Part], name: str) -> str:
    return form[name].text if name in form else ""


def _name(sent: str) -> str:
    """The last part of the name that was sent; it is shown, and never becomes a path.

    Source: RFC 7578, 4.2 (a path is to be dropped).
    """
    name = sent.rpartition("/")[2]
    size = len(name.encode())
    if not 1 <= size <= LONGEST_NAME_BYTES:
        raise BodyMalformed(
            f"The filename must have 1 to {LONGEST_NAME_BYTES} bytes in UTF-8, not {size}"
        )
    return name


def _metadata(sent: Part | None) -> bytes:
    """The metadata as a JSON object in compact form. Raises `BodyMalformed`."""
    if sent is None or not sent.data.strip():
        return b"{}"
    try:
        value = loads(sent.data)
    except JsonError as reason:
        raise BodyMalformed(f'"metadata" must be a JSON object: {reason}') from None
    if not isinstance(value, Mapping):
        raise BodyMalformed(f'"metadata" must be a JSON object, not {type(value).__name__}')
    return dumps_sorted(value)
