"""What gateways do to what they relay, as a raw socket and the world behind it see it."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mockserver.library.faults import catalogue
from tests.faults import PATIENT_S, undated


if TYPE_CHECKING:
    from mockserver.live import LiveWorld
    from tests.web.faults.conftest import Caller

SCHNELL = "black-forest-labs/flux-schnell"
TWO = {"input": {"prompt": "a lighthouse", "num_outputs": 2}}


def client(world: LiveWorld) -> httpx.Client:
    """A client of the world."""
    return httpx.Client(
        base_url=world.base_url, headers={"Authorization": f"Bearer {world.token}"}
    )


def create(world: LiveWorld, body: object = TWO, **headers: str) -> httpx.Response:
    """One create call of a model that can make two pictures."""
    with client(world) as calling:
        return calling.post(f"/models/{SCHNELL}/predictions", json=body, headers=headers)


@pytest.mark.parametrize(
    ("fault", "status", "code", "says"),
    [
        ("gw.chinese_error", 429, "", "负载已饱和"),
        ("gw.no_channel", 503, "model_not_found", "无可用渠道"),
        ("gw.quota_exhausted", 403, "insufficient_user_quota", "额度不足"),
        ("gw.quota_exhausted;status=429", 429, "insufficient_user_quota", "额度不足"),
    ],
)
def test_refusals_of_the_family_create_nothing(
    caller: Caller, fault: str, status: int, code: str, says: str
) -> None:
    """OpenAI's envelope with a request id, no Retry-After, and no job."""
    told = caller.told(fault, "create")
    error = told.json["error"]
    assert (told.status, error["code"]) == (status, code)
    assert says in error["message"]
    assert error["message"].endswith(f"(request id: {told.headers('x-oneapi-request-id')[0]})")
    assert told.headers("retry-after") == []
    assert told.entry.faults == (catalogue.check(fault_of(fault)).key,)


def fault_of(text: str) -> Any:
    """The fault that a text tells."""
    return catalogue.checked(text)[0]


@pytest.mark.parametrize("fault", catalogue.examples("gw"))
def test_a_run_repeats(caller: Caller, fault: str) -> None:
    """Equal worlds and equal seeds tell the same bytes and the same journal."""
    on = "create" if "create" in kind_on(fault) else "get"
    on = "stream" if kind_on(fault) == {"stream"} else on
    after_s = 60 if on == "stream" else 0
    first, second = (caller.told(fault, on, after_s=after_s, quiet_s=PATIENT_S) for _ in range(2))
    assert (undated(first.data), first.entry.faults) == (undated(second.data), second.entry.faults)


def kind_on(fault: str) -> set[str]:
    """Where a kind strikes by itself."""
    return {str(one) for one in catalogue.kinds()[fault_of(fault).name].on}


def test_a_masked_status_says_the_one_it_masks(caller: Caller) -> None:
    """What upstream refuses with 422 is a 500 `bad_response_status_code`; 201 stays 201."""
    refused = caller.told("gw.status_masked", "create", body={"input": {"prompt": 7}})
    assert refused.status == 500
    assert refused.json["error"]["message"].startswith("bad response status code 422")
    assert caller.told("gw.status_masked", "create").status == 201


def test_what_struck_nothing_is_told_so(caller: Caller) -> None:
    """The journal names a fault only where something came of it."""
    entry = caller.told("gw.status_masked", "create").entry
    assert entry.faults == ()
    assert entry.notes[-1].endswith("found nothing to change")


def test_a_refusal_can_be_wrapped_twice(caller: Caller) -> None:
    """The message holds the whole inner refusal, as text."""
    told = caller.told("gw.double_wrapped_error", "create", body={"input": {"prompt": 7}})
    inner, _, _ = told.json["error"]["message"].rpartition(" (request id: ")
    assert (told.status, json.loads(inner)["status"]) == (422, 422)


