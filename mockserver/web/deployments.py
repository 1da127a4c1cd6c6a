"""Deployments: create, get, update, delete, list, and predictions of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mockserver.core.reply import Answer
from mockserver.core.timestamps import web_timestamp
from mockserver.library.registry import Account, Deployment
from mockserver.service import deployments
from mockserver.service.orders import Order
from mockserver.web import handlers, pages
from mockserver.web.call import Call


Json = dict[str, Any]

PAGE_SIZE = 100


def list_deployments(call: Call) -> Answer:
    """GET /deployments, newest first."""
    found = tuple(reversed(call.world.shelf.deployments.values()))
    return pages.page(call, found, lambda one: as_json(call, one), PAGE_SIZE)


def create_deployment(call: Call) -> Answer:
    """POST /deployments: 200, not 201. Source: upstream's OpenAPI document."""
    made = deployments.create(call.fake.registry, call.world, call.request.body)
    return pages.told(as_json(call, made))


def get_deployment(call: Call, owner: str, name: str) -> Answer:
    """GET /deployments/{owner}/{name}."""
    return pages.told(as_json(call, _deployment(call, owner, name)))


def update_deployment(call: Call, owner: str, name: str) -> Answer:
    """PATCH /deployments/{owner}/{name}: its next release."""
    before = _deployment(call, owner, name)
    made = deployments.update(call.fake.registry, call.world, before, call.request.body)
    return pages.told(as_json(call, made))


def delete_deployment(call: Call, owner: str, name: str) -> Answer:
    """DELETE /deployments/{owner}/{name}, if it is offline and unused."""
    deployments.delete(call.world, _deployment(call, owner, name))
    return pages.NOTHING


def create_for_deployment(call: Call, owner: str, name: str) -> Answer:
    """POST /deployments/{owner}/{name}/predictions."""
    order = order_for_deployment(call, owner, name)
    deployments.used(call.world, _deployment(call, owner, name))
    return handlers.create(call, order)


def order_for_deployment(call: Call, owner: str, name: str) -> Order:
    """What is ordered there. Raises `NotFound`, `InvalidVersion`, and what `Orders` raises."""
    deployment = _deployment(call, owner, name)
    model = deployments.model_of(call.fake.registry, call.world, deployment)
    order = call.fake.orders.for_model(call.request.body, model)
    return replace(order, deployment=deployment.full_name)


def as_json(call: Call, deployment: Deployment) -> Json:
    """A deployment as the API tells it."""
    account = call.fake.registry.content(call.world).account
    return {
        "owner": deployment.owner,
        "name": deployment.name,
        "current_release": {
            "number": deployment.number,
            "model": deployment.model,
            "version": deployment.version,
            "created_at": web_timestamp(deployment.created_at_ms),
            "created_by": account_as_json(account) if account else None,
            "configuration": {
                "hardware": deployment.hardware,
                "min_instances": deployment.min_instances,
                "max_instances": deployment.max_instances,
            },
        },
    }


def account_as_json(account: Account) -> Json:
    """An account as the API tells it; what is not known is left out."""
    told = {
        "type": account.type,
        "username": account.username,
        "name": account.name,
        "github_url": account.github_url,
        "avatar_url": account.avatar_url,
    }
    return {name: value for name, value in told.items() if value is not None}


def _deployment(call: Call, owner: str, name: str) -> Deployment:
    return deployments.get(call.fake.registry, call.world, owner, name)
