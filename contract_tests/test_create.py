"""POST /models/{owner}/{name}/predictions and POST /predictions."""

from __future__ import annotations

import pytest

from mockserver.contract import rules
from mockserver.contract.provider import Provider, create
from mockserver.library.catalogue import Catalogue
from mockserver.library.spelling import Spelling

from .samples import BY_VERSION, FILL, FILL_INPUT, INPUT, PRO, begin, body, needs, now, tells


WHOLE = (
    "id",
    "model",
    "version",
    "input",
    "logs",
    "output",
    "data_removed",
    "error",
    "status",
    "created_at",
    "urls",
)
"""The members of a new prediction, in the order in which all full examples print them."""


def whole(spelling: Spelling | None) -> list[str]:
    """The same members as a gateway writes them, by upstream's names."""
    if spelling is None:
        return list(WHOLE)
    if spelling.members:
        own = dict.fromkeys(one.of[0] for one in spelling.members if not one.letters)
        return [name for name in own if name in WHOLE]
    behind = {added.behind: added.name for added in spelling.added}
    return [one for name in WHOLE for one in (name, behind.get(name)) if one]


AT_REST = {
    "logs": "",
    "output": None,
    "data_removed": False,
    "error": None,
    "status": "starting",
}


def test_create_answers_with_the_status_of_its_profile(provider: Provider) -> None:
    """Upstream answers 201; the gateways of the documents answer 200."""
    made = create(provider, PRO, INPUT)
    expected = provider.profile.create.status
    found = rules.STATUS_AS_PROFILED.equal("", expected=expected, seen=made.status, exchange=made)
    assert found == []


def test_create_answers_with_the_documented_members(provider: Provider) -> None:
    """A whole prediction has eleven members in a fixed order; a reduced one has its own."""
    made = create(provider, PRO, INPUT)
    shape = provider.profile.create
    expected = [
        name
        for name in shape.body or whole(provider.profile.prediction)
        if name not in shape.omit_null
    ]
    found = rules.MEMBERS_AS_PROFILED.equal(
        "", expected=expected, seen=list(body(made)), exchange=made
    )
    assert found == []


def test_a_new_prediction_is_starting_and_has_nothing_to_show(provider: Provider) -> None:
    """It has no output, no logs and no error yet."""
    made = create(provider, PRO, INPUT)
    told = body(made)
    expected = {name: value for name, value in AT_REST.items() if name in told}
    seen = {name: told[name] for name in expected}
    assert rules.BORN_STARTING.equal("", expected=expected, seen=seen, exchange=made) == []


def test_the_input_comes_back_as_it_was_sent(provider: Provider) -> None:
    """Nothing is added to it and nothing is lost: not a key, not a digit."""
    tells(provider.profile, "input")
    given = {
        **INPUT,
        "prompt": 'a <b> & "c" \u2028 車',
        "seed": 2**63 + 1,
        "unknown": [1.5, {"a": 0}],
    }
    made = create(provider, PRO, given)
    seen = now(provider, body(made)["id"])["input"]
    assert rules.INPUT_ECHOED.equal("/input", expected=given, seen=seen, exchange=made) == []


def test_the_echoed_keys_are_sorted(provider: Provider) -> None:
    """All documents print the echo with its keys in alphabetical order."""
    tells(provider.profile, "input")
    made = create(provider, FILL, FILL_INPUT)
    seen = list(now(provider, body(made)["id"])["input"])
    expected = sorted(FILL_INPUT)
    assert rules.INPUT_SORTED.equal("/input", expected=expected, seen=seen, exchange=made) == []


def test_every_call_makes_a_prediction_of_its_own(provider: Provider) -> None:
    """Two calls with equal bodies are two predictions: nothing is cached."""
    seen = begin(provider)
    found = rules.CREATED_ANEW.equal("/id", expected=False, seen=begin(provider) == seen)
    assert found == []


@pytest.mark.parametrize("place", [0, 1, 2], ids=["name", "name-and-id", "id"])
def test_a_version_can_be_asked_for_by_each_of_its_names(
    provider: Provider, catalogue: Catalogue, place: int
) -> None:
    """POST /predictions takes owner/name, owner/name:id, and the id alone."""
    needs(provider.profile, *BY_VERSION)
    model = catalogue.model(PRO)
    version = model.version_names[place] if model else ""
    made = provider.ask("POST", "/predictions", {"version": version, "input": INPUT})
    told = now(provider, str(body(made).get("id")))
    expected = (provider.profile.create.status, PRO, "hidden")
    seen = (made.status, told.get("model"), told.get("version"))
    found = rules.STATUS_AS_PROFILED.equal("", expected=expected, seen=seen, exchange=made)
    assert found == []


@pytest.mark.parametrize(
    "members",
    [
        {"webhook": "https://example.com/hook", "webhook_events_filter": ["start", "completed"]},
        {"webhook": None, "webhook_events_filter": None},
        {"webhook_completed": "https://example.com/hook"},
        {"stream": True},
    ],
    ids=["webhook", "nulls", "older-webhook", "stream"],
)
def test_upstreams_own_members_are_accepted(
    provider: Provider, members: dict[str, object]
) -> None:
    """The documents show `input` only; a relay takes what upstream takes."""
    made = create(provider, PRO, INPUT, beside=members)
    expected = provider.profile.create.status
    found = rules.STATUS_AS_PROFILED.equal("", expected=expected, seen=made.status, exchange=made)
    assert found == []


def test_a_look_at_the_address_in_urls_finds_the_prediction(provider: Provider) -> None:
    """`urls.get` and `urls.cancel` work with the token that created the prediction."""
    told = now(provider, begin(provider))
    ways = [("GET", "get"), ("POST", "cancel")]
    found = [
        provider.ask(method, told["urls"][name])
        for method, name in ways
        if provider.profile.writes("urls", name)
    ]
    expected = [(200, told["id"])] * len(found)
    seen = [(answer.status, body(answer).get("id")) for answer in found]
    assert rules.URLS_USABLE.equal("/urls", expected=expected, seen=seen) == []
