"""The control API under /__mock__/: what tests and people do to the fake itself.

A request may name one world: by `X-Mock-World`, `?world=`, or a bearer token. Without a name,
reading looks at every world, and writing reaches every world. Rules and paces reach those still to
come as well; an `advance` or a `jump` moves the clocks there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Final

from mockserver.core.clock import FROZEN, REAL, Clock
from mockserver.core.problem import BadControl, PredictionNotFound
from mockserver.core.reply import Answer
from mockserver.core.timeline import Status
from mockserver.core.timestamps import edge_timestamp, parse_timestamp
from mockserver.library.errors import LibraryError
from mockserver.service import predictions
from mockserver.service.rules import Rule
from mockserver.service.worlds import World
from mockserver.web.call import Call
from mockserver.web.naming import body, named, told, worlds
from mockserver.web.webhooks import delivered


LONGEST_ADVANCE_S: Final = 100 * 365 * 86_400
LATEST_MS: Final = parse_timestamp("9000-01-01T00:00:00Z")
"""As far as a clock is moved by hand: timestamps have four digits for the year."""

_STATUSES: Final[Mapping[str, Status]] = {status.value: status for status in Status}


def health(_: Call) -> Answer:
    """GET /__mock__/health: the server answers."""
    return told({"status": "ok"})


def info(call: Call) -> Answer:
    """GET /__mock__/info: what is served, and to whom."""
    return told(
        {
            "gateway": call.fake.settings.gateway,
            "gateways": [gateway.name for gateway in call.fake.catalogue.gateways()],
            "models": [model.full_name for model in call.fake.catalogue.models()],
            "scenarios": [scenario.name for scenario in call.fake.catalogue.scenarios()],
            "clock": call.fake.worlds.settings.clock,
            "seed": call.fake.worlds.settings.seed,
            "worlds": [_summary(world) for world in call.fake.worlds],
        }
    )


def reset(call: Call) -> Answer:
    """POST /__mock__/reset: forget predictions, clock, rules, journal and ledger."""
    seed = body(call).get("seed")
    if seed is not None and (not isinstance(seed, int) or isinstance(seed, bool)):
        raise BadControl(f'"seed" is a whole number, not {seed!r}')
    call.fake.reset(named(call) or None, seed)
    return told({"reset": True, "seed": call.fake.worlds.settings.seed})


def get_clock(call: Call) -> Answer:
    """GET /__mock__/clock: the time and the pace of each world."""
    return told(_clocks(call))


def put_clock(call: Call) -> Answer:
    """PUT /__mock__/clock: `{"action": "freeze|advance|jump|scale|resume", …}`."""
    asked = body(call)
    action = _ACTIONS.get(str(asked.get("action")))
    if action is None:
        raise BadControl(f'"action" is one of {", ".join(_ACTIONS)}, not {asked.get("action")!r}')
    change = action(asked)
    for world in worlds(call):
        with world.lock:
            change(world.clock)
    if not named(call):
        call.fake.begin_clocks_like(change)
    return delivered(call, worlds(call), lambda: told(_clocks(call)))


def get_scenarios(call: Call) -> Answer:
    """GET /__mock__/scenarios: the scripts there are, and the rules that choose among them."""
    known = {one.name: one.summary for one in call.fake.catalogue.scenarios()}
    rules = [_about(world) | {"rules": list(map(asdict, world.rules))} for world in worlds(call)]
    return told({"scenarios": known, "worlds": rules})


def post_scenario(call: Call) -> Answer:
    """POST /__mock__/scenarios: `{"scenario": NAME, "model"?, "prompt"?, "times"?}`."""
    rule = _rule(call, body(call))
    for world in worlds(call):
        world.rules.add(rule)
    if not named(call):
        call.fake.worlds.rules.add(rule)
    return told(asdict(rule), 201)


def delete_scenarios(call: Call) -> Answer:
    """DELETE /__mock__/scenarios: forget all rules."""
    for world in worlds(call):
        world.rules.clear()
    if not named(call):
        call.fake.worlds.rules.clear()
    return told({"rules": []})


def put_status(call: Call, prediction_id: str) -> Answer:
    """PUT /__mock__/predictions/{id}/status: `{"status": STATUS, "error"?: TEXT}`."""
    asked = body(call)
    error = asked.get("error")
    status = _STATUSES.get(str(asked.get("status")))
    if status is None:
        raise BadControl(f'"status" is one of {", ".join(Status)}, not {asked.get("status")!r}')
    if error is not None and not isinstance(error, str):
        raise BadControl(f'"error" is a text, not {error!r}')
    world = world_of(call, prediction_id)
    seen = predictions.force(world, prediction_id, status, error)
    if seen.moment.status is not status:
        raise BadControl(f"{status} cannot follow {seen.moment.status}")
    ended = told({"id": prediction_id, "status": seen.moment.status})
    return delivered(call, [world], lambda: ended)


def world_of(call: Call, prediction_id: str) -> World:
    """The world, among those spoken of, that has this prediction. Raises `PredictionNotFound`."""
    for world in worlds(call):
        try:
            world.store.events(prediction_id)
        except KeyError:
            continue
        return world
    raise PredictionNotFound(f"No world has a prediction {prediction_id}")


def _summary(world: World) -> dict[str, object]:
    return _about(world) | {"predictions": len(world.store)}


def _about(world: World) -> dict[str, object]:
    return {"world": world.label, "key": world.key}


def _clocks(call: Call) -> dict[str, object]:
    return {
        "default": call.fake.worlds.new_clock().mode,
        "worlds": [_about(world) | _clock(world.clock) for world in worlds(call)],
    }


def _clock(clock: Clock) -> dict[str, object]:
    now_ms = clock.now_ms()
    return {
        "mode": clock.mode,
        "rate": clock.rate,
        "now": edge_timestamp(now_ms),
        "now_ms": now_ms,
    }


_Change = Callable[[Clock], object]


def _advance(asked: Mapping[str, object]) -> _Change:
    ms = round(_number(asked, "seconds", LONGEST_ADVANCE_S) * 1000)

    def change(clock: Clock) -> object:
        _in_time(clock.now_ms() + ms)
        return clock.advance(ms)

    return change


def _jump(asked: Mapping[str, object]) -> _Change:
    try:
        at_ms = _in_time(parse_timestamp(str(asked.get("to"))))
    except ValueError as reason:
        raise BadControl(f'"to" is an instant like 2026-01-01T00:00:00Z: {reason}') from None
    return lambda clock: clock.jump(at_ms)


def _in_time(at_ms: int) -> int:
    if at_ms > LATEST_MS:
        raise BadControl(f"No clock goes beyond {edge_timestamp(LATEST_MS)}")
    return at_ms


def _scale(asked: Mapping[str, object]) -> _Change:
    rate = _number(asked, "rate", 1_000_000)
    return lambda clock: clock.run(rate)


_ACTIONS: Final[Mapping[str, Callable[[Mapping[str, object]], _Change]]] = {
    "freeze": lambda _: lambda clock: clock.run(FROZEN),
    "advance": _advance,
    "jump": _jump,
    "scale": _scale,
    "resume": lambda _: lambda clock: clock.run(REAL),
}


def _number(asked: Mapping[str, object], name: str, most: float) -> float:
    value = asked.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise BadControl(f'"{name}" is a number from 0 to {most:g}, not {value!r}')
    return value


def _rule(call: Call, asked: Mapping[str, object]) -> Rule:
    unknown = asked.keys() - {"scenario", "model", "prompt", "times"}
    if unknown:
        raise BadControl(f"A rule has no {', '.join(sorted(unknown))}")
    try:
        rule = Rule(**asked)  # type: ignore[arg-type]  # checked by Rule itself
        call.fake.catalogue.scenario(rule.scenario)
    except (LibraryError, TypeError, ValueError) as reason:
        raise BadControl(str(reason)) from None
    return rule
