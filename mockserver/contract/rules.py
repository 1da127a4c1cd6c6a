"""Every rule, once: its code, what it says, and where that is from.

Families: L lifecycle, S schema and shape, E errors, U addresses, A accounts and leakage, P sync
answers (`Prefer`), T streams, W webhooks, G gateways seen from both ends, D documents.
"""

from __future__ import annotations

from typing import Final

from mockserver.contract.finding import Rule, Severity


_LIFECYCLE: Final = "replicate.com/docs/topics/predictions/lifecycle"
_HTTP: Final = "replicate.com/docs/reference/http"
_DOCUMENTS: Final = "the documents' response examples"
_PROFILE: Final = "the gateway's profile"

STATUS_KNOWN: Final = Rule("L101", "A status is one of the six", _LIFECYCLE)
STATUS_REACHABLE: Final = Rule(
    "L102", "A later look sees a status that can follow the earlier one", _LIFECYCLE
)
ENDED_IS_FINAL: Final = Rule(
    "L103", "What has ended stays as it ended; only its data may be removed", _LIFECYCLE
)
TIMES_ORDERED: Final = Rule(
    "L104", "created_at, started_at and completed_at follow each other", _HTTP
)
TIMES_STABLE: Final = Rule("L105", "A start that was told stays the same", _HTTP)
LOGS_GROW: Final = Rule("L106", "Logs only grow at their end", _HTTP)
NOTHING_BEFORE_THE_RUN: Final = Rule(
    "L107", "There is no output while a prediction is starting", _DOCUMENTS
)
OUTPUT_GROWS: Final = Rule("L108", "A list of outputs only grows at its end", _HTTP)
IDENTITY_STABLE: Final = Rule(
    "L109", "id, model, version, input and created_at never change", _HTTP
)
ID_TELLS_TIME: Final = Rule(
    "L110",
    "An id of upstream's form carries the millisecond of created_at",
    "decoded from 20 published ids, 2024 to 2026",
    Severity.SHOULD,
)
FAILURE_HAS_A_REASON: Final = Rule("L111", "error is told with failed, and only then", _HTTP)
END_IS_TOLD: Final = Rule("L112", "completed_at is told with the end, and not before", _HTTP)
REMOVED_STAYS_REMOVED: Final = Rule(
    "L113",
    "Data that was removed does not come back",
    "replicate.com/docs/topics/predictions/data-retention",
)
PROMISED_END: Final = Rule("L114", "A prediction ends as its scenario says", "fixtures/scenarios")

STATUS_AS_PROFILED: Final = Rule("S101", "An operation answers with its own status", _PROFILE)
STATUS_DESCRIBED: Final = Rule(
    "S102", "A status is one that the served OpenAPI document describes", "GET /openapi.json"
)
MEDIA_TYPE_DESCRIBED: Final = Rule(
    "S103", "A media type is one that the served OpenAPI document describes", "GET /openapi.json"
)
BODY_DESCRIBED: Final = Rule(
    "S104", "A body obeys the schema of the served OpenAPI document", "GET /openapi.json"
)
MEMBERS_AS_PROFILED: Final = Rule(
    "S105", "A prediction has the documented members, in the documented order", _DOCUMENTS
)
INPUT_ECHOED: Final = Rule(
    "S106", "input comes back as it was sent, every number exact, no default added", _DOCUMENTS
)
INPUT_SORTED: Final = Rule(
    "S107", "The keys of the echoed input are sorted", _DOCUMENTS, Severity.SHOULD
)
BORN_STARTING: Final = Rule("S108", "A create call answers a prediction at rest", _DOCUMENTS)
OUTPUT_AS_MODELED: Final = Rule(
    "S109", "The output has the form and the number that the model's schema says", "schemas/models"
)
OUTPUT_IS_A_PICTURE: Final = Rule(
    "S110", "The address of an output gives a picture of the asked format", _HTTP
)
LIST_NEWEST_FIRST: Final = Rule("S111", "A list is complete, without doubles, newest first", _HTTP)
NEIGHBOURS_LEAD_BACK: Final = Rule("S112", "next and previous lead to each other", _HTTP)
CREATED_ANEW: Final = Rule("S113", "Every create call makes a prediction of its own", _HTTP)
OPERATION_THERE: Final = Rule("S116", "An operation that is documented is there", _PROFILE)
MODEL_AS_ASKED: Final = Rule("S115", "A prediction is of the model that was asked for", _HTTP)
METRICS_ADD_UP: Final = Rule("S114", "The metrics are the distances of the times", _HTTP)

