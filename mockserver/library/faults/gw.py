"""What gateways do to what they relay: statuses masked, headers lost, caches stale, jobs twice."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from mockserver.core import ids
from mockserver.core.fault import Operation, Phase
from mockserver.core.interaction import Request
from mockserver.core.reply import Answer, Reply, Script, edited
from mockserver.library.faults import wire
from mockserver.library.faults.kinds import (
    Ask,
    Events,
    Strike,
    ask_fault,
    reply_fault,
    request_fault,
    stream_fault,
)
from mockserver.library.faults.params import choice, number
from mockserver.library.faults.predictions import Json, in_object, put, shape_fault, without
from mockserver.library.faults.streams import name_of, sent
from mockserver.library.json_text import dumps


_CREATE: Final = frozenset({Operation.CREATE})
_GET: Final = frozenset({Operation.GET})
_FAMILY: Final = "QuantumNous/new-api, service/error.go and middleware/distributor.go"
_MASKED: Final = frozenset({402, 422, 429})
_OK: Final = 200


@reply_fault("gw.status_masked", fixed=True, tests=("K10",), source=_FAMILY)
def status_masked(reply: Reply, strike: Strike) -> Reply:
    """A refusal with 402, 422 or 429 becomes a 500 that says `bad response status code`."""
    if reply.status not in _MASKED or not wire.is_whole(reply):
        return reply
    text = f"bad response status code {reply.status}"
    return _refused(strike, 500, text, "upstream_error", "bad_response_status_code")


@reply_fault("gw.double_wrapped_error", fixed=True, tests=("K10",), source=_FAMILY)
def double_wrapped_error(reply: Reply, strike: Strike) -> Reply:
    """A refusal stands as text in the message of another refusal."""
    if not wire.is_refusal(reply) or not wire.is_whole(reply):
        return reply
    inner = reply.body.decode(errors="replace").strip()
    return _refused(strike, reply.status, inner, "upstream_error", "bad_response_status_code")


@reply_fault(
    "gw.chinese_error",
    phase=Phase.BEFORE,
    on=_CREATE,
    tests=("K2", "K10"),
    source="QuantumNous/new-api, issue 991",
)
def chinese_error(_reply: Reply, strike: Strike) -> Reply:
    """429 without Retry-After, in Chinese: the group's upstream is saturated, try later."""
    return _refused(
        strike, 429, "当前分组上游负载已饱和\N{FULLWIDTH COMMA}请稍后再试", "new_api_error", ""
    )


@reply_fault("gw.no_channel", phase=Phase.BEFORE, on=_CREATE, tests=("K10", "K16"), source=_FAMILY)
def no_channel(_reply: Reply, strike: Strike) -> Reply:
    """503 `model_not_found`: the key's group has no channel for this model, now or ever."""
    text = "当前分组 default 下对于所请求的模型无可用渠道"
    return _refused(strike, 503, text, "new_api_error", "model_not_found")


@reply_fault(
    "gw.quota_exhausted",
    phase=Phase.BEFORE,
    on=_CREATE,
    params=(choice("status", "403", "429"),),
    tests=("K10",),
    source="bodies captured at gateways of the new-api family: 403, where upstream answers 402",
)
def quota_exhausted(_reply: Reply, strike: Strike) -> Reply:
    """`insufficient_user_quota`: the account is empty, which no second try will change."""
    text = "用户额度不足, 剩余额度: ¥0.000000"
    status = int(strike.word("status"))
    return _refused(strike, status, text, "new_api_error", "insufficient_user_quota")


@reply_fault("gw.timeout_but_created", on=_CREATE, fixed=True, tests=("K1",))
def timeout_but_created(_reply: Reply, _strike: Strike) -> Reply:
    """504 with a page of HTML, although the job was created and runs."""
    return _page(504, "Gateway Time-out")


@ask_fault(
    "gw.body_limit",
    on=_CREATE,
    params=(number("bytes", 1_000_000),),
    tests=("K10",),
    source="nginx, client_max_body_size: its default is 1 MB",
)
def body_limit(ask: Ask, strike: Strike) -> Answer:
    """A body of more bytes is refused with 413 and a page of HTML: a large `data:` URI, mostly."""
    large = len(strike.request.body) > strike.number("bytes")
    return _page(413, "Request Entity Too Large") if large else ask()


@reply_fault("gw.create_200", on=_CREATE, fixed=True)
def create_200(reply: Reply, _strike: Strike) -> Reply:
    """A create call that went well answers 200 instead of 201."""
    return replace(reply, status=_OK) if reply.status in (201, 202) else reply


@reply_fault("gw.compresses_always", fixed=True)
def compresses_always(reply: Reply, _strike: Strike) -> Reply:
    """The answer is gzipped, whether the client asked for that or not."""
    if not reply.body or not wire.is_whole(reply) or reply.status == 206:  # noqa: PLR2004 - a part
        return reply
    headers = (*wire.without(reply.headers, "content-length"), ("Content-Encoding", "gzip"))
    return replace(reply, headers=headers, body=gzip.compress(reply.body, mtime=0))


