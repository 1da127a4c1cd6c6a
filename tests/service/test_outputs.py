"""The files a prediction puts out: their names, and their bytes."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import replace
from io import BytesIO
from threading import Barrier, Thread
from typing import Final

import pytest
from PIL import Image

from mockserver.core.problem import OutputNotFound, PredictionNotFound
from mockserver.core.timeline import Created, Plan
from mockserver.library.catalogue import Catalogue
from mockserver.library.json_text import dumps_sorted
from mockserver.library.models import Model
from mockserver.library.scenarios import plan
from mockserver.service import predictions
from mockserver.service.orders import Order
from mockserver.service.outputs import OutputFile, Outputs, input_problem, not_fetched
from mockserver.service.worlds import World


HOUR_MS: Final = 3_600_000


def png(width: int, height: int) -> str:
    """A picture of one colour as a `data:` URI."""
    file = BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, "PNG")
    return f"data:image/png;base64,{b64encode(file.getvalue()).decode()}"


SMALL: Final = {"prompt": "a", "image": png(64, 128), "megapixels": "0.25"}
"""An input of which a model makes pictures that are drawn in no time."""


@pytest.fixture
def outputs(catalogue: Catalogue) -> Outputs:
    """Nothing is drawn yet."""
    return Outputs(catalogue)


@pytest.fixture(scope="session")
def happy(catalogue: Catalogue, fill: Model) -> Plan:
    """Three files after 500 + 5,600 ms."""
    return plan(catalogue.scenario("happy"), fill, 3)


@pytest.fixture
def made(world: World, fill: Model, happy: Plan) -> Created:
    """A prediction of three files."""
    return predictions.create(world, Order(fill, SMALL), happy)


def told(made: Created, **given: object) -> Created:
    """The same prediction, ordered with another input."""
    return replace(made, input=dumps_sorted({**SMALL, **given}))


# Names


def test_files_are_named_as_the_model_names_them(outputs: Outputs, made: Created) -> None:
    """Counted from 0, with the extension of the format that was asked for."""
    assert list(outputs.names(made, 3)) == ["out-0.webp", "out-1.webp", "out-2.webp"]
    assert list(outputs.names(told(made, output_format="png"), 1)) == ["out-0.png"]
    assert list(outputs.names(made, 0)) == []


def test_a_name_with_chance_in_it_is_always_the_same(
    outputs: Outputs, world: World, order: Order, happy: Plan
) -> None:
    """It hangs on the id alone, so that an address stays good."""
    one, two = (predictions.create(world, order, happy) for _ in range(2))
    assert list(outputs.names(one, 1)) == list(outputs.names(one, 1))
    assert list(outputs.names(one, 1)) != list(outputs.names(two, 1))


def test_an_address_names_its_world(outputs: Outputs, world: World, made: Created) -> None:
    """Who downloads sends no token."""
    assert outputs.folder(world, made) == world.key + made.id


# Addresses


def test_a_file_is_found_when_it_is_made(outputs: Outputs, world: World, made: Created) -> None:
    """By its name, each at its place."""
    world.clock.advance(6_100)
    found = [outputs.find(world, made.id, name) for name in outputs.names(made, 3)]
    assert found == [(made, 0), (made, 1), (made, 2)]


@pytest.mark.parametrize("after_ms", [0, 500, 6_099, 6_100 + HOUR_MS])
def test_no_file_is_found_before_it_is_made_or_after_its_hour(
    outputs: Outputs, world: World, made: Created, after_ms: int
) -> None:
    """Data of an ended prediction is removed after an hour."""
    world.clock.advance(after_ms)
    with pytest.raises(OutputNotFound, match=r"out-0\.webp"):
        outputs.find(world, made.id, "out-0.webp")


def test_a_file_is_there_until_its_hour_is_over(
    outputs: Outputs, world: World, made: Created
) -> None:
    """To the millisecond."""
    world.clock.advance(6_100 + HOUR_MS - 1)
    assert outputs.find(world, made.id, "out-0.webp") == (made, 0)


@pytest.mark.parametrize("name", ["", "out-3.webp", "out-0.png", "OUT-0.WEBP", "../out-0.webp"])
def test_no_other_name_is_found(outputs: Outputs, world: World, made: Created, name: str) -> None:
    """Names are compared, never made into paths."""
    world.clock.advance(6_100)
    with pytest.raises(OutputNotFound):
        outputs.find(world, made.id, name)


def test_files_of_unknown_predictions_are_not_found(outputs: Outputs, world: World) -> None:
    """What never was has no files."""
    with pytest.raises(PredictionNotFound):
        outputs.find(world, "nobody", "out-0.webp")


# Bytes


def opened(file: OutputFile) -> Image.Image:
    """The picture as a viewer opens it."""
    return Image.open(BytesIO(file.data))


def test_a_file_is_a_picture_of_the_input_size(outputs: Outputs, made: Created) -> None:
    """Measured from the `data:` URI, halved for a quarter of a megapixel."""
    file = outputs.file(made, 0)
    picture = opened(file)
    assert (picture.format, picture.size, file.media_type) == ("WEBP", (32, 64), "image/webp")


def test_what_lies_elsewhere_is_taken_for_a_square(
    outputs: Outputs, world: World, fill: Model, happy: Plan
) -> None:
    """Nothing is fetched, so nothing can be measured."""
    given = {**SMALL, "image": "https://example.test/in.png", "output_format": "jpg"}
    file = outputs.file(predictions.create(world, Order(fill, given), happy), 0)
    assert (opened(file).size, file.media_type) == ((512, 512), "image/jpeg")


def test_a_file_can_be_written_out_as_a_uri(outputs: Outputs, made: Created) -> None:
    """The same bytes in base64."""
    file = outputs.file(made, 0)
    head, _, data = file.data_uri.partition(",")
    assert (head, b64decode(data)) == ("data:image/webp;base64", file.data)


def test_the_same_file_is_drawn_once(outputs: Outputs, made: Created) -> None:
    """Then it is remembered; another index is another picture."""
    assert outputs.file(made, 0) is outputs.file(made, 0)
    assert outputs.file(made, 0).data != outputs.file(made, 1).data


def test_what_is_drawn_again_is_the_same(catalogue: Catalogue, made: Created) -> None:
    """Byte for byte, in another fake or after it was forgotten."""
    assert Outputs(catalogue).file(made, 0).data == Outputs(catalogue).file(made, 0).data


@pytest.mark.parametrize("given", [{"prompt": "b"}, {"image": png(128, 64)}])
def test_an_id_that_comes_again_shows_its_own_picture(
    outputs: Outputs, made: Created, given: dict[str, object]
) -> None:
    """A world that is reset repeats its ids; what they stood for before is not served again."""
    again = told(made, **given)
    assert again.id == made.id
    assert outputs.file(made, 0).data != outputs.file(again, 0).data
    assert outputs.file(made, 0).data != outputs.file(replace(made, seed=made.seed + 1), 0).data


@pytest.mark.parametrize(("room_for", "kept"), [(0, 0), (1, 1), (2, 2), (3, 3), (4, 3)])
def test_the_cache_is_bounded_in_bytes(
    catalogue: Catalogue, made: Created, room_for: int, kept: int
) -> None:
    """The oldest are forgotten first; forgotten files are drawn again, not lost."""
    sizes = [len(Outputs(catalogue).file(made, index).data) for index in (2, 1, 0)]
    bounded = Outputs(catalogue, cache_bytes=sum(sizes[:room_for]))
    first = [bounded.file(made, index) for index in range(3)]
    newest = range(3 - kept, 3)
    assert [bounded.file(made, index) is first[index] for index in newest] == [True] * kept
    again = [bounded.file(made, index).data for index in range(3)]
    assert again == [file.data for file in first]


def test_a_file_in_use_is_kept(catalogue: Catalogue, made: Created) -> None:
    """What was asked for last is forgotten last."""
    sizes = [len(Outputs(catalogue).file(made, index).data) for index in range(3)]
    bounded = Outputs(catalogue, cache_bytes=sum(sizes) - 1)
    first = [bounded.file(made, index) for index in (0, 1)]
    bounded.file(made, 0)
    bounded.file(made, 2)
    assert bounded.file(made, 0) is first[0]
    assert bounded.file(made, 1) is not first[1]


class Gate(Catalogue):
    """A catalogue in which two threads wait for each other."""

    def __init__(self) -> None:
        super().__init__()
        self.barrier = Barrier(2)

    def model(self, full_name: str) -> Model | None:
        """The model, once both have asked for it."""
        self.barrier.wait(timeout=10)
        return super().model(full_name)


def test_two_downloads_at_once_are_counted_once(made: Created) -> None:
    """Both draw, one is remembered, and no room in the cache is lost."""
    gate = Gate()
    size = len(Outputs(Catalogue()).file(made, 0).data)
    bounded = Outputs(gate, cache_bytes=size)
    drawn: list[OutputFile] = []
    threads = [Thread(target=lambda: drawn.append(bounded.file(made, 0))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert drawn[0].data == drawn[1].data
    gate.barrier = Barrier(1)
    assert bounded.file(made, 0) in drawn


def test_a_model_that_is_gone_is_told(outputs: Outputs, made: Created) -> None:
    """A store may outlive the model it tells of."""
    with pytest.raises(LookupError, match=r"was made by a/b, which is served no more"):
        outputs.file(replace(made, model="a/b"), 0)


def test_an_input_that_is_no_object_draws_a_picture(outputs: Outputs, made: Created) -> None:
    """A store may hold what no schema allowed."""
    assert opened(outputs.file(replace(made, input=b"[]"), 0)).size == (1024, 1024)


@pytest.mark.parametrize("quality", [None, "high"])
def test_a_quality_that_is_no_number_is_the_usual(
    outputs: Outputs, made: Created, quality: object
) -> None:
    """As if nothing had been said."""
    usual = outputs.file(told(made, output_quality=80), 0).data
    assert outputs.file(told(made, output_quality=quality), 0).data == usual


# Inputs


@pytest.mark.parametrize(
    "image", ["https://example.test/in.png", png(1, 1), png(1, 1).replace("data:", "DATA:"), None]
)
def test_readable_inputs_are_no_problem(fill: Model, image: object) -> None:
    """Nor are those that lie elsewhere: nobody looks at them."""
    assert input_problem(fill, {"prompt": "a", "image": image}) is None


@pytest.mark.parametrize(
    "image",
    ["data:", "data:image/png", "data:image/png;base64,!", "data:image/png;base64,AAAA", "data:,"],
)
def test_an_unreadable_input_is_told(fill: Model, image: str) -> None:
    """In a text that becomes the prediction's error."""
    assert input_problem(fill, {"prompt": "a", "image": image})


def test_a_prompt_is_no_file(fill: Model) -> None:
    """Only inputs that take a file are looked into, whatever a prompt begins with."""
    given = {"prompt": "data: a chart of it", "lora_weights": "https://example.test/lora"}
    assert input_problem(fill, given) is None
    assert not_fetched(fill, given) == []


def test_what_is_not_fetched_is_noted(fill: Model) -> None:
    """One note for each input that lies elsewhere, and says what is assumed."""
    given = {"prompt": "a", "image": "https://example.test/in.png", "mask": png(1, 1)}
    assert not_fetched(fill, given) == [
        "image not fetched: the fake dials nobody, so it is taken for 1024x1024 pixels"
    ]
