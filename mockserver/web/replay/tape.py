"""A cassette in one world: what of it was played, and the answer to whatever is asked next.

Nothing falls through: what was not recorded is refused, and told beside the nearest that was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Never

from mockserver.contract.cassettes import matching
from mockserver.contract.cassettes.matching import Asked
from mockserver.contract.cassettes.sights import Role, waited
from mockserver.contract.looks import answered, posted
from mockserver.contract.reading import read
from mockserver.core import ids, prefer
from mockserver.core.cassette import Job, State, plan
from mockserver.core.interaction import Request
from mockserver.core.problem import NotRecorded
from mockserver.core.redaction import concealed
from mockserver.core.reply import Answer, Reply
from mockserver.core.timeline import Created, Status
from mockserver.library.json_text import dumps, dumps_sorted, members
from mockserver.service import predictions
from mockserver.service.courier import Render
from mockserver.service.orders import webhook_events
from mockserver.service.predictions import Seen
from mockserver.service.worlds import World
from mockserver.web import sync
from mockserver.web.call import Call
from mockserver.web.queries import query_value
from mockserver.web.replay import wire
from mockserver.web.replay.accounts import Accounts, Fit, accounts_of
from mockserver.web.replay.index import Index
from mockserver.web.stream import streamed


@dataclass(slots=True)
class Tape:
    """`index` in `world`; with `new_ids` each create call begins a job under an id of its own."""

    index: Index
    world: World
    new_ids: bool = False
    otherwise: Callable[[Request], Answer] | None = None
    """Answers what is not on the cassette, if anybody does; else it is refused."""
    used: set[int] = field(default_factory=set)
    misses: list[str] = field(default_factory=list)
    jobs: dict[str, Job] = field(default_factory=dict)
    """The jobs that run in this world, by the ids they have here."""
    accounts: Accounts = field(init=False)

    def __post_init__(self) -> None:
        self.accounts = accounts_of(self.index.cassette)

    def answer(self, call: Call) -> Answer:
        """What was recorded for `call`. Raises `NotRecorded`."""
        asked = Asked(call.request, self.index.plain(call.request))
        role, job, shown_id = self._place(asked)
        if job is not None and not self._is_of(job, call.request):
            job = None
        if job is not None and (role is Role.LOOK) == (call.request.method in ("GET", "HEAD")):
            match role:
                case Role.LOOK:
                    return self._look(call, job, shown_id)
                case Role.CANCEL:
                    return self._cancel(call, job, shown_id, asked)
        if job is not None and role is Role.STREAM:
            return self._stream(call, job, shown_id)
        place = self._next(asked)
        if self.index.roles[place].role is Role.CREATE:
            return self._create(call, place)
        return wire.recorded(self._wire(call), self.index.cassette.recorded[place])

    def answered_elsewhere(self, path: str) -> None:
        """What is recorded at `path` is answered by the fake itself."""
        self.used.update(at for at, one in enumerate(self.index.asked) if one.path == path)

    def unused(self) -> list[int]:
        """The interactions that nobody asked for; looks at a job are asked for together."""
        return [place for place in range(len(self.index.asked)) if place not in self.used]

    def _place(self, asked: Asked) -> tuple[Role, Job | None, str]:
        """The role of a path and its job, under the id that the job has here."""
        path, _, renamed = asked.path.partition("~")
        for shown_id, job in self.jobs.items() if self.new_ids else ():
            path = path.replace(shown_id, job.id)
            renamed = renamed or (shown_id if shown_id in asked.path else "")
        known = self.index.places.get(path)
        if known is None:
            return Role.OTHER, None, ""
        role, job = known
        return role, job, renamed or job.id

    def _is_of(self, job: Job, request: Request) -> bool:
        """Whether whoever asks is the account that the job was recorded of."""
        places = job.creates or self.index.places_of(job)
        one = self.index.cassette.recorded[places[0]] if places else None
        return one is None or self.accounts.fit(one, request) is not Fit.OTHER

    def _next(self, asked: Asked) -> int:
        """The place of the interaction that is played next for `asked`. Raises `NotRecorded`."""
        fits = {
            at: self.accounts.fit(self.index.cassette.recorded[at], asked.request)
            for at, one in enumerate(self.index.asked)
            if matching.matches(one, asked)
        }
        found = sorted((at for at in fits if fits[at] is not Fit.OTHER), key=fits.__getitem__)
        host = asked.request.hostname
        found = [at for at in found if self.index.asked[at].request.hostname == host] or found
        fresh = [at for at in found if at not in self.used]
        again = self.new_ids or asked.request.method in _REPEATED
        if not fresh and not (found and again):
            self._miss(asked, found)
        place = fresh[0] if fresh else found[-1]
        self.used.add(place)
        self.accounts.bind(self.index.cassette.recorded[place], asked.request)
        return place

    def _miss(self, asked: Asked, found: list[int], why: str = "") -> Never:
        self.misses.append("\n".join(self._explained(asked, found, why)))
        raise NotRecorded(self.misses[-1])

    def _explained(self, asked: Asked, found: list[int], why: str) -> Iterator[str]:
        request = asked.request
        yield f"{request.method} {concealed(request.path)} is not on the cassette."
        if why:
            yield why
        elif found:
            yield (
                f"It was recorded {len(found)} times, and played as often: a create call makes "
                "one prediction. Play it under new ids, or record it as often."
            )
        else:
            near = matching.nearest(self.index.asked, asked)
            if near is not None:
                one = self.index.asked[near[0]].request
                path = concealed(one.path)
                yield f"The nearest is interaction {near[0]}, {one.method} {path}:"
                yield from (f"  {difference}" for difference in near[1][:_MOST_DIFFERENCES])
        yield "Record it with the mode new_episodes."

    def _create(self, call: Call, place: int) -> Answer:
        one = self.index.cassette.recorded[place]
        job = self.index.job_made_by(place)
        if job is None:
            return wire.recorded(self._wire(call), one)
        shown_id = self._begin(job, call)
        out = self._wire(call, job, shown_id)
        wait_ms = prefer.wait_ms(call.request.header("prefer") or "")
        if wait_ms is None and not waited(one):
            return wire.recorded(out, one)
        if wait_ms is None:
            return wire.body(out, one, job.states[0].body)
        return self._waited(call, job, shown_id, place, wait_ms)

    def _waited(self, call: Call, job: Job, shown_id: str, place: int, wait_ms: int) -> Answer:
        one, out = self.index.cassette.recorded[place], self._wire(call, job, shown_id)
        told = members(answered(read(self.index.profile, one.seen)))
        told_end = waited(one) and told.get("status") != Status.STARTING

        def ended(seen: Seen) -> Reply:
            if told_end:
                return wire.recorded(out, one)
            return wire.body(out, one, self._state(job, seen).body)

        def expired(_: Seen) -> Reply:
            return wire.body(out, one, job.states[0].body)

        return sync.held(self.world, shown_id, wait_ms, ended, expired)

    def _look(self, call: Call, job: Job, shown_id: str) -> Answer:
        shown_id = self._begun(job, shown_id, call)
        looks = self.index.places_of(job)
        self.used.update(at for at in looks if self.index.roles[at].role is Role.LOOK)
        seen = predictions.look(self.world, shown_id)
        told = (self.index.cassette.recorded[at] for at in looks if self._went_well(at))
        return wire.body(
            self._wire(call, job, shown_id), next(told, None), self._state(job, seen).body
        )

    def _went_well(self, place: int) -> bool:
        """Whether this is a look that was answered."""
        status = self.index.cassette.recorded[place].seen.status
        return self.index.roles[place].role is Role.LOOK and status in _GOOD

    def _cancel(self, call: Call, job: Job, shown_id: str, asked: Asked) -> Answer:
        if not job.cancels:
            self._miss(asked, [], f"Nobody asked to cancel {job.id} when it was recorded.")
        shown_id = self._begun(job, shown_id, call)
        fresh = [at for at in job.cancels if at not in self.used]
        place = (fresh or list(job.cancels[-1:]))[0]
        self.used.add(place)
        one = self.index.cassette.recorded[place]
        if job.states[-1].status is Status.CANCELED:
            predictions.cancel(self.world, shown_id)
        return wire.recorded(self._wire(call, job, shown_id), one)

    def _stream(self, call: Call, job: Job, shown_id: str) -> Answer:
        shown_id = self._begun(job, shown_id, call)
        self.used.update(job.streams)
        created, changed = self.world.store.events(shown_id)
        out = self._wire(call, job, shown_id)
        last_id = call.request.header("last-event-id")
        if job.streams and not changed and not last_id:
            one = self.index.cassette.recorded[job.streams[0]]
            begun_ms = created.at_ms + one.seen.at_ms - job.begun_ms
            return wire.recorded(out, one, begun_ms)
        most = max((state.outputs for state in job.states), key=len)

        def outputs(_: Seen, count: int) -> list[object]:
            return [out.swapped(value) for value in most[:count]]

        return streamed(self.world, shown_id, outputs, last_id)

    def _begun(self, job: Job, shown_id: str, call: Call) -> str:
        """The id of the job here; it begins with the first that asks for it."""
        return shown_id if shown_id in self.jobs else self._begin(job, call)

    def _begin(self, job: Job, call: Call) -> str:
        """Let the job's life begin now, in this world. Returns the id it has here."""
        world, now_ms = self.world, self.world.clock.now_ms()
        with world.lock:
            shown_id = job.id
            if self.new_ids:
                drawn = world.draw(len(world.store), b"played")
                shown_id = ids.prediction_id(now_ms, drawn)
            webhook, events = _webhook(call)
            told = job.states[0].body
            created = Created(
                id=shown_id,
                at_ms=now_ms,
                model=job.model,
                version=str(told.get("version") or ""),
                input=dumps_sorted(members(told.get("input"))),
                seed=0,
                plan=plan(job),
                webhook=webhook,
                webhook_events_filter=events,
            )
            self.jobs[shown_id] = job
            try:
                world.store.append(shown_id, created)
            except KeyError:
                # The world was brought back to what it was, and the job runs in it already.
                return shown_id
        if webhook:
            call.fake.courier.expect(world, created, self._letter(call, job, shown_id))
        return shown_id

    def _letter(self, call: Call, job: Job, shown_id: str) -> Render:
        out = self._wire(call, job, shown_id)

        def render(world: World, at_ms: int) -> bytes:
            seen = predictions.look(world, shown_id, now_ms=at_ms)
            return dumps(out.swapped(self._state(job, seen).body))

        return render

    def _state(self, job: Job, seen: Seen) -> State:
        return job.as_moment(seen.moment, seen.after_ms)

    def _wire(self, call: Call, job: Job | None = None, shown_id: str = "") -> wire.Out:
        renamed = (job.id, shown_id) if job is not None and shown_id != job.id else None
        leads = partial(self.index.leads, origin=call.face.origin)
        return wire.Out(self.world, leads, renamed)


def _webhook(call: Call) -> tuple[str | None, tuple[str, ...]]:
    """Where a create call asks to be told, and of what."""
    if call.request.method != "POST":
        return None, ()
    told = posted(call.request)
    form = call.face.gateway.request
    in_query = query_value(call.request, "webhook") if form and form.webhook_in_query else ""
    url = told.get("webhook") or told.get("webhook_completed") or in_query
    if not isinstance(url, str) or not url:
        return None, ()
    return url, (form.webhook_events if form else ()) or webhook_events(told)


_REPEATED: Final = frozenset({"GET", "HEAD", "QUERY"})
"""What changes nothing, and is therefore answered as often as it is asked."""
_GOOD: Final = range(200, 300)
_MOST_DIFFERENCES: Final = 8
