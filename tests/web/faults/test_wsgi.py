"""Faults behind any WSGI server: what needs nothing but replies is performed there as well."""

from __future__ import annotations

from typing import Final

import pytest
from werkzeug.test import Client, TestResponse

from mockserver.library.faults import catalogue
from mockserver.library.faults.kinds import SERVER, WSGI
from mockserver.service.settings import Settings
from mockserver.web.app import create_app


PRO: Final = "/v1/models/black-forest-labs/flux-kontext-pro/predictions"
KINDS: Final = tuple(
    kind.name
    for family in ("net", "http", "body")
    for kind in catalogue.families()[family]
    if kind.needs in SERVER
)


def created(fault: str) -> TestResponse:
    """What a create call is answered with that asks for `fault`, read to its end."""
    client = Client(create_app(settings=Settings(clock="manual:jump")))
    headers = {"Authorization": "Bearer x", "X-Mock-Fault": fault}
    return client.post(PRO, json={"input": {"prompt": "x"}}, headers=headers, buffered=True)


@pytest.mark.parametrize("name", KINDS)
def test_a_fault_is_performed_or_refused(name: str) -> None:
    """With 501 where it needs more than replies, and never with a failure of our own."""
    told = created(name)
    able = catalogue.kinds()[name].needs in WSGI
    assert (told.status_code == 501) != able
    assert b"itself failed" not in told.data[:1000]


def test_a_late_answer_is_whole() -> None:
    """It is waited for in the server's thread."""
    told = created("net.latency;ms=90000, net.drip;bytes=100;ms=1000")
    assert (told.status_code, told.get_json()["status"]) == (201, "starting")
