"""A client in this process over a socket: any HTTP library, real time, and an end to it."""

from __future__ import annotations

import asyncio
import json
import os
import threading
import time
from dataclasses import replace
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from examples.reference_client import ReferenceClient
from mockserver.audit.api import Api
from mockserver.audit.inprocess import Client, Trial
from mockserver.audit.served import audited, met
from mockserver.contract.consumer.cases import cases
from mockserver.contract.consumer.conduct import How


pytest_plugins = ["pytester"]

Given = Any

(HAPPY,) = cases(("happy",))
(STUCK,) = cases(("stuck-processing",))


def told(api: Api, method: str, path: str, body: object = None) -> dict[str, Any]:
    """An answer of the API, by the standard library alone."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {api.token}", "Content-Type": "application/json"}
    asked = Request(f"{api.base_url}{path}", data, headers, method=method)  # noqa: S310 - loopback
    with urlopen(asked, timeout=30) as answer:  # noqa: S310 - loopback
        return dict(json.load(answer))


def by_urllib(api: Api, model: str, given: Given) -> object:
    """Makes a prediction without httpx, and waits for it in real time."""
    made = told(api, "POST", f"/models/{model}/predictions", {"input": given})
    while made["status"] in ("starting", "processing"):
        threading.Event().wait(0.05)
        made = told(api, "GET", f"/predictions/{made['id']}")
    return made["output"]


def of(trial: Trial, client: Client, deadline_s: float = 10.0) -> Trial:
    """The same with another client, which has so many real seconds."""
    return replace(trial, client=client, deadline_s=deadline_s)


def test_a_client_without_httpx_is_judged(trial: Trial) -> None:
    """What it asked and what it gave back are seen as with any other."""
    result = audited(of(trial, by_urllib), HAPPY)
    assert result.findings == ()
    assert result.conduct is not None
    assert result.conduct.end.how is How.RETURNED
    assert len(result.conduct.end.outputs or ()) == 2
    assert [job.status for job in result.conduct.jobs] == ["succeeded"]


def test_the_reference_client_is_judged_by_its_bytes(trial: Trial) -> None:
    """Over a socket as well, in an event loop."""

    async def by_async(api: Api, model: str, given: Given) -> list[bytes]:
        """The good client, without a transport of ours."""
        return await ReferenceClient(api.base_url, api.token).run_async(model, given)

    assert audited(of(trial, by_async), HAPPY).findings == ()


def test_its_variables_stand_while_it_runs(trial: Trial) -> None:
    """And are as they were before afterwards; one tells how long it ought to take."""
    seen: dict[str, str] = {}

    def looks(api: Api, model: str, given: Given) -> object:
        seen.update({name: os.environ[name] for name in api.env}, deadline_s=f"{api.deadline_s:g}")
        return by_urllib(api, model, given)

    before = dict(os.environ)
    conduct = met(of(trial, looks), HAPPY)
    assert dict(os.environ) == before
    assert seen["REPLICATE_BASE_URL"] == conduct.base_url
    assert seen["MOCKSERVER_DEADLINE_S"] == seen["deadline_s"] == "6"


@pytest.mark.parametrize("swallows", [False, True])
def test_who_waits_for_ever_is_left_behind(trial: Trial, *, swallows: bool) -> None:
    """It hangs, and its thread ends all the same, also where it takes every error for a pause."""

    def waits(api: Api, model: str, given: Given) -> object:
        while True:
            try:
                return by_urllib(api, model, given)
            except OSError:
                if not swallows:
                    raise

    conduct = met(of(trial, waits, deadline_s=1.0), STUCK)
    assert conduct.end.how is How.HUNG
    assert conduct.end.at_ms >= 900
    assert [one for one in threading.enumerate() if one.name == "client"] == []


def test_an_error_of_its_own_is_told(trial: Trial) -> None:
    """With its name and all that it says."""
    (case,) = cases(("http.status;on=create;status=500",))
    end = met(replace(of(trial, by_urllib), errors=(HTTPError,)), case).end
    assert (end.how, end.error, end.own) == (How.RAISED, "urllib.error.HTTPError", True)


def test_time_is_real(trial: Trial) -> None:
    """What the client sleeps is slept, and the fake's time runs twenty times as fast."""
    spent: list[float] = []

    def naps(api: Api, model: str, given: Given) -> object:
        began = time.monotonic()
        asyncio.run(asyncio.sleep(0.2))
        spent.append(time.monotonic() - began)
        return by_urllib(api, model, given)

    conduct = met(of(trial, naps), HAPPY)
    assert spent[0] >= 0.2
    assert conduct.calls[0].at_ms >= 190


def test_a_class_of_tests_can_run_over_a_socket(pytester: pytest.Pytester) -> None:
    """Its promises are the same; nothing is drawn, which would take real time."""
    pytester.makepyfile("""
from test_it import by_urllib
from mockserver import ClientContract

class TestMine(ClientContract):
    over_socket = True
    suites = ("happy", "aborted", "life.aborted")

    def run(self, api, model, input):
        return by_urllib(api, model, input)
""")
    pytester.makepyfile(
        test_it=f"""
import json
import threading
from urllib.request import Request, urlopen

{_source(told)}

{_source(by_urllib)}
"""
    )
    seen = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-k", "K5- or K7- or drawn")
    seen.assert_outcomes(passed=1, failed=1, skipped=2, deselected=17)
    seen.stdout.fnmatch_lines(["*K7-never-reports-success*"])


def _source(function: object) -> str:
    import inspect

    text = inspect.getsource(function)  # type: ignore[arg-type]
    return text.replace(": Api", "").replace(": Given", "").replace(" -> dict[str, Any]", "")
