"""The rules of the family G: a gateway seen from both ends, what went in beside what came out."""

from __future__ import annotations

from typing import Final

from mockserver.contract.finding import Rule


_CREATE: Final = "replicate.com/docs/topics/predictions/create-a-prediction"

KEY_STAYS_HERE: Final = Rule(
    "G101",
    "The client's secrets do not reach upstream, which has keys of its own",
    "RFC 9110 11.6.2: credentials are for the server that they were given for",
)
ASKED_IS_CARRIED: Final = Rule(
    "G102", "Prefer, Cancel-After, webhook and stream of a create call reach upstream", _CREATE
)
INPUT_IS_CARRIED: Final = Rule(
    "G103",
    "input reaches upstream as it was sent, every number exact",
    "RFC 8259 6: numbers beyond 2**53 survive only where nobody makes floats of them",
)
CREATED_ONCE: Final = Rule(
    "G104",
    "A create call makes one prediction upstream",
    "RFC 9110 9.2.2: what is not idempotent is not sent twice",
)
UPSTREAM_UNSEEN: Final = Rule(
    "G105",
    "Upstream's own address is told to no client",
    "RFC 9110 7.6: an intermediary answers in its own name; its clients have no key for upstream",
)
STATUS_IS_CARRIED: Final = Rule(
    "G106",
    "A refusal of upstream reaches the client with its status, or the one that is documented",
    "RFC 9110 15: clients decide by the status whether to pay, to correct or to try again",
)
STREAM_IS_CARRIED_ON: Final = Rule(
    "G107",
    "The events of a stream are passed on as upstream writes them, not all at the end",
    "HTML Standard, 9.2; nginx, proxy_buffering",
)
SENT_ONCE: Final = Rule(
    "G108",
    "What failed upstream is not tried again behind the client's back",
    "RFC 9110 9.2.2: a proxy does not repeat what is not idempotent",
)
WAIT_IS_TOLD: Final = Rule(
    "G109",
    "Retry-After and what is left of a limit reach the client with a refusal",
    "RFC 9110 10.2.3",
)
REWRITTEN_ALL: Final = Rule(
    "G110",
    "Location and urls are both rewritten, or neither",
    "RFC 9110 10.2.2; nginx, proxy_redirect: it rewrites headers, never bodies",
)
FAILURE_IS_JSON: Final = Rule(
    "G111",
    "A failure upstream is told as JSON, not as a page of the proxy",
    "RFC 9457 3; replicate.com/docs/reference/http",
)
UPSTREAM_IS_ASKED: Final = Rule(
    "G112",
    "An answer that tells of a success is upstream's, not kept or made up",
    "RFC 9111 4: what was answered before answers no other POST",
)
