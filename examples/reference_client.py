"""A client that keeps every promise of a good one, in two flavours: `run` and `run_async`.

What it does is one generator of requests and pauses, which knows neither sockets nor event loops;
two short drivers perform it. `mockserver audit` and `ClientContract` find nothing wrong with it.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from base64 import b64decode
from collections.abc import AsyncIterator, Generator, Iterator
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin
from zlib import crc32

import httpx


TERMINAL = {"succeeded", "failed", "canceled", "aborted"}
KNOWN = {"starting", "processing", *TERMINAL}
MOST_BYTES = 100_000_000
LONGEST_WAIT_S = 120.0


class PredictionError(Exception):
    """The one error of this client: what went wrong, and the answer that told it."""

    def __init__(self, message: str, status: int = 0, body: bytes = b"") -> None:
        told = f" (status {status}: {body[:200].decode(errors='replace')})" if status else ""
        super().__init__(message + told)
        self.status = status
        self.body = body


@dataclass(frozen=True)
class Ask:
    """A request; `signed` ones carry the token, and only the API's own origin gets those."""

    method: str
    url: str
    body: object = None
    signed: bool = True


@dataclass(frozen=True)
class Answer:
    """What came back; status 0: nothing, or not all of it, and `error` says why."""

    status: int
    headers: httpx.Headers = field(default_factory=httpx.Headers)
    body: bytes = b""
    error: str = ""

    @property
    def prediction(self) -> dict[str, Any]:
        """The prediction that is told. Raises `PredictionError`."""
        try:
            told = json.loads(self.body) if self.status // 100 == 2 else None
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict) or not isinstance(told.get("id"), str):
            raise PredictionError(self.error or "no prediction came", self.status, self.body)
        return told


Steps = Generator[Ask | float, Answer, Any]


