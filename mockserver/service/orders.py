"""What a client may ask for: bodies of create calls, read strictly and checked by schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from mockserver.core.problem import BodyMalformed, BodyTooLarge, InputInvalid, InvalidVersion
from mockserver.core.webhook import ALIAS_EVENTS
from mockserver.library.catalogue import Catalogue
from mockserver.library.faults.kinds import Strike
from mockserver.library.invalid_fields import problem_detail
from mockserver.library.json_text import JsonError, loads
from mockserver.library.models import Model
from mockserver.library.pieces import pieces
from mockserver.library.request_body import MEMBERS, request_schema
from mockserver.library.validate import Validator
from mockserver.service.faults import Set


MOST_BYTES: Final = 50 * 1024 * 1024
"""The largest body of a create call; upstream documents none, and fails on files above 20 MB."""


Find = Callable[[str], Model | None]
"""The model that a version asks for, if there is one."""


@dataclass(frozen=True, slots=True)
class Order:
    """A create call that was accepted: the model, its input as sent, and where to report."""

    model: Model
    input: Mapping[str, object]
    webhook: str | None = None
    webhook_events_filter: tuple[str, ...] = ()
    deadline_ms: int | None = None
    """When it is to be ended if it has not ended, counted from creation."""
    deployment: str = ""
    """The deployment that was asked, as `owner/name`."""
    faults: tuple[Set, ...] = ()
    """The faults that go with the prediction."""
    struck: tuple[Strike, ...] = ()
    """Those that strike the order itself, and may plan its life otherwise."""

    @property
    def prompt(self) -> str:
        """The prompt, or nothing."""
        prompt = self.input.get("prompt", "")
        return prompt if isinstance(prompt, str) else ""

    @property
    def outputs(self) -> int:
        """How many pieces of output are asked for."""
        return pieces(self.model, self.input)


class Orders:
    """Reads and checks create calls; validators are made once for each model."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._validators: dict[tuple[str, bool], Validator] = {}
        self._inputs: dict[str, Validator] = {}

    def for_model(self, body: bytes, model: Model, *, known_only: bool = False) -> Order:
        """The order of a create call under the model's own path.

        `known_only`: members around the input that nobody knows are passed over.
        """
        parsed = parsed_body(body)
        if known_only and isinstance(parsed, Mapping):
            parsed = {name: parsed[name] for name in parsed if name in MEMBERS}
        return self._checked(parsed, model, versioned=False)

    def for_input(self, body: bytes, model: Model, beside: Mapping[str, object]) -> Order:
        """The order of a body that is the input itself; `beside` is what else was said."""
        validator = self._inputs.get(model.full_name)
        if validator is None:
            validator = self._inputs[model.full_name] = Validator(model.input_schema)
        given = valid_body(validator, parsed_body(body))
        if beside:
            valid_body(_around(versioned=False), {"input": given, **beside})
        return _order({"input": given, **beside}, model)

    def for_version(self, body: bytes, find: Find | None = None) -> Order:
        """The order of a create call that names its version in the body; `find` knows versions."""
        parsed = parsed_body(body)
        version = parsed.get("version") if isinstance(parsed, Mapping) else None
        if not isinstance(version, str):
            # Any input will do: what is wrong with this body is that it names no version.
            valid_body(_around(versioned=True), parsed)
        model = (find or self._catalogue.model_of_version)(str(version))
        if model is None:
            raise InvalidVersion(_UNKNOWN_VERSION)
        return self._checked(parsed, model, versioned=True)

    def _checked(self, parsed: object, model: Model, *, versioned: bool) -> Order:
        key = model.full_name, versioned
        validator = self._validators.get(key)
        if validator is None:
            validator = Validator(request_schema(model.input_schema, versioned=versioned))
            self._validators[key] = validator
        return _order(valid_body(validator, parsed), model)


@cache
def _around(*, versioned: bool) -> Validator:
    """What checks a body around its input, whatever that is."""
    return Validator(request_schema({"type": "object"}, versioned=versioned))


_UNKNOWN_VERSION = (
    "The specified version does not exist (or perhaps you don't have permission to use it?)"
)


def parsed_body(body: bytes) -> object:
    """The JSON of a body. Raises `BodyTooLarge`, `BodyMalformed`."""
    if len(body) > MOST_BYTES:
        raise BodyTooLarge(f"The body has {len(body)} bytes; at most {MOST_BYTES} are read")
    try:
        return loads(body)
    except JsonError as reason:
        raise BodyMalformed(f"The body must be JSON in UTF-8: {reason}") from None


def valid_body(validator: Validator, parsed: object) -> Mapping[str, Any]:
    """The body, if it obeys its schema. Raises `InputInvalid`."""
    if isinstance(parsed, Mapping) and validator.is_valid(parsed):
        return parsed
    found = validator.violations(parsed)
    fields = [
        {"type": one.type, "field": one.field, "description": one.description} for one in found
    ]
    raise InputInvalid(problem_detail(found), fields)


def _order(parsed: Mapping[str, Any], model: Model) -> Order:
    return Order(
        model=model,
        input=parsed["input"],
        webhook=parsed.get("webhook") or parsed.get("webhook_completed"),
        webhook_events_filter=webhook_events(parsed),
    )


def webhook_events(parsed: Mapping[str, Any]) -> tuple[str, ...]:
    """What the webhook is told; nothing leaves it to the default."""
    if parsed.get("webhook_completed") and not parsed.get("webhook"):
        return ALIAS_EVENTS
    return tuple(parsed.get("webhook_events_filter") or ())
