"""The pages of a network that stands in front of an API, in our own words."""

from __future__ import annotations

from email.utils import formatdate
from typing import Final

from mockserver.core.fault import Draw
from mockserver.core.reply import Reply


PAGES: Final = {
    "502": (502, "Bad gateway", "The origin answered with something that is no answer."),
    "503": (503, "Service temporarily unavailable", "The origin is too busy for this request."),
    "520": (520, "The origin returned an unknown error", "Its answer was empty or unreadable."),
    "522": (522, "Connection timed out", "The origin did not accept a connection in time."),
    "524": (524, "A timeout occurred", "The origin was connected, but did not answer in time."),
    "just_a_moment": (200, "Just a moment...", "Enable JavaScript and cookies to continue."),
}
"""Status, title and text of each page."""

_HTML: Final = """\
<!DOCTYPE html>
<html lang="en-US">
<head>
<title>{title}</title>
<meta charset="UTF-8">
<meta name="robots" content="noindex,nofollow">
</head>
<body>
<h1>{heading}</h1>
<p>{text}</p>
<p>Ray ID: <code>{ray}</code> &bull; {date}</p>
</body>
</html>
"""


def page(name: str, draw: Draw, now_ms: int) -> Reply:
    """The page called so, with the number of a request as such networks give it."""
    status, title, text = PAGES[name]
    ray = draw.octets(8).hex()
    date = formatdate(now_ms / 1000, usegmt=True)
    heading = title if status == _OK else f"Error {status}: {title}"
    html = _HTML.format(title=title, heading=heading, text=text, ray=ray, date=date)
    headers = (
        ("Content-Type", "text/html; charset=UTF-8"),
        ("Server", "cloudflare"),
        ("CF-RAY", f"{ray}-FRA"),
        ("Cache-Control", "private, max-age=0, no-store, no-cache, must-revalidate"),
    )
    return Reply(status, headers, html.encode())


_OK: Final = 200