@dataclass
class ReferenceClient:
    """Makes predictions and downloads their outputs, within `deadline_s` seconds for each."""

    base_url: str
    token: str
    transport: Any = None
    deadline_s: float = 300.0

    def run(self, model: str, given: dict[str, Any]) -> list[bytes]:
        """The outputs of a new prediction. Raises `PredictionError`."""
        ends = time.monotonic() + self.deadline_s
        steps = self.steps(model, given, ends)
        with httpx.Client(transport=self.transport) as http:
            answer: Any = None
            while True:
                try:
                    step = steps.send(answer)
                except StopIteration as end:
                    return list(end.value)
                if isinstance(step, float):
                    time.sleep(step)  # noqa: TID251 - a client has to wait
                else:
                    answer = self._exchange(http, step, ends)

    async def run_async(self, model: str, given: dict[str, Any]) -> list[bytes]:
        """The same, for an event loop."""
        ends = time.monotonic() + self.deadline_s
        steps = self.steps(model, given, ends)
        async with httpx.AsyncClient(transport=self.transport) as http:
            answer: Any = None
            while True:
                try:
                    step = steps.send(answer)
                except StopIteration as end:
                    return list(end.value)
                if isinstance(step, float):
                    await asyncio.sleep(step)
                else:
                    answer = await self._exchange_async(http, step, ends)

    def _exchange(self, http: httpx.Client, ask: Ask, ends: float) -> Answer:
        try:
            with http.stream(**self._request(ask, ends)) as it:
                body = b"".join(bounded(it.iter_bytes(), ends))
                return Answer(it.status_code, it.headers, body)
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            return Answer(0, error=f"{type(error).__name__}: {error}")

    async def _exchange_async(self, http: httpx.AsyncClient, ask: Ask, ends: float) -> Answer:
        try:
            async with http.stream(**self._request(ask, ends)) as it:
                body = b"".join([part async for part in bounded_async(it.aiter_bytes(), ends)])
                return Answer(it.status_code, it.headers, body)
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            return Answer(0, error=f"{type(error).__name__}: {error}")

    def _request(self, ask: Ask, ends: float) -> dict[str, Any]:
        """What httpx is asked. Nothing is waited for beyond the deadline, a cancel a little."""
        timeout_s = max(5.0, min(70.0, ends - time.monotonic()))
        asked = {"method": ask.method, "url": ask.url, "json": ask.body, "timeout": timeout_s}
        return {**asked, "headers": self._headers(ask)}

    def _headers(self, ask: Ask) -> dict[str, str]:
        signed = {"Authorization": f"Bearer {self.token}"} if ask.signed else {}
        return signed | ({"Prefer": "wait=10"} if ask.body is not None else {})

    def steps(self, model: str, given: dict[str, Any], ends: float) -> Steps:
        """Everything that has to be asked and waited for; returns the outputs."""
        made = (yield from self.create(model, given)).prediction
        try:
            told = yield from self.wait(made, ends)
        except PredictionError:
            yield Ask("POST", f"{self.base_url}/predictions/{made['id']}/cancel")
            raise
        outputs = []
        for address in self.addresses(told, given.get("num_outputs", 1)):
            output = yield from self.download(address)
            outputs.append(output)
        return outputs

    def create(self, model: str, given: dict[str, Any]) -> Steps:
        """One create call; only what was surely refused is sent again."""
        ask = Ask("POST", f"{self.base_url}/models/{model}/predictions", {"input": given})
        answer = yield ask
        for pause_s in (1.0, 2.0, 4.0):
            if answer.status == 429 or (answer.status == 503 and self.asked_s(answer)):
                yield self.pause_s(answer, pause_s)
                answer = yield ask
        return answer

    def wait(self, made: dict[str, Any], ends: float) -> Steps:
        """The prediction at its end, or with all its output."""
        told, prediction_id, pause_s = made, made["id"], 0.5
        while not self.is_done(told):
            if time.monotonic() + pause_s > ends:
                raise PredictionError(f"{prediction_id} is still {told.get('status')!r}: given up")
            yield pause_s
            pause_s = min(pause_s * 1.3, 10.0)
            told = (yield from self.look(prediction_id, ends)).prediction
            self.check_identity(told, made)
        return told

    def look(self, prediction_id: str, ends: float) -> Steps:
        """One look, repeated where it failed for a moment."""
        answer = yield (ask := Ask("GET", f"{self.base_url}/predictions/{prediction_id}"))
        for pause_s in (0.5, 1.0, 2.0, 4.0):
            passes = answer.status in (0, 404, 408, 425, 429) or answer.status >= 500
            if passes and time.monotonic() + pause_s < ends:
                yield self.pause_s(answer, pause_s)
                answer = yield ask
        return answer

    def is_done(self, told: dict[str, Any]) -> bool:
        """Whether nothing more is to come. A sync answer says `processing` with all its output."""
        whole = bool(told.get("output")) and not told.get("started_at")
        return told.get("status") in TERMINAL or (told.get("status") == "processing" and whole)

    def check_identity(self, told: dict[str, Any], made: dict[str, Any]) -> None:
        """Raises `PredictionError` for an answer about something else."""
        for member in ("id", "model"):
            asked, seen = made.get(member), told.get(member)
            if asked and seen and asked != seen:
                raise PredictionError(f"asked about the {member} {asked}, told about {seen}")

    def addresses(self, told: dict[str, Any], count: int) -> list[str]:
        """The addresses of all outputs. Raises `PredictionError`."""
        status, output = told.get("status"), told.get("output")
        if status not in ("succeeded", "processing"):
            raise PredictionError(f"{told['id']} ended as {status}: {told.get('error')}")
        found = [output] if isinstance(output, str) and output else output
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise PredictionError(f"{told['id']}: the output is {output!r}")
        if len(found) < count:
            raise PredictionError(f"{told['id']}: {len(found)} outputs, {count} were asked for")
        return [urljoin(f"{self.base_url}/", one.strip()) for one in found]

    def download(self, address: str) -> Steps:
        """The file at an address, which gets no token. Raises `PredictionError`."""
        if address.startswith("data:"):
            return b64decode(address.partition(",")[2])
        answer = yield Ask("GET", address, signed=False)
        for _ in range(3):
            if answer.status in (301, 302, 303, 307, 308):
                address = urljoin(address, answer.headers.get("location", ""))
                answer = yield Ask("GET", address, signed=False)
        self.check_download(address, answer)
        return answer.body

    def check_download(self, address: str, answer: Answer) -> None:
        """Raises `PredictionError` for what is no whole file of the kind that was promised."""
        html = "html" in answer.headers.get("content-type", "")
        if answer.status != 200 or not answer.body or html or not is_whole(address, answer.body):
            why = answer.error or f"{len(answer.body)} bytes, not the file that was promised"
            raise PredictionError(f"{address}: {why}", answer.status, answer.body)

    def asked_s(self, answer: Answer) -> float | None:
        """How long a refusal asks to wait; None where it says nothing that can be read."""
        told, now = answer.headers.get("retry-after", "").strip(), answer.headers.get("date")
        try:
            return float(told) if told.isdigit() else date_s(told) - (date_s(now) or time.time())
        except ValueError:
            return None

    def pause_s(self, answer: Answer, own_s: float) -> float:
        """How long to wait before the next try. Raises `PredictionError` for an absurd time."""
        asked_s = self.asked_s(answer)
        if asked_s is not None and asked_s > LONGEST_WAIT_S:
            told = f"asked to wait for {asked_s:.0f} s"
            raise PredictionError(told, answer.status, answer.body)
        return own_s if asked_s is None else max(asked_s, 0.1)


