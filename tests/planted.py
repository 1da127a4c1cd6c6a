"""Every place that a secret may stand in, each in one interaction."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from mockserver.core.cassette import Part, Recorded
from mockserver.core.interaction import Interaction, Request


CANARY: Final = "r8_Kq7Zb3Nw9Xc5Vt1Ym8Ls4Hd6Gf2Rj0Pu7Ea3"
PLAIN: Final = "canary: \"K'q7\\ Z/b3+N<w9&Xc5é"
"""A secret of no known form, which every encoding spells otherwise."""


def said(
    request: Request | None = None,
    answer: bytes = b"{}",
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),),
    parts: tuple[bytes, ...] = (),
) -> Recorded:
    """One interaction, in which a secret may stand anywhere."""
    asked = request or Request("GET", "/v1/account", headers=(("host", "api.replicate.com"),))
    body = b"".join(parts) or answer
    seen = Interaction(asked, 200, headers, body, 0)
    return Recorded(seen, parts=tuple(Part(at, data) for at, data in enumerate(parts)))


def asked(path: str = "/v1/x", query: str = "", body: bytes = b"", **headers: str) -> Request:
    """A request with headers of these names, their underscores dashes."""
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Request("POST", path, query, (("host", "api.replicate.com"), *named), body, "https")


def form(name: str, secret: str) -> bytes:
    """An upload of one field."""
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return f"{head}{secret}\r\n--b--\r\n".encode()


Planted = Callable[[str], Recorded]

PLACES: Final[dict[str, Planted]] = {
    "Authorization": lambda s: said(asked(authorization=f"Bearer {s}")),
    "Basic credentials": lambda s: said(
        asked(authorization=f"Basic {b64encode(f'me:{s}'.encode()).decode()}")
    ),
    "Proxy-Authorization": lambda s: said(asked(proxy_authorization=f"Bearer {s}")),
    "X-Api-Key": lambda s: said(asked(x_api_key=s)),
    "Cookie": lambda s: said(asked(cookie=f"a=b; session={quote(s)}")),
    "a header nobody knows": lambda s: said(asked(x_my_own=s)),
    "Set-Cookie": lambda s: said(headers=(("Set-Cookie", f"session={quote(s)}; Path=/"),)),
    "an answer's header nobody knows": lambda s: said(headers=(("X-Echo", s),)),
    "Location": lambda s: said(headers=(("Location", f"https://x.test/?token={quote(s)}"),)),
    "userinfo in a body": lambda s: said(
        asked(body=json.dumps({"webhook": f"https://me:{quote(s, safe='')}@x.test/h"}).encode())
    ),
    "a query": lambda s: said(asked(query=f"token={quote(s)}")),
    "a query in another case": lambda s: said(asked(query=f"Token={quote(s)}")),
    "JSON": lambda s: said(asked(body=json.dumps({"api_key": s}).encode())),
    "nested JSON": lambda s: said(asked(body=json.dumps({"a": [{"b": {"token": s}}]}).encode())),
    "JSON in JSON": lambda s: said(
        asked(body=json.dumps({"a": json.dumps({"token": s})}).encode())
    ),
    "a form": lambda s: said(asked(body=f"token={quote(s)}&a=b".encode())),
    "multipart": lambda s: said(asked(body=form("token", s))),
    "gzip asked": lambda s: said(
        asked(body=gzip.compress(json.dumps({"token": s}).encode()), content_encoding="gzip")
    ),
    "gzip answered": lambda s: said(
        answer=gzip.compress(json.dumps({"token": s}).encode()),
        headers=(("Content-Type", "application/json"), ("Content-Encoding", "gzip")),
    ),
    "an error that echoes": lambda s: said(
        asked(authorization=f"Bearer {s}"),
        json.dumps({"detail": f"Invalid token {s} given"}).encode(),
    ),
    "base64": lambda s: said(
        asked(authorization=f"Bearer {s}"), b64encode(f"key is {s}, really".encode())
    ),
    "base64 for addresses": lambda s: said(
        asked(authorization=f"Bearer {s}"), urlsafe_b64encode(f"x{s}".encode())
    ),
    "a data URI": lambda s: said(
        asked(authorization=f"Bearer {s}"),
        json.dumps(
            {"output": f"data:text/plain;base64,{b64encode(s.encode()).decode()}"}
        ).encode(),
    ),
    "a path": lambda s: said(
        asked(path=f"/v1/x/{quote(s, safe='')}", authorization=f"Bearer {s}")
    ),
    "an event": lambda s: said(
        asked(authorization=f"Bearer {s}"), parts=(b"data: ", f"{s}\n\n".encode())
    ),
    "an event that was split": lambda s: said(
        asked(authorization=f"Bearer {s}"),
        parts=(f"data: {s}"[:20].encode(), f"data: {s}\n\n"[20:].encode(), b"data: x\n\n"),
    ),
    "a secret of webhooks": lambda s: said(answer=json.dumps({"key": f"whsec_{b64(s)}"}).encode()),
    "a broken connection": lambda s: replace(
        said(asked(authorization=f"Bearer {s}")), error=f"ConnectError: {s}"
    ),
}


def b64(secret: str) -> str:
    """In letters that a secret of webhooks may have."""
    return b64encode(secret.encode()).decode()


def spellings(secret: str) -> dict[str, bytes]:
    """How a secret may be spelled in bytes that a person reads."""
    raw = secret.encode()
    return {
        "raw": raw,
        "json": json.dumps(secret)[1:-1].encode(),
        "json twice": json.dumps(json.dumps(secret)[1:-1])[1:-1].encode(),
        "percent": quote(secret, safe="").encode(),
        "base64": b64encode(raw),
        "base64 + 1": b64encode(b"x" + raw)[4:-4],
        "base64 + 2": b64encode(b"xx" + raw)[4:-4],
        "hex": raw.hex().encode(),
    }
