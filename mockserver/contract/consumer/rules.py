"""Family C: what a good client does. The last two digits of a code are its promise's number.

C101 and C201 are about K1, C116 and C216 about K16; see `library/faults/promises.py`.
"""

from __future__ import annotations

from typing import Final

from mockserver.contract.finding import Rule, Severity


_HTTP: Final = "replicate.com/docs/reference/http"
_LIFECYCLE: Final = "replicate.com/docs/topics/predictions/lifecycle"
_CREATE: Final = "replicate.com/docs/topics/predictions/create-a-prediction"
_OUTPUTS: Final = "replicate.com/docs/topics/predictions/output-files"
_RETRY_AFTER: Final = "RFC 9110, 10.2.3"
_RATE_LIMITS: Final = "replicate.com/docs/topics/predictions/rate-limits"

ONE_JOB: Final = Rule(
    "C101",
    "One call of the client starts one job, whatever it was told of the first",
    "RFC 9110, 9.2.2: POST is not idempotent, and upstream knows no key that would make it so",
)

SECONDS_WAITED: Final = Rule("C102", "Retry-After in seconds is waited for", _RETRY_AFTER)
PAUSED_ANYWAY: Final = Rule(
    "C202",
    "A refusal that passes is followed by a pause, also where Retry-After cannot be read",
    _RATE_LIMITS,
)
DATE_WAITED: Final = Rule(
    "C103", "Retry-After as a date, in each of its three forms, is waited for", "RFC 9110, 5.6.7"
)
NO_ABSURD_WAIT: Final = Rule(
    "C104", "A Retry-After of more than two minutes is refused, not slept through", _RETRY_AFTER
)

LOOKS_END: Final = Rule("C105", "What has ended is not polled any more", _LIFECYCLE)
ENDS_AT_EVERY_END: Final = Rule("C205", "Every final status ends the wait", _LIFECYCLE)
UNKNOWN_STATUS_BOUNDED: Final = Rule(
    "C305", "A status that the client does not know is waited on for a bounded time", _LIFECYCLE
)
DEADLINE: Final = Rule("C106", "The whole wait has a deadline", _LIFECYCLE)

NO_FALSE_SUCCESS: Final = Rule(
    "C107", "Success is reported of a prediction that succeeded, and of no other", _LIFECYCLE
)
OUTPUT_CHECKED: Final = Rule(
    "C207", "Success is reported with an output of the promised shape only", _OUTPUTS
)
OUTPUTS_COUNTED: Final = Rule(
    "C307",
    "As many outputs are reported as were asked for",
    "github.com/replicate/cog-flux: unsafe pictures are left out of the list",
    Severity.SHOULD,
)
OUTPUT_AS_TOLD: Final = Rule("C407", "What the client gives back is what was made", _OUTPUTS)
POLLS_AFTER_SYNC: Final = Rule(
    "C108",
    "A create answer that is neither final nor has an output is polled on",
    f"{_CREATE}, sync mode",
)

TOKEN_AT_HOME: Final = Rule("C109", "The token goes to the configured origin alone", _HTTP)
TOKEN_SENT: Final = Rule("C209", "Every call of the API carries the token", _HTTP)
PATHS_KNOWN: Final = Rule(
    "C309",
    "Only addresses are called that urls tells, or that stand below the configured base URL",
    _HTTP,
)

ERROR_OF_ITS_OWN: Final = Rule(
    "C110", "A bad answer becomes an error of the client's own, not a crash", _HTTP
)
ERROR_TELLS_STATUS: Final = Rule(
    "C210", "The error for a bad answer tells its status", _HTTP, Severity.SHOULD
)
ERROR_TELLS_BODY: Final = Rule(
    "C310", "The error for a bad answer tells the first bytes of it", _HTTP, Severity.SHOULD
)
NOT_ASKED_AGAIN: Final = Rule(
    "C410", "What was refused for good is not asked again", "RFC 9110, 15.5"
)

READS_TOLERANTLY: Final = Rule(
    "C111", "Members that are unknown, missing or null do not matter", _HTTP
)
ID_CHECKED: Final = Rule("C112", "An answer about another prediction is not taken", _HTTP)
MODEL_CHECKED: Final = Rule(
    "C212", "An answer about another model is not taken", _HTTP, Severity.SHOULD
)
CUT_NOTICED: Final = Rule("C113", "A file or a stream that was cut is noticed", "RFC 9112, 8")
DOWNLOAD_CHECKED: Final = Rule(
    "C115", "A download that was refused, is empty or is a page for people is noticed", _OUTPUTS
)
PICTURE_CHECKED: Final = Rule(
    "C215",
    "A picture of another format or size than was asked for, or a broken one, is noticed",
    _OUTPUTS,
    Severity.SHOULD,
)
DOWNLOADED_IN_TIME: Final = Rule(
    "C315",
    "Outputs are downloaded before they are removed, an hour after the end",
    "replicate.com/docs/topics/predictions/data-retention",
)

LOOKS_AGAIN: Final = Rule("C116", "A look that failed for a moment is repeated", "RFC 9110, 9.2.2")
LOOKS_AGAIN_LATER: Final = Rule("C216", "A look is repeated after a pause", _RATE_LIMITS)
METHOD_KEPT: Final = Rule(
    "C117", "A create call that is redirected does not become a GET", "RFC 9110, 15.4"
)
ORIGIN_KEPT: Final = Rule(
    "C217", "A create call is not repeated at another origin", "RFC 9110, 15.4"
)
TOKEN_KEPT: Final = Rule(
    "C317", "A redirect on the same origin is followed with the token", "RFC 9110, 15.4"
)
POLLS_APART: Final = Rule(
    "C118", "Looks at one prediction are at least a quarter of a second apart", _RATE_LIMITS
)
PAUSES_GROW: Final = Rule(
    "C218", "The pauses between many looks grow", _RATE_LIMITS, Severity.SHOULD
)
DRIP_BOUNDED: Final = Rule(
    "C119", "The wait has a deadline although bytes keep coming", "RFC 9112, 9.5"
)
CANCELED: Final = Rule(
    "C120",
    "What the client gives up is canceled",
    "replicate.com/docs/topics/predictions/lifecycle: a job that nobody waits for costs money",
)


def promise_of(code: str) -> str:
    """The promise that the rule of this code is about."""
    return f"K{int(code[2:])}"
