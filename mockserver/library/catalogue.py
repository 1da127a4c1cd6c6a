"""Everything in the data rooms by its name, read when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from functools import cached_property
from pathlib import Path
from typing import TypeVar, cast

from mockserver.library.aliases import said_of
from mockserver.library.errors import LibraryError, unknown_name
from mockserver.library.gateways import Gateway, load_gateway, roots_of_hosts
from mockserver.library.model_files import load_model
from mockserver.library.models import Model
from mockserver.library.registry import Content
from mockserver.library.registry_files import content_of_folder
from mockserver.library.rooms import room
from mockserver.library.scenarios import Scenario, load_scenario


T = TypeVar("T")


class Catalogue:
    """The models, gateways and scenarios of two data rooms; each file is read at most once.

    `data` is a folder of the user's own, whose models and gateways stand beside ours or in their
    place.
    Names are looked up among the files that are there, never made into paths.
    """

    def __init__(
        self,
        schemas: Path | None = None,
        fixtures: Path | None = None,
        data: Path | None = None,
    ) -> None:
        self.schemas = schemas or room("schemas")
        self.fixtures = fixtures or room("fixtures")
        self.data = data
        self._loaded: dict[Path, object] = {}
        self._added: dict[str, Model] = {}
        self._trained: dict[str, Model] = {}
        self._scripts: dict[str, Scenario] = {}

    @cached_property
    def shipped(self) -> Content:
        """What every account finds: the platform's hardware, collections, cards."""
        return content_of_folder(self.fixtures / "registry")

    @cached_property
    def given(self) -> Content:
        """What the user's own folder gives; nothing without one. Raises `LibraryError`."""
        return content_of_folder(self.data) if self.data else Content()

    def own(self) -> Catalogue:
        """The same files, read once for both; a model added to one is not known to the other."""
        other = copy(self)
        vars(other).update(
            _added=dict(self._added),
            _trained=dict(self._trained),
            _scripts=dict(self._scripts),
        )
        return other

    def check_given(self) -> None:
        """Read all that the user's own folder gives. Raises `LibraryError`."""
        self.gateways()
        known: dict[str, str] = {}
        for model in (*self.models(), *self.given.models):
            other = known.setdefault(model.version_id, model.full_name)
            if other != model.full_name:
                raise LibraryError(
                    f"{self.data}: {model.full_name}: version_id: expected one that no model has, "
                    f"seen that of {other}"
                )

    def add(self, model: Model) -> None:
        """Serve `model` from now on, also in the place of one that has its name."""
        self._added[model.full_name] = model
        self.__dict__.pop("_models_by_version_id", None)

    def trained(self, model: Model) -> None:
        """Know `model`, which a training made, as the maker of predictions; nobody finds it."""
        self._trained[model.full_name] = model

    def maker(self, full_name: str) -> Model | None:
        """The model that made a prediction which says it was made by `full_name`."""
        return self.model(full_name) or self._trained.get(full_name)

    def model(self, full_name: str) -> Model | None:
        """The model named `owner/name`, or None."""
        if full_name in self._added:
            return self._added[full_name]
        path = self._model_paths.get(full_name)
        return self._read(path, load_model) if path else None

    def model_of_version(self, version: str) -> Model | None:
        """The model that `version` asks for (64 hex digits, `owner/name`, or both), or None."""
        full_name, _, version_id = version.partition(":")
        if "/" not in version:
            return self._models_by_version_id.get(version)
        if ":" not in version:
            return self.model(full_name)
        found = self.model(full_name)
        return found if found and found.version_id == version_id else None

    def models(self) -> tuple[Model, ...]:
        """All models, by name."""
        found = {name: self._read(path, load_model) for name, path in self._model_paths.items()}
        return tuple(found.values()) if not self._added else _by_name(found | self._added)

    def gateway(self, name: str) -> Gateway:
        """The gateway of that name; `UnknownName` if there is none."""
        return self._named("gateway", name, self._gateway_paths, load_gateway)

    def gateways(self) -> tuple[Gateway, ...]:
        """All gateways, by name."""
        return tuple(self._read(path, load_gateway) for path in self._gateway_paths.values())

    def gateway_names(self) -> tuple[str, ...]:
        """The names of all gateways; no file is read for them."""
        return tuple(self._gateway_paths)

    def gateway_of_host(self, host: str) -> Gateway | None:
        """The gateway that is reached at `host` (as in the Host header, port or not), or None."""
        place = said_of(host.partition(":")[0].lower(), self._places_by_host)
        return self.gateway(place[0]) if place else None

    def hosts(self) -> tuple[str, ...]:
        """All hosts that gateways have or lead to, the latter maybe as patterns."""
        return tuple(self._places_by_host)

    def hosts_with(self, name: str) -> tuple[str, ...]:
        """The hosts of that gateway alone, and those that any may lead to, such as for files.

        `UnknownName` if there is no such gateway.
        """
        others = {host for one in self.gateways() for host in one.hosts}
        others.difference_update(self.gateway(name).hosts)
        return tuple(host for host in self._places_by_host if host not in others)

    def root_of_host(self, host: str) -> str:
        """Where what `host` (without a port) has at its root lies here; empty for the root."""
        place = said_of(host, self._places_by_host)
        return place[1] if place else ""

    def add_scenario(self, scenario: Scenario) -> None:
        """Know `scenario` from now on, also in the place of one that has its name."""
        self._scripts[scenario.name] = scenario

    def scenario(self, name: str) -> Scenario:
        """The scenario of that name; `UnknownName` if there is none."""
        if name in self._scripts:
            return self._scripts[name]
        return self._named("scenario", name, self._scenario_paths, load_scenario)

    def scenarios(self) -> tuple[Scenario, ...]:
        """All scenarios, by name."""
        return tuple(self._read(path, load_scenario) for path in self._scenario_paths.values())

    @cached_property
    def _model_paths(self) -> Mapping[str, Path]:
        folders = (self.schemas, self.data) if self.data else (self.schemas,)
        found = {
            f"{path.parent.name}/{path.stem}": path
            for folder in folders
            for path in sorted(folder.glob("models/*/*.json"))
        }
        return dict(sorted(found.items()))

    @cached_property
    def _gateway_paths(self) -> Mapping[str, Path]:
        own = _by_stem(self.data / "gateways") if self.data else {}
        found = {**_by_stem(self.schemas / "gateways"), **own}
        return dict(sorted(found.items(), key=lambda it: it[1].name))

    @cached_property
    def _scenario_paths(self) -> Mapping[str, Path]:
        return _by_stem(self.fixtures / "scenarios")

    @cached_property
    def _models_by_version_id(self) -> Mapping[str, Model]:
        return {model.version_id: model for model in self.models()}

    @cached_property
    def _places_by_host(self) -> Mapping[str, tuple[str, str]]:
        """The gateway's name and the root that each host stands for."""
        return {
            host: (name, root)
            for name, path in self._gateway_paths.items()
            for host, root in roots_of_hosts(path).items()
        }

    def _named(
        self, sort: str, name: str, paths: Mapping[str, Path], load: Callable[[Path], T]
    ) -> T:
        path = paths.get(name)
        if path is None:
            raise unknown_name(sort, name, paths)
        return self._read(path, load)

    def _read(self, path: Path, load: Callable[[Path], T]) -> T:
        found = self._loaded.get(path)
        if found is None:
            found = self._loaded[path] = load(path)
        # A path is always read by the same loader.
        return cast("T", found)


def _by_stem(folder: Path) -> Mapping[str, Path]:
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def _by_name(models: Mapping[str, Model]) -> tuple[Model, ...]:
    return tuple(models[name] for name in sorted(models))
