"""Placeholders: what may stand for a secret instead of its fingerprint."""

from __future__ import annotations

from typing import Final

from mockserver.core.interaction import Interaction, Request
from mockserver.core.mask import Mask, secrets_in
from mockserver.core.redaction import concealed, hidden, hidden_value


SECRET: Final = "Kq7Zb3Nw9Xc5Vt1Y"
MASK: Final = Mask((SECRET, "another-one-42"), {SECRET: "<TOKEN:1>"})


def test_a_secret_is_shown_by_its_name() -> None:
    """Where it has one; otherwise by its fingerprint."""
    assert MASK.text(f"say {SECRET} twice: {SECRET}") == "say <TOKEN:1> twice: <TOKEN:1>"
    assert MASK.text("another-one-42").startswith("sha256:")


def test_a_header_keeps_its_scheme() -> None:
    """So that it can be seen how somebody tried to show who they are."""
    headers = (("authorization", f"Bearer {SECRET}"), ("x-api-key", SECRET))
    assert MASK.headers(headers) == (
        ("authorization", "Bearer <TOKEN:1>"),
        ("x-api-key", "<TOKEN:1>"),
    )


def test_a_placeholder_is_no_secret() -> None:
    """It stays as it is wherever secrets stand, and nobody seeks it elsewhere."""
    assert hidden("<TOKEN:1>") == "<TOKEN:1>"
    assert hidden_value("Bearer <TOKEN:1>") == "Bearer <TOKEN:1>"
    told = '{"token": "<TOKEN:1>"}'
    assert concealed(told) == told
    request = Request("GET", "/x", headers=(("authorization", "Bearer <TOKEN:1>"),))
    assert list(secrets_in(Interaction(request, 200, (), told.encode(), 0))) == []
