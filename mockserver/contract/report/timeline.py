"""The life of a prediction as a picture: its statuses over time, and when it was told of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate, groupby, pairwise
from typing import Final

from mockserver.contract.looks import histories
from mockserver.contract.report.report import Case
from mockserver.contract.report.words import cut, printable


WIDTH: Final = 920
_HEIGHT: Final = 74
_LEFT: Final = 8
_BAR_TOP: Final = 10
_BAR_HEIGHT: Final = 24
_TICKS_TOP: Final = 40
_LETTER_PX: Final = 7
_LEAST_WIDTH: Final = 5.0
_LAST_AT: Final = 0.85
_MOST_LETTERS: Final = 30
_FONT: Final = {"font-family": "system-ui, sans-serif", "font-size": "12"}


@dataclass(frozen=True, slots=True)
class Told:
    """A status, when it was told, and whether by a webhook."""

    at_ms: int
    status: str
    by_webhook: bool = False


@dataclass(frozen=True, slots=True)
class Life:
    """Everything that was told of one prediction, in the order of time."""

    prediction_id: str
    told: tuple[Told, ...]

    @property
    def spans(self) -> tuple[Told, ...]:
        """The first that was told of each status, and of each after another."""
        return tuple(next(group) for _, group in groupby(self.told, key=lambda one: one.status))


def lives(case: Case) -> Iterator[Life]:
    """The life of each prediction that a case tells of."""
    answers = [one.read or one.interaction for one in case.said if not one.error]
    hooks = list(_hooks(case))
    for prediction_id, looks in histories(answers).items():
        seen = [
            Told(look.exchange.at_ms, str(look.body["status"])) for look in looks if look.exchange
        ]
        seen += [one for known, one in hooks if known == prediction_id]
        yield Life(prediction_id, tuple(sorted(seen, key=lambda one: one.at_ms)))


def svg(life: Life) -> str:
    """The life as SVG, which needs no style: no policy of a page can take it away.

    A bar is a status, a line below it a look, a triangle a webhook.
    """
    first, last = life.told[0].at_ms, life.told[-1].at_ms
    # What was told last goes on, so that its bar can be seen.
    scale = _LAST_AT * (WIDTH - 2 * _LEFT) / max(last - first, 1)

    def x(at_ms: int) -> float:
        return round(_LEFT + (at_ms - first) * scale, 1)

    title = f"{life.prediction_id}: {' → '.join(one.status for one in life.spans)}"
    inside = (
        f"<title>{_text(title)}</title>",
        *_bars(life.spans, [x(one.at_ms) for one in life.spans]),
        *(_tick(one, x(one.at_ms), one.at_ms - first) for one in life.told),
        _label(_LEFT, "start", "0 s"),
        _label(x(last), "middle", _seconds(last - first)) if last > first else "",
    )
    size = {"viewBox": f"0 0 {WIDTH} {_HEIGHT}", "width": WIDTH, "height": _HEIGHT, **_FONT}
    return _element("svg", "".join(inside), role="img", **{"class": "life", **size})


def _bars(spans: Sequence[Told], starts: Sequence[float]) -> Iterator[str]:
    # A status that was told for no time at all is seen as well.
    seen = list(accumulate(starts, lambda before, x: max(x, before + _LEAST_WIDTH)))
    for one, (start, end) in zip(spans, pairwise((*seen, WIDTH - _LEFT)), strict=True):
        width = max(round(end - start, 1), _LEAST_WIDTH)
        status = one.status if one.status in _COLOURS else "unknown"
        name = _text(one.status)
        box = {"x": start, "y": _BAR_TOP, "width": width, "height": _BAR_HEIGHT, "rx": 3}
        look = {"class": f"s-{status}", "fill": _COLOURS[status]}
        yield _element("rect", f"<title>{name}</title>", **look, **box)
        if width > len(name) * _LETTER_PX:
            yield _element("text", name, x=start + 5, y=_BAR_TOP + 16, fill="#ffffff")


def _tick(one: Told, x: float, after_ms: int) -> str:
    title = f"<title>{_seconds(after_ms)}: {_text(one.status)}</title>"
    top = _TICKS_TOP
    if one.by_webhook:
        look = {"class": "hook", "fill": "currentColor"}
        return _element("path", title, d=f"M{x} {top} l5 9 h-10 z", **look)
    ends = {"x1": x, "y1": top, "x2": x, "y2": top + 9}
    look = {"class": "poll", "stroke": "currentColor", "stroke-width": "2"}
    return _element("line", title, **look, **ends)


def _label(x: float, anchor: str, text: str) -> str:
    place = {"x": x, "y": _HEIGHT - 4, "text-anchor": anchor, "fill": "currentColor"}
    return _element("text", text, **place)


def _element(name: str, inside: str, **attributes: object) -> str:
    """An element; what is inside is SVG already, and attributes are our own."""
    told = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{told}>{inside}</{name}>"


def _hooks(case: Case) -> Iterator[tuple[str, Told]]:
    for hook in case.hooks:
        told = Told(hook.at_ms, str(hook.body.get("status")), by_webhook=True)
        yield str(hook.body.get("id")), told


def _text(text: str) -> str:
    return escape(printable(cut(text, 4 * _MOST_LETTERS)))


def _seconds(ms: int) -> str:
    return f"{ms / 1000:g} s"


_COLOURS: Final = {
    "starting": "#6b7280",
    "processing": "#1d4ed8",
    "succeeded": "#15803d",
    "failed": "#b91c1c",
    "canceled": "#a16207",
    "aborted": "#7e22ce",
    "unknown": "#374151",
}
"""White letters can be read on each of them. Source: WCAG 2.2, 1.4.3, contrast of 4.5 to 1."""
