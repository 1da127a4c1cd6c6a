"""Deployments: create, update, delete, by upstream's rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from mockserver.core.problem import Conflict, Forbidden, InvalidVersion, NotFound
from mockserver.library.models import Model
from mockserver.library.registry import Deployment
from mockserver.service.registry import Registry
from mockserver.service.worlds import World


IDLE_MS: Final = 15 * 60 * 1000
"""How long a deployment must have been unused. Source: the docs of deployments.delete."""
MOST_DEPLOYMENTS: Final = 1_000


def get(registry: Registry, world: World, owner: str, name: str) -> Deployment:
    """The deployment that is called so. Raises `NotFound`."""
    found = world.shelf.deployments.get(f"{owner}/{name}")
    if found is not None:
        return found
    if registry.any_id:
        return _example(registry, world, owner, name)
    raise NotFound(f"No deployment is called {owner}/{name}")


def create(registry: Registry, world: World, body: bytes) -> Deployment:
    """A new deployment, in its first release.

    Raises `InputInvalid`, `NotFound`, `Conflict`, `Forbidden`.
    """
    asked = _read(registry, world, "DeploymentRequest", body)
    model = _version(registry, world, asked["model"], asked["version"])
    account = registry.content(world).account
    made = Deployment(
        owner=account.username if account else "",
        name=asked["name"],
        number=1,
        model=asked["model"],
        version=model.version_id if not registry.any_id else asked["version"],
        hardware=asked["hardware"],
        min_instances=asked["min_instances"],
        max_instances=asked["max_instances"],
        created_at_ms=world.clock.now_ms(),
    )
    with world.lock:
        if made.full_name in world.shelf.deployments:
            raise Conflict(f"A deployment called {made.full_name} exists already")
        if len(world.shelf.deployments) >= MOST_DEPLOYMENTS:
            raise Forbidden(f"A world has at most {MOST_DEPLOYMENTS} deployments")
        world.shelf.deployments[made.full_name] = made
    return made


def update(registry: Registry, world: World, before: Deployment, body: bytes) -> Deployment:
    """The next release of a deployment. Raises `InputInvalid`, `NotFound`."""
    asked = _read(registry, world, "DeploymentUpdate", body)
    if not asked:
        return before
    if "version" in asked:
        _version(registry, world, before.model, asked["version"])
    now_ms = world.clock.now_ms()
    changes = {
        name: asked[name]
        for name in ("version", "hardware", "min_instances", "max_instances")
        if name in asked
    }
    made = replace(before, number=before.number + 1, created_at_ms=now_ms, **changes)
    if before.full_name in world.shelf.deployments:
        world.shelf.deployments[before.full_name] = made
        if before.min_instances:
            world.shelf.used_ms[before.full_name] = now_ms
    return made


def delete(world: World, deployment: Deployment) -> None:
    """Forget a deployment that is offline and has been unused for `IDLE_MS`. Raises `Conflict`."""
    shelf, name = world.shelf, deployment.full_name
    if name not in shelf.deployments:
        return
    if deployment.min_instances:
        raise Conflict(f"{name} is online; let it have 0 instances first")
    used_ms = shelf.used_ms.get(name)
    if used_ms is not None and world.clock.now_ms() - used_ms < IDLE_MS:
        raise Conflict(f"{name} was in use less than 15 minutes ago")
    del shelf.deployments[name]
    shelf.used_ms.pop(name, None)


def model_of(registry: Registry, world: World, deployment: Deployment) -> Model:
    """The model that a deployment runs. Raises `InvalidVersion`."""
    if registry.any_id and deployment.full_name not in world.shelf.deployments:
        return registry.lenient()
    found = registry.model_of_version(world, f"{deployment.model}:{deployment.version}")
    if found is None:
        raise InvalidVersion(f"{deployment.full_name} runs a version that is gone")
    return found


def used(world: World, deployment: Deployment) -> None:
    """Note that `deployment` was in use just now."""
    if deployment.full_name in world.shelf.deployments:
        world.shelf.used_ms[deployment.full_name] = world.clock.now_ms()


def _read(registry: Registry, world: World, form: str, body: bytes) -> Mapping[str, Any]:
    return registry.forms.read(form, body, hardware=registry.skus(world))


def _version(registry: Registry, world: World, full_name: str, version: str) -> Model:
    """The model, in the version that is asked for by its id, or by name and id.

    Raises `NotFound`, for the version too (assumed).
    """
    owner, _, name = full_name.partition("/")
    registry.entry(world, owner, name)
    asked = version if ":" in version else f"{full_name}:{version}"
    found = registry.model_of_version(world, asked)
    if found is None or not asked.startswith(f"{full_name}:"):
        raise NotFound(f"{full_name} has no version {version}")
    return found


def _example(registry: Registry, world: World, owner: str, name: str) -> Deployment:
    """What stands for a deployment that nobody made."""
    entry = next(iter(registry.entries(None)))
    return Deployment(
        owner=owner,
        name=name,
        number=1,
        model=entry.full_name,
        version=entry.versions[0].id,
        hardware=registry.content(world).hardware[0].sku,
        min_instances=0,
        max_instances=1,
        created_at_ms=world.clock.now_ms(),
    )
