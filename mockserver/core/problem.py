"""Refusals, as values that can be raised anywhere below web/ and are worded once, there.

    Problem                      500  the fake itself failed
    ├── Unauthenticated          401  a token that cannot be right
    │   └── TokenMissing              no token at all
    ├── NotFound                 404  nothing has this name
    │   ├── PredictionNotFound
    │   ├── ModelNotFound
    │   ├── OutputNotFound
    │   ├── FileNotFound
    │   ├── DestinationNotFound
    │   ├── PathNotFound
    │   │   └── NotRecorded      424  it is not on the cassette that is played
    │   └── InvalidCursor
    ├── MethodNotAllowed         405
    ├── Conflict                 409  what is asked for does not go with what is there
    ├── InsufficientCredit       402  the account cannot pay
    │   └── FreeLimitReached          and has used what was free
    ├── Forbidden                403  the account may not
    ├── Throttled                429  the account asks too often
    │   └── ThrottledReduced          for an account of its kind
    │       └── ThrottledUnpaid       that has no payment method
    ├── BodyMalformed            400  the body is not what its type says
    ├── DeadlineInvalid          400  a duration that cannot be read, or out of bounds
    ├── BodyTooLarge             413
    │   └── FileTooLarge
    ├── InvalidVersion           422
    ├── InputInvalid             422  it is JSON, but not what the schema asks for
    ├── Refused                  403  the control API was asked from where it must not be
    │   └── Elsewhere                 or a recorder for a place that upstream never named
    ├── Misdirected              421  the control API was asked by a name that is not ours
    ├── BadControl               400  the control API did not understand
    ├── FaultRefused             501  a fault was asked for that this edge cannot perform
    └── UnsupportedMediaType     415  the control API was sent something other than JSON

`kind` is the name by which a gateway's profile respells a problem.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar


class Problem(Exception):
    """A request that is refused: `status`, a `title`, and a `detail` that shows what was seen."""

    kind: str = "internal"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Internal Server Error"

    def __init__(self, detail: str = "", **facts: str) -> None:
        super().__init__(detail)
        self.detail = detail
        self.facts: Mapping[str, str] = facts

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Headers that belong to this refusal."""
        return ()

    @property
    def invalid_fields(self) -> Sequence[Mapping[str, str]]:
        """The single fields that are wrong, where that is known."""
        return ()


class Unauthenticated(Problem):
    """There is no token, or one that nobody can have been given."""

    kind = "unauthenticated_invalid"
    status = 401
    title = "Unauthenticated"


class TokenMissing(Unauthenticated):
    """There is no token at all."""

    kind = "unauthenticated_missing"


class NotFound(Problem):
    """Nothing has this name."""

    kind = "not_found"
    status = 404
    title = "Not found"


class PredictionNotFound(NotFound):
    """No prediction of this account has this id."""


class ModelNotFound(NotFound):
    """No model that is served has this name."""

    kind = "model_not_found"


class OutputNotFound(NotFound):
    """No output file is, or is still, at this address."""


class FileNotFound(NotFound):
    """No file that this account uploaded has this id, or has it still."""

    kind = "file_not_found"


class DestinationNotFound(NotFound):
    """The model that a training is to make a version of does not exist."""

    kind = "destination_not_found"


class PathNotFound(NotFound):
    """The API has no such path."""

    kind = "path_not_found"


class NotRecorded(PathNotFound):
    """What is asked is not on the cassette. Clients try again after most other codes than 424."""

    kind = "not_recorded"
    status = 424
    title = "Not on the cassette"


class InvalidCursor(NotFound):
    """A cursor that no page gave out."""

    kind = "invalid_cursor"


class MethodNotAllowed(Problem):
    """The path exists, but not for this method; `allowed` lists those it exists for."""

    kind = "method_not_allowed"
    status = 405
    title = "Method not allowed"

    def __init__(self, method: str, allowed: Sequence[str]) -> None:
        super().__init__(f'Method "{method}" not allowed.', method=method)
        self.allowed = tuple(sorted(allowed))

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        return (("Allow", ", ".join(self.allowed)),)


class Conflict(Problem):
    """What is asked for does not go with what is there; `detail` says why."""

    kind = "conflict"
    status = 409
    title = "Conflict"


class InsufficientCredit(Problem):
    """The account has no credit to create anything with."""

    kind = "insufficient_credit"
    status = 402
    title = "Insufficient credit"


class FreeLimitReached(InsufficientCredit):
    """The account has used up the time that was free, and has no billing."""

    kind = "free_limit_reached"
    title = "Free time limit reached"


class Forbidden(Problem):
    """The account is known, and may do nothing here."""

    kind = "forbidden"
    status = 403
    title = "Forbidden"


class Throttled(Problem):
    """The account asks more often than it may; facts: limit, burst, retry_after (seconds)."""

    kind = "throttled"
    status = 429
    title = "Too many requests"


class ThrottledReduced(Throttled):
    """The same for an account whose limit is reduced."""

    kind = "throttled_reduced"


class ThrottledUnpaid(ThrottledReduced):
    """The same until it adds a payment method."""

    kind = "throttled_unpaid"


class DeadlineInvalid(Problem):
    """`Cancel-After` cannot be read, or lies out of bounds."""

    kind = "deadline_invalid"
    status = 400
    title = "Invalid deadline"


class BodyMalformed(Problem):
    """The body is not strict UTF-8 JSON."""

    kind = "body_malformed"
    status = 400
    title = "Malformed body"


class BodyTooLarge(Problem):
    """The body has more bytes than are accepted."""

    kind = "body_too_large"
    status = 413
    title = "Body too large"


class FileTooLarge(BodyTooLarge):
    """An uploaded file has more bytes than are accepted."""

    kind = "file_too_large"


class InvalidVersion(Problem):
    """No version that is served has this name."""

    kind = "invalid_version"
    status = 422
    title = "Invalid version or not permitted"


class InputInvalid(Problem):
    """The body is JSON, but not what the schema asks for."""

    kind = "input_invalid"
    status = 422
    title = "Input validation failed"

    def __init__(self, detail: str, invalid_fields: Sequence[Mapping[str, str]]) -> None:
        super().__init__(detail)
        self._invalid_fields = tuple(invalid_fields)

    @property
    def invalid_fields(self) -> Sequence[Mapping[str, str]]:
        return self._invalid_fields


class Refused(Problem):
    """The control API was asked from a page of another site."""

    kind = "refused"
    status = 403
    title = "Refused"


class Elsewhere(Refused):
    """A recorder was asked for a place that no answer of upstream's has led to."""

    title = "Not a place of upstream's"


class Misdirected(Problem):
    """The control API was asked under a host name that is not ours."""

    kind = "misdirected"
    status = 421
    title = "Misdirected request"


class BadControl(Problem):
    """The control API did not understand what it was asked."""

    kind = "bad_control"
    status = 400
    title = "Bad request"


class FaultRefused(Problem):
    """A fault was asked for that needs what is not there; the text says what, and the way."""

    kind = "fault_refused"
    status = 501
    title = "Fault refused"


class UnsupportedMediaType(Problem):
    """The control API reads JSON only, so that no form of another site can write to it."""

    kind = "unsupported_media_type"
    status = 415
    title = "Unsupported media type"
