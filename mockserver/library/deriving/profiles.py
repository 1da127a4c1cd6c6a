"""The profile of a gateway, made of what documents say of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tomllib import loads
from typing import Final

from mockserver.library.deriving.access import AUTHORIZATION, FAMILIES, access
from mockserver.library.deriving.answers import FULL, OPERATIONS, answers
from mockserver.library.deriving.facts import Dispute, Drawn, Entry, Ground, Origin, Sayings
from mockserver.library.deriving.told import Told
from mockserver.library.documents.page import Operation, Where
from mockserver.library.documents.tokens import masked
from mockserver.library.documents.tree import Place
from mockserver.library.gateways import FEATURES, Gateway, UrlsMode, read_gateway
from mockserver.library.quirks import Quirk
from mockserver.library.refusals import MEMBERS
from mockserver.library.strict import Table


_RELAYED: Final = "upstream's answer, relayed"
_WEBHOOK: Final = "webhook"
_FAMILY: Final = "/replicate"
_NEW_API: Final = "new-api"
_RELAY_BRAND: Final = "new_api_error"
# Of a look a client must be able to learn these two, whatever one example of it shows.
_NEEDED: Final = ("output", "error")
_ENVELOPES: Final = {family: envelope for envelope, family in FAMILIES.items()}


@dataclass(frozen=True, slots=True)
class DrawnQuirk:
    """A quirk, and where it shows."""

    quirk: Quirk
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class ProfileDraft:
    """A profile's facts by dotted key, its quirks, and what documents dispute."""

    name: str
    documents: tuple[Told, ...]
    facts: Mapping[str, Drawn] = field(hash=False)
    quirks: tuple[DrawnQuirk, ...]
    disputes: tuple[Dispute, ...]

    @property
    def path(self) -> str:
        """The file it belongs into."""
        return path_of(self.name)

    def entries(self) -> Iterator[Entry]:
        """Each fact, and that each quirk is one, with its key in the file."""
        quirks = {f"quirks.{one.quirk.name}": Drawn("shown", one.origins) for one in self.quirks}
        return (Entry(self.path, key, one) for key, one in {**self.facts, **quirks}.items())


def path_of(name: str) -> str:
    """The file that the profile of a gateway belongs into."""
    return f"gateways/{name}.toml"


def profile_draft(
    documents: Sequence[Told], quirks: Iterable[DrawnQuirk], upstream: Gateway
) -> ProfileDraft:
    """The profile of the gateway that all the documents are about; `quirks` were found in them.

    What they do not say is as at `upstream`, or as in the family that its path is of.
    """
    name = documents[0].gateway
    said = [_place(documents), access(documents), answers(documents), _features(documents)]
    found = {key: drawn for one in said for key, drawn in one.all()}
    facts = _completed(found, documents, upstream)
    disputes = [Dispute(path_of(name), *dispute) for one in said for dispute in one.disputed()]
    return ProfileDraft(
        name, tuple(documents), facts, (*_reduced(facts), *quirks), tuple(disputes)
    )


def checked(text: str, path: Path) -> None:
    """Have a profile's own reader read it. Raises `LibraryError` for what it does not take."""
    read_gateway(Table(loads(text), path))


def _place(documents: Sequence[Told]) -> Sayings:
    """What the gateway is called, and where it is."""
    said = Sayings()
    for document in documents:
        at = document.creation or document.page.operations[0]
        origin = document.origin(at.place)
        title = document.page.title
        if title and isinstance(title.value, str) and title.value.strip():
            said.say("title", masked(title.value.strip()), document.of(title))
        said.say("homepage", document.origin_url, origin)
        said.say("hosts", [document.host], origin)
        said.say("base_path", document.base_path, origin)
        if document.flat and document.creation:
            shown = document.creation.requests[0].place
            said.say("request.flat", value=True, origin=document.origin(shown, Ground.SHOWN))
    return said


def _features(documents: Sequence[Told]) -> Sayings:
    """Which features are told of besides the operations that a profile describes."""
    said = Sayings()
    for document in documents:
        for operation in document.page.operations:
            for feature, place, ground in _featured(operation, document.base_path):
                said.say(f"endpoints.{feature}", "documented", document.origin(place, ground))
    return said


def _featured(operation: Operation, base_path: str) -> Iterator[tuple[str, Place, Ground]]:
    """The features that an operation is, takes or shows."""
    for feature in ("files", "models", "trainings", "deployments"):
        if operation.path.rstrip("/") == f"{base_path}/{feature}":
            yield feature, operation.place, Ground.SAID
    for one in operation.parameters:
        if one.where is Where.BODY and one.path == _WEBHOOK:
            yield "webhooks", one.place, Ground.SAID
        if one.where is Where.HEADER and one.name.lower() == "prefer":
            yield "sync", one.place, Ground.SAID
    for request in operation.requests:
        if request.body and request.body.has(_WEBHOOK):
            yield "webhooks", request.body.at(_WEBHOOK).place, Ground.SHOWN


