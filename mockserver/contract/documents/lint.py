"""The judge of documents: what they contradict, in order of their lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mockserver.contract.documents import known, shown, told
from mockserver.contract.documents.remark import Remark, Subject
from mockserver.contract.documents.together import of_page, of_pages
from mockserver.library.catalogue import Catalogue
from mockserver.library.documents.page import Page


def lint(pages: Sequence[Page], catalogue: Catalogue) -> tuple[Remark, ...]:
    """What the pages contradict, alone and together; the pages stay in their order."""
    order = {page.name: at for at, page in enumerate(pages)}
    found = [one for page in pages for one in _remarks(page, catalogue)]
    found += of_pages(pages)

    def by_place(one: Remark) -> tuple[int, int, str, str]:
        return order[one.document], one.place.line, one.finding.code, one.place.pointer

    return tuple(sorted(found, key=by_place))


def _remarks(page: Page, catalogue: Catalogue) -> Iterator[Remark]:
    yield from of_page(page)
    for operation in page.operations:
        subject = Subject(page, operation, catalogue)
        for check in (*told.CHECKS, *shown.CHECKS, *known.CHECKS):
            yield from check(subject)
