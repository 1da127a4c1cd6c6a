"""Every path that is served, once: Flask registers them all, the fast lane calls the hot ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from mockserver.core.reply import Answer
from mockserver.web import control, handlers, records


CONTROL_PREFIX: Final = "/__mock__"


class Area(Enum):
    """What a path belongs to, which decides who may call it and how refusals are worded."""

    API = "needs a token"
    OPEN = "needs none"
    CONTROL = "ours, guarded"


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path (behind the face's prefix), and the handler that answers there.

    `hot` routes are looked up without Flask; their rules use whole segments only.
    """

    method: str
    rule: str
    handler: Callable[..., Answer]
    area: Area = Area.API
    hot: bool = False

    @property
    def name(self) -> str:
        """What the route is called in Flask's table."""
        return f"{self.method} {self.rule}".replace(".", " ")


ROUTES: Final = (
    Route("GET", "/predictions/<prediction_id>", handlers.get_prediction, hot=True),
    Route("POST", "/models/<owner>/<name>/predictions", handlers.create_for_model, hot=True),
    Route("POST", "/predictions", handlers.create_for_version, hot=True),
    Route("GET", "/predictions", handlers.list_predictions, hot=True),
    Route("POST", "/predictions/<prediction_id>/cancel", handlers.cancel_prediction, hot=True),
    Route("GET", "/files/<name>", handlers.stream_prediction, Area.OPEN),
    Route("GET", "/delivery/xezq/<folder>/<name>", handlers.download_output, Area.OPEN),
    Route("GET", "/p/<prediction_id>", handlers.web_page, Area.OPEN),
    Route("GET", "/openapi.json", handlers.openapi, Area.OPEN),
    Route("GET", "/", handlers.welcome, Area.OPEN),
    Route("GET", f"{CONTROL_PREFIX}/health", control.health, Area.CONTROL, hot=True),
    *(
        Route(method, CONTROL_PREFIX + rule, handler, Area.CONTROL)
        for method, rule, handler in (
            ("GET", "/info", control.info),
            ("POST", "/reset", control.reset),
            ("GET", "/clock", control.get_clock),
            ("PUT", "/clock", control.put_clock),
            ("GET", "/scenarios", control.get_scenarios),
            ("POST", "/scenarios", control.post_scenario),
            ("DELETE", "/scenarios", control.delete_scenarios),
            ("GET", "/journal", records.get_journal),
            ("GET", "/ledger", records.get_ledger),
            ("GET", "/predictions/<prediction_id>/timeline", records.get_timeline),
            ("PUT", "/predictions/<prediction_id>/status", control.put_status),
        )
    ),
)
