"""Lives distilled from a recording: what was seen at some instants, as a timeline for all of them.

How a life is put together from sights stands in `assembling.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from mockserver.contract.cassettes.assembling import Assembly, Odd
from mockserver.contract.cassettes.sights import (
    Role,
    Seen,
    Sight,
    seen_of,
    sights,
    streams_of,
    waited,
)
from mockserver.core.cassette import Cassette, Job, Recorded
from mockserver.library.gateways import Gateway


@dataclass(frozen=True, slots=True)
class Distilled:
    """The lives of a recording, the roles of its interactions, and what could not be told."""

    jobs: tuple[Job, ...]
    roles: tuple[Seen, ...]
    odd: dict[str, str] = field(default_factory=dict)


def roles_of(cassette: Cassette, profile: Gateway) -> tuple[Seen, ...]:
    """What each interaction of `cassette` is, read by `profile`."""
    streams = streams_of(profile, cassette.recorded, cassette.hooks)
    return tuple(seen_of(profile, one, streams) for one in cassette.recorded)


def distilled(cassette: Cassette, profile: Gateway) -> Distilled:
    """The lives that `cassette` tells of, read by `profile`."""
    recorded, roles = cassette.recorded, roles_of(cassette, profile)
    places: dict[Seen, list[int]] = {}
    for at, one in enumerate(roles):
        places.setdefault(one, []).append(at)
    found = sights(profile, recorded, cassette.hooks, roles)
    made = {seen.id for seen in roles if seen.role is Role.CREATE}
    jobs, odd = [], {}
    for prediction_id in dict.fromkeys((*(one.id for one in roles if one.id in made), *found)):
        seen = found.get(prediction_id, [])
        try:
            job = _job(prediction_id, seen, places, recorded, profile)
        except Odd as reason:
            odd[prediction_id] = str(reason)
            continue
        if job is not None:
            jobs.append(job)
    return Distilled(tuple(jobs), roles, odd)


def _job(
    prediction_id: str,
    seen: Sequence[Sight],
    places: Mapping[Seen, Sequence[int]],
    recorded: Sequence[Recorded],
    profile: Gateway,
) -> Job | None:
    creates, streams, cancels = (
        tuple(places.get(Seen(role, prediction_id), ()))
        for role in (Role.CREATE, Role.STREAM, Role.CANCEL)
    )
    sync = next((at for at in creates if waited(recorded[at])), None)
    if not seen and sync is None:
        return None
    origin_ms = _origin_ms(seen, [recorded[at] for at in creates])
    life = Assembly(profile)
    for sight in seen:
        life.see(replace(sight, at_ms=max(0, sight.at_ms - origin_ms)))
    if sync is not None:
        life.wait(recorded[sync], origin_ms)
    if not life.states:
        return None
    return Job(
        id=prediction_id,
        model=life.model,
        states=tuple(life.states),
        begun_ms=origin_ms,
        creates=creates,
        sync=sync,
        streams=streams,
        cancels=cancels,
        seen_until_ms=life.last_ms or 0,
    )


def _origin_ms(seen: Sequence[Sight], creates: Sequence[Recorded]) -> int:
    """When the life began, in the recording's time: as its client came to know of it."""
    if not creates:
        return seen[0].at_ms
    first = creates[0]
    return first.seen.at_ms if waited(first) else first.answered_ms
