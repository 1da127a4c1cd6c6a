"""A recording made ready for the disk: secrets out, lives distilled, and looked through again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from mockserver.contract.cassettes.distil import distilled
from mockserver.contract.cassettes.leaks import Leak, leaks
from mockserver.contract.cassettes.redacting import redacted
from mockserver.core.cassette import Cassette, Job, Posted, Recorded
from mockserver.library.cassettes.files import as_written, save
from mockserver.library.catalogue import Catalogue
from mockserver.library.gateways import Gateway
from mockserver.library.json_text import members


GAP_MS = 1_000
"""What lies between two recordings that are put behind one another."""


class Leaking(Exception):
    """A secret would have reached the disk, so nothing was written; `found` says where it is."""

    def __init__(self, path: Path, found: Sequence[Leak]) -> None:
        lines = "\n".join(f"  {leak}" for leak in found)
        super().__init__(f"{path}: not written, because a secret would be in it:\n{lines}")
        self.found = tuple(found)


def ready(cassette: Cassette, profile: Gateway, secrets: Iterable[str] = ()) -> Cassette:
    """The cassette without `secrets`, and with the lives that it tells of.

    Those that are there already stay as they are: somebody may have edited them.
    """
    clean = redacted(cassette, secrets)
    known = {job.id: job for job in clean.jobs}
    found = distilled(clean, profile).jobs
    return replace(clean, jobs=tuple(known.get(job.id, job) for job in found))


def keep(
    path: Path,
    cassette: Cassette,
    outputs: Path | None = None,
    canaries: Iterable[str] = (),
) -> None:
    """Write what is `ready`; with `outputs`, large bodies go there.

    Raises `Leaking` where a canary, or what is a secret by its form, is left; then nothing was
    written. Raises `LibraryError` where it cannot be written.
    """
    told = as_written(cassette, aside=outputs is not None)
    refuse_leaks(path, (told.data, *told.side_files.values()), canaries)
    save(path, told, outputs)


def refuse_leaks(path: Path, texts: Iterable[bytes], canaries: Iterable[str] = ()) -> None:
    """Raises `Leaking` where a secret is left in what would be written to `path`."""
    sought = tuple(canaries)
    found = [leak for data in texts for leak in leaks(data, sought)]
    if found:
        raise Leaking(path, found)


def joined(before: Cassette, after: Cassette) -> Cassette:
    """One cassette of two recordings, the second behind the first, with the lives of that."""
    ends_ms = max((one.answered_ms for one in before.recorded), default=-GAP_MS)
    gap_ms = ends_ms + GAP_MS

    def later(one: Recorded) -> Recorded:
        return replace(one, seen=replace(one.seen, at_ms=one.seen.at_ms + gap_ms))

    return replace(
        after,
        recorded=(*before.recorded, *map(later, after.recorded)),
        hooks=(
            *before.hooks,
            *(Posted(one.request, one.at_ms + gap_ms) for one in after.hooks),
        ),
        jobs=before.jobs,
    )


def spent(cassette: Cassette, catalogue: Catalogue) -> tuple[int, Decimal]:
    """How many predictions were made, and what they cost by the prices of the schemas.

    One that was not seen to end is taken to make what it was asked for.
    """
    usd = Decimal(0)
    for job in cassette.jobs:
        model = catalogue.model(job.model)
        if job.creates and model is not None:
            usd += model.price_usd_per_output * _outputs(job)
    return sum(bool(job.creates) for job in cassette.jobs), usd


def _outputs(job: Job) -> int:
    if job.ended:
        return len(job.states[-1].outputs)
    asked = members(job.states[0].body.get("input")).get("num_outputs", 1)
    return asked if isinstance(asked, int) else 1
