"""A receiver under test, case by case: what was sent, what was answered, what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Final

from mockserver.contract.finding import Finding
from mockserver.contract.hooks.app import App
from mockserver.contract.hooks.cases import Case, Expect, Needs, Send
from mockserver.contract.hooks.judging import judged, left_behind
from mockserver.contract.hooks.letters import letter_of
from mockserver.contract.hooks.reaching import Meanwhile, Receiver
from mockserver.contract.hooks.sent import Sent
from mockserver.contract.hooks.story import COMPLETED, CREATED, Part, Story, Via, comparable
from mockserver.contract.outcome import Outcome
from mockserver.core.clock import wall_ms
from mockserver.core.letter import Seal


VALID: Final = "valid"
"""The case of a webhook that is right."""
UNSEEN: Final = "what the app believes was not seen: nobody says how to ask it"


@dataclass(frozen=True, slots=True)
class Result:
    """What one case came to; `reason` says why it was not tried, or not to its end."""

    case: Case
    outcome: Outcome
    sent: tuple[Sent, ...] = ()
    findings: tuple[Finding, ...] = ()
    reason: str = ""


@dataclass(slots=True)
class Trial:
    """One receiver under test, and the app behind it as far as it can be asked."""

    receiver: Receiver
    seal: Seal
    story: Story
    app: App = field(default_factory=App)
    seed: int = 0
    now_ms: Callable[[], int] = wall_ms
    _control: Sent | None = None

    @property
    def control(self) -> Sent:
        """A webhook that is right: where it is not taken, a refusal means nothing."""
        if self._control is None:
            story = self.story.renamed("control")
            self._control = self._sent(story, [Send(COMPLETED)])[0]
        return self._control

    def examined(self, cases: Iterable[Case]) -> Iterator[Result]:
        """The result of each case, as soon as it is there."""
        for case in cases:
            yield self.result(case)

    def result(self, case: Case) -> Result:
        """What this case comes to. Raises `LibraryError` where the app itself cannot be asked."""
        lacks = self._lacks(case)
        if lacks:
            return Result(case, Outcome.SKIPPED, reason=lacks)
        story = self.story.renamed(case.name)
        sent = self._sent(story, self._told(case))
        findings, reason = judged(case, sent, self.receiver.url), ""
        if case.ends is not None and self.app.state is None:
            reason = UNSEEN
        elif case.ends is not None and not findings:
            twin = replace(case, name=f"{case.name}/twin", sends=natural(case, self.story))
            expected, seen = self.believed(twin), self._state(story)
            findings = left_behind(case, sent, expected, seen, self.receiver.url)
        outcome = Outcome.FOUND if findings else Outcome.PASSED
        return Result(case, outcome, sent, tuple(findings), reason)

    def believed(self, case: Case) -> object:
        """What the app believes at the end of a case."""
        story = self.story.renamed(case.name)
        self._sent(story, self._told(case))
        return self._state(story)

    def _told(self, case: Case) -> list[Send]:
        """What there is to be sent of a case: not every job has every event."""
        return [send for send in case.sends if send.event in self.story]

    def _lacks(self, case: Case) -> str:
        """Why a case cannot be tried; empty where it can."""
        if _NEEDS.index(case.needs) > _NEEDS.index(self.receiver.has):
            return f"it needs a receiver behind {_WAYS[case.needs]}"
        told = self._told(case)
        if not any(send.expect is not Expect.ANY or case.ends for send in told):
            return f"this job has no {', '.join(send.event for send in case.sends)}"
        deaf = [send.event for send in told if not self.app.hears(send.event)]
        if deaf:
            return f"nobody says how to tell the app of {', '.join(deaf)}"
        if not (self.control.taken or case.diagnosis or case.name == VALID):
            return f"what is right is not taken, so that a refusal means nothing: see {VALID}"
        return ""

    def _sent(self, story: Story, sends: list[Send]) -> tuple[Sent, ...]:
        """What is sent, in its order, and then again what was not taken and is tried again.

        An app that can be told of a prediction knows it before, unless the case says when.
        """
        if self.app.created and all(send.event != CREATED for send in sends):
            self.app.tell(story.part(CREATED))
        sent = list(self._in_turn(story, sends))
        again = [one for one in sent if one.is_tried_again]
        taken = any(one.taken for one in sent if one.send.event == COMPLETED)
        if again and not taken:
            once_more = replace(again[0].send, expect=Expect.ANY)
            sent.append(self._posted(story.part(COMPLETED), once_more))
        return tuple(sent)

    def _in_turn(self, story: Story, sends: list[Send]) -> Iterator[Sent]:
        for place, send in enumerate(sends):
            part = story.part(send.event)
            if part.via is not Via.HOOK:
                self.app.tell(part)
                yield Sent(send, part)
            elif send.slow:
                yield from self._slowly(story, part, send, sends[place + 1 :])
                return
            elif send.copies > 1:
                yield from self._at_once(part, send)
            else:
                yield self._posted(part, send)

    def _slowly(self, story: Story, part: Part, send: Send, behind: list[Send]) -> Iterator[Sent]:
        """One whose second half waits until all that is behind it was answered."""
        meanwhile: list[Sent] = []
        yield self._posted(part, send, lambda: meanwhile.extend(self._in_turn(story, behind)))
        yield from meanwhile

    def _at_once(self, part: Part, send: Send) -> list[Sent]:
        with ThreadPoolExecutor(send.copies) as pool:
            running = [pool.submit(self._posted, part, send) for _ in range(send.copies)]
            return [one.result() for one in running]

    def _posted(self, part: Part, send: Send, meanwhile: Meanwhile | None = None) -> Sent:
        now_ms = self.now_ms()
        letter = letter_of(part, self.seal, now_ms, send.fault, self.seed)
        answer = self.receiver(letter, meanwhile)
        return Sent(send, part, letter, answer, self.seal.secrets[0], now_ms // 1000)

    def _state(self, story: Story) -> object:
        assert self.app.state is not None  # noqa: S101 - asked for only where it is there
        return comparable(self.app.state(story.prediction_id), story.names)


_NEEDS: Final = tuple(Needs)
_WAYS: Final = {Needs.HTTP: "HTTP", Needs.SOCKET: "a URL"}


def natural(case: Case, story: Story) -> tuple[Send, ...]:
    """The events after which the app should believe what it believes after this case."""
    told = {send.event for send in case.sends if send.fault is None}
    names = case.like or [part.name for part in story.parts if part.name in told]
    return tuple(map(Send, names))
