"""A receiver of Replicate's webhooks that `mockserver hooks test` finds nothing wrong with.

WEBHOOK_SECRET=whsec_… flask --app examples/receiver.py run --port 8080
"""

from __future__ import annotations

import hmac
import json
import os
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

from flask import Flask, request


TOLERANCE_S = 300
MOST_BYTES = 1_000_000
RANK = {"starting": 0, "processing": 1}
END = 2
"""Every other status: nothing comes behind it, whatever arrives later."""

Prediction = Mapping[str, Any]


class Inbox:
    """Believes of each prediction what its life came to, in whatever order it is told."""

    def __init__(self, secret: str, now: Callable[[], float] = time.time) -> None:
        self.key = b64decode(secret.removeprefix("whsec_"))
        self.now = now
        self.jobs: dict[str, dict[str, object]] = {}
        self.seen: set[str] = set()
        self.lock = Lock()

    def take(self, headers: Mapping[str, str], body: bytes) -> int:
        """The status to answer: the raw bytes are verified before anybody reads them."""
        if not self.is_genuine(headers, body):
            return 401
        try:
            prediction = json.loads(body)
            prediction["id"], prediction["status"]
        except (ValueError, TypeError, KeyError):
            return 400
        with self.lock:
            if self.is_new(headers.get("webhook-id", "")):
                self.learn(prediction)
        return 200

    def is_genuine(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether somebody who knows the secret has signed this, not long ago."""
        try:
            message_id, at = headers["webhook-id"], headers["webhook-timestamp"]
            signatures = self.signatures(headers["webhook-signature"])
        except KeyError:
            return False
        signed = f"{message_id}.{at}.".encode() + self.signed_bytes(body)
        code = b64encode(hmac.digest(self.key, signed, "sha256"))
        return self.is_fresh(at) and any(self.is_right(one, code) for one in signatures)

    def signatures(self, header: str) -> list[str]:
        """All of them: while a secret is rotated there are two."""
        return header.split(" ")

    def is_right(self, signature: str, code: bytes) -> bool:
        """Whether it is this code of the one scheme we know, compared in constant time."""
        return hmac.compare_digest(b"v1," + code, signature.encode())

    def signed_bytes(self, body: bytes) -> bytes:
        """What was signed: the body as it came."""
        return body

    def is_fresh(self, at: str) -> bool:
        """Whether it was sent within the last five minutes, or the next: clocks differ."""
        is_time = at.isascii() and at.isdigit() and len(at) <= len("9999999999")
        return is_time and abs(int(at) - self.now()) <= TOLERANCE_S

    def is_new(self, message_id: str) -> bool:
        """Whether this webhook did not come before."""
        known = message_id in self.seen
        self.seen.add(message_id)
        return not known

    def learn(self, prediction: Prediction) -> None:
        """Believe what is later in a prediction's life than what is believed already."""
        job = self.jobs.setdefault(prediction["id"], {"status": "", "output": None, "paid": 0})
        before = RANK.get(str(job["status"]), END) if job["status"] else -1
        if RANK.get(prediction["status"], END) > before:
            self.believe(job, prediction)

    def believe(self, job: dict[str, Any], prediction: Prediction) -> None:
        """What is done with news, once: here the end of a prediction is paid for."""
        job.update(status=prediction["status"], output=prediction.get("output"))
        job["paid"] += prediction["status"] == "succeeded"


def create_app(secret: str | None = None, inbox: Inbox | None = None) -> Flask:
    """The application: webhooks, the answers of our own create calls, and what is believed."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    inbox = inbox or Inbox(secret or os.environ["WEBHOOK_SECRET"])

    @app.post("/hook")
    def hook() -> tuple[str, int]:
        headers = {name.lower(): value for name, value in request.headers}
        return "", inbox.take(headers, request.get_data())

    @app.post("/jobs")
    def created() -> tuple[str, int]:
        with inbox.lock:
            inbox.learn(request.get_json())
        return "", 204

    @app.get("/jobs/<prediction_id>")
    def job(prediction_id: str) -> dict[str, object]:
        return inbox.jobs.get(prediction_id, {})

    return app