WAITED_FOR_ENDS: Final = Rule(
    "L115", "A prediction that is waited for ends within the deadline", _LIFECYCLE
)

REFUSED_AS_PROFILED: Final = Rule("E101", "A refusal has the status of its kind", _PROFILE)
ENVELOPE_AS_PROFILED: Final = Rule("E102", "A refusal is worded in the envelope", _PROFILE)
FAULT_IS_NAMED: Final = Rule("E103", "A refusal of an input names the field at fault", _HTTP)
REQUEST_ID_TOLD: Final = Rule(
    "E104", "The request id of a refusal is told in a header and in the message", _PROFILE
)
WAY_OUT_TOLD: Final = Rule(
    "E105", "A wrong method is told the right ones (Allow)", "RFC 9110 15.5.6"
)

URLS_USABLE: Final = Rule(
    "U101", "urls lead to an address that the same token can use", "gateways document no other use"
)
ACCOUNTS_ISOLATED: Final = Rule(
    "A101", "A prediction is known to the account that made it, and to no other", _HTTP
)

ANSWER_AS_DOCUMENTED: Final = Rule(
    "D101", "The documents' request gets the documents' answer", _DOCUMENTS
)

_STREAMING: Final = "replicate.com/docs/topics/predictions/streaming"
_WEBHOOKS: Final = "replicate.com/docs/topics/webhooks"

STREAM_ENDS_WITH_DONE: Final = Rule(
    "T101", "done is the last event of a stream, and there is one", _STREAMING
)
STREAM_IN_ORDER: Final = Rule("T102", "The ids of a stream's events differ and rise", _STREAMING)
STREAM_TELLS_THE_OUTPUT: Final = Rule(
    "T103", "A stream tells the outputs and logs that a look finds", _STREAMING
)
COMPLETED_ONCE: Final = Rule("W101", "The end is told once, whatever else is asked", _WEBHOOKS)
HOOK_TELLS_THE_PREDICTION: Final = Rule(
    "W102", "A webhook's body is the prediction as a look finds it", _WEBHOOKS
)
HOOK_IS_SIGNED: Final = Rule(
    "W103", "A webhook is signed with the account's secret", "Standard Webhooks 1.0.0"
)
STREAM_IS_TYPED: Final = Rule("T104", "A stream is text/event-stream", "HTML Standard, 9.2")
HOOK_ARRIVES: Final = Rule("W104", "The end of a prediction is told to its webhook", _WEBHOOKS)

_PREFER: Final = "replicate.com/docs/topics/predictions/create-a-prediction, sync mode"
WAIT_HONOURED: Final = Rule(
    "P101", "A create call that asks to wait is held, or told that it is not", _PREFER
)
WAIT_RUN_OUT_IS_STARTING: Final = Rule(
    "P102",
    "A sync answer without an end and without output says starting",
    "replicate-python, run.py; replicate-javascript, index.js: all others are final to them",
)
WAIT_KEPT_SHORT: Final = Rule(
    "P103", "A create call is held no longer than it asked", _PREFER, Severity.SHOULD
)

STRANGERS_REFUSED: Final = Rule(
    "A102", "Who sends no token, or none that was given out, is refused with 401", _HTTP
)
TOKEN_UNTOLD: Final = Rule(
    "A103",
    "Nothing that a gateway says holds the token that it was asked with",
    "RFC 9110 17.16.3: answers are logged, shown and handed on; credentials are not for that",
)
MISTAKES_BLAMED: Final = Rule(
    "E106", "What is wrong with a request is told with a status from 400 to 499", "RFC 9110 15.5"
)
REFUSAL_IS_JSON: Final = Rule("E107", "A refusal is JSON", _PROFILE)
ANSWERED: Final = Rule("E108", "Every request gets an answer", "RFC 9110 3.4")
LOCATION_IS_GET: Final = Rule(
    "U102", "Location and urls.get of a new prediction name the same resource", "RFC 9110 10.2.2"
)
