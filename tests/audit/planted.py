"""Bugs planted into the reference client, one for each promise that it then breaks."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf
from typing import Any, Final

import httpx

from examples import reference_client
from examples.reference_client import KNOWN, Answer, Ask, PredictionError, ReferenceClient, Steps


class SendsAgain(ReferenceClient):
    """Sends a create call again whose answer got lost."""

    def create(self, model: str, given: dict[str, Any]) -> Steps:
        answer = yield from super().create(model, given)
        lost = answer.status in (0, 200, 201, 504) and not _is_object(answer.body)
        return (yield from super().create(model, given)) if lost else answer


class IgnoresRetryAfter(ReferenceClient):
    """Waits as long as it likes."""

    def pause_s(self, answer: Answer, own_s: float) -> float:
        asked_s = super().pause_s(answer, own_s)
        return 0.5 if answer.headers.get("retry-after", "").isdigit() else asked_s


class KnowsNoDates(ReferenceClient):
    """Understands seconds only."""

    def asked_s(self, answer: Answer) -> float | None:
        told = answer.headers.get("retry-after", "")
        return float(told) if told.isdigit() else None


class SleepsForADay(ReferenceClient):
    """Waits as long as it is asked, however long that is."""

    def pause_s(self, answer: Answer, own_s: float) -> float:
        return self.asked_s(answer) or own_s


class KnowsNotAborted(ReferenceClient):
    """Waits on after `aborted`."""

    def is_done(self, told: dict[str, Any]) -> bool:
        return told.get("status") != "aborted" and super().is_done(told)


class WaitsForEver(ReferenceClient):
    """Has a deadline for each answer, and none for all of them."""

    def wait(self, made: dict[str, Any], ends: float) -> Steps:
        return (yield from super().wait(made, ends + inf))

    def check_identity(self, told: dict[str, Any], made: dict[str, Any]) -> None:
        super().check_identity(told, made)
        if told.get("status") not in KNOWN:
            raise PredictionError(f"{told.get('status')!r} is no status")

    def _exchange(self, http: httpx.Client, ask: Ask, ends: float) -> Answer:
        return super()._exchange(http, ask, max(ends, time.monotonic() + self.deadline_s))


class SucceedsAnyway(ReferenceClient):
    """Takes every end for a success, and no output for an empty one."""

    def addresses(self, told: dict[str, Any], count: int) -> list[str]:
        try:
            return super().addresses(told, count)
        except PredictionError:
            return []


class TakesTheFirstAnswer(ReferenceClient):
    """Expects the create call to bring the end."""

    def wait(self, made: dict[str, Any], ends: float) -> Steps:
        if not self.is_done(made):
            raise PredictionError(f"{made['id']} is {made.get('status')}, not done")
        return (yield from super().wait(made, ends))


class ShowsItsToken(ReferenceClient):
    """Sends its token wherever a file lies."""

    def _headers(self, ask: Ask) -> dict[str, str]:
        return super()._headers(replace(ask, signed=True))


class Crashes(ReferenceClient):
    """Looks for members in whatever comes."""

    def steps(self, model: str, given: dict[str, Any], ends: float) -> Steps:
        try:
            return (yield from super().steps(model, given, ends))
        except PredictionError as error:
            if error.status:
                raise KeyError("id") from None
            raise


class NeedsEveryMember(ReferenceClient):
    """Reads members that need not be there."""

    def wait(self, made: dict[str, Any], ends: float) -> Steps:
        ended = yield from super().wait(made, ends)
        return ended if ended["urls"]["get"] else None


class TakesAnyId(ReferenceClient):
    """Does not look whom an answer is about."""

    def check_identity(self, told: dict[str, Any], made: dict[str, Any]) -> None:
        """Everything is taken."""


class TakesAPart(ReferenceClient):
    """Takes what came of a file before its connection broke."""

    def _exchange(self, http: httpx.Client, ask: Ask, ends: float) -> Answer:
        if ask.signed:
            return super()._exchange(http, ask, ends)
        kept: list[bytes] = []
        with http.stream(**self._request(ask, ends)) as response:
            try:
                kept.extend(reference_client.bounded(response.iter_bytes(), ends))
            except httpx.HTTPError:
                return Answer(response.status_code, httpx.Headers({"x-cut": "1"}), b"".join(kept))
            except TimeoutError as error:
                return Answer(0, error=str(error))
            return Answer(response.status_code, response.headers, b"".join(kept))

    def check_download(self, address: str, answer: Answer) -> None:
        if "x-cut" not in answer.headers:
            super().check_download(address, answer)


class TakesAnyFile(ReferenceClient):
    """Does not look at what it downloads, as long as it comes whole."""

    def check_download(self, address: str, answer: Answer) -> None:  # noqa: ARG002
        if answer.error:
            raise PredictionError(answer.error)


class LooksOnce(ReferenceClient):
    """Gives up at the first look that fails."""

    def look(self, prediction_id: str, ends: float) -> Steps:  # noqa: ARG002
        return (yield Ask("GET", f"{self.base_url}/predictions/{prediction_id}"))


class FollowsAnywhere(ReferenceClient):
    """Lets its HTTP client follow redirects, which makes a GET of a POST."""

    def _exchange(self, http: httpx.Client, ask: Ask, ends: float) -> Answer:
        http.follow_redirects = True
        return super()._exchange(http, ask, ends)


class Hurries(ReferenceClient):
    """Looks ten times in a second."""

    def wait(self, made: dict[str, Any], ends: float) -> Steps:
        steps, answer = super().wait(made, ends), None
        while True:
            try:
                step = steps.send(answer)  # type: ignore[arg-type]  # None begins it
            except StopIteration as end:
                return end.value
            answer = yield 0.1 if isinstance(step, float) else step


class ReadsForEver(ReferenceClient):
    """Has a deadline for the wait, and none for the bytes of an answer."""

    def _exchange(self, http: httpx.Client, ask: Ask, ends: float) -> Answer:
        return super()._exchange(http, ask, ends + inf)


class LeavesIt(ReferenceClient):
    """Gives up, and lets the job run."""

    def steps(self, model: str, given: dict[str, Any], ends: float) -> Steps:
        steps, answer = super().steps(model, given, ends), None
        while True:
            try:
                step = steps.send(answer)  # type: ignore[arg-type]  # None begins it
            except StopIteration as end:
                return end.value
            if isinstance(step, Ask) and step.url.endswith("/cancel"):
                answer = Answer(200)
                continue
            answer = yield step


@dataclass(frozen=True)
class Planted:
    """A client with a bug, and the promise that it breaks."""

    promise: str
    client: type[ReferenceClient]


PLANTED: Final = (
    Planted("K1", SendsAgain),
    Planted("K2", IgnoresRetryAfter),
    Planted("K3", KnowsNoDates),
    Planted("K4", SleepsForADay),
    Planted("K5", KnowsNotAborted),
    Planted("K6", WaitsForEver),
    Planted("K7", SucceedsAnyway),
    Planted("K8", TakesTheFirstAnswer),
    Planted("K9", ShowsItsToken),
    Planted("K10", Crashes),
    Planted("K11", NeedsEveryMember),
    Planted("K12", TakesAnyId),
    Planted("K13", TakesAPart),
    Planted("K15", TakesAnyFile),
    Planted("K16", LooksOnce),
    Planted("K17", FollowsAnywhere),
    Planted("K18", Hurries),
    Planted("K19", ReadsForEver),
    Planted("K20", LeavesIt),
)


def _is_object(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False


def names() -> Iterator[str]:
    """The planted bugs, as tests are called."""
    return (one.client.__name__ for one in PLANTED)