def test_a_gateway_may_time_out_after_the_job_was_created(caller: Caller) -> None:
    """504, HTML, and a job that runs."""
    world = caller.world()
    world.fault("gw.timeout_but_created")
    answer = create(world)
    assert (answer.status_code, answer.headers["content-type"]) == (504, "text/html")
    assert len(world.predictions()) == 1


def test_a_body_over_the_limit_never_arrives(caller: Caller) -> None:
    """413 and a page for the long one, business as usual for the short one."""
    world = caller.world()
    world.fault("gw.body_limit;bytes=100")
    long = create(world, {"input": {"prompt": "x" * 200}})
    assert (long.status_code, create(world).status_code) == (413, 201)
    assert len(world.predictions()) == 1


def test_a_create_may_answer_200(caller: Caller) -> None:
    """As the documents of the gateways show it."""
    assert caller.told("gw.create_200", "create").status == 200


def test_answers_are_gzipped_unasked(caller: Caller) -> None:
    """The body is the same, packed, and the head says so."""
    told = caller.told("gw.compresses_always", "get")
    assert told.headers("content-encoding") == ["gzip"]
    assert json.loads(gzip.decompress(told.body))["status"] == "starting"


def test_a_buffered_stream_comes_at_the_end(caller: Caller) -> None:
    """Nothing but the greeting until the prediction has ended, then everything."""
    told = caller.told("gw.buffers_sse", "stream")
    assert told.body == b": hi\n\n"
    late = caller.told("gw.buffers_sse", "stream", advance_s=(2.0, 60.0))
    assert late.body.count(b"event: ") > 1
    assert late.body.endswith(b"event: done\nid: " + late.body.rpartition(b"id: ")[2])


def test_stripped_headers_make_a_wait_return_at_once(caller: Caller) -> None:
    """`Prefer` is not heard, so `starting` comes, without Preference-Applied."""
    world = caller.world()
    world.fault("gw.header_stripped")
    answer = create(world, Prefer="wait")
    assert (answer.json()["status"], "preference-applied" in answer.headers) == ("starting", False)


def test_dropped_webhooks_are_never_posted(caller: Caller) -> None:
    """The prediction ends, and nothing was ever due."""
    world = caller.world()
    world.fault("gw.webhook_dropped")
    create(world, {**TWO, "webhook": "http://127.0.0.1:9/"})
    world.settle()
    assert world.deliveries() == ()


def test_clamped_outputs_show_in_the_echo(caller: Caller) -> None:
    """Two were asked for; the echo and the output say one."""
    world = caller.world()
    world.fault("gw.num_outputs_clamped")
    assert create(world).json()["input"]["num_outputs"] == 1
    assert [made.outputs for made in world.settle()] == [1]


def test_a_gateway_that_retries_pays_twice(caller: Caller) -> None:
    """Two jobs for one request, and the client is told of the second."""
    world = caller.world()
    world.fault("gw.retry_inside")
    told = create(world).json()["id"]
    assert [made.id for made in world.predictions()][1:] == [told]


def test_a_cached_create_makes_no_second_job(caller: Caller) -> None:
    """The same body gets the same prediction, another body another."""
    world = caller.world()
    world.fault("gw.cached_create")
    first, again, other = (
        create(world, body).json()["id"] for body in (TWO, TWO, {"input": {"prompt": "b"}})
    )
    assert (first == again, first == other) == (True, False)
    assert len(world.predictions()) == 2


def test_a_stale_cache_shows_the_past_for_a_while(caller: Caller) -> None:
    """What the first look saw lasts 30 s, although the prediction has ended."""
    world = caller.world()
    world.fault("gw.cache_stale")
    made = create(world).json()["urls"]["get"]
    seen = []
    with client(world) as calling:
        for seconds in (0, 20, 20):
            world.clock.advance(seconds)
            seen.append(calling.get(made).json()["status"])
    assert seen == ["starting", "starting", "succeeded"]
