"""A gateway is a file: where it is, how it is asked, how it answers, each fact with its source."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Final

import pytest

from mockserver.library.catalogue import Catalogue
from mockserver.library.errors import LibraryError
from mockserver.library.gateways import (
    FEATURES,
    Gateway,
    Serializer,
    Support,
    UrlsMode,
    load_gateway,
)
from mockserver.library.rooms import room


GATEWAYS: Final = Catalogue().gateways()
RELAYS: Final = [gateway for gateway in GATEWAYS if gateway.base_path == "/replicate/v1"]
UPSTREAMS_PATHS: Final = [gateway for gateway in GATEWAYS if not gateway.paths]
PROFILE: Final = room("schemas") / "gateways" / "quickrouter.toml"

each_gateway = pytest.mark.parametrize("gateway", GATEWAYS, ids=lambda gateway: gateway.name)
each_relay = pytest.mark.parametrize("gateway", RELAYS, ids=lambda gateway: gateway.name)
each_with_upstreams_paths = pytest.mark.parametrize(
    "gateway", UPSTREAMS_PATHS, ids=lambda gateway: gateway.name
)


def test_upstream_and_the_gateways_of_the_documents_are_there() -> None:
    """Five profiles of those who relay upstream, four of those with manners of their own."""
    names = {
        *("anyapi", "quickrouter", "replicate", "winfull", "winfull-cloud"),
        *("cometapi", "new-api", "routeany", "wavespeed"),
    }
    assert names <= {gateway.name for gateway in GATEWAYS}


def test_a_host_belongs_to_one_gateway() -> None:
    """The Host header decides the profile, so no two profiles share a host or an alias."""
    groups = [(one.hosts, *(alias.hosts for alias in one.aliases)) for one in GATEWAYS]
    hosts = list(chain.from_iterable(chain.from_iterable(groups)))
    assert len(hosts) == len(set(hosts))


@each_relay
def test_a_relay_answers_create_with_200(gateway: Gateway) -> None:
    """The documents say 200, below /replicate/v1, with a bearer token."""
    assert (gateway.create.status, gateway.waited_out_status) == (200, 200)
    assert gateway.auth.schemes == ("Bearer",)


def test_upstream_answers_create_with_201_or_202() -> None:
    """201 when made or ended, 202 when the wait ran out; Token is accepted too."""
    upstream = Catalogue().gateway("replicate")
    assert (upstream.create.status, upstream.waited_out_status) == (201, 202)
    assert upstream.base_path == "/v1"
    assert upstream.auth.schemes == ("Bearer", "Token")


def test_quickrouter_reduces_what_create_answers() -> None:
    """Its document shows id, status and, once there is any, output."""
    create = Catalogue().gateway("quickrouter").create
    assert (create.body, create.omit_null) == (("id", "status", "output"), ("output",))


@each_with_upstreams_paths
def test_create_and_get_write_the_edge_form(gateway: Gateway) -> None:
    """The other two write the web form, which is relayed where the paths are."""
    assert gateway.create.serializer is gateway.get.serializer is Serializer.EDGE
    assert gateway.list.serializer is gateway.cancel.serializer is Serializer.WEB


@each_gateway
def test_urls_are_our_own_by_default(gateway: Gateway) -> None:
    """Whatever the documents show, the fake leads nobody away."""
    assert gateway.urls.served is UrlsMode.OWN
    assert "/predictions/x" in gateway.urls.upstream["get"].format(id="x")


@each_gateway
def test_create_is_documented_and_every_feature_is_judged(gateway: Gateway) -> None:
    """What nobody documents is marked so; of the family itself there is only the code."""
    assert tuple(gateway.endpoints) == FEATURES
    expected = Support.SUPPORTED if gateway.name == "new-api" else Support.DOCUMENTED
    assert gateway.endpoints["create"] is expected


@each_gateway
def test_every_quirk_names_its_source(gateway: Gateway) -> None:
    """A quirk without a source is a rumour."""
    assert all(quirk.source and quirk.says for quirk in gateway.quirks)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('title = "', 'titel = "', "title: missing"),
        ('homepage = "', 'colour = "red"\nhomepage = "', "colour: unknown key"),
        ('name = "quickrouter"', 'name = "other"', "name: expected 'quickrouter'"),
        ('["api.quickrouter.ai"]', '["https://API"]', "hosts: expected host names"),
        ('base_path = "/replicate/v1"', 'base_path = "v1/"', "base_path: expected a path"),
        ("status = 200", "status = 404", "status: expected a status from 200 to 299"),
        ('body = ["id", "status", "output"]', "body = [1]", "create.body: expected a list"),
        ('serializer = "edge"', 'serializer = "flat"', "serializer: expected one of edge, web"),
        ('mode = "none"', 'mode = "both"', "urls.mode: expected one of own, upstream, none"),
        ('cancel = "assumed"', 'cancel = "maybe"', "endpoints.cancel: expected one of"),
        ('like = "new-api"', 'like = "nobody"', "nobody.toml: there is no such file"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, old: str, new: str, named: str) -> None:
    """The error names the key, what was expected and what was seen."""
    (tmp_path / "errors").symlink_to(room("schemas") / "errors")
    path = tmp_path / "gateways" / "quickrouter.toml"
    path.parent.mkdir()
    path.write_text(PROFILE.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(LibraryError, match=named):
        load_gateway(path)
