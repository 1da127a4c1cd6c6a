"""Evidence that was kept is judged as it was when it was made, and holds no secret."""

from __future__ import annotations

from base64 import b64encode
from typing import Final

import pytest

from mockserver.contract.budget import Budget
from mockserver.contract.evidence import Evidence, Intent
from mockserver.contract.keeping import evidence_of, kept
from mockserver.contract.run import CASES, examined, judged
from mockserver.examine import Target, exam_of
from mockserver.library.catalogue import Catalogue
from mockserver.library.errors import LibraryError
from tests.mutations import body, each, header


CATALOGUE: Final = Catalogue()
TOKEN: Final = "r8_CANARYcanaryCANARYcanaryCANARYcanaryX"


def made(gateway: str, fault: str = "") -> tuple[dict[str, Evidence], dict[str, set[str]]]:
    """The evidence of each case of an exam, and the codes that were found in it."""
    target = Target("", gateway, TOKEN, "black-forest-labs/flux-schnell", 120.0, fault)
    with exam_of(target, Budget(None)) as exam:
        results = [one for one in examined(exam, CASES) if one.evidence.exchanges]
    codes = {one.case.name: {finding.code for finding in one.findings} for one in results}
    return {one.case.name: one.evidence for one in results}, codes


@pytest.mark.parametrize("gateway", ["replicate", "winfull", "wavespeed"])
@pytest.mark.parametrize(
    "fault", ["", "life.terminal_changes", "http.cdn_html;on=get", "gw.compresses_always"]
)
def test_what_was_kept_is_judged_the_same(gateway: str, fault: str) -> None:
    """The same codes in the same cases, without asking anybody."""
    evidence, codes = made(gateway, fault)
    read = evidence_of(kept(evidence, (TOKEN,)), CATALOGUE)
    again = {name: {one.code for one in judged(name, it).findings} for name, it in read.items()}
    assert again == codes


def test_that_a_token_was_told_can_still_be_seen() -> None:
    """What stands for the token is the same wherever it stood, so the judge finds it again."""
    evidence, _ = made("replicate")
    leak = each(header("x-used-key", f"Bearer {TOKEN}"), Intent.LIST)
    read = evidence_of(kept({"lifecycle": leak(evidence["lifecycle"])}, (TOKEN,)), CATALOGUE)
    (found,) = judged("lifecycle", read["lifecycle"]).findings
    assert (found.code, found.at) == ("A103", "x-used-key")


def test_no_secret_is_kept() -> None:
    """Neither the token nor what signs webhooks, plain or in base64."""
    evidence, _ = made("replicate")
    secrets = {one.hook_secret for one in evidence.values() if one.hook_secret}
    assert secrets
    told = kept(evidence, (TOKEN, *secrets))
    for secret in (TOKEN, *secrets):
        assert secret.encode() not in told
        assert b64encode(secret.encode()).rstrip(b"=") not in told


@pytest.mark.parametrize(
    "spelled",
    [
        TOKEN,
        b64encode(TOKEN.encode()).decode(),
        b64encode(f"user:{TOKEN}".encode()).decode(),
        "".join(f"%{byte:02x}" for byte in TOKEN.encode()),
        "".join(f"\\u{byte:04x}" for byte in TOKEN.encode()),
    ],
    ids=["plain", "base64", "in-credentials", "percent", "escaped"],
)
def test_a_token_that_was_told_is_not_kept(spelled: str) -> None:
    """However the gateway wrote it."""
    evidence, _ = made("replicate")
    page = f'{{"logs": "used {spelled}"}}'.encode()
    leak = each(lambda one: body(one, lambda _: page), Intent.LIST)
    told = kept({"lifecycle": leak(evidence["lifecycle"])}, (TOKEN,))
    (listed,) = evidence_of(told, CATALOGUE)["lifecycle"].of(Intent.LIST)
    assert listed.raw.response_body.startswith(b'{"logs": "used ')
    assert b"sha256:" in listed.raw.response_body
    assert spelled.encode() not in told
    assert TOKEN.encode() not in told


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "cannot be read"),
        (b"[]", "expected a file of the format"),
        (b'{"format": "another"}', "expected a file of the format"),
        (b'{"format": "mockserver evidence 1"}', "cannot be read: KeyError"),
        (
            b'{"format":"mockserver evidence 1","model":"a/b","gateway":"anyapi","cases":{"x":1}}',
            "no model is called a/b",
        ),
    ],
)
def test_what_is_no_evidence_is_told_so(data: bytes, says: str) -> None:
    """One sentence, whatever the file holds."""
    with pytest.raises(LibraryError, match=says):
        evidence_of(data, CATALOGUE)
