"""The rules of the family H: what somebody else's receiver of webhooks must do."""

from __future__ import annotations

from typing import Final

from mockserver.contract.finding import Rule, Severity


_STANDARD: Final = "Standard Webhooks 1.0.0"
_WEBHOOKS: Final = "replicate.com/docs/topics/webhooks"

RIGHT_IS_TAKEN: Final = Rule("H101", "A webhook that is signed right is answered 2xx", _WEBHOOKS)
FORGED_IS_REFUSED: Final = Rule(
    "H102", "What is not signed with the secret is refused with 4xx", _STANDARD
)
TIME_IS_COMPARED: Final = Rule(
    "H103",
    "A timestamp that is not within five minutes of now is refused with 4xx",
    "Standard Webhooks 1.0.0; replicate.com/docs/topics/webhooks/verify-webhook",
)
EVERY_SIGNATURE_COUNTS: Final = Rule(
    "H104", "One right signature among several is enough, wherever it stands", _STANDARD
)
ONLY_V1_COUNTS: Final = Rule(
    "H105", "A code under another scheme than v1 proves nothing", _STANDARD
)
RAW_BYTES_ARE_VERIFIED: Final = Rule(
    "H106", "Verified are the bytes that came, not what the parsed JSON looks like", _STANDARD
)
AGAIN_IS_TAKEN: Final = Rule("H107", "A webhook that comes again is answered 2xx again", _WEBHOOKS)
AGAIN_DOES_NOTHING: Final = Rule(
    "H108", "A webhook that comes again changes nothing", "Standard Webhooks 1.0.0: idempotency"
)
ORDER_DOES_NOT_MATTER: Final = Rule(
    "H109",
    "In whatever order a job is told, the end is what is believed",
    "replicate.com/docs/topics/webhooks: they may come out of order, and before create answers",
)
ANSWERED_SOON: Final = Rule(
    "H110",
    "A webhook is answered within five seconds; the work comes later",
    "replicate.com/docs/topics/webhooks: within a few seconds; the figure is assumed",
    Severity.SHOULD,
)
NOTHING_FAILS_IT: Final = Rule(
    "H111",
    "What makes no sense is answered, and not with 5xx",
    "RFC 9110 15.5: what is wrong with a request is told with 4xx; a 5xx brings it again",
    Severity.SHOULD,
)
SLOW_KEEPS_NOBODY: Final = Rule(
    "H112", "A sender that is slow keeps no other waiting", "CWE-400, known as Slowloris"
)
KEY_IS_DECODED: Final = Rule(
    "H113", "The key is what the secret behind whsec_ means in base64", _STANDARD
)
