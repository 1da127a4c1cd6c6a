"""The files a prediction puts out: their names, and their bytes when somebody downloads them."""

from __future__ import annotations

from base64 import b64encode
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from threading import Lock
from typing import Final

from mockserver.core import ids
from mockserver.core.problem import OutputNotFound
from mockserver.core.timeline import Created
from mockserver.library.catalogue import Catalogue
from mockserver.library.json_text import loads
from mockserver.library.media.drawing import draw
from mockserver.library.media.measure import MediaError, input_bytes, measure
from mockserver.library.media.picture import Picture, media_type
from mockserver.library.media.sizes import output_size
from mockserver.library.models import Model
from mockserver.service import predictions
from mockserver.service.worlds import World


CACHE_BYTES: Final = 64 * 1024 * 1024

_DrawnFrom = tuple[str, int, bytes, int]


@dataclass(frozen=True, slots=True)
class OutputFile:
    """The bytes of one output and their media type."""

    data: bytes
    media_type: str

    @property
    def data_uri(self) -> str:
        """The file written out as a `data:` URI."""
        return f"data:{self.media_type};base64,{b64encode(self.data).decode()}"


class Outputs:
    """Draws output files on demand and remembers the newest `cache_bytes` of them."""

    def __init__(self, catalogue: Catalogue, cache_bytes: int = CACHE_BYTES) -> None:
        self._catalogue = catalogue
        self._left_bytes = cache_bytes
        self._files: OrderedDict[_DrawnFrom, OutputFile] = OrderedDict()
        self._lock = Lock()

    def names(self, created: Created, count: int) -> Iterator[str]:
        """The file names of the first `count` outputs."""
        model = self._model(created)
        extension = _text(model, _input(created), "output_format", "png")
        drawn = ids.token(created.id.encode(), 8)
        for index in range(count):
            yield model.output_name.format(index=index, ext=extension, hash=drawn)

    def folder(self, world: World, created: Created) -> str:
        """The part of an output's address that names its world and its prediction."""
        return world.key + created.id

    def find(self, world: World, prediction_id: str, name: str) -> tuple[Created, int]:
        """The prediction and the index of its output that is called `name`.

        Raises `OutputNotFound` before it is made, after its hour, and for any other name.
        """
        seen = predictions.look(world, prediction_id, now_ms=world.clock.now_ms())
        names = () if seen.data_removed else self.names(seen.created, seen.moment.outputs)
        for index, known in enumerate(names):
            if known == name:
                return seen.created, index
        raise OutputNotFound(name)

    def file(self, created: Created, index: int) -> OutputFile:
        """The output drawn, or remembered. Takes milliseconds: not for an event loop."""
        key = _drawn_from(created, index)
        with self._lock:
            known = self._files.get(key)
            if known is not None:
                self._files.move_to_end(key)
                return known
        picture = _picture(created, self._model(created), index)
        made = OutputFile(draw(picture), media_type(picture.format))
        with self._lock:
            if key not in self._files:
                self._files[key] = made
                self._left_bytes -= len(made.data)
            while self._left_bytes < 0:
                _, oldest = self._files.popitem(last=False)
                self._left_bytes += len(oldest.data)
        return made

    def _model(self, created: Created) -> Model:
        model = self._catalogue.model(created.model)
        if model is None:
            raise LookupError(f"{created.id} was made by {created.model}, which is served no more")
        return model


def input_problem(model: Model, given: Mapping[str, object]) -> str | None:
    """Why the model could not read an input image, or None. Only `data:` URIs are looked into."""
    try:
        for data in _inline(model, given):
            measure(data)
    except MediaError as reason:
        return str(reason)
    return None


def not_fetched(model: Model, given: Mapping[str, object]) -> list[str]:
    """A note for each input that lies elsewhere, which the fake does not fetch."""
    return [
        f"{name} not fetched: the fake dials nobody, so it is taken for 1024x1024 pixels"
        for name in model.file_inputs
        if isinstance(given.get(name), str) and not _is_inline(given[name])
    ]


def _drawn_from(created: Created, index: int) -> _DrawnFrom:
    """What a picture depends on. An id is not enough: a world that is reset repeats its ids."""
    return created.model, created.seed, blake2b(created.input, digest_size=16).digest(), index


def _picture(created: Created, model: Model, index: int) -> Picture:
    given = _input(created)
    images = tuple(_inline(model, given))
    width, height = output_size(
        model.pixel_sizes,
        model.match_policy,
        aspect_ratio=_text(model, given, "aspect_ratio", "match_input_image"),
        input_size=measure(images[0]) if images else None,
        megapixels=_text(model, given, "megapixels", "1"),
    )
    quality = given.get("output_quality", model.default("output_quality"))
    return Picture(
        model=created.model,
        width=width,
        height=height,
        format=_text(model, given, "output_format", "png"),
        quality=quality if isinstance(quality, int) else 80,
        seed=created.seed,
        index=index,
        prompt=_text(model, given, "prompt", ""),
        input_images=images,
    )


def _input(created: Created) -> Mapping[str, object]:
    given = loads(created.input)
    return given if isinstance(given, Mapping) else {}


def _inline(model: Model, given: Mapping[str, object]) -> Iterator[bytes]:
    """The files that stand in the input itself."""
    for name in model.file_inputs:
        value = given.get(name)
        if isinstance(value, str) and _is_inline(value):
            yield input_bytes(value)


def _is_inline(value: object) -> bool:
    return isinstance(value, str) and value[:5].lower() == "data:"


def _text(model: Model, given: Mapping[str, object], name: str, otherwise: str) -> str:
    value = given.get(name, model.default(name))
    return value if isinstance(value, str) else otherwise
