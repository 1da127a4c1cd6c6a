"""The channels besides polling: a stream that is listened to, a webhook that is received."""

from __future__ import annotations

from typing import Final

from mockserver.contract.cases.case import Case
from mockserver.contract.evidence import Intent
from mockserver.contract.exam import Exam, links


def stream(exam: Exam) -> None:
    """Created, listened to until `done`, and looked at for comparison."""
    made = exam.create(beside={"stream": True})
    if not made.prediction_id:
        return
    # Some gateways answer a create call with less than a look.
    address = links(made).get("stream") or links(exam.look(made.prediction_id)).get("stream")
    if address:
        exam.listen(address)
    if exam.until_ended(made.prediction_id):
        exam.look(made.prediction_id, Intent.LOOK_AGAIN)


def webhook(exam: Exam) -> None:
    """Created with a webhook for every event, and looked at until all is told."""
    events = ["start", "output", "logs", "completed"]
    beside = {"webhook": exam.mail.url, "webhook_events_filter": events}
    made = exam.create(beside=beside)
    if not made.prediction_id:
        return
    exam.ask(Intent.SECRET, "GET", "/webhooks/default/secret")
    exam.until_ended(made.prediction_id)
    exam.look(made.prediction_id, Intent.LOOK_AGAIN)
    exam.mail.wait(exam.pause)


CASES: Final = (
    Case("stream", "a prediction is told as a stream", 1, ("create", "stream"), stream),
    Case("webhook", "a prediction is told by webhooks", 1, ("create", "webhooks"), webhook),
)
