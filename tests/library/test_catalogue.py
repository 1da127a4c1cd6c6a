"""Everything has a name, and is read when it is first asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver.library.catalogue import Catalogue
from mockserver.library.errors import LibraryError, UnknownName


PRO = "black-forest-labs/flux-kontext-pro"
PRO_ID = "897a70f5a7dbd8a0611413b3b98cf417b45f266bd595c571a22947619d9ae462"


@pytest.fixture
def catalogue() -> Catalogue:
    """A catalogue that has read nothing yet."""
    return Catalogue()


@pytest.mark.parametrize("version", [PRO, PRO_ID, f"{PRO}:{PRO_ID}"])
def test_a_version_is_named_in_three_ways(catalogue: Catalogue, version: str) -> None:
    """By its id, by the name of an official model, or by both."""
    found = catalogue.model_of_version(version)
    assert found is not None
    assert found.full_name == PRO
    assert version in found.version_names


@pytest.mark.parametrize(
    "version", ["", "hidden", "a/b", f"{PRO}:latest", f"{PRO}:", f"a/b:{PRO_ID}", "0" * 64]
)
def test_any_other_version_is_unknown(catalogue: Catalogue, version: str) -> None:
    """`latest` is no version upstream either."""
    assert catalogue.model_of_version(version) is None


@pytest.mark.parametrize("name", ["", "flux", "../gateways", "../../schemas/models/x", "a/b/c"])
def test_a_name_is_never_taken_for_a_path(catalogue: Catalogue, name: str) -> None:
    """Names come from callers; only what is listed is read."""
    assert catalogue.model(name) is None


@pytest.mark.parametrize("host", ["www.anyapi.vip", "WWW.AnyAPI.vip", "www.anyapi.vip:443"])
def test_a_host_finds_its_gateway(catalogue: Catalogue, host: str) -> None:
    """With any port, in any case."""
    found = catalogue.gateway_of_host(host)
    assert found is not None
    assert found.name == "anyapi"


@pytest.mark.parametrize("host", ["replicate.delivery", "pbxt.replicate.delivery"])
def test_a_host_that_answers_lead_to_is_known(catalogue: Catalogue, host: str) -> None:
    """To the gateway whose answers those are, and where its root lies here."""
    found = catalogue.gateway_of_host(host)
    assert found is not None
    assert found.name == "replicate"
    assert catalogue.root_of_host(host) == "/delivery"


def test_every_host_is_listed(catalogue: Catalogue) -> None:
    """Those that are called, and those that answers lead to, which may be patterns."""
    assert {"api.replicate.com", "anyapi.vip", "*.replicate.delivery"} <= set(catalogue.hosts())
    assert catalogue.root_of_host("api.replicate.com") == ""


@pytest.mark.parametrize("host", ["", "127.0.0.1:4010", "[::1]:4010", "localhost"])
def test_other_hosts_find_none(catalogue: Catalogue, host: str) -> None:
    """Which profile they get is not the library's business."""
    assert catalogue.gateway_of_host(host) is None


def test_an_unknown_gateway_is_told_the_nearest(catalogue: Catalogue) -> None:
    """The error lists what there is."""
    with pytest.raises(UnknownName, match=r"'quickroter' \(known: anyapi, .*mean 'quickrouter'"):
        catalogue.gateway("quickroter")


def test_an_unknown_scenario_without_a_near_one(catalogue: Catalogue) -> None:
    """No guess is better than a wild one; it is a LookupError too."""
    with pytest.raises(LookupError, match=r"no scenario is named 'zzz' \(known: aborted"):
        catalogue.scenario("zzz")


def test_a_file_is_read_once(catalogue: Catalogue) -> None:
    """The same name gives the same value."""
    assert catalogue.model(PRO) is catalogue.model(PRO)
    assert catalogue.gateway("anyapi") in catalogue.gateways()
    assert catalogue.scenario("happy") in catalogue.scenarios()


def test_a_broken_neighbour_does_not_matter(tmp_path: Path) -> None:
    """Asking for one gateway reads neither models nor other gateways."""
    schemas = Catalogue().schemas
    (tmp_path / "errors").symlink_to(schemas / "errors")
    (tmp_path / "gateways").mkdir()
    (tmp_path / "gateways" / "anyapi.toml").symlink_to(schemas / "gateways" / "anyapi.toml")
    (tmp_path / "gateways" / "broken.toml").write_text("=", encoding="utf-8")
    partly_broken = Catalogue(tmp_path)
    assert partly_broken.gateway("anyapi").name == "anyapi"
    assert partly_broken.gateway_names() == ("anyapi", "broken")
    with pytest.raises(LibraryError, match=r"broken\.toml: expected TOML"):
        partly_broken.gateways()
