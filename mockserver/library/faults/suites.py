"""Suites: faults that are met together, from a dozen that show most to all there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final


SUITES: Final[Mapping[str, tuple[str, ...]]] = {
    "smoke": (
        "net.reset_before;on=create;nth=1",
        "net.close_mid;on=create;nth=1",
        "http.status;status=502;on=get;first=2",
        "http.retry_after;form=imf;on=create;nth=1",
        "http.cdn_html;page=just_a_moment;on=create;nth=1",
        "body.truncated_json;on=create;nth=1",
        "life.not_found_after_create;on=get",
        "life.aborted",
        "life.unknown_status;form=successful;on=get",
        "sync.processing_null",
        "out.null_on_success",
        "shape.minimal",
    ),
    "transport": ("net", "http", "body"),
    "lifecycle": (
        "life",
        "sync",
        "out",
        "shape",
        "logs",
        "time",
        "list",
        "cancel",
        "limit",
        "fail",
        "file",
    ),
    "stream": ("sse",),
    "webhook": ("hook",),
    "gateway": ("gw",),
    "all": ("transport", "lifecycle", "stream", "webhook", "gateway", "future"),
}
"""What each suite holds: faults as texts, families, or other suites.

Handshakes are in none: they go wrong for a whole server, not for a request.
"""
