"""Rules about whole pages, and about several pages that are read together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from re import Pattern
from typing import Final

from mockserver.contract.documents import rules
from mockserver.contract.documents.remark import Remark, remark
from mockserver.library.documents.addresses import CANCEL, CREATE, LOOK
from mockserver.library.documents.page import Operation, Page, Response


_SHORTEST_NAME: Final = 5
# Labels that say what a host does or who rents it out, and not whose it is.
_NOBODYS: Final = frozenset(
    {"amazonaws", "azure", "cloud", "cloudflare", "fastly", "github", "gitlab", "google"}
    | {"googleapis", "herokuapp", "models", "netlify", "onrender", "pages", "railway", "replicate"}
    | {"staging", "stream", "vercel", "workers"}
)


def of_page(page: Page) -> Iterator[Remark]:
    """What is wrong with a page as a whole."""
    if page.title and not (isinstance(page.title.value, str) and page.title.value.strip()):
        yield remark(
            page, rules.API_NAMED, page.title.place, expected="a title", seen=page.title.value
        )
    for broken in page.broken:
        yield remark(page, rules.EXAMPLE_IS_JSON, broken.place, expected="JSON", seen=broken.value)
    used = [one for one in page.tokens if one.name == "placeholder"]
    other = next((one for one in used if one.value != used[0].value), None)
    if other:
        words = list(dict.fromkeys(one.value for one in used))
        yield remark(
            page, rules.PLACEHOLDER_ONE, other.place, expected=used[0].value, seen=words[1:]
        )
    for secret in page.tokens:
        if secret.name == "secret":
            yield remark(
                page,
                rules.NO_CREDENTIAL,
                secret.place,
                expected="a placeholder",
                seen=secret.value,
            )


def of_pages(pages: Sequence[Page]) -> Iterator[Remark]:
    """What pages leave open or contradict, seen together."""
    yield from _next_steps(pages)
    yield from _captured_twice(pages)
    yield from _hosts(pages)


def _next_steps(pages: Sequence[Page]) -> Iterator[Remark]:
    for page in pages:
        created = next((one for one in page.operations if _does(one, "POST", CREATE)), None)
        if created is None:
            continue
        beside = [one for other in pages for one in other.operations if one.host == created.host]
        missing = []
        if not any(_does(one, "GET", LOOK) for one in beside):
            missing.append("GET …/predictions/{id}")
        if not any(_does(one, "POST", CANCEL) for one in beside):
            missing.append("POST …/predictions/{id}/cancel")
        if missing:
            told = [f"{one.method} {one.path}" for one in page.operations]
            yield remark(
                page, rules.NEXT_STEP_DESCRIBED, created.place, expected=missing, seen=told
            )


def _does(operation: Operation, method: str, path: Pattern[str]) -> bool:
    return operation.method == method and path.search(operation.path) is not None


def _captured_twice(pages: Sequence[Page]) -> Iterator[Remark]:
    first: dict[str, tuple[Page, Operation, Response]] = {}
    for page in pages:
        for operation in page.operations:
            for response in operation.responses:
                name = response.body.at("id").text()
                known = first.setdefault(name, (page, operation, response)) if name else None
                if known and known[0] is not page and _others(known, (operation, response)):
                    where = f"{known[0].name}:{known[2].body.at('id').place.line}"
                    yield remark(
                        page,
                        rules.PREDICTION_ONCE,
                        response.body.at("id").place,
                        expected="an id that no other gateway's document shows",
                        seen=f"{name}, as in {where}",
                    )


def _others(known: tuple[Page, Operation, Response], now: tuple[Operation, Response]) -> bool:
    """Whether one id was captured from two gateways, or of two models."""
    models = {one.body.at("model").text() for one in (known[2], now[1])} - {""}
    return known[1].host != now[0].host or len(models) > 1


def _hosts(pages: Sequence[Page]) -> Iterator[Remark]:
    first: dict[str, str] = {}
    told: set[str] = set()
    for page in pages:
        for operation in page.operations:
            host = operation.host
            for label in host.split(".")[:-1]:
                if len(label) < _SHORTEST_NAME or label in _NOBODYS:
                    continue
                known = first.setdefault(label, host)
                if known != host and host not in told:
                    told.add(host)
                    yield remark(page, rules.HOST_ONE, operation.place, expected=known, seen=host)
