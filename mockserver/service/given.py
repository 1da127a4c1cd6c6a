"""What a user gives to worlds: their own models, predictions, trainings and the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from mimetypes import guess_type
from typing import Final

from mockserver.core import ids
from mockserver.core.timeline import TERMINAL, Beat, Created, Plan, Status, Step
from mockserver.library.catalogue import Catalogue
from mockserver.library.errors import LibraryError
from mockserver.library.json_text import dumps_sorted
from mockserver.library.registry import Content, Run
from mockserver.service.files import Upload
from mockserver.service.store.protocol import Store
from mockserver.service.worlds import World


_NEVER_RAN: Final = frozenset({Status.STARTING, Status.ABORTED})


class Given:
    """The user's data folder, and what was given since to all worlds, put into each new one."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.later: tuple[Content, ...] = ()
        """What was given since."""

    def add(self, content: Content) -> None:
        """Give `content` to every world that is made from now on."""
        self.later = (*self.later, content)

    def furnish(self, world: World) -> None:
        """Put into a new world what every one begins with."""
        for content in (self._catalogue.given, *self.later):
            put(world, content)

    def share_models(self, content: Content) -> None:
        """Serve the models of `content` to everybody: what a model is does not depend on a world.

        Raises `LibraryError` where two of them have one version id.
        """
        for model in content.models:
            known = self._catalogue.model_of_version(model.version_id)
            if known is not None and known.full_name != model.full_name:
                raise LibraryError(
                    f"{model.full_name}: version_id: expected one that no model has, "
                    f"seen that of {known.full_name}"
                )
        for model in content.models:
            self._catalogue.add(model)


def check(world: World, content: Content) -> None:
    """Raise `LibraryError` where `content` would make something that `world` has already."""
    for section, runs, known in (
        ("predictions", content.predictions, world.store),
        ("trainings", content.trainings, world.shelf.trainings),
    ):
        seen: set[str] = set()
        for index, run in enumerate(runs):
            if run.id in seen or _has(known, run.id):
                raise LibraryError(
                    f"{section}[{index}].id: expected an id that is not there yet, seen {run.id!r}"
                )
            seen.add(run.id)


def put(world: World, content: Content) -> None:
    """Put `content` into `world`. Raises `LibraryError`, and then nothing was put."""
    with world.lock:
        check(world, content)
        for run in sorted(content.predictions, key=_age):
            _put_run(world, world.store, run)
        for run in sorted(content.trainings, key=_age):
            _put_run(world, world.shelf.trainings, run)
            world.shelf.destinations[run.id] = run.destination
        for one in content.deployments:
            world.shelf.deployments[one.full_name] = one
        for file in content.files:
            media_type = guess_type(file.name)[0] or "application/octet-stream"
            upload = Upload(file.name, media_type, file.path.read_bytes())
            world.files.add(upload, world.clock.now_ms(), world.draw)
        platform = replace(content, models=(), predictions=(), trainings=(), deployments=())
        world.shelf.content = platform.over(world.shelf.content)


def plan_of(run: Run) -> Plan:
    """The plan that a run made elsewhere has followed; what has not ended goes on for ever."""
    ends_ms = run.completed_at_ms
    starts_ms = run.started_at_ms
    if starts_ms is None:
        ran = run.status in {Status.PROCESSING, Status.SUCCEEDED}
        starts_ms = run.created_at_ms if ran else None
    begins_ms = ends_ms if starts_ms is None else starts_ms
    steps = [Step(Status.STARTING, _between(run.created_at_ms, begins_ms))]
    if starts_ms is not None and run.status not in _NEVER_RAN:
        lasts_ms = _between(starts_ms, ends_ms)
        steps.append(Step(Status.PROCESSING, lasts_ms, (Beat(0, run.logs),)))
    if run.status in TERMINAL:
        steps.append(Step(run.status))
    return Plan(tuple(steps), outputs=0, error=run.error)


def _put_run(world: World, store: Store, run: Run) -> None:
    created = Created(
        id=run.id,
        at_ms=run.created_at_ms,
        model=run.model,
        version=run.version,
        input=dumps_sorted(run.input),
        seed=0,
        plan=plan_of(run),
    )
    store.append(run.id, created)
    world.shelf.extras[run.id] = _shown(run)
    world.shelf.streams[ids.stream_name(world.key, run.id)] = run.id


def _shown(run: Run) -> Mapping[str, object]:
    """The members that are shown as they were given, whatever time has passed."""
    shown: dict[str, object] = {
        "input": run.input,
        "output": run.output,
        "data_removed": run.data_removed,
    }
    if run.status in TERMINAL:
        shown |= {"logs": run.logs, "error": run.error, "metrics": run.metrics}
    if run.source != "api":
        shown["source"] = run.source
    return shown | ({"deployment": run.deployment} if run.deployment else {})


def _between(begins_ms: int, ends_ms: int | None) -> int | None:
    """Milliseconds from one instant to the other, never fewer than none; None for no end."""
    return None if ends_ms is None else max(0, ends_ms - begins_ms)


def _age(run: Run) -> int:
    return run.created_at_ms


def _has(store: Store, run_id: str) -> bool:
    try:
        store.events(run_id)
    except KeyError:
        return False
    return True
