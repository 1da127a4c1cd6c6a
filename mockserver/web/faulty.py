"""A call meets its faults: what is heard of it, how it is asked, what becomes of its answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from hashlib import blake2b
from typing import Final

from mockserver.core import fault as texts
from mockserver.core import ids
from mockserver.core.fault import Operation, Phase, Source
from mockserver.core.problem import BadControl, FaultRefused
from mockserver.core.reply import Answer, Reply, edited
from mockserver.library.errors import LibraryError
from mockserver.library.faults import catalogue, streams
from mockserver.library.faults.kinds import Ask, Strike
from mockserver.service import predictions
from mockserver.service.faults import MAGIC_WORD, Occasion, Set, Unable, belongs, stays
from mockserver.service.worlds import KEY_LENGTH, World
from mockserver.web.call import Call
from mockserver.web.refusals import refused_with
from mockserver.web.routes import Route
from mockserver.web.submitted import attempted


HEADER: Final = "x-mock-fault"

_UNAVAILABLE: Final = 503
"""What is edited in the place of an answer that was never worked out."""


def met(call: Call, route: Route, arguments: Mapping[str, str], ask: Ask) -> Answer:
    """What `ask` answers, with the faults of this call. Raises `BadControl`, `FaultRefused`."""
    world = _world(call, route, arguments)
    if world is None:
        return ask()
    asked = _asked(call, route, world.clock.now_ms())
    if not asked and not world.faults.active:
        answer = ask()
        if not world.faults.active:
            return answer
        # The scenario of what was created has brought the first ones.
        found = _with_scenario(call, world, _occasion(call, route, arguments, world))
        return edited(answer, partial(_edited, call, world, found))
    occasion = _occasion(call, route, arguments, world)
    call.struck = _strikes(world, occasion, asked)
    call.own_faults = tuple(one for one in asked if stays(one))
    answer = _answer(call, world, ask)
    if call.struck and not call.created_id:
        attempted(call, route, arguments)
    struck = _with_scenario(call, world, occasion)
    return edited(answer, partial(_edited, call, world, struck))


def _answer(call: Call, world: World, ask: Ask) -> Answer:
    """The answer before its reply is edited; nothing is asked where it is not to take effect."""
    if any(strike.phase is Phase.BEFORE and strike.kind.reply for strike in call.struck):
        return refused_with(call, _UNAVAILABLE)
    for strike in call.struck:
        if strike.kind.request:
            call.request = strike.kind.request(call.request, _placed(call, world, strike))
        if strike.kind.ask:
            ask = partial(strike.kind.ask, ask, _placed(call, world, strike))
    return ask()


def _edited(call: Call, world: World, struck: Iterable[Strike], reply: Reply) -> Reply:
    for strike in struck:
        before, placed = reply, _placed(call, world, strike)
        if strike.kind.reply:
            reply = strike.kind.reply(reply, placed)
        if strike.kind.stream:
            reply = streams.edited(reply, strike.kind.stream, placed)
        _tell(call, strike, changed=reply is not before)
    return reply


def _tell(call: Call, strike: Strike, *, changed: bool) -> None:
    """Name the fault in the journal; one that met nothing it could change did not strike."""
    if changed or strike.kind.changes_more:
        call.faults += (strike.fault.key,)
        call.notes.append(strike.told)
    else:
        call.notes.append(f"{strike.told} found nothing to change")


def _placed(call: Call, world: World, strike: Strike) -> Strike:
    """The strike with what it may draw on here and now."""
    return replace(
        strike,
        now_ms=world.clock.now_ms(),
        request=call.request,
        base_url=call.face.base_url,
        bell=world.bell,
        refusal=partial(refused_with, call),
        running=partial(predictions.running, world),
    )


def _with_scenario(call: Call, world: World, occasion: Occasion) -> tuple[Strike, ...]:
    """What strikes a create call once its scenario is known, which may bring faults of its own."""
    struck = call.struck
    if not call.created_id or (struck and struck[0].source < Source.SCENARIO):
        return struck
    own = [one for one in world.faults.own(call.created_id) if one.source is Source.SCENARIO]
    # It is created already: what is to come before that cannot be met any more.
    struck_by_it = _strikes_among(world, occasion, own)
    found = [one for one in struck_by_it if one.phase is Phase.AFTER]
    return (*(one for one in struck if not one.kind.reply), *found) if found else struck


def _strikes(world: World, occasion: Occasion, asked: Iterable[Set]) -> tuple[Strike, ...]:
    own = world.faults.own(occasion.prediction_id)
    return _strikes_among(world, occasion, (*asked, *own, *world.faults))


def _strikes_among(world: World, occasion: Occasion, among: Iterable[Set]) -> tuple[Strike, ...]:
    try:
        return world.faults.strikes(occasion, among)
    except Unable as reason:
        raise FaultRefused(str(reason)) from None


def _asked(call: Call, route: Route, now_ms: int) -> tuple[Set, ...]:
    """The faults that the request itself asks for, by header or by a magic word."""
    header = call.request.header(HEADER)
    magic = MAGIC_WORD.findall(call.request.body) if route.operation is Operation.CREATE else ()
    if not header and not magic:
        return ()
    if not call.fake.settings.asked_faults:
        call.notes.append("no fault is asked for here: --asked-faults on lets requests do so")
        return ()
    found = [Set(one, Source.HEADER, now_ms) for one in _checked(header)]
    for one in found:
        if not stays(one) and not belongs(one, route.operation):
            call.notes.append(f"fault {one.fault.name} does not belong on {route.operation}")
    words = [Set(one, Source.MAGIC, now_ms) for word in magic for one in _checked(word.decode())]
    return (*found, *words)


def _checked(text: str) -> tuple[texts.Fault, ...]:
    try:
        return catalogue.checked(text)
    except LibraryError as reason:
        raise BadControl(str(reason)) from None


def _world(call: Call, route: Route, arguments: Mapping[str, str]) -> World | None:
    """The world that is asked, found by its address where no token is."""
    if route.operation is Operation.STREAM:
        return call.fake.worlds.with_key(arguments["name"].removeprefix("bcwr-")[:KEY_LENGTH])
    if route.operation is Operation.OUTPUT:
        return call.fake.worlds.with_key(arguments["folder"][:KEY_LENGTH])
    return call.world_if_known


def _occasion(call: Call, route: Route, arguments: Mapping[str, str], world: World) -> Occasion:
    prediction_id = _prediction_id(route, arguments, world)
    return Occasion(
        operation=route.operation,
        subject=_subject(call, route, world, prediction_id),
        now_ms=world.clock.now_ms(),
        model=_model(arguments, world, prediction_id),
        prediction_id=prediction_id,
        means=call.means,
    )


def _prediction_id(route: Route, arguments: Mapping[str, str], world: World) -> str:
    match route.operation:
        case Operation.STREAM:
            name = arguments["name"].removeprefix("bcwr-")
            return world.shelf.streams.get(name) or ids.stream_target(name, KEY_LENGTH)[1]
        case Operation.OUTPUT:
            return arguments["folder"][KEY_LENGTH:]
        case _:
            return arguments.get("prediction_id", "")


def _subject(call: Call, route: Route, world: World, prediction_id: str) -> str:
    """What this request is counted by: its prediction, its body, or its path."""
    if prediction_id:
        return world.faults.subject(prediction_id)
    if route.operation is Operation.CREATE:
        sent = call.path.encode() + b" " + call.request.body
        return blake2b(sent, digest_size=8).hexdigest()
    return f"{call.request.method} {call.path}"


def _model(arguments: Mapping[str, str], world: World, prediction_id: str) -> str:
    """The model that is asked, where a path or a prediction tells it."""
    if "owner" in arguments:
        return f"{arguments['owner']}/{arguments['name']}"
    try:
        return world.store.events(prediction_id)[0].model
    except KeyError:
        return ""
