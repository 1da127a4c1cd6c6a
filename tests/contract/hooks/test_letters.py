"""Secrets and faults as a person gives them."""

from __future__ import annotations

import pytest

from mockserver.contract.hooks.letters import drawn_secret, seal_of, spoiling
from mockserver.library.errors import LibraryError
from tests.contract.hooks.receivers import SECRET


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_%%%", "C2FVsBQIhrscChlQIMV+b5sSYspob7oD"])
def test_what_is_no_secret_is_refused_and_not_told(secret: str) -> None:
    """Only its beginning may be missing, and then all the rest is secret."""
    with pytest.raises(LibraryError, match="a secret is whsec_ and standard base64") as told:
        seal_of(secret)
    assert SECRET.removeprefix("whsec_")[:6] not in str(told.value)


def test_a_secret_is_drawn_from_a_seed() -> None:
    """In the form of upstream's: 32 characters behind whsec_."""
    assert drawn_secret(1) == drawn_secret(1) != drawn_secret(2)
    assert len(drawn_secret(1).removeprefix("whsec_")) == 32
    seal_of(drawn_secret(1))


@pytest.mark.parametrize("fault", ["hook.duplicate", "net.drip", "hook", "nonsense"])
def test_only_what_spoils_webhooks_spoils_them(fault: str) -> None:
    """A family is several things, not all of which do."""
    with pytest.raises(LibraryError):
        spoiling(fault)
