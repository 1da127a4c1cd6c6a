"""Bodies of the registry's operations, checked against the schemas that its document shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from mockserver.library.strict import json_table
from mockserver.library.validate import Validator
from mockserver.service.orders import parsed_body, valid_body


_FILE: Final = "openapi.json"


class Forms:
    """The request schemas of `openapi.json` by name, each compiled when it is first used."""

    def __init__(self, schemas: Path) -> None:
        self._schemas = schemas
        self._components: Mapping[str, Any] = {}
        self._validators: dict[object, Validator] = {}

    def read(self, name: str, body: bytes, **choices: Sequence[str]) -> Mapping[str, Any]:
        """The body, if it obeys the component `name`, with `choices` in the place of its own.

        A text for which there are no choices is free.

        Raises `BodyMalformed`, `InputInvalid`.
        """
        return self.check(name, parsed_body(body), **choices)

    def check(self, name: str, value: object, **choices: Sequence[str]) -> Mapping[str, Any]:
        """The same of something that is read already. Raises `InputInvalid`."""
        key = name, tuple((what, tuple(these)) for what, these in choices.items())
        validator = self._validators.get(key)
        if validator is None:
            validator = self._validators[key] = Validator(self._narrowed(name, choices))
        return valid_body(validator, value)

    def _narrowed(self, name: str, choices: Mapping[str, Sequence[str]]) -> Mapping[str, Any]:
        if not self._components:
            components = json_table(self._schemas / _FILE).raw("components")
            self._components = components["schemas"]  # type: ignore[assignment]  # our own file
        schema = self._components[name]
        named = {
            what: {"type": "string", **({"enum": list(these)} if these else {})}
            for what, these in choices.items()
        }
        return {**schema, "properties": {**schema["properties"], **named}}
