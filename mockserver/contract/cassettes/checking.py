"""A recording held against the same rules as a live gateway: it is the proof of the fake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from mockserver.contract.cassettes.matching import PLACEHOLDER
from mockserver.contract.cassettes.sights import Role, Seen, waited
from mockserver.contract.conformance import Conformance
from mockserver.contract.evidence import Evidence, Exchange, Hook, Intent
from mockserver.contract.finding import Finding
from mockserver.contract.judge import Verdict, verdict
from mockserver.contract.looks import posted
from mockserver.contract.oracle import judged
from mockserver.contract.reading import read
from mockserver.contract.rules import WAITED_FOR_ENDS
from mockserver.core.cassette import Cassette, Recorded
from mockserver.library.catalogue import Catalogue
from mockserver.library.gateways import Gateway
from mockserver.library.json_text import members
from mockserver.library.openapi import served_document


def checked(cassette: Cassette, roles: Sequence[Seen], catalogue: Catalogue) -> Verdict:
    """What is wrong with what was recorded, by every rule that it can be judged by.

    Predictions of models that nobody knows are judged by the oracle and the schemas alone. That
    one had not ended when the recording did is not its gateway's fault.
    """
    profile = catalogue.gateway(cassette.gateway)
    found: list[Finding] = []
    declared: list[tuple[str, Finding]] = []
    for evidence in _evidences(cassette, roles, catalogue, profile):
        seen = verdict(evidence)
        found.extend(one for one in seen.findings if one.code != WAITED_FOR_ENDS.code)
        declared.extend(seen.declared)
    answers = [one.seen for one in cassette.recorded if not one.error]
    found.extend(judged(read(profile, one) for one in answers))
    document = Conformance(served_document(catalogue, profile), profile.base_path)
    found.extend(one for one in document.judged(answers) if not _is_hidden(one))
    return Verdict(tuple(_once(found)), tuple(declared))


def _is_hidden(finding: Finding) -> bool:
    """Whether it is about a value that stands for a secret, which has no form to be judged."""
    value: object = finding.seen
    for name in finding.at.split("/")[1:]:
        value = members(value).get(name)
    return isinstance(value, str) and PLACEHOLDER.search(value) is not None


def _once(found: Sequence[Finding]) -> Iterator[Finding]:
    seen: set[tuple[str, str, str]] = set()
    for one in found:
        key = one.code, one.at, repr(one.seen)
        if key not in seen:
            seen.add(key)
            yield one


def _evidences(
    cassette: Cassette, roles: Sequence[Seen], catalogue: Catalogue, profile: Gateway
) -> Iterator[Evidence]:
    """What was said of the predictions of each model, as an exam would have asked it."""
    jobs = sorted(cassette.jobs, key=lambda job: job.model)
    for name, of_model in groupby(jobs, key=lambda job: job.model):
        model = catalogue.model(name)
        if model is None:
            continue
        mine = {job.id for job in of_model}
        makers = _makers(cassette, roles)
        exchanges = (
            _exchange(profile, one, seen, makers)
            for one, seen in zip(cassette.recorded, roles, strict=True)
            if seen.id in mine
        )
        hooks = (Hook(hook.request, hook.at_ms) for hook in cassette.hooks)
        yield Evidence(
            profile=profile,
            base_url=cassette.upstream,
            model=model,
            exchanges=tuple(exchanges),
            hooks=tuple(hook for hook in hooks if str(hook.body.get("id")) in mine),
        )


def _makers(cassette: Cassette, roles: Sequence[Seen]) -> Mapping[str, str]:
    """The accounts that made predictions, by the ids of these."""
    pairs = zip(cassette.recorded, roles, strict=True)
    return {
        seen.id: one.request.header("authorization")
        for one, seen in pairs
        if seen.role is Role.CREATE
    }


def _exchange(profile: Gateway, one: Recorded, seen: Seen, makers: Mapping[str, str]) -> Exchange:
    sent = posted(one.request)
    flat = profile.request is not None and profile.request.flat
    return Exchange(
        intent=_intent(profile, one, seen, makers),
        interaction=read(profile, one.seen),
        raw=one.seen,
        took_ms=one.took_ms,
        error=one.error,
        given=_given(sent, flat=flat) if seen.role is Role.CREATE else {},
        arrivals_ms=tuple(part.after_ms for part in one.parts),
    )


def _given(sent: Mapping[str, object], *, flat: bool) -> Mapping[str, object]:
    return sent if flat else members(sent.get("input"))


def _intent(profile: Gateway, one: Recorded, seen: Seen, makers: Mapping[str, str]) -> Intent:
    """What an exam would have meant by it."""
    match seen.role:
        case Role.CREATE:
            waits = waited(one) and profile.has("sync")
            return Intent.CREATE_SYNC if waits else Intent.CREATE
        case Role.CANCEL:
            return Intent.CANCEL
        case Role.STREAM:
            return Intent.STREAM
    account = one.request.header("authorization")
    return Intent.LOOK if makers.get(seen.id, account) == account else Intent.OTHER_ACCOUNT
