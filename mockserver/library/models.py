"""A model: what it takes, gives, prints, costs, and how long it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final


class OutputKind(StrEnum):
    """What stands in `output`: an address or several, a text or its pieces, any other JSON."""

    FILE = "file"
    FILES = "files"
    TEXT = "text"
    CHUNKS = "chunks"
    JSON = "json"


class Medium(StrEnum):
    """What is in the files of a model."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    TEXT = "text"


MATCH_POLICIES: Final = ("kontext17", "fit1440")
"""How a picture is sized after its input: the nearest of a table, or fitted into 1440 by 1440."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a model starts and runs."""

    boot_ms: int
    run_ms: int


@dataclass(frozen=True, slots=True)
class LogLine:
    """Text that a run prints when it is `at` (0 to 1) of its way; may hold {seed}, {outputs}."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Wording:
    """What a model writes: `template`, its {names} being inputs, or so many drawn `tokens`."""

    tokens: int = 40
    template: str = ""


@dataclass(frozen=True, slots=True)
class Conditional:
    """A rule that depends on another input: if `when` holds, `then` must; on only if `default`."""

    name: str
    default: bool
    when: Mapping[str, object] = field(hash=False)
    then: Mapping[str, object] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Model:
    """A model; `version` is what predictions show, `version_id` what a caller may ask for."""

    owner: str
    name: str
    version: str
    version_id: str
    title: str
    description: str
    input_schema: Mapping[str, object] = field(hash=False, repr=False)
    output_schema: Mapping[str, object] = field(hash=False, repr=False)
    output_kind: OutputKind
    timing: Timing
    price_usd_per_output: Decimal
    log: tuple[LogLine, ...]
    pixel_sizes: Mapping[str, tuple[int, int]] = field(hash=False, repr=False)
    match_policy: str
    output_name: str
    nsfw_error: str
    conditional: Conditional | None = None
    medium: Medium = Medium.IMAGE
    wording: Wording = Wording()
    input_decides_size: bool = False
    """Whether a picture that is given decides the size, whatever ratio is asked for."""
    file_inputs: tuple[str, ...] = field(init=False)
    """The inputs that take the address of a file, in the order callers see them."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "file_inputs", tuple(_file_inputs(self.input_schema)))

    @property
    def full_name(self) -> str:
        """`owner/name`, as predictions show it."""
        return f"{self.owner}/{self.name}"

    @property
    def official(self) -> bool:
        """Whether it is run by its name alone: such models hide their version."""
        return self.version == "hidden"

    @property
    def makes_files(self) -> bool:
        """Whether each piece of its output is the address of a file."""
        return self.output_kind in {OutputKind.FILE, OutputKind.FILES}

    @property
    def makes_list(self) -> bool:
        """Whether its output is a list, of which each element is a piece."""
        return self.output_kind in {OutputKind.FILES, OutputKind.CHUNKS}

    @property
    def grows(self) -> bool:
        """Whether the pieces of its output are told one by one while it runs."""
        return self.makes_list and self.output_schema.get("x-cog-array-type") == "iterator"

    @property
    def reads_pictures(self) -> bool:
        """Whether the files it is given are looked at: they decide what its pictures show."""
        return self.makes_files and self.medium in {Medium.IMAGE, Medium.VIDEO}

    def default(self, name: str) -> object:
        """What the input `name` is where the caller leaves it out; None if that is not said."""
        properties = self.input_schema.get("properties")
        described = properties.get(name) if isinstance(properties, Mapping) else None
        return described.get("default") if isinstance(described, Mapping) else None

    @property
    def version_names(self) -> tuple[str, ...]:
        """The ways to ask for it as a version; the name alone is enough for an official model."""
        by_id = (f"{self.full_name}:{self.version_id}", self.version_id)
        return (self.full_name, *by_id) if self.official else by_id


def _file_inputs(input_schema: Mapping[str, object]) -> list[str]:
    properties = input_schema.get("properties")
    described = properties.items() if isinstance(properties, Mapping) else ()
    found = [(one["x-order"], name) for name, one in described if one.get("format") == "uri"]
    return [name for _, name in sorted(found)]
