"""Success is what was made: of a prediction that succeeded, whole, and what was told of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from mockserver.contract.consumer import rules
from mockserver.contract.consumer.conduct import Conduct
from mockserver.contract.consumer.probes.probe import Probe, found
from mockserver.contract.consumer.reading import last_told
from mockserver.contract.finding import Finding
from mockserver.core.fault import Operation
from mockserver.core.timeline import Status


def false_success(conduct: Conduct) -> Iterator[Finding]:
    """The client returned as if all were well, and no prediction of its own had succeeded."""
    if not conduct.succeeded or _some_job_succeeded(conduct) or not conduct.calls:
        return
    seen = [str(job.status) for job in conduct.jobs] or "no prediction"
    yield found(
        rules.NO_FALSE_SUCCESS, conduct.calls[-1], "/status", expected="an error", seen=seen
    )


def unchecked(conduct: Conduct) -> Iterator[Finding]:
    """It returned although it was told an output that nobody can use, or fewer than asked for."""
    told = last_told(conduct)
    if not (conduct.succeeded and _some_job_succeeded(conduct)) or told is None:
        return
    output = told.told.body.get("output")
    # Who takes a create answer for the end breaks another promise.
    was_final = told.told.ended or told.operation is not Operation.CREATE
    if _is_useless(output) and was_final:
        yield found(rules.OUTPUT_CHECKED, told, "/output", expected="an error", seen=output)
    elif conduct.end.outputs == ():
        yield found(rules.OUTPUT_CHECKED, told, "/output", expected=output, seen="nothing")
    elif isinstance(output, list) and conduct.outputs > 1 and len(output) < conduct.outputs:
        expected = f"{conduct.outputs} outputs, or an error"
        yield found(rules.OUTPUTS_COUNTED, told, "/output", expected=expected, seen=len(output))


def another_output(conduct: Conduct) -> Iterator[Finding]:
    """It gave back something else than what was told and downloaded."""
    outputs, told = conduct.end.outputs, last_told(conduct)
    if not (conduct.succeeded and outputs and told) or not _some_job_succeeded(conduct):
        return
    # What a fault did to an address or to a file is for the probes of downloads.
    if any(call.kinds for call in conduct.of(Operation.OUTPUT)):
        return
    addresses = {one for call in conduct.calls for one in _texts(call.told.body.get("output"))}
    known = addresses | set(conduct.files.values())
    strange = [one for one in outputs if one not in known and _can_be_judged(one, conduct)]
    if strange:
        expected = sorted(addresses) or "what was made"
        yield found(rules.OUTPUT_AS_TOLD, told, "/output", expected=expected, seen=strange[0][:80])


def _can_be_judged(output: str | bytes, conduct: Conduct) -> bool:
    return isinstance(output, str) or bool(conduct.files)


def _some_job_succeeded(conduct: Conduct) -> bool:
    return any(job.status == Status.SUCCEEDED for job in conduct.jobs)


def _is_useless(output: object) -> bool:
    if isinstance(output, list):
        return not output or None in output
    return output in (None, "") or isinstance(output, Mapping)


def _texts(output: object) -> Iterator[str]:
    match output:
        case str():
            yield output
        case list():
            for one in output:
                yield from _texts(one)
        case Mapping():
            for one in output.values():
                yield from _texts(one)


PROBES: Final[tuple[Probe, ...]] = (false_success, unchecked, another_output)
