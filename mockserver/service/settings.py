"""What a fake is started with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mockserver.library.gateways import UrlsMode


class OutputForm(StrEnum):
    """How output files are handed out: as URLs, as `data:` URIs, or as upstream does."""

    AUTO = "auto"
    URL = "url"
    DATA = "data"


class SyncStyle(StrEnum):
    """How a `Prefer: wait` is answered: as recorded from upstream, or as documented there.

    Recorded: a success is told as `processing` with its outputs, a wait that ran out has the
    status of any create. Documented: a success is told whole, and a wait that ran out has a status
    of its own.
    """

    RECORDED = "recorded"
    DOCUMENTED = "documented"


@dataclass(frozen=True, slots=True)
class Settings:
    """The switches of one fake; every default is what a newcomer needs.

    `gateway` is spoken wherever a path or a `Host` names no other; `relay` under `/replicate/v1`
    as long as `gateway` is upstream itself, whose paths do not begin so.
    `urls` None leaves it to each profile where `urls` of a prediction lead.
    `tokens` empty accepts every token that could be one.
    """

    gateway: str = "replicate"
    relay: str = "winfull"
    clock: str = "real"
    seed: int = 0
    scenario: str = "happy"
    outputs: OutputForm = OutputForm.AUTO
    sync: SyncStyle = SyncStyle.RECORDED
    urls: UrlsMode | None = None
    public_url: str = ""
    tokens: frozenset[str] = frozenset()
    allowed_hosts: frozenset[str] = frozenset()
