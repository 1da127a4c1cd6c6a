"""Predictions from their beginning to their end: looked at, listed, followed, canceled."""

from __future__ import annotations

from typing import Final

from mockserver.contract.cases.case import Case
from mockserver.contract.evidence import Exchange, Intent
from mockserver.contract.exam import Exam, links, neighbours, origin


MOST_DOWNLOADS: Final = 4


def lifecycle(exam: Exam) -> None:
    """Created, looked at until it ends, and once more; found in the list; its outputs fetched.

    The list is asked before as well: what is new in it afterwards has to be ours. Who sees what
    arrives upstream counts there.
    """
    if exam.upstream is None:
        exam.ask(Intent.LIST_BEFORE, "GET", "/predictions")
    made = exam.create()
    if not made.prediction_id:
        return
    looked = exam.look(made.prediction_id)
    followed = links(made).get("get") or links(looked).get("get")
    if followed:
        exam.ask(Intent.FOLLOW, "GET", followed)
    ended = exam.until_ended(made.prediction_id)
    if ended is None:
        return
    exam.look(made.prediction_id, Intent.LOOK_AGAIN)
    _turn(exam, exam.ask(Intent.LIST, "GET", "/predictions"))
    _spy(exam, made.prediction_id)
    for address in _addresses(ended.body.get("output"))[:MOST_DOWNLOADS]:
        exam.ask(Intent.OUTPUT, "GET", address, headers={"Authorization": ""})


def cancel(exam: Exam) -> None:
    """Canceled at once, looked at, canceled again."""
    made = exam.create()
    if not made.prediction_id:
        return
    exam.cancel(made.prediction_id)
    exam.until_ended(made.prediction_id)
    exam.look(made.prediction_id, Intent.LOOK_AGAIN)
    exam.cancel(made.prediction_id, Intent.CANCEL_AGAIN)


def sync(exam: Exam) -> None:
    """Created with `Prefer: wait`; what that does not bring, looks have to."""
    made = exam.create(Intent.CREATE_SYNC, headers={"Prefer": "wait=10"})
    if made.prediction_id and made.prediction_id not in exam.ended:
        exam.until_ended(made.prediction_id)


def _turn(exam: Exam, page: Exchange) -> None:
    """To the page after this one, and back from there."""
    for intent, name in ((Intent.LIST_NEXT, "next"), (Intent.LIST_PREVIOUS, "previous")):
        address = neighbours(page).get(name)
        if address is None or origin(address) != origin(exam.base_url):
            return
        page = exam.ask(intent, "GET", address)


def _spy(exam: Exam, prediction_id: str) -> None:
    """Looked at, and listed, by somebody who did not make it."""
    auth = exam.provider.profile.auth
    if exam.other_token:
        headers = {auth.header: auth.value(exam.other_token)}
        path = f"/predictions/{prediction_id}"
        exam.ask(Intent.OTHER_ACCOUNT, "GET", path, headers=headers)
        exam.ask(Intent.OTHER_LIST, "GET", "/predictions", headers=headers)


def _addresses(output: object) -> list[str]:
    """The outputs that are addresses."""
    values = output if isinstance(output, list) else [output]
    return [one for one in values if isinstance(one, str) and one.startswith("http")]


CASES: Final = (
    Case(
        "lifecycle",
        "a prediction lives from its creation to its end",
        1,
        ("create", "get"),
        lifecycle,
    ),
    Case("cancel", "a prediction is canceled", 1, ("create", "cancel"), cancel),
    Case("sync", "a create call waits for its prediction", 1, ("create", "sync"), sync),
)
