"""Files that were downloaded: whether the client looked at what it got, and came in time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mockserver.contract.consumer import rules
from mockserver.contract.consumer.conduct import Call, Conduct
from mockserver.contract.consumer.probes.probe import Probe, found
from mockserver.contract.finding import Finding, Rule
from mockserver.contract.looks import header
from mockserver.core.fault import Operation
from mockserver.core.timeline import RETENTION_MS


def taken(conduct: Conduct) -> Iterator[Finding]:
    """The client reports success, and what it got last of a file or stream is no good."""
    if not conduct.succeeded:
        return
    for call in _last_of_each(conduct, Operation.OUTPUT, Operation.STREAM):
        rule, seen = _wrong(call)
        if rule is not None:
            yield found(rule, call, expected="an error, or another try", seen=seen)


def too_late(conduct: Conduct) -> Iterator[Finding]:
    """A file was first asked for when it had been removed."""
    ends = [call.interaction.at_ms for call in conduct.calls if call.told.ended]
    for call in conduct.of(Operation.OUTPUT):
        if ends and call.interaction.at_ms - ends[0] > RETENTION_MS:
            waited_s = (call.interaction.at_ms - ends[0]) // 1000
            expected = f"within {RETENTION_MS // 1000} s"
            yield found(rules.DOWNLOADED_IN_TIME, call, expected=expected, seen=f"{waited_s} s")
        break


def _last_of_each(conduct: Conduct, *operations: Operation) -> list[Call]:
    """The last call for each file."""
    return list({call.request.path: call for call in conduct.of(*operations)}.values())


def _wrong(call: Call) -> tuple[Rule | None, str]:
    """The rule against taking this for what was asked, and what it is."""
    if _is_cut(call):
        return rules.CUT_NOTICED, f"a part of it, by {', '.join(call.kinds)}"
    return (None, "") if call.told.redirected else _no_file(call)


def _is_cut(call: Call) -> bool:
    """Whether not all of it came."""
    cut = call.told.lost or call.operation is Operation.STREAM
    return (cut and "K13" in call.puts_to_the_test) or "out.url_truncated" in call.kinds


def _no_file(call: Call) -> tuple[Rule | None, str]:
    """The rule against taking what came whole, and what it is."""
    seen = call.interaction
    if seen.status >= _REFUSED:
        return rules.DOWNLOAD_CHECKED, f"status {seen.status}"
    if "html" in header(seen, "content-type"):
        return rules.DOWNLOAD_CHECKED, header(seen, "content-type")
    if not seen.response_body and "K15" in call.puts_to_the_test:
        return rules.DOWNLOAD_CHECKED, "no bytes"
    broken = sorted(_BROKEN_PICTURES.intersection(call.kinds))
    return (rules.PICTURE_CHECKED, broken[0]) if broken else (None, "")


_REFUSED: Final = 400
_BROKEN_PICTURES: Final = frozenset({"out.image_corrupt", "out.image_wrong_format"})


PROBES: Final[tuple[Probe, ...]] = (taken, too_late)
