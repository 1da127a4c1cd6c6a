"""Jobs are money: one is started, and none is left behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mockserver.contract.consumer import rules
from mockserver.contract.consumer.conduct import Conduct, How, Job
from mockserver.contract.consumer.probes.probe import Probe, found
from mockserver.contract.consumer.reading import is_intolerant
from mockserver.contract.finding import Finding
from mockserver.core.fault import Operation


def one_job(conduct: Conduct) -> Iterator[Finding]:
    """A second job was started, and nobody had told the client that the first one went wrong."""
    creates = [call for call in conduct.of(Operation.CREATE) if call.request.method == "POST"]
    extra = [job for job in conduct.jobs[1:] if not _was_free(conduct, job)]
    if extra and len(creates) > 1:
        ids = [job.prediction_id for job in (conduct.jobs[0], *extra)]
        yield found(
            rules.ONE_JOB,
            creates[-1],
            expected="1 job",
            seen=f"{len(creates)} create calls, {len(ids)} jobs: {', '.join(ids)}",
            about=ids[-1],
        )


def left_running(conduct: Conduct) -> Iterator[Finding]:
    """The client gave up a job that it knew of, and let it run."""
    if conduct.end.how is not How.RAISED or is_intolerant(conduct):
        return
    canceled = {call.prediction_id for call in conduct.of(Operation.CANCEL)}
    for job in conduct.jobs:
        known = [one for one in conduct.calls if one.told.id == job.prediction_id]
        if known and not job.ended and job.prediction_id not in canceled:
            yield found(
                rules.CANCELED,
                known[-1],
                expected=f"POST …/predictions/{job.prediction_id}/cancel",
                seen=f"{conduct.end}, and the job is left {job.status}",
                about=job.prediction_id,
            )


def _was_free(conduct: Conduct, job: Job) -> bool:
    """Whether all jobs before this one were known to have ended without success."""
    bad = {
        call.told.id
        for call in conduct.calls
        if call.told.ended_badly and call.interaction.at_ms <= job.at_ms
    }
    before = conduct.jobs[: conduct.jobs.index(job)]
    return all(one.prediction_id in bad for one in before)


PROBES: Final[tuple[Probe, ...]] = (one_job, left_running)