def _completed(
    found: Mapping[str, Drawn], documents: Sequence[Told], upstream: Gateway
) -> Mapping[str, Drawn]:
    """All that a profile has to tell: what was found, and what is assumed where nothing was."""
    assumed = {
        "title": Drawn(documents[0].gateway, (), "no document names the API"),
        "auth.header": Drawn(AUTHORIZATION, (), "as upstream"),
        "auth.schemes": Drawn(["Bearer"], (), "as upstream"),
        **_assumed_answers(found),
        **_assumed_urls(upstream),
        **_assumed_errors(found, documents[0].base_path),
        **{f"endpoints.{one}": Drawn("assumed", (), _RELAYED) for one in FEATURES},
    }
    whole = {key: found.get(key, drawn) for key, drawn in assumed.items()}
    return {**found, **whole, **_looked_at(found)}


def _looked_at(found: Mapping[str, Drawn]) -> Mapping[str, Drawn]:
    """What a look tells, where an example of one before the end tells less than is needed."""
    body = found.get("get.body")
    names = _listed(body.value) if body else []
    missing = [one for one in _NEEDED if names and one not in names]
    if not body or not missing:
        return {}
    absent = found.get("get.omit_null", Drawn([])).value
    reason = f"{' and '.join(missing)} assumed"
    return {
        "get.body": Drawn([*names, *missing], body.origins, reason),
        "get.omit_null": Drawn([*_listed(absent), *missing], (), "absent until it is known"),
    }


def _assumed_answers(found: Mapping[str, Drawn]) -> Mapping[str, Drawn]:
    """Statuses and bodies."""
    status = found.get("create.status")
    usual = status.value if status else 200
    why = "no document prints a status; gateways that relay upstream answer 200"
    assumed = {
        "create.status": Drawn(usual, (), why),
        "create.waited_out_status": Drawn(usual, (), "nothing says that it knows 202"),
    }
    for name, _, _ in OPERATIONS:
        assumed.setdefault(f"{name}.status", Drawn(200, (), _RELAYED))
        assumed[f"{name}.body"] = Drawn(FULL, (), _RELAYED)
    return assumed


def _assumed_urls(upstream: Gateway) -> Mapping[str, Drawn]:
    templates = {
        f"urls.upstream.{name}": Drawn(url, (), "as upstream's own answers")
        for name, url in upstream.urls.upstream.items()
    }
    own = Drawn(str(UrlsMode.OWN), (), "no document shows urls")
    return {"urls.mode": own, **templates}


def _assumed_errors(found: Mapping[str, Drawn], base_path: str) -> Mapping[str, Drawn]:
    """The family by the path that its members share, where no refusal is printed."""
    relays = _FAMILY in base_path
    why = "its path is that of the family" if relays else "as upstream"
    refusals = _NEW_API if relays else "replicate"
    like = Drawn(refusals, (), f"no document prints a refusal; {why}")
    family = found.get("errors.like", like).value
    brand = _RELAY_BRAND if family == _NEW_API else ""
    why = "no document shows a brand" if brand else "upstream has none"
    return {"errors.like": like, "errors.brand": Drawn(brand, (), why)}


def usable_kinds(facts: Mapping[str, Drawn]) -> Iterator[tuple[str, Drawn]]:
    """The refusals that are worded in the envelope of the profile's family."""
    known = MEMBERS[_ENVELOPES[str(facts["errors.like"].value)]]
    for key, drawn in facts.items():
        told = drawn.value if isinstance(drawn.value, dict) else {}
        if key.startswith("errors.kinds.") and told["members"] and {*told["members"]} <= {*known}:
            yield key, drawn


def _reduced(facts: Mapping[str, Drawn]) -> Iterator[DrawnQuirk]:
    """The quirk that a create call answers less than a client needs to go on."""
    body = facts["create.body"]
    names = body.value if isinstance(body.value, list) else []
    if names and "urls" not in names:
        absent = facts.get("create.omit_null")
        shown = [it for it in names if not (absent and it in [*_listed(absent.value)])]
        minimal = shown == ["id", "status"]
        quirk = Quirk(
            name="reduced-create",
            says=f"create answers {_told(shown)} only, so clients that follow urls.get "
            "cannot go on",
            documented=True,
            source=body.source,
            finding="S105",
            fault="shape.minimal;on=create" if minimal else "",
            excused=False,
        )
        yield DrawnQuirk(quirk, body.origins)


def _told(names: Sequence[object]) -> str:
    """The names as a sentence lists them."""
    *most, last = map(str, names)
    return f"{', '.join(most)} and {last}" if most else last


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
