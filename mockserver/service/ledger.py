"""What was created in a world, what it would have cost, and what of it was meant only once.

A prediction costs its model's price for every output it makes: what failed, was aborted, or was
canceled before there was an output costs nothing.
How a prediction will end is known when it is created, so it is entered with its end; a cancel or a
test that changes the end corrects the entry.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, NamedTuple

from mockserver.service.ledger_requests import Balance, LogicalRequest, Tallies, Tally


KEPT_LINES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Line:
    """One created prediction, how many outputs it makes, and the price of one in US dollars."""

    prediction_id: str
    model: str
    at_ms: int
    outputs: int
    usd_per_output: Decimal

    @property
    def usd(self) -> Decimal:
        """What it costs."""
        return self.outputs * self.usd_per_output


@dataclass(frozen=True, slots=True)
class Total:
    """All that was created of one model."""

    predictions: int = 0
    outputs: int = 0
    usd: Decimal = Decimal(0)

    def __add__(self, other: Total) -> Total:
        return Total(
            self.predictions + other.predictions,
            self.outputs + other.outputs,
            self.usd + other.usd,
        )


class _Entered(NamedTuple):
    """A line, the request it belongs to, and whether that had a prediction already."""

    line: Line
    request: Tally
    wasted: bool


class Ledger:
    """Totals since the world began, its newest lines, and its newest logical requests."""

    def __init__(self, kept: int = KEPT_LINES) -> None:
        self._kept = kept
        self._lines: OrderedDict[str, _Entered] = OrderedDict()
        self._requests = Tallies()
        self._made: dict[str, tuple[int, int]] = {}
        """Predictions and outputs by model: dollars are reckoned when somebody asks."""
        self._wasted: dict[str, int] = {}
        """Outputs, by model, of predictions that were not the first of their request."""
        self._prices: dict[str, Decimal] = {}

    def enter(self, line: Line, key: bytes = b"") -> None:
        """Write `line` down; submissions of the same `key` mean the same, an empty one nothing."""
        model, outputs = line.model, line.outputs
        key = key or line.prediction_id.encode()
        request = self._requests.submitted(key, model, line.at_ms, line.prediction_id)
        entered = _Entered(line, request, request.jobs > 0)
        self._lines[line.prediction_id] = entered
        if len(self._lines) > self._kept:
            self._lines.popitem(last=False)
        request.jobs += 1
        self._prices[model] = line.usd_per_output
        self._add(model, 1, outputs)
        self._charge(entered, outputs)

    def attempted(self, key: bytes, model: str, at_ms: int) -> None:
        """Note a submission that created nothing, because it was refused or got lost."""
        self._requests.submitted(key, model, at_ms)

    def correct(self, prediction_id: str, model: str, more: int) -> None:
        """Let a prediction that was entered make so many outputs `more`, or fewer.

        What its request costs is corrected as long as its line is kept.
        """
        if not more or model not in self._prices:
            return
        entered = self._lines.get(prediction_id)
        if entered is not None:
            line = replace(entered.line, outputs=entered.line.outputs + more)
            self._lines[prediction_id] = entered._replace(line=line)
            self._charge(entered, more)
        self._add(model, 0, more)

    def __iter__(self) -> Iterator[Line]:
        """The lines kept, oldest first."""
        return iter([entered.line for entered in tuple(self._lines.values())])

    @property
    def totals(self) -> dict[str, Total]:
        """What each model adds up to."""
        return {
            model: Total(predictions, outputs, outputs * self._prices[model])
            for model, (predictions, outputs) in tuple(self._made.items())
        }

    @property
    def requests(self) -> tuple[LogicalRequest, ...]:
        """The logical requests kept, in the order in which they first came."""
        return tuple(
            tally.told(self._prices.get(tally.model, Decimal(0))) for tally in self._requests
        )

    @property
    def duplicates(self) -> tuple[LogicalRequest, ...]:
        """Those of them that were submitted more than once."""
        return tuple(request for request in self.requests if request.duplicates)

    @property
    def balance(self) -> Balance:
        """What all submissions add up to, those of forgotten requests included."""
        totals = self.totals.values()
        wasted = tuple(self._wasted.items())
        return Balance(
            submissions=self._requests.submissions,
            requests=self._requests.requests,
            jobs=sum(total.predictions for total in totals),
            usd=sum((total.usd for total in totals), Decimal(0)),
            usd_wasted=sum((count * self._prices[model] for model, count in wasted), Decimal(0)),
        )

    def copy(self) -> Ledger:
        """The same, to be written on apart from this one."""
        requests, copies = self._requests.copy()
        # A request that is not kept is told to nobody, so that its lines may share it.
        lines = OrderedDict(
            (prediction_id, one._replace(request=copies.get(id(one.request), one.request)))
            for prediction_id, one in self._lines.items()
        )
        other = copy(self)
        vars(other).update(
            _lines=lines,
            _requests=requests,
            _made=dict(self._made),
            _wasted=dict(self._wasted),
            _prices=dict(self._prices),
        )
        return other

    def _add(self, model: str, predictions: int, outputs: int) -> None:
        before = self._made.get(model, (0, 0))
        self._made[model] = before[0] + predictions, before[1] + outputs

    def _charge(self, entered: _Entered, outputs: int) -> None:
        """Put `outputs` on the bill of a request."""
        entered.request.outputs += outputs
        if entered.wasted:
            entered.request.outputs_wasted += outputs
            model = entered.line.model
            self._wasted[model] = self._wasted.get(model, 0) + outputs
