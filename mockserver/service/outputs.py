"""What a prediction puts out: its values, and the bytes of its files when they are asked for."""

from __future__ import annotations

from base64 import b64encode
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from threading import Lock
from typing import Final

from mockserver.core import ids
from mockserver.core.problem import OutputNotFound
from mockserver.core.timeline import Created
from mockserver.library.catalogue import Catalogue
from mockserver.library.json_text import loads
from mockserver.library.media.formats import FORMATS, extension
from mockserver.library.media.measure import MediaError, input_bytes, measure
from mockserver.library.media.picture import Picture
from mockserver.library.media.sizes import MATCH_INPUT_IMAGE, asked_size, output_size
from mockserver.library.models import Medium, Model, OutputKind
from mockserver.library.sample import Sampler
from mockserver.library.wording import chunks, text
from mockserver.service import predictions
from mockserver.service.files import Find, named_in, nowhere
from mockserver.service.worlds import World


CACHE_BYTES: Final = 64 * 1024 * 1024

_DrawnFrom = tuple[str, int, bytes, int]
_Maker = Callable[[Created, Model, int, str, Find], bytes]


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
        self._files: OrderedDict[tuple[_DrawnFrom, bytes], OutputFile] = OrderedDict()
        self._lock = Lock()

    def values(
        self, created: Created, count: int, address: Callable[[int], str]
    ) -> tuple[object, ...]:
        """The first `count` pieces of the output; `address` gives that of the file at an index."""
        model = self._model(created)
        if model.makes_files:
            return tuple(address(index) for index in range(count))
        return _VALUES[model.output_kind](created, model, address)[:count] if count else ()

    def names(self, created: Created, count: int) -> Iterator[str]:
        """The names of the files that the first `count` pieces are, or speak of."""
        model = self._model(created)
        ext = _extension(model, _input(created))
        drawn = ids.token(created.id.encode(), 8)
        for index in range(count if model.makes_files else _files_within(created, model, count)):
            yield model.output_name.format(index=index, ext=ext, hash=drawn)

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

    def file(self, created: Created, index: int, find: Find = nowhere) -> OutputFile:
        """The output drawn, or remembered. Takes milliseconds: not for an event loop.

        `find` finds the uploaded files that the input names.
        """
        model = self._model(created)
        key = _drawn_from(created, index), _uploaded(created, model, find)
        with self._lock:
            known = self._files.get(key)
            if known is not None:
                self._files.move_to_end(key)
                return known
        made = _made(created, model, index, find)
        with self._lock:
            if key not in self._files:
                self._files[key] = made
                self._left_bytes -= len(made.data)
            while self._left_bytes < 0:
                _, oldest = self._files.popitem(last=False)
                self._left_bytes += len(oldest.data)
        return made

    def _model(self, created: Created) -> Model:
        model = self._catalogue.maker(created.model)
        if model is None:
            raise LookupError(f"{created.id} was made by {created.model}, which is served no more")
        return model


def input_problem(model: Model, given: Mapping[str, object], find: Find = nowhere) -> str | None:
    """Why the model could not read an input image, or None.

    Only `data:` URIs and uploaded files are looked into.
    """
    if not model.reads_pictures:
        return None
    try:
        for data in _inline(model, given, find):
            measure(data)
    except MediaError as reason:
        return str(reason)
    return None


def not_fetched(model: Model, given: Mapping[str, object]) -> list[str]:
    """A note for each input that lies elsewhere, which the fake does not fetch."""
    taken = ", so it is taken for 1024x1024 pixels" if model.reads_pictures else ""
    return [
        f"{name} not fetched: the fake dials nobody{taken}"
        for name in model.file_inputs
        if _is_elsewhere(given.get(name))
    ]


def _drawn_from(created: Created, index: int) -> _DrawnFrom:
    """What a picture depends on. An id is not enough: a world that is reset repeats its ids."""
    return created.model, created.seed, blake2b(created.input, digest_size=16).digest(), index


def _uploaded(created: Created, model: Model, find: Find) -> bytes:
    """What a picture depends on besides its input: a digest of the files that this names."""
    if b"/files/" not in created.input:
        return b""
    return blake2b(b"".join(_inline(model, _input(created), find)), digest_size=16).digest()


def _made(created: Created, model: Model, index: int, find: Find) -> OutputFile:
    ext = _extension(model, _input(created))
    data = _MAKERS[model.medium](created, model, index, ext, find)
    return OutputFile(data, FORMATS[model.medium][ext])


