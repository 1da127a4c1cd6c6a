"""A client audited: as a program, case by case, and in this process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from time import monotonic, process_time
from typing import Any, Final

from bench.report import Row, Rows
from examples.reference_client import PredictionError, ReferenceClient
from mockserver.audit.api import Api
from mockserver.audit.drawing import failure
from mockserver.audit.inprocess import Trial, audited
from mockserver.client_contract import ClientContract
from mockserver.contract.consumer.cases import cases
from mockserver.examine import given_to, model_called
from mockserver.library.catalogue import Catalogue


CLIENT: Final = Path(__file__).parents[1] / "examples" / "reference_client.py"
MOST_S: Final = 60.0
MOST_INPROCESS_S: Final = 10.0


def audit(quick: bool) -> Rows:  # noqa: FBT001 - as every measurement
    """Seconds of an audit of the reference client; quick: of its lives alone."""
    suites = ["lives"] if quick else ["lives", "client"]
    count = len(cases(suites))
    yield Row(f"mockserver audit, {count} cases", _program_s(suites), "s", at_most=MOST_S)
    yield Row(
        f"ClientContract, {count} cases and its drawn servers",
        _inprocess_s(suites),
        "s",
        at_most=MOST_INPROCESS_S,
        note="processor time",
    )


def _program_s(suites: list[str]) -> float:
    chosen = [word for suite in suites for word in ("--suite", suite)]
    line = [
        sys.executable,
        "-m",
        "mockserver",
        "audit",
        *chosen,
        "--",
        sys.executable,
        str(CLIENT),
    ]
    began_s = monotonic()
    subprocess.run(line, check=True, capture_output=True)  # noqa: S603 - our own program
    return monotonic() - began_s


def _inprocess_s(suites: list[str]) -> float:
    def run(api: Api, model: str, given: Any) -> list[bytes]:
        return ReferenceClient(api.base_url, api.token, api.transport).run(model, given)

    began_s = process_time()
    catalogue = Catalogue()
    model = model_called(catalogue, ClientContract.model)
    trial = Trial(run, model, given_to(model), catalogue, errors=(PredictionError,))
    for case in cases(suites):
        audited(trial, case)
    for sort in ("legal", "faulty"):
        failure(trial, sort, ClientContract.drawn)
    return process_time() - began_s
