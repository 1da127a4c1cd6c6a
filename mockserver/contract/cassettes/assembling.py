"""A life put together from sights of it, in the order of their time.

Rule 1: what was seen at an instant is what the life tells of that instant.
Rule 2: a change that fell between two looks is put where the prediction itself dates it
(`started_at`, `completed_at`), if that lies between them, and else at the look that first saw it.
Rule 3: what nobody saw, but must have been, is `inferred`, and marked as such.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from mockserver.contract.cassettes.sights import Form, Sight
from mockserver.contract.looks import answered
from mockserver.contract.oracle import instant_ms
from mockserver.contract.reading import read
from mockserver.core.cassette import Body, Recorded, State
from mockserver.core.timeline import NEXT, TERMINAL, Status
from mockserver.core.timestamps import edge_timestamp
from mockserver.library.gateways import Gateway, Serializer
from mockserver.library.json_text import members


class Odd(ValueError):
    """What was seen of a prediction is no life; the text says what cannot follow what."""


class Assembly:
    """A life while it is put together; `see` is called in the order of time."""

    def __init__(self, profile: Gateway) -> None:
        self.states: list[State] = []
        self.last_ms: int | None = None
        self.model = ""
        self._plain = not (profile.wrapped or (profile.prediction and profile.prediction.members))
        self._profile = profile
        self._edge = profile.get.serializer is Serializer.EDGE
        self._form = Form.STREAM
        self._created_ms: int | None = None

    def see(self, sight: Sight) -> None:
        """Take in what was seen. Raises `Odd`."""
        told = sight.told
        self.model = self.model or str(told.get("model") or "")
        if self._created_ms is None:
            self._created_ms = instant_ms(told.get("created_at"))
        state = self._state(sight)
        if self.states and sight.form is Form.STREAM:
            state = self._not_behind(state)
        if not self.states:
            self._begin(state, sight)
        elif self._is_news(state, sight):
            self._go_on(state, sight)
        self.last_ms = max(sight.at_ms, self.last_ms or 0)

    def wait(self, one: Recorded, origin_ms: int) -> None:
        """Take in the answer of a create call that waited, as far as it tells anything new.

        A success is told as `processing` with its outputs there. Source: `web/sync.py`.
        """
        raw = members(answered(one.seen))
        told = dict(members(answered(read(self._profile, one.seen))))
        if told.get("status") == Status.PROCESSING and told.get("output") is not None:
            told["status"] = Status.SUCCEEDED
        at_ms = max(0, one.answered_ms - origin_ms)
        if self.states and told.get("status") == Status.STARTING and self.states[0].inferred:
            # A wait that ran out tells the beginning, whatever it has come to since.
            self.states[0] = replace(self.states[0], body=raw, inferred=False)
        if self.states and (self._ended or told.get("status") not in TERMINAL):
            return
        if told.get("status") not in set(Status):
            return
        if not self.states and told["status"] != Status.STARTING:
            self.see(Sight(0, Form.STREAM, _begun(told), {}))
            self.states[0] = replace(self.states[0], body=_begun(raw) if self._plain else raw)
        body = _patched(raw, {"status": told["status"]}) if self._plain else raw
        self.see(Sight(max(at_ms, self.last_ms or 0), Form.CREATE, told, body))

    @property
    def _ended(self) -> bool:
        return self.states[-1].status in TERMINAL

    def _state(self, sight: Sight) -> State:
        told = sight.told
        status = Status(told["status"])
        return State(
            after_ms=sight.at_ms,
            status=status,
            body=sight.raw,
            unseen_ms=self.last_ms,
            logs=str(told.get("logs") or ""),
            outputs=_outputs(told.get("output")),
            error=_text(told.get("error")),
            inferred=sight.form is Form.STREAM,
        )

    def _begin(self, state: State, sight: Sight) -> None:
        """The first sight; what came before it is inferred."""
        self._form = sight.form
        if state.status is Status.STARTING:
            self.states.append(replace(state, after_ms=0))
            return
        body = _begun(sight.raw) if self._plain else sight.raw
        self.states.append(State(0, Status.STARTING, body, None, inferred=True))
        self._enter(state, sight)

    def _is_news(self, state: State, sight: Sight) -> bool:
        """Whether it differs from what is known; a better form of the same takes its place."""
        known = self.states[-1]
        if sight.form is Form.STREAM:
            return not self._ended and _told(state) != _told(known)
        same = _told(state) == _told(known)
        # An end that was only heard of is told by whoever looks at it.
        if same or (known.inferred and self._ended and known.status is state.status):
            if sight.form > self._form:
                self._improve(state, sight.form)
                return False
            return same and sight.form is self._form and state.body != known.body
        # Lists and webhooks may be behind.
        return sight.form >= Form.CANCEL or _can_follow(known.status, state.status)

    def _not_behind(self, state: State) -> State:
        """What an event tells, and what was known without it: it tells only what came by it."""
        known = self.states[-1]
        outputs = () if state.status is Status.FAILED else known.outputs
        return replace(
            state,
            logs=max(known.logs, state.logs, key=len),
            outputs=max(outputs, state.outputs, key=len),
        )

    def _improve(self, state: State, form: Form) -> None:
        known = self.states[-1]
        self.states[-1] = replace(state, after_ms=known.after_ms, unseen_ms=known.unseen_ms)
        self._form = form

    def _go_on(self, state: State, sight: Sight) -> None:
        known = self.states[-1]
        if not _can_follow(known.status, state.status):
            raise Odd(f"{state.status} was seen after {known.status}, which it cannot follow")
        self._enter(state, sight)

    def _enter(self, state: State, sight: Sight) -> None:
        """Put `state` behind what is known, and between them what must have been."""
        known = self.states[-1]
        self._form = sight.form
        if state.status is known.status:
            self.states.append(self._spelled(state, sight))
            return
        started_ms = self._dated(sight, "started_at")
        if _must_have_run(known, state, sight):
            running_ms = min(started_ms, self._dated(sight, "completed_at"))
            known = self._infer(running_ms, sight)
        if state.status in TERMINAL:
            after_ms = max(self._dated(sight, "completed_at"), known.after_ms)
            self.states.append(replace(self._spelled(state, sight), after_ms=after_ms))
            return
        if started_ms < sight.at_ms and (state.logs, state.outputs) != (known.logs, known.outputs):
            self._infer(started_ms, sight)
            self.states.append(self._spelled(state, sight))
            return
        self.states.append(replace(self._spelled(state, sight), after_ms=started_ms))

    def _infer(self, at_ms: int, sight: Sight) -> State:
        """The run that nobody saw begin, with what was known before."""
        known = self.states[-1]
        news = {"status": Status.PROCESSING}
        if sight.told.get("started_at"):
            news["started_at"] = sight.told["started_at"]
        body = _patched(known.body, news) if self._plain else known.body
        made = State(
            max(at_ms, known.after_ms),
            Status.PROCESSING,
            body,
            self.last_ms,
            known.logs,
            known.outputs,
            inferred=True,
        )
        self.states.append(made)
        return made

    def _spelled(self, state: State, sight: Sight) -> State:
        """The state with a body as a look would find it.

        An event tells only what is new, the rest was known. Lists, cancels and webhooks are
        written by upstream's other serializer, where looks are by its first.
        """
        known = self.states[-1]
        if sight.form is not Form.STREAM:
            otherwise = self._plain and sight.form in _OTHERWISE and self._edge
            return replace(state, body=_as_look(known.body, sight.told)) if otherwise else state
        if not self._plain:
            return replace(state, body=known.body)
        news: dict[str, object] = {"status": state.status, "logs": state.logs}
        if state.outputs:
            news["output"] = list(state.outputs)
        if state.error is not None:
            news |= {"error": state.error, "output": None}
        return replace(state, body=_patched(known.body, news))

    def _dated(self, sight: Sight, name: str) -> int:
        """When the prediction says it happened, kept between the look before and this one."""
        at_ms = instant_ms(sight.told.get(name))
        if at_ms is None or self._created_ms is None:
            return sight.at_ms
        least_ms = 0 if self.last_ms is None else min(self.last_ms + 1, sight.at_ms)
        return min(max(at_ms - self._created_ms, least_ms), sight.at_ms)


def _can_follow(before: Status, after: Status) -> bool:
    direct = before is after or after in NEXT[before]
    return direct or (Status.PROCESSING in NEXT[before] and after in NEXT[Status.PROCESSING])


def _must_have_run(before: State, after: State, sight: Sight) -> bool:
    """Whether it ran between two sights, neither of which saw it run."""
    unseen = before.status is Status.STARTING and after.status in TERMINAL
    return unseen and (
        after.status not in NEXT[before.status] or bool(sight.told.get("started_at"))
    )


def _told(state: State) -> tuple[object, ...]:
    # One serializer writes no line end at the end.
    return state.status, state.logs.removesuffix("\n"), state.outputs, state.error


def _outputs(output: object) -> tuple[object, ...]:
    if output is None:
        return ()
    return tuple(output) if isinstance(output, list) else (output,)


def _text(error: object) -> str | None:
    if error is None or isinstance(error, str):
        return error or None
    return str(error)


_OTHERWISE: Final = frozenset({Form.LIST, Form.HOOK, Form.CANCEL})
_AT_THE_END: Final = ("started_at", "completed_at", "metrics")


def _begun(body: Body) -> Body:
    """A prediction as it would have been told when it began."""
    nothing: dict[str, Any] = {"logs": "", "output": None, "error": None}
    left = {name: nothing.get(name, one) for name, one in body.items() if name not in _AT_THE_END}
    return left | {"status": Status.STARTING}


def _as_look(known: Body, told: Body) -> Body:
    """What another channel tells, as the look before it was spelled."""
    news = {name: told[name] for name in ("status", "output", "error") if name in told}
    if "logs" in told:
        news["logs"] = told["logs"] or ""
    for name in ("started_at", "completed_at"):
        at_ms = instant_ms(told.get(name))
        if at_ms is not None:
            news[name] = edge_timestamp(at_ms)
    if told.get("metrics"):
        news["metrics"] = told["metrics"]
    return _patched(known, news)


def _patched(body: Body, news: Body) -> Body:
    return {**body, **news}
