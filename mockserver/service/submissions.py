"""Submissions of create calls: what makes two of them the same, and those that made nothing."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

from mockserver.library.json_text import dumps_sorted
from mockserver.service.orders import Order
from mockserver.service.worlds import World


KEY_BYTES: Final = 16


def request_key(order: Order, input_text: bytes) -> bytes:
    """What all submissions of `order` have in common; `input_text` is its input, keys sorted."""
    model = order.model
    reported = ",".join(order.webhook_events_filter)
    about = "\0".join(
        (model.full_name, model.version, order.deployment, order.webhook or "", reported, "")
    )
    return blake2b(about.encode() + input_text, digest_size=KEY_BYTES).digest()


def attempted(world: World, order: Order) -> None:
    """Note in the ledger that `order` came and created nothing: it was refused, or it got lost."""
    key = request_key(order, dumps_sorted(order.input))
    with world.lock:
        world.ledger.attempted(key, order.model.full_name, world.clock.now_ms())
