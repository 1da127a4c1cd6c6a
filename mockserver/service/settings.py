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


class LimitStyle(StrEnum):
    """What rate limits do: refuse and tell, only tell (in headers), or nothing."""

    ENFORCED = "enforced"
    TOLD = "told"
    OFF = "off"


class RunLimit(StrEnum):
    """How a prediction ends that runs for longer than 30 minutes; upstream does not say."""

    FAILED = "failed"
    CANCELED = "canceled"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Settings:
    """The switches of one fake; every default is what a newcomer needs.

    `gateway` is spoken wherever a path or a `Host` names no other; `relay` under `/replicate/v1`
    as long as `gateway` is upstream itself, whose paths do not begin so.
    `urls` None leaves it to each profile where `urls` of a prediction lead.
    `tokens` empty accepts every token that could be one.
    `allowed_webhooks` are the hosts and networks besides loopback that webhooks may go to.
    `any_id`: what nobody made is answered with an example of the right shape.
    `retry_after`: a 429 carries the header, where the profile knows it at all.
    `fault`: what goes wrong in every world, as in `net.drip;p=0.1, shape.extra`.
    `asked_faults`: a request may ask for faults itself, by header or by a magic word.
    `api_date`: the day (`2024-10`, `2024-10-08`) whose API is served; empty is today's.
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
    allowed_webhooks: frozenset[str] = frozenset()
    limits: LimitStyle = LimitStyle.ENFORCED
    retry_after: bool = True
    run_limit: RunLimit = RunLimit.FAILED
    any_id: bool = False
    api_date: str = ""
    fault: str = ""
    asked_faults: bool = True
