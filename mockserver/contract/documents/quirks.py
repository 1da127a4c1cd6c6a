"""The quirks of a gateway that show in its documents: what a rule finds, as a profile tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from mockserver.contract.documents import rules
from mockserver.contract.documents.remark import Remark
from mockserver.contract.finding import Rule
from mockserver.library.deriving.facts import Origin, documents_of
from mockserver.library.deriving.profiles import DrawnQuirk
from mockserver.library.quirks import Quirk


@dataclass(frozen=True, slots=True)
class _Sort:
    """What a broken rule makes a quirk; `{seen}`, `{expected}`, `{field}` are filled in."""

    rule: Rule
    name: str
    says: str
    finding: str
    fault: str = ""
    excused: bool = False


_ECHO: Final = (
    "asked for {expected}, the echo of {field} says {seen}; the fake keeps what was asked"
)
_SORTS: Final[tuple[_Sort, ...]] = (
    _Sort(
        rules.CREATE_ANSWERS_201,
        "create-answers-{seen}",
        "create answers {seen} where upstream answers 201",
        "S101",
    ),
    _Sort(
        rules.URLS_AT_HOME,
        "urls-lead-upstream",
        "urls.get and urls.cancel point to {seen}, where the gateway's key is not valid",
        "U101",
        "shape.urls_foreign",
        excused=True,
    ),
    _Sort(
        rules.ECHO_EQUALS_REQUEST,
        "{field}-changed",
        _ECHO,
        "S106",
        "shape.echo_mutated",
        excused=True,
    ),
    _Sort(
        rules.MODEL_OF_PATH,
        "model-differs-from-path",
        "an example names {seen} under the path of {expected}; the fake answers with the model of "
        "the path",
        "S115",
        "life.wrong_model;on=create+get+list+cancel+webhook",
        excused=True,
    ),
)
_FAULTS: Final = {"create-answers-200": "gw.create_200"}
_CLAMPED: Final = "{field}-clamped"


def quirks_of(named: Iterable[tuple[str, Remark]]) -> Iterator[DrawnQuirk]:
    """The quirks in what was found, each once, with every document and line that shows it."""
    found: dict[str, tuple[_Sort, Remark, list[Origin]]] = {}
    for document, remark in named:
        for sort in _SORTS:
            if sort.rule.code == remark.finding.code:
                name = _filled(_name(sort, remark), remark)
                known = found.setdefault(name, (sort, remark, []))
                known[2].append(Origin(document, remark.document, remark.place))
    for name, (sort, remark, origins) in found.items():
        quirk = Quirk(
            name=name,
            says=_filled(sort.says, remark),
            documented=True,
            source=documents_of(origins),
            finding=sort.finding,
            fault=_FAULTS.get(name, sort.fault),
            excused=sort.excused,
        )
        yield DrawnQuirk(quirk, tuple(origins))


def _name(sort: _Sort, remark: Remark) -> str:
    """A number that comes back smaller has been clamped."""
    asked, seen = remark.finding.expected, remark.finding.seen
    numbers = isinstance(asked, int | float) and isinstance(seen, int | float)
    smaller = numbers and sort.rule is rules.ECHO_EQUALS_REQUEST and _number(seen) < _number(asked)
    return _CLAMPED if smaller else sort.name


def _number(value: Any) -> float:
    return float(value)


def _filled(text: str, remark: Remark) -> str:
    finding = remark.finding
    field = remark.place.pointer.rpartition("/")[2]
    in_name = text.startswith("{field}-")
    return text.format(
        field=field.replace("_", "-").lower() if in_name else field,
        seen=_shown(finding.seen),
        expected=_shown(finding.expected),
    )


def _shown(value: object) -> str:
    """A value, or the values of a list or an object, in words."""
    if isinstance(value, dict):
        value = [*value.values()]
    if isinstance(value, list):
        return " and ".join(dict.fromkeys(map(str, value)))
    return str(value)
