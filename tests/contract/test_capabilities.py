"""The truth table of a gateway: what its profile says, and what was seen."""

from __future__ import annotations

import pytest

from mockserver.contract.budget import Budget
from mockserver.contract.capabilities import Capability, capabilities
from mockserver.contract.run import examined, whole
from mockserver.examine import Target, exam_of
from mockserver.library.catalogue import Catalogue
from mockserver.library.gateways import Support


MODEL = "black-forest-labs/flux-schnell"
ASKED = {"create", "get", "list", "cancel", "sync", "stream"}


def table(gateway: str, fault: str = "") -> dict[str, Capability]:
    """The table of our own fake of a gateway, by feature."""
    target = Target("", gateway, "a-token", MODEL, 30.0, fault)
    with exam_of(target, Budget(None)) as exam:
        return {row.feature: row for row in capabilities(whole(list(examined(exam))))}


@pytest.mark.parametrize("gateway", Catalogue().gateway_names())
def test_what_a_profile_has_works_at_our_fake(gateway: str) -> None:
    """And what it has not, nobody asked for."""
    rows = table(gateway)
    assert rows.keys() == {*ASKED, "webhooks"}
    profile = Catalogue().gateway(gateway)
    for feature in ASKED:
        unsupported = profile.endpoints[feature] is Support.UNSUPPORTED
        assert rows[feature].says is profile.endpoints[feature]
        assert rows[feature].seen == ("not asked" if unsupported else "works")
    assert rows["webhooks"].seen.endswith(" arrived")
    assert rows["webhooks"].seen != "none arrived"


@pytest.mark.parametrize(
    ("fault", "feature", "seen"),
    [
        ("http.status;status=503;on=list", "list", "refused with 503"),
        ("http.status;status=404;on=cancel", "cancel", "refused with 404"),
    ],
)
def test_what_is_refused_is_told_with_its_status(fault: str, feature: str, seen: str) -> None:
    """Undocumented, unsupported and broken are three things."""
    assert table("replicate", fault)[feature].seen == seen