def _extension(model: Model, given: Mapping[str, object]) -> str:
    return extension(model.medium, given.get("output_format", model.default("output_format")))


def _image(created: Created, model: Model, index: int, _ext: str, find: Find) -> bytes:
    from mockserver.library.media.drawing import draw

    return draw(_picture(created, model, index, find))


def _film(created: Created, model: Model, index: int, ext: str, find: Find) -> bytes:
    from mockserver.library.media.film import film

    return film(_picture(created, model, index, find), ext)


def _sound(created: Created, _model: Model, index: int, ext: str, _find: Find) -> bytes:
    from mockserver.library.media.sound import mp3, wav

    return mp3() if ext == "mp3" else wav(created.seed + index)


def _text_file(created: Created, model: Model, index: int, _ext: str, _find: Find) -> bytes:
    return f"{index}\n{text(model, _input(created), _drawn_from(created, index)[2])}\n".encode()


_MAKERS: Final[Mapping[Medium, _Maker]] = {
    Medium.IMAGE: _image,
    Medium.VIDEO: _film,
    Medium.AUDIO: _sound,
    Medium.TEXT: _text_file,
}


def _whole_text(
    created: Created, model: Model, _address: Callable[[int], str]
) -> tuple[object, ...]:
    return (text(model, _input(created), _wording_of(created)),)


def _chunks(created: Created, model: Model, _address: Callable[[int], str]) -> tuple[object, ...]:
    told = chunks(model, _input(created), _wording_of(created))
    return (*told, "") if model.grows else told


def _json(created: Created, model: Model, address: Callable[[int], str]) -> tuple[object, ...]:
    return (Sampler(created.seed, address).value(model.output_schema),)


_VALUES: Final[
    Mapping[OutputKind, Callable[[Created, Model, Callable[[int], str]], tuple[object, ...]]]
] = {OutputKind.TEXT: _whole_text, OutputKind.CHUNKS: _chunks, OutputKind.JSON: _json}


def _wording_of(created: Created) -> bytes:
    """What a text depends on, as bytes."""
    return b"%d:%b" % (created.seed, created.input)


def _files_within(created: Created, model: Model, count: int) -> int:
    """How many files a JSON output speaks of."""
    if not count or model.output_kind is not OutputKind.JSON:
        return 0
    sampler = Sampler(created.seed, str)
    sampler.value(model.output_schema)
    return sampler.files


def _picture(created: Created, model: Model, index: int, find: Find) -> Picture:
    given = _input(created)
    images = tuple(_inline(model, given, find))
    width, height = _size(model, given, images)
    quality = given.get("output_quality", model.default("output_quality"))
    return Picture(
        model=created.model,
        width=width,
        height=height,
        format="jpg" if _extension(model, given) == "jpeg" else _extension(model, given),
        quality=quality if isinstance(quality, int) else 80,
        seed=created.seed,
        index=index,
        prompt=_text(model, given, "prompt", ""),
        input_images=images,
    )


def _size(model: Model, given: Mapping[str, object], images: tuple[bytes, ...]) -> tuple[int, int]:
    ratio = _text(model, given, "aspect_ratio", MATCH_INPUT_IMAGE)
    asked = asked_size(*(given.get(side, model.default(side)) for side in ("width", "height")))
    if asked is not None and ratio not in model.pixel_sizes:
        return asked
    decided = ratio not in model.pixel_sizes or (model.input_decides_size and images)
    return output_size(
        model.pixel_sizes,
        model.match_policy,
        aspect_ratio=MATCH_INPUT_IMAGE if decided else ratio,
        input_size=measure(images[0]) if images else None,
        megapixels=_text(model, given, "megapixels", "1"),
    )


def _input(created: Created) -> Mapping[str, object]:
    given = loads(created.input)
    return given if isinstance(given, Mapping) else {}


def _inline(model: Model, given: Mapping[str, object], find: Find) -> Iterator[bytes]:
    """The files that stand in the input itself, and those it names that were uploaded here."""
    for name in model.file_inputs:
        value = given.get(name)
        if not isinstance(value, str):
            continue
        if _is_inline(value):
            yield input_bytes(value)
        elif (data := find(value)) is not None:
            yield data


def _is_elsewhere(value: object) -> bool:
    return isinstance(value, str) and not _is_inline(value) and not named_in(value)


def _is_inline(value: object) -> bool:
    return isinstance(value, str) and value[:5].lower() == "data:"


def _text(model: Model, given: Mapping[str, object], name: str, otherwise: str) -> str:
    value = given.get(name, model.default(name))
    return value if isinstance(value, str) else otherwise
