"""What clients do wrong with what they are told, and where they go with their token."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mockserver.contract.consumer import rules
from mockserver.core.fault import Operation
from mockserver.core.timeline import RETENTION_MS
from tests.contract.consumer.conducts import (
    CRASHED,
    CREATE,
    FILE,
    GOOD,
    OUTPUT,
    RAISED,
    RETURNED,
    Broken,
    Said,
    conduct,
    created,
    downloaded,
    looked,
    refused,
    told,
)


ENDS: Final = (
    Broken(
        rules.NO_FALSE_SUCCESS,
        "returns what failed",
        conduct(created(), looked(1_000, told("failed")), status="failed"),
    ),
    Broken(
        rules.OUTPUT_CHECKED,
        "returns null",
        conduct(created(), looked(1_000, told("succeeded")), end=replace(RETURNED, outputs=())),
    ),
    Broken(
        rules.OUTPUT_CHECKED,
        "returns nothing of what there is",
        conduct(*GOOD, end=replace(RETURNED, outputs=())),
    ),
    Broken(
        rules.OUTPUT_AS_TOLD,
        "returns another address",
        conduct(*GOOD, end=replace(RETURNED, outputs=(f"{OUTPUT}?",))),
    ),
    Broken(
        rules.OUTPUT_AS_TOLD,
        "returns other bytes",
        replace(
            conduct(*GOOD, end=replace(RETURNED, outputs=(b"another",))),
            files={FILE: b"a picture"},
        ),
    ),
    Broken(
        rules.TOKEN_AT_HOME,
        "shows its token to whoever keeps a file",
        conduct(
            *GOOD[:2], downloaded(1_100, host="elsewhere.example", token="a-token-of-the-audit")
        ),
    ),
    Broken(
        rules.TOKEN_SENT,
        "forgets its token",
        conduct(GOOD[0], refused(looked(500), 401, known=False, token=""), *GOOD[1:]),
    ),
    Broken(
        rules.PATHS_KNOWN,
        "cuts the base URL off",
        conduct(
            GOOD[0], refused(looked(500, path="/predictions/abc"), 404, unmatched=True), *GOOD[1:]
        ),
    ),
    Broken(
        rules.ERROR_OF_ITS_OWN,
        "crashes over a page",
        conduct(created(0, b"<html>", status=502), end=CRASHED, jobs=0),
    ),
    Broken(
        rules.ERROR_TELLS_STATUS,
        "hides which refusal it was",
        conduct(
            refused(created(), 402),
            end=replace(RAISED, said="a text that tells what is wrong"),
            jobs=0,
        ),
    ),
    Broken(
        rules.ERROR_TELLS_BODY,
        "hides the reason",
        conduct(refused(created(), 402), end=replace(RAISED, said="status 402"), jobs=0),
    ),
    Broken(
        rules.NOT_ASKED_AGAIN,
        "insists",
        conduct(
            refused(created(), 402),
            refused(created(500), 402),
            end=replace(RAISED, said="402: a text that tells what is wrong"),
            jobs=0,
        ),
    ),
    Broken(
        rules.READS_TOLERANTLY,
        "minds a member that it does not know",
        conduct(created(kinds=("shape.extra",)), end=CRASHED, status="processing"),
    ),
    Broken(
        rules.READS_TOLERANTLY,
        "minds a member that is null, at the end",
        conduct(created(), looked(1_000, kinds=("shape.null",)), end=RAISED),
    ),
    Broken(
        rules.CUT_NOTICED,
        "takes half a file",
        conduct(*GOOD[:2], downloaded(1_100, kinds=("out.url_truncated",))),
    ),
    Broken(
        rules.CUT_NOTICED,
        "takes a stream without its end",
        conduct(
            *GOOD[:2],
            Said(Operation.STREAM, 1_100, b"id: 1", path="/v1/streams/x", kinds=("sse.no_done",)),
        ),
    ),
    Broken(
        rules.DOWNLOAD_CHECKED,
        "keeps an error message",
        conduct(*GOOD[:2], refused(downloaded(1_100), 404)),
    ),
    Broken(
        rules.DOWNLOAD_CHECKED,
        "keeps a page for people",
        conduct(*GOOD[:2], downloaded(1_100, headers=(("Content-Type", "text/html"),))),
    ),
    Broken(
        rules.DOWNLOAD_CHECKED,
        "keeps nothing",
        conduct(*GOOD[:2], replace(downloaded(1_100, kinds=("out.url_zero_bytes",)), body=b"")),
    ),
    Broken(
        rules.PICTURE_CHECKED,
        "keeps noise",
        conduct(*GOOD[:2], downloaded(1_100, kinds=("out.image_corrupt",))),
    ),
    Broken(
        rules.DOWNLOADED_IN_TIME,
        "comes when all is removed",
        conduct(*GOOD[:2], downloaded(1_001 + RETENTION_MS)),
    ),
    Broken(
        rules.METHOD_KEPT,
        "lets a POST become a GET",
        conduct(
            refused(created(), 302),
            Said(
                Operation.LIST,
                10,
                {"detail": "a text that tells what is wrong"},
                405,
                method="GET",
                path=CREATE,
            ),
            end=replace(RAISED, said="405: a text that tells what is wrong"),
            jobs=0,
        ),
    ),
    Broken(
        rules.ORIGIN_KEPT,
        "repeats a POST elsewhere",
        conduct(
            refused(created(), 307),
            refused(created(10, host="elsewhere.example", token=""), 404),
            end=replace(RAISED, said="404: a text that tells what is wrong"),
            jobs=0,
        ),
    ),
    Broken(
        rules.TOKEN_KEPT,
        "loses its token on the way",
        conduct(
            GOOD[0],
            refused(looked(500), 307),
            refused(looked(510), 401, known=False, token=""),
            *GOOD[1:],
        ),
    ),
)
