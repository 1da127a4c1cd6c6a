"""What Hypothesis draws for clients: whole behaviours of a server, legal and faulty ones.

A behaviour is a scenario: the life of a prediction with its phases, and what is odd or wrong
about the answers that tell of it. So what was found is a file that anybody can play.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hypothesis import strategies as st

from mockserver.core.timeline import TERMINAL, Status
from mockserver.library.faults import catalogue
from mockserver.library.models import LogLine
from mockserver.library.scenarios import Lasts, Scenario, ScenarioStep


Behaviours = st.SearchStrategy[Scenario]

LEGAL: Final = "legal"
FAULTY: Final = "faulty"
NAME: Final = "found"
"""What a drawn scenario is called."""

_SUCCESS: Final = (Status.STARTING, Status.PROCESSING, Status.SUCCEEDED)
_STUCK: Final = ((Status.STARTING,), (Status.STARTING, Status.PROCESSING))
_LIVES: Final = (
    (Status.STARTING, Status.ABORTED),
    (Status.STARTING, Status.FAILED),
    (Status.STARTING, Status.CANCELED),
    *_STUCK,
    (Status.STARTING, Status.PROCESSING, Status.FAILED),
    (Status.STARTING, Status.PROCESSING, Status.CANCELED),
    *[_SUCCESS] * 9,
)
"""Every way through the table of transitions, the shortest first; success is the commonest."""
_LIVES_WITH_FAULTS: Final = ((Status.STARTING, Status.ABORTED), *_STUCK, *[_SUCCESS] * 9)
"""Fewer, because what goes wrong mostly shows where all else goes well."""

_LOOKED_AT_MS: Final = 10_001, 100_000
"""Longer than a sync answer is usually waited for, shorter than clients wait in all."""
_LONGEST_MS: Final = 400_000
_ERRORS: Final = (
    "Prediction interrupted; please retry (code: PA)",
    "NSFW content detected",
    "CUDA out of memory",
    "模型出错了",
    "x" * 5_000,
)
_ODD: Final[tuple[tuple[str, ...], ...]] = (
    tuple(f"shape.{how};member=urls" for how in ("missing", "null")),
    tuple(
        f"shape.missing;member={name}" for name in ("urls.get", "urls.stream", "model", "input")
    ),
    tuple(f"shape.missing;member={name}" for name in ("version", "logs", "created_at", "metrics")),
    tuple(f"shape.null;member={name}" for name in ("version", "logs", "metrics", "created_at")),
    ("shape.extra", "future.unknown_member", "future.unknown_value"),
    ("shape.number_as_string", "shape.bool_as_int", "shape.echo_mutated"),
    ("logs.null", "logs.ansi", "logs.shrink", "logs.invalid_progress"),
    ("time.no_zone", "time.offset", "time.nanos", "time.epoch", "time.missing", "time.order"),
    ("life.backwards", "out.type_flips_while_processing", "sync.processing_with_output"),
    ("http.early_hints", "http.version_1_0", "net.trailer", "net.chunk_ext"),
    ("list.duplicate_across_pages", "list.reordered", "list.empty_page_with_next"),
    ("shape.missing;member=error", "shape.error_object", "shape.error_empty"),
)
"""What a server may do, or is known to do, and what no client has to mind: in groups."""

_FORMS: Final = ("one", "imf", "rfc850", "asctime", "word", "huge")
_WRONG: Final[tuple[tuple[str, ...], ...]] = (
    ("net.reset_before;on=create", "net.close_mid;on=create", "body.truncated_json;on=create"),
    ("gw.timeout_but_created",),
    tuple(f"http.retry_after;form={form};on=get;nth=1" for form in _FORMS),
    tuple(f"http.retry_after;form={form};on=get;nth=1" for form in ("huge", "imf", "one")),
    ("life.unknown_status;form=successful;on=get", "life.unknown_status;form=queued;on=get"),
    ("life.id_changes",),
    ("life.wrong_model", "life.vanish", "life.terminal_changes"),
    ("out.null_on_success", "out.empty_list", "out.fewer", "out.nulls_inside", "out.object"),
    ("out.url_redirect_foreign", "shape.urls_foreign"),
    ("out.url_foreign_origin", "gw.prefix_lost"),
    ("body.array;on=get", "body.null;on=get", "http.error_body;on=get", "body.empty;on=get"),
    ("out.url_truncated",),
    ("out.url_404", "out.url_html_200", "out.url_zero_bytes"),
    ("http.status;status=502;on=get;first=2", "net.reset_before;on=get;nth=1", "life.flap"),
    ("life.not_found_after_create",),
    ("http.status;status=401;on=get", "http.status;status=402;on=get"),
    ("net.drip;bytes=1;ms=1000;on=output", "net.drip;bytes=1;ms=1000;on=get"),
    ("cancel.ignored", "cancel.late", "cancel.conflict"),
)
"""What goes wrong, in groups that are drawn equally often."""


def behaviours(sort: str) -> Behaviours:
    """Those called so: `legal` or `faulty`."""
    return {LEGAL: legal, FAULTY: faulty}[sort]()


def legal() -> Behaviours:
    """Servers that keep the contract: any life, any length, whatever a reader has to tolerate."""
    return _drawn(_LIVES, st.lists(_of_any(_ODD), max_size=2))


def faulty() -> Behaviours:
    """Servers at which something goes wrong, or several things do."""
    return _drawn(_LIVES_WITH_FAULTS, st.lists(_of_any(_WRONG), min_size=1, max_size=3))


def _of_any(groups: Sequence[Sequence[str]]) -> st.SearchStrategy[str]:
    return st.one_of(*(st.sampled_from(group) for group in groups))


@st.composite
def _drawn(
    draw: st.DrawFn,
    lives: Sequence[Sequence[Status]],
    oddities: st.SearchStrategy[list[str]],
) -> Scenario:
    statuses = draw(st.sampled_from(lives))
    steps = tuple(_step(draw, statuses, place) for place in range(len(statuses)))
    # Drawn without regard to one another, so that one can be left out when shrinking.
    odd = {_kind(text): catalogue.said(text, {}) for text in draw(oddities)}
    told = f"Drawn: {' → '.join(statuses)}"
    return Scenario(NAME, told, steps, tuple(odd.values()))


def _step(draw: st.DrawFn, statuses: Sequence[Status], place: int) -> ScenarioStep:
    status = statuses[place]
    if status in TERMINAL:
        error = draw(st.sampled_from(_ERRORS)) if status is Status.FAILED else None
        return ScenarioStep(status, None, error=error)
    logs = draw(st.sampled_from(((), (LogLine(0.0, "Using seed: 1\n"),))))
    if place + 1 == len(statuses):
        return ScenarioStep(status, Lasts.FOREVER, logs)
    return ScenarioStep(status, draw(_lengths_ms()), logs)


def _lengths_ms() -> st.SearchStrategy[int]:
    looked_at = st.integers(*_LOOKED_AT_MS)
    return st.integers(0, 5_000) | looked_at | looked_at | st.integers(0, _LONGEST_MS)


def _kind(text: str) -> str:
    return text.partition(";")[0]