@shape_fault("gw.prefix_lost", tests=("K9", "K16"))
def prefix_lost(told: Json, strike: Strike) -> Json:
    """The `urls` of a prediction lack the gateway's prefix: who follows them finds nothing."""
    links = told.get("urls")
    if not isinstance(links, Mapping):
        return told
    origin = "/".join(strike.base_url.split("/", 3)[:3])
    return {
        **told,
        "urls": {name: _moved(url, strike.base_url, origin) for name, url in links.items()},
    }


@stream_fault("gw.buffers_sse", tests=("K6", "K19"))
def buffers_sse(new: Events, before: Events, _strike: Strike) -> Script:
    """A proxy keeps the stream to itself: all events come at once, at the end."""
    return sent(*before, *new) if any(name_of(one) == "done" for one in new) else ()


@request_fault("gw.header_stripped", on=_CREATE, tests=("K8",))
def header_stripped(request: Request, _strike: Strike) -> Request:
    """`Prefer` and `Cancel-After` do not reach upstream: nothing waits, nothing is canceled."""
    kept = wire.without(request.headers, "prefer", "cancel-after")
    return replace(request, headers=kept)


@request_fault("gw.webhook_dropped", on=_CREATE)
def webhook_dropped(request: Request, _strike: Strike) -> Request:
    """The webhook fields of a create call do not reach upstream: nothing is ever posted."""
    dropped = ("webhook", "webhook_events_filter", "webhook_completed")
    return _rewritten(request, lambda asked: without(asked, *dropped))


@request_fault("gw.num_outputs_clamped", on=_CREATE, tests=("K7",))
def num_outputs_clamped(request: Request, _strike: Strike) -> Request:
    """Whatever `num_outputs` asks for, upstream is asked for one: the echo shows it."""

    def clamped(asked: Json) -> Json:
        given = asked.get("input")
        return asked | {"input": put(given, num_outputs=1)} if isinstance(given, dict) else asked

    return _rewritten(request, clamped)


@ask_fault("gw.retry_inside", on=_CREATE, tests=("K1",))
def retry_inside(ask: Ask, _strike: Strike) -> Answer:
    """The gateway itself asks twice: two jobs run and are paid for, the client knows of one."""
    ask()
    return ask()


@ask_fault(
    "gw.cached_create",
    on=_CREATE,
    source="Cloudflare AI Gateway, caching: the key is made of path, key and body",
)
def cached_create(ask: Ask, strike: Strike) -> Answer:
    """The same request made twice answers with the first one's prediction: no second job."""
    return _remembered(ask, strike, until_ms=None)


@ask_fault("gw.cache_stale", on=_GET, params=(number("ms", 30_000),), tests=("K6",))
def cache_stale(ask: Ask, strike: Strike) -> Answer:
    """A look is answered with what the first one saw, for so long."""
    return _remembered(ask, strike, until_ms=strike.now_ms + strike.number("ms"))


def _remembered(ask: Ask, strike: Strike, until_ms: int | None) -> Answer:
    """The answer that was given before, as long as it lasts; else this one, to be kept."""
    memory = strike.memory
    kept, lasts_ms = memory.get("reply"), memory.get("until_ms")
    if isinstance(kept, Reply) and (not isinstance(lasts_ms, int) or strike.now_ms < lasts_ms):
        return kept

    def keep(reply: Reply) -> Reply:
        memory["reply"], memory["until_ms"] = reply, until_ms
        return reply

    return edited(ask(), keep)


def _rewritten(request: Request, edit: Callable[[Json], Json]) -> Request:
    """The request with `edit` made to its JSON; what is no JSON object stays as it is."""
    return replace(request, body=in_object(request.body, edit))


def _moved(url: object, here: str, there: str) -> object:
    """The address `there` instead of `here`, where it is one of ours."""
    if not isinstance(url, str) or not here or not url.startswith(here):
        return url
    return f"{there}{url.removeprefix(here)}"


def _refused(strike: Strike, status: int, text: str, kind: str, code: str) -> Reply:
    """A refusal as the new-api family words it."""
    request_id = ids.request_id(strike.now_ms, strike.draw.octets(16))
    error = {
        "message": f"{text} (request id: {request_id})",
        "type": kind,
        "param": "",
        "code": code,
    }
    headers = (("Content-Type", "application/json"), ("X-Oneapi-Request-Id", request_id))
    return Reply(status, headers, dumps({"error": error}))


def _page(status: int, title: str) -> Reply:
    """A proxy's own page."""
    told = f"{status} {title}"
    body = f"<html><head><title>{told}</title></head><body><h1>{told}</h1></body></html>\r\n"
    return Reply(status, (("Content-Type", "text/html"),), body.encode())
