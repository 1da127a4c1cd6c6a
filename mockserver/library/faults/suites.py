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
    "client": (
        "smoke",
        "gw.timeout_but_created;nth=1",
        "http.retry_after;form=one;on=create;nth=1",
        "http.retry_after;form=rfc850;on=create;nth=1",
        "http.retry_after;form=asctime;on=create;nth=1",
        "http.retry_after;form=word;on=create;nth=1",
        "http.retry_after;form=huge;on=create;nth=1",
        "http.status;status=401;on=create",
        "http.status;status=422;on=create",
        "http.error_body;form=list;on=create",
        "body.array;on=get",
        "life.slow_queue",
        "life.flap",
        "net.reset_before;on=get;nth=1",
        "out.empty_list",
        "out.fewer",
        "sync.starting",
        "shape.urls_foreign",
        "out.url_foreign_origin",
        "out.url_redirect_foreign",
        "http.redirect;status=302;on=create",
        "http.redirect;status=307;to=other_origin;on=create",
        "shape.extra",
        "shape.missing;member=urls",
        "shape.null;member=logs",
        "future.unknown_member",
        "life.id_changes",
        "out.url_truncated",
        "out.url_404",
        "out.url_html_200",
        "out.url_zero_bytes",
        "out.image_corrupt",
        "net.stall_before;on=get;nth=1",
        "net.drip;bytes=1;ms=1000;on=get",
        "net.drip;bytes=1;ms=1000;on=output",
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
