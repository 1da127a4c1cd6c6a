"""What is shown instead of a secret."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.redaction import SCHEMES, SECRET_HEADERS, fingerprint, shown_headers


# No fingerprint contains an underscore, so that finding one means finding a secret.
secrets = st.text("abcdef0123456789", min_size=1, max_size=40).map(lambda rest: f"r8_{rest}")
names = st.sampled_from(sorted(SECRET_HEADERS)).flatmap(
    lambda name: st.sampled_from((name, name.title(), name.upper()))
)
shapes = st.sampled_from(
    (
        "{0}",
        "Bearer {0}",
        "bearer {0}",
        "Token {0}",
        "Bearer  {0}",
        "Bearer {0} {1}",
        "{0} {1}",
        "{0} ",
        " {0}",
        "sid={0}; theme=dark",
        "theme=dark; sid={0}",
        "Made-Up {0}",
    )
)


@given(names, shapes, secrets, secrets)
def test_a_secret_never_survives(name: str, shape: str, first: str, second: str) -> None:
    """Whatever form a secret header has, no part of its secrets is shown."""
    [(_, shown)] = shown_headers(((name, shape.format(first, second)),))
    assert "r8_" not in shown


@given(secrets, st.sampled_from(sorted(SCHEMES)))
def test_the_scheme_is_shown_and_the_secret_known_again(secret: str, scheme: str) -> None:
    """Whether two requests used the same token can be told from what is shown."""
    assert shown_headers((("Authorization", f"{scheme} {secret}"),)) == [
        ("Authorization", f"{scheme} {fingerprint(secret)}")
    ]


@pytest.mark.parametrize("name", ["Content-Type", "prefer", "X-Mock-Scenario"])
def test_other_headers_are_shown_as_they_came(name: str) -> None:
    """Nothing is hidden that is no secret; order and repetition stay."""
    came = ((name, "b"), (name, "a"), (name, "b"))
    assert shown_headers(came) == list(came)


def test_a_fingerprint_is_short_and_the_same_every_time() -> None:
    """Eight hex digits of SHA-256: enough to compare, too little to guess from."""
    assert fingerprint("r8_abc") == "sha256:6974bd7d"
    assert fingerprint("r8_abd") != fingerprint("r8_abc")
