"""`schemas derive --check`: what kept files say of documents, beside what these say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mockserver.cli.output import cell, counted, document, say, table


if TYPE_CHECKING:
    from mockserver.contract.documents.drafts import Draft
    from mockserver.library.deriving.differences import Difference


_HEAD: Final = ("VERDICT", "WHERE", "FILE", "KEY", "KEPT", "SAID")
_SHOWN_CHARACTERS: Final = 48


def check_against(drafted: Draft, folder: Path, *, as_json: bool) -> None:
    """Tell where the files in `folder` and the documents differ; exit 1 if they do."""
    from mockserver.contract.documents.kept import differences_in
    from mockserver.library.deriving.differences import Verdict

    found = list(differences_in(drafted, folder))
    wrong = [one for one in found if one.verdict is not Verdict.ELSEWHERE]
    if as_json:
        document([one.wire() for one in found])
    elif wrong:
        click.echo("\n".join(table(_HEAD, list(map(_row, wrong)))))
    say(_summary(len(wrong), len(found) - len(wrong), len(drafted.documents)))
    if wrong:
        click.get_current_context().exit(1)


def _summary(wrong: int, elsewhere: int, documents: int) -> str:
    kept = counted(documents, "document")
    told = f"What is kept of {kept} is what they say."
    if wrong:
        told = f"{counted(wrong, 'difference')} between {kept} and what is kept of them."
    if elsewhere:
        are = "is" if elsewhere == 1 else "are"
        facts = counted(elsewhere, "fact")
        told += f" {facts} {are} kept from elsewhere, where a document says otherwise."
    return told


def _row(one: Difference) -> tuple[str, ...]:
    where = ", ".join(f"{origin.page}:{origin.place.line}" for origin in one.origins)
    return (str(one.verdict), where, one.file, one.key, _shown(one.kept), _shown(one.said))


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return cell(text, _SHOWN_CHARACTERS)
