"""An exam of one provider: asks, waits, counts what it costs, and keeps all that was said.

Nothing is judged here, and no create call is ever repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from mockserver.contract.budget import Budget, price
from mockserver.contract.evidence import Evidence, Exchange, Hook, Intent
from mockserver.contract.provider import Headers
from mockserver.contract.upstream import Upstream
from mockserver.core.clock import monotonic_ms, wall_ms
from mockserver.core.interaction import Interaction, Request
from mockserver.core.timeline import TERMINAL
from mockserver.library.json_text import members
from mockserver.library.models import Model


if TYPE_CHECKING:
    from mockserver.contract.provider import HttpProvider

Input = Mapping[str, object]

_MAIL_LOOKS: Final = 20
_MAIL_PAUSE_S: Final = 0.25
POLL_S: Final = (0.25, 0.25, 0.5, 0.5, 1.0, 1.0, 2.0)
"""How long to wait between looks; the last one again and again."""


class Mail:
    """Where webhooks arrive; nobody can write here unless `url` leads to somebody who listens."""

    def __init__(self, url: str = "") -> None:
        self.url = url
        self.now_ms: Callable[[], int] = wall_ms
        """The time of whoever sends."""
        self._arrived: list[Hook] = []

    def put(self, request: Request) -> None:
        """Keep what arrives."""
        self._arrived.append(Hook(request, self.now_ms()))

    def wait(self, pause: Callable[[float], None]) -> None:
        """Give what is still on its way a moment to arrive."""
        for _ in range(_MAIL_LOOKS):
            if any(_tells_an_end(hook) for hook in self._arrived):
                return
            pause(_MAIL_PAUSE_S)

    @property
    def arrived(self) -> tuple[Hook, ...]:
        """Everything that came so far."""
        return tuple(self._arrived)


@dataclass(slots=True)
class Exam:
    """One provider under exam.

    `pause` lets so many seconds pass: by sleeping, or by moving a fake's clock. A prediction is
    waited for `deadline_s` seconds. `input` is what is asked of `model`. `upstream` is whoever
    stands behind the provider, if that can be seen; none of `canaries` may arrive there.
    `other_token` is the key of a second account, if there is one.
    """

    provider: HttpProvider
    model: Model
    input: Input
    pause: Callable[[float], None]
    budget: Budget = field(default_factory=Budget)
    deadline_s: float = 120.0
    mail: Mail = field(default_factory=Mail)
    exchanges: list[Exchange] = field(default_factory=list)
    ended: set[str] = field(default_factory=set)
    upstream: Upstream | None = None
    canaries: Mapping[str, str] = field(default_factory=dict)
    other_token: str = ""

    @property
    def base_url(self) -> str:
        """Where the provider's paths begin."""
        return self.provider.base_url

    @property
    def create_path(self) -> str:
        """Where the model's predictions are created."""
        return f"/models/{self.model.full_name}/predictions"

    def ask(
        self,
        intent: Intent,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: Headers | None = None,
        content: bytes | None = None,
        given: Input | None = None,
        fault: str = "",
    ) -> Exchange:
        """One exchange, kept. A connection that breaks is an answer as well: it is told why."""
        import httpx

        begun_ms = monotonic_ms()
        try:
            read = self.provider.ask(
                method, path, body, headers=self._safe(path, headers), content=content
            )
            raw, error = self.provider.exchanges[-1], ""
        except httpx.TransportError as reason:
            raw = read = self._unanswered(method, path)
            error = f"{type(reason).__name__}: {reason}"
        took_ms = monotonic_ms() - begun_ms
        made = Exchange(intent, read, raw, took_ms, error, given or {}, fault=fault)
        return self._keep(made)

    def listen(self, address: str) -> Exchange:
        """A stream heard to its end, and when each part of it came."""
        import httpx

        begun_ms = monotonic_ms()
        try:
            heard, arrivals_ms = self.provider.listen(address, self._safe(address, None))
            error = ""
        except httpx.TransportError as reason:
            heard, arrivals_ms = self._unanswered("GET", address), ()
            error = f"{type(reason).__name__}: {reason}"
        took_ms = monotonic_ms() - begun_ms
        made = Exchange(Intent.STREAM, heard, heard, took_ms, error, arrivals_ms=arrivals_ms)
        return self._keep(made)

    def _keep(self, made: Exchange) -> Exchange:
        """Keep an exchange, with what arrived behind the provider meanwhile."""
        seen = replace(made, behind=self.upstream.news()) if self.upstream else made
        self.exchanges.append(seen)
        return seen

    def _safe(self, address: str, headers: Headers | None) -> Headers:
        """The headers for `address`: a token goes to its own origin, and to no other."""
        ours = "://" not in address or origin(address) == origin(self.base_url)
        return {**(headers or {}), **({} if ours else {self.provider.profile.auth.header: ""})}

    def create(
        self,
        intent: Intent = Intent.CREATE,
        *,
        given: Input | None = None,
        headers: Headers | None = None,
        beside: Mapping[str, object] | None = None,
    ) -> Exchange:
        """A prediction, and its price taken out of the budget first. Raises `Spent`."""
        sent = self.input if given is None else given
        self.budget.take(self.price(sent))
        body = {"input": sent, **(beside or {})}
        made = self.ask(intent, "POST", self.create_path, body, headers=headers, given=sent)
        self._count(made)
        return made

    def mistake(
        self,
        intent: Intent,
        path: str,
        body: object = None,
        *,
        headers: Headers | None = None,
        content: bytes | None = None,
        fault: str = "",
    ) -> Exchange:
        """A create call that has to be refused, for `fault` where it is one field's.

        One that is not refused is paid for like any other.
        """
        made = self.ask(intent, "POST", path, body, headers=headers, content=content, fault=fault)
        if made.prediction_id and made.went_well:
            self.budget.asked += 1
            self.budget.usd += self.usd
            self._count(made)
        return made

    def look(self, prediction_id: str, intent: Intent = Intent.LOOK) -> Exchange:
        """The prediction as it is now."""
        seen = self.ask(intent, "GET", f"/predictions/{prediction_id}")
        if seen.body.get("status") in TERMINAL:
            self.ended.add(prediction_id)
        return seen

    def until_ended(self, prediction_id: str) -> Exchange | None:
        """The first look that finds it ended; None if the deadline came first."""
        for waited_s in self._waits():
            self.pause(waited_s)
            self.look(prediction_id)
            if prediction_id in self.ended:
                return self.exchanges[-1]
        return None

    def cancel(self, prediction_id: str, intent: Intent = Intent.CANCEL) -> Exchange:
        """Ask to cancel, without a body, as the official clients do."""
        return self.ask(intent, "POST", f"/predictions/{prediction_id}/cancel")

    def abandon(self) -> None:
        """Cancel all that was made and has not ended: it would go on costing."""
        for prediction_id in self.budget.created:
            if prediction_id not in self.ended:
                self.cancel(prediction_id)

    @property
    def usd(self) -> Decimal:
        """What one prediction of `input` costs."""
        return self.price(self.input)

    def price(self, given: Input) -> Decimal:
        """What one prediction costs, as far as the model's schema knows."""
        return price(self.model, given)

    def evidence(self) -> Evidence:
        """Everything that was said so far."""
        return Evidence(
            profile=self.provider.profile,
            base_url=self.base_url,
            model=self.model,
            exchanges=tuple(self.exchanges),
            hooks=self.mail.arrived,
            hook_secret=self._secret(),
            both_ends=self.upstream is not None,
            upstream_url=self.upstream.url if self.upstream else "",
            canaries=self.canaries,
        )

    def _secret(self) -> str:
        """What the provider says its webhooks are signed with."""
        told = [one.body.get("key") for one in self.exchanges if one.intent is Intent.SECRET]
        return str(told[-1]) if told and told[-1] else ""

    def _count(self, made: Exchange) -> None:
        if made.prediction_id:
            self.budget.created.append(made.prediction_id)
            if made.body.get("status") in TERMINAL:
                self.ended.add(made.prediction_id)

    def _waits(self) -> Iterator[float]:
        left_s, place = self.deadline_s, 0
        while left_s > 0:
            wait_s = POLL_S[min(place, len(POLL_S) - 1)]
            yield wait_s
            left_s, place = left_s - wait_s, place + 1

    def _unanswered(self, method: str, path: str) -> Interaction:
        url = path if "://" in path else self.base_url + path
        scheme, _, rest = url.partition("://")
        host, slash, where = rest.partition("/")
        sent = Request(method, slash + where, headers=(("host", host),), scheme=scheme)
        return Interaction(sent, 0, (), b"", self.provider.now_ms())


def origin(url: str) -> str:
    """Scheme, host and port of an address."""
    return "/".join(url.split("/", 3)[:3])


def _tells_an_end(hook: Hook) -> bool:
    return hook.body.get("status") in TERMINAL


def neighbours(page: Exchange) -> Mapping[str, str]:
    """The pages beside one page of a list, `next` and `previous`, as far as it has any."""
    both = {name: page.body.get(name) for name in ("next", "previous")}
    return {name: url for name, url in both.items() if isinstance(url, str) and url}


def links(exchange: Exchange) -> Mapping[str, str]:
    """The `urls` of a prediction that are texts."""
    told = members(exchange.body.get("urls"))
    return {name: url for name, url in told.items() if isinstance(url, str)}
