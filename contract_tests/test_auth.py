"""Who may ask: the token, the words before it, and what it opens."""

from __future__ import annotations

import pytest

from mockserver.contract import rules
from mockserver.contract.evidence import Evidence, Exchange, Intent
from mockserver.contract.probes.accounts import discreet
from mockserver.contract.provider import Control, Provider, cancel, create, look
from mockserver.library.catalogue import Catalogue
from mockserver.library.gateways import Gateway

from .fake import Accounts
from .samples import CANCEL, INPUT, PRO, SECRET, begin, body, needs


CREATE = ("POST", f"/models/{PRO}/predictions")
LIST = ("GET", "/predictions")
LOOK = ("GET", "/predictions/ID")


@pytest.mark.parametrize(
    "operation",
    [CREATE, LIST, LOOK, CANCEL, SECRET],
    ids=["create", "list", "look", "cancel", "secret"],
)
@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        ("", "unauthenticated_missing"),
        ("Bearer undefined", "unauthenticated_invalid"),
        ("Bearer r8_invalid" + "0" * 30, "unauthenticated_invalid"),
    ],
    ids=["none", "never-set", "never-given-out"],
)
def test_no_operation_is_open_to_strangers(
    provider: Provider, operation: tuple[str, str], sent: str, kind: str
) -> None:
    """Not even to learn whether a prediction is there."""
    method, path = operation
    needs(provider.profile, method, path)
    made = begin(provider)
    auth = provider.profile.auth
    headers = {auth.header: sent and auth.value(sent.partition(" ")[2])}
    content = b'{"input":{"prompt":"x"}}' if operation == CREATE else None
    answer = provider.ask(method, path.replace("ID", made), content=content, headers=headers)
    expected = provider.profile.errors.kinds[kind].status
    found = rules.STRANGERS_REFUSED.equal(
        "", expected=expected, seen=answer.status, exchange=answer
    )
    assert found == []


def test_every_word_that_the_profile_names_opens(provider: Provider) -> None:
    """Whatever its case: the name of a scheme has none (RFC 9110, 11.1)."""
    auth = provider.profile.auth
    made = begin(provider)
    token = auth.token(dict(provider.exchanges[-1].request.headers)[auth.header.lower()])
    spelled = [word for one in auth.schemes for word in (one, one.lower(), one.upper())]
    answers = [
        provider.ask("GET", f"/predictions/{made}", headers={auth.header: f"{word} {token}"})
        for word in spelled
    ]
    seen = {word: one.status for word, one in zip(spelled, answers, strict=True)}
    expected = dict.fromkeys(spelled, provider.profile.get.status)
    assert rules.STATUS_AS_PROFILED.equal("", expected=expected, seen=seen) == []


def test_what_one_account_made_is_not_there_for_another(
    accounts: Accounts, profile: Gateway
) -> None:
    """It can neither be looked at nor canceled, and goes on as if nobody had tried."""
    mine, theirs = accounts.open(profile), accounts.open(profile)
    made = begin(mine)
    tried = [look(theirs, made)]
    tried += [cancel(theirs, made)] if profile.serves(*CANCEL) else []
    kept = look(mine, made)
    unknown = profile.errors.kinds["not_found"].status
    expected = ([unknown] * len(tried), "starting")
    seen = ([one.status for one in tried], body(kept)["status"])
    assert rules.ACCOUNTS_ISOLATED.equal("", expected=expected, seen=seen, exchange=kept) == []


def test_nothing_that_is_said_holds_the_token(
    provider: Provider, control: Control, catalogue: Catalogue
) -> None:
    """Neither a prediction, nor a page of them, nor the refusal of what was asked for wrongly."""
    made = begin(provider)
    control.advance(60)
    look(provider, made)
    cancel(provider, made)
    provider.ask("GET", "/predictions")
    provider.ask("GET", "/no/such/path")
    create(provider, PRO, {**INPUT, "seed": "1"})
    model = catalogue.model(PRO)
    assert model is not None
    heard = tuple(Exchange(Intent.LOOK, one, one) for one in provider.exchanges)
    assert list(discreet(Evidence(provider.profile, "", model, heard))) == []
