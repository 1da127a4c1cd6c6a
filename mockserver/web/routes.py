"""Every path that is served, once: Flask registers them all, the fast lane calls the hot ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from mockserver.core.fault import Operation
from mockserver.core.reply import Answer
from mockserver.web import (
    control,
    data,
    deployments,
    faults,
    handlers,
    models,
    platform,
    records,
    snapshots,
    trainings,
    uploads,
    webhooks,
)


CONTROL_PREFIX: Final = "/__mock__"
_MODEL: Final = "/models/<owner>/<name>"
_VERSION: Final = f"{_MODEL}/versions/<version_id>"
_DEPLOYMENT: Final = "/deployments/<owner>/<name>"


class Area(Enum):
    """What a path belongs to, which decides who may call it and how refusals are worded."""

    API = "needs a token"
    OPEN = "needs none"
    CONTROL = "ours, guarded"


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path (behind the face's prefix), and the handler that answers there.

    `hot` routes are looked up without Flask; their rules use whole segments only. `operation` is
    what faults know it as.
    """

    method: str
    rule: str
    handler: Callable[..., Answer]
    area: Area = Area.API
    hot: bool = False
    operation: Operation = Operation.OTHER

    @property
    def name(self) -> str:
        """What the route is called in Flask's table."""
        return f"{self.method} {self.rule}".replace(".", " ")


ROUTES: Final = (
    Route(
        "GET",
        "/predictions/<prediction_id>",
        handlers.get_prediction,
        hot=True,
        operation=Operation.GET,
    ),
    Route(
        "POST",
        "/models/<owner>/<name>/predictions",
        handlers.create_for_model,
        hot=True,
        operation=Operation.CREATE,
    ),
    Route(
        "POST", "/predictions", handlers.create_for_version, hot=True, operation=Operation.CREATE
    ),
    Route("GET", "/predictions", handlers.list_predictions, hot=True, operation=Operation.LIST),
    Route(
        "POST",
        "/predictions/<prediction_id>/cancel",
        handlers.cancel_prediction,
        hot=True,
        operation=Operation.CANCEL,
    ),
    Route(
        "GET",
        "/files/bcwr-<name>",
        handlers.stream_prediction,
        Area.OPEN,
        operation=Operation.STREAM,
    ),
    Route(
        "GET", "/streams/<name>", handlers.stream_prediction, Area.OPEN, operation=Operation.STREAM
    ),
    Route("POST", "/files", uploads.create_file, operation=Operation.FILES),
    Route("GET", "/files", uploads.list_files, operation=Operation.FILES),
    Route("GET", "/files/<name>", uploads.get_file, operation=Operation.FILES),
    Route("DELETE", "/files/<name>", uploads.delete_file, operation=Operation.FILES),
    Route(
        "GET",
        "/files/<name>/download",
        uploads.download_file,
        Area.OPEN,
        operation=Operation.FILES,
    ),
    Route("GET", "/webhooks/default/secret", webhooks.get_secret),
    Route("GET", "/account", platform.get_account),
    Route("GET", "/hardware", platform.list_hardware),
    Route("GET", "/collections", platform.list_collections),
    Route("GET", "/collections/<slug>", platform.get_collection),
    Route("GET", "/search", platform.search, Area.OPEN),
    Route("GET", "/models", models.list_models),
    Route("POST", "/models", models.create_model),
    Route("QUERY", "/models", models.search_models),
    Route("GET", _MODEL, models.get_model),
    Route("PATCH", _MODEL, models.update_model),
    Route("DELETE", _MODEL, models.delete_model),
    Route("GET", f"{_MODEL}/examples", models.list_examples),
    Route("GET", f"{_MODEL}/readme", models.get_readme),
    Route("GET", f"{_MODEL}/versions", models.list_versions),
    Route("GET", _VERSION, models.get_version),
    Route("DELETE", _VERSION, models.delete_version),
    Route("POST", f"{_VERSION}/trainings", trainings.create_training),
    Route("GET", "/trainings", trainings.list_trainings),
    Route("GET", "/trainings/<training_id>", trainings.get_training),
    Route("POST", "/trainings/<training_id>/cancel", trainings.cancel_training),
    Route("GET", "/deployments", deployments.list_deployments),
    Route("POST", "/deployments", deployments.create_deployment),
    Route("GET", _DEPLOYMENT, deployments.get_deployment),
    Route("PATCH", _DEPLOYMENT, deployments.update_deployment),
    Route("DELETE", _DEPLOYMENT, deployments.delete_deployment),
    Route(
        "POST",
        f"{_DEPLOYMENT}/predictions",
        deployments.create_for_deployment,
        operation=Operation.CREATE,
    ),
    Route(
        "GET",
        "/delivery/xezq/<folder>/<name>",
        handlers.download_output,
        Area.OPEN,
        operation=Operation.OUTPUT,
    ),
    Route("GET", "/p/<prediction_id>", handlers.web_page, Area.OPEN),
    Route("GET", "/openapi.json", handlers.openapi, Area.OPEN),
    Route("GET", "/", handlers.welcome, Area.OPEN),
    Route("GET", f"{CONTROL_PREFIX}/health", control.health, Area.CONTROL, hot=True),
    *(
        Route(method, CONTROL_PREFIX + rule, handler, Area.CONTROL)
        for method, rule, handler in (
            ("GET", "/info", control.info),
            ("POST", "/reset", control.reset),
            ("POST", "/snapshot", snapshots.post_snapshot),
            ("POST", "/restore", snapshots.post_restore),
            ("GET", "/clock", control.get_clock),
            ("PUT", "/clock", control.put_clock),
            ("GET", "/scenarios", control.get_scenarios),
            ("POST", "/scenarios", control.post_scenario),
            ("DELETE", "/scenarios", control.delete_scenarios),
            ("GET", "/faults", faults.get_faults),
            ("POST", "/faults", faults.post_fault),
            ("DELETE", "/faults", faults.delete_faults),
            ("GET", "/files", uploads.get_files),
            ("GET", "/deliveries", webhooks.get_deliveries),
            ("POST", "/deliveries/<delivery_id>/redeliver", webhooks.redeliver),
            ("POST", "/webhooks/rotate", webhooks.rotate),
            ("POST", "/data", data.post_data),
            ("GET", "/journal", records.get_journal),
            ("GET", "/ledger", records.get_ledger),
            ("GET", "/predictions/<prediction_id>/timeline", records.get_timeline),
            ("PUT", "/predictions/<prediction_id>/status", control.put_status),
        )
    ),
)