def date_s(told: str | None) -> float:
    """A date of HTTP in seconds, 0 where there is none. Raises `ValueError`."""
    return parsedate_to_datetime(told).timestamp() if told is not None else 0.0


def is_whole(address: str, data: bytes) -> bool:
    """Whether a picture is all there, and of the format that its address tells."""
    if not address.partition("?")[0].endswith(".png"):
        return True
    place = 8
    while data[:8] == b"\x89PNG\r\n\x1a\n" and place + 12 <= len(data):
        end = place + 8 + int.from_bytes(data[place : place + 4])
        if crc32(data[place + 4 : end]) != int.from_bytes(data[end : end + 4]):
            return False
        if data[place + 4 : place + 8] == b"IEND":
            return True
        place = end + 4
    return False


def bounded(parts: Iterator[bytes], ends: float) -> Iterator[bytes]:
    """The parts of a body. Raises `TimeoutError` where they take too long or grow too many."""
    left_bytes = MOST_BYTES
    for part in parts:
        left_bytes -= len(part)
        if time.monotonic() > ends or left_bytes < 0:
            raise TimeoutError("the answer takes too long, or has no end")
        yield part


async def bounded_async(parts: AsyncIterator[bytes], ends: float) -> AsyncIterator[bytes]:
    """The same for an event loop."""
    left_bytes = MOST_BYTES
    async for part in parts:
        left_bytes -= len(part)
        if time.monotonic() > ends or left_bytes < 0:
            raise TimeoutError("the answer takes too long, or has no end")
        yield part


if __name__ == "__main__":
    client = ReferenceClient(
        os.environ.get("REPLICATE_BASE_URL", "https://api.replicate.com/v1"),
        os.environ["REPLICATE_API_TOKEN"],
        deadline_s=float(os.environ.get("MOCKSERVER_DEADLINE_S", "300")),
    )
    wanted = {"prompt": "a lighthouse at dusk", "num_outputs": 2, "output_format": "png"}
    try:
        pictures = client.run("black-forest-labs/flux-schnell", wanted)
    except PredictionError as reason:
        sys.exit(f"{type(reason).__name__}: {reason}")
    print(f"{len(pictures)} pictures, {sum(map(len, pictures))} bytes")
