"""Addresses: whether what a prediction says of itself can be followed with the same token."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mockserver.contract import rules
from mockserver.contract.evidence import CREATES, Evidence, Intent
from mockserver.contract.exam import links, origin
from mockserver.contract.finding import Finding
from mockserver.contract.looks import header
from mockserver.contract.probes.probe import Probe, first_told, found


def addresses(evidence: Evidence) -> Iterator[Finding]:
    """`urls.get` leads where the same token is of no use."""
    ours = origin(evidence.base_url)
    for _, exchange in first_told(evidence, "urls"):
        address = links(exchange).get("get")
        if address is not None and origin(address) != ours:
            yield found(rules.URLS_USABLE, exchange, "/urls/get", expected=ours, seen=address)
    for followed in evidence.of(Intent.FOLLOW):
        if origin(followed.url) == ours and not followed.went_well and not followed.error:
            told = f"{followed.status} at {followed.url}"
            yield found(
                rules.URLS_USABLE, followed, "/urls/get", expected="a prediction", seen=told
            )


def locations(evidence: Evidence) -> Iterator[Finding]:
    """Location of a new prediction leads to another place than its `urls.get`."""
    ours = origin(evidence.base_url)
    for made in evidence.of(*CREATES):
        address, location = links(made).get("get"), header(made.raw, "location")
        if not made.went_well or not location or address is None or origin(address) != ours:
            continue
        if not same_place(location, address):
            yield found(rules.LOCATION_IS_GET, made, "location", expected=address, seen=location)


def same_place(location: str, address: str) -> bool:
    """Whether both lead to one resource, or one below it; a Location may be relative."""
    here = f"{origin(address)}{location}" if location.startswith("/") else location
    return address == here or address.startswith(f"{here}/")


PROBES: Final[tuple[Probe, ...]] = (addresses, locations)
