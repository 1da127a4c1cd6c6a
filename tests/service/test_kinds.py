"""Every kind of output: what stands in `output`, and what is counted."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.timeline import Status
from mockserver.library.catalogue import Catalogue
from mockserver.library.models import Medium, Model, OutputKind
from mockserver.service import predictions
from mockserver.service.counting import counted
from mockserver.service.fake import Fake
from mockserver.service.orders import Order
from mockserver.service.outputs import Outputs, input_problem, not_fetched
from mockserver.service.predictions import Seen
from mockserver.service.settings import Settings
from mockserver.service.worlds import World


CATALOGUE: Final = Catalogue()
MODELS: Final = CATALOGUE.models()
HOUR_MS: Final = 3_600_000


def model(full_name: str) -> Model:
    """The model of that name, which ships."""
    found = CATALOGUE.model(full_name)
    assert found is not None
    return found


LLAMA: Final = model("meta/meta-llama-3-8b-instruct")
WHISPER: Final = model("openai/whisper")


@pytest.fixture
def fresh() -> World:
    """A world whose time stands still."""
    return Fake(Settings(clock="manual"), CATALOGUE).worlds.named("tester")


def ended(world: World, one: Model, given_input: dict[str, object]) -> Seen:
    """A prediction of `one`, seen when it has succeeded."""
    fake = Fake(world_settings(), CATALOGUE)
    created = fake.create(world, Order(one, given_input), "happy")
    world.clock.advance(created.plan.moments[-1].after_ms)
    return predictions.look(world, created.id)


def world_settings() -> Settings:
    """A clock that only a hand moves."""
    return Settings(clock="manual")


def values(seen: Seen, count: int | None = None) -> tuple[object, ...]:
    """The output of `seen`, the address of each file being its index."""
    shown = seen.moment.outputs if count is None else count
    return Outputs(CATALOGUE).values(seen.created, shown, str)


def test_each_kind_of_output_is_there() -> None:
    """A file, files, a text, a text that grows, other JSON; pictures, films, sound."""
    assert {one.output_kind for one in MODELS} == set(OutputKind)
    assert {one.medium for one in MODELS} == set(Medium)
    assert any(one.grows for one in MODELS)
    assert {one.official for one in MODELS} == {True, False}


@pytest.mark.parametrize(
    ("full_name", "given_input", "output"),
    [
        ("replicate/hello-world", {"text": "Ada"}, ("hello Ada",)),
        ("black-forest-labs/flux-1.1-pro", {"prompt": "a"}, ("0",)),
        ("stability-ai/sdxl", {"num_outputs": 2}, ("0", "1")),
        ("minimax/video-01", {"prompt": "a"}, ("0",)),
        ("meta/musicgen", {}, ("0",)),
    ],
)
def test_an_output_is_of_the_models_kind(
    fresh: World, full_name: str, given_input: dict[str, object], output: tuple[object, ...]
) -> None:
    """A text, an address, or several of them."""
    assert values(ended(fresh, model(full_name), given_input)) == output


def test_an_object_obeys_its_schema(fresh: World) -> None:
    """With an address for each file it speaks of."""
    (told,) = values(ended(fresh, WHISPER, {"audio": "https://a.test/b.mp3"}))
    assert isinstance(told, dict)
    properties: Any = WHISPER.output_schema["properties"]
    assert list(told) == list(properties)
    assert (told["srt_file"], told["txt_file"]) == ("0", "1")
    assert told["detected_language"] == "english"


def test_a_text_that_grows_ends_in_an_empty_piece(fresh: World) -> None:
    """As recorded; the other pieces make up the text."""
    pieces = values(ended(fresh, LLAMA, {"prompt": "a"}))
    assert pieces[-1] == ""
    assert "" not in pieces[:-1]
    assert len(pieces) == 41


def test_a_text_grows_at_its_end(fresh: World) -> None:
    """What was told stays as it was told, and more comes while it runs."""
    seen = ended(fresh, LLAMA, {"prompt": "a"})
    whole = values(seen)
    shown = [values(seen, moment.outputs) for moment in seen.moments]
    assert all(whole[: len(part)] == part for part in shown)
    counts = [len(part) for part in shown]
    assert counts == sorted(counts)
    assert len(set(counts)) == 18
    running = [one for one in seen.moments if one.status is Status.PROCESSING]
    assert {one.outputs for one in running} >= {0, 40}


@given(seed=st.integers(0, 2**62))
def test_a_seed_decides_what_is_said(seed: int) -> None:
    """The same seed and input say the same in every world."""
    told = {
        values(ended(Fake(world_settings(), CATALOGUE).worlds.named(name), LLAMA, {"seed": seed}))
        for name in ("one", "two")
    }
    assert len(told) == 1


@pytest.mark.parametrize("scenario", ["failed", "nsfw"])
def test_what_failed_has_no_output(fresh: World, scenario: str) -> None:
    """Whatever it had said before."""
    created = Fake(world_settings(), CATALOGUE).create(fresh, Order(LLAMA, {}), scenario)
    assert created.plan.moments[-2].outputs > 0
    assert created.plan.moments[-1].outputs == 0


@pytest.mark.parametrize(
    ("full_name", "given_input", "media_type", "magic"),
    [
        ("minimax/video-01", {"prompt": "a"}, "video/mp4", b"ftypisom"),
        ("meta/musicgen", {}, "audio/wav", b"WAVEfmt"),
        ("meta/musicgen", {"output_format": "mp3"}, "audio/mpeg", b"\xff\xfb"),
        ("openai/whisper", {"audio": "data:,x"}, "text/plain; charset=utf-8", b"0\n"),
        ("stability-ai/sdxl", {"width": 64, "height": 64}, "image/png", b"PNG"),
    ],
)
def test_a_file_is_of_its_medium(
    fresh: World, full_name: str, given_input: dict[str, object], media_type: str, magic: bytes
) -> None:
    """Its bytes begin as its media type says; it is found by its name until its hour is over."""
    seen = ended(fresh, model(full_name), given_input)
    outputs = Outputs(CATALOGUE)
    name = next(iter(outputs.names(seen.created, 1)))
    created, index = outputs.find(fresh, seen.created.id, name)
    file = outputs.file(created, index)
    assert file.media_type == media_type
    assert magic in file.data[:16]
    assert outputs.file(created, index) is file


@pytest.mark.parametrize(
    ("given_input", "size"),
    [
        ({}, (1024, 1024)),
        ({"width": 300, "height": 200}, (304, 192)),
        ({"width": -5, "height": 10**9}, (16, 2048)),
        ({"width": "wide", "height": 64}, (1024, 1024)),
    ],
)
def test_a_picture_is_as_large_as_it_was_asked_for(
    fresh: World, given_input: dict[str, object], size: tuple[int, int]
) -> None:
    """In multiples of 16, and not without bound."""
    file = Outputs(CATALOGUE).file(
        ended(fresh, model("stability-ai/sdxl"), given_input).created, 0
    )
    assert (int.from_bytes(file.data[16:20]), int.from_bytes(file.data[20:24])) == size


def test_a_picture_that_is_given_may_decide_the_size(fresh: World) -> None:
    """Where the model says so, whatever ratio is asked for."""
    small = Outputs(CATALOGUE).file(
        ended(fresh, model("stability-ai/sdxl"), {"width": 64, "height": 96}).created, 0
    )
    given_input = {"prompt": "a", "image": small.data_uri, "aspect_ratio": "1:1"}
    seen = ended(
        fresh, model("black-forest-labs/flux-dev"), {**given_input, "output_format": "png"}
    )
    file = Outputs(CATALOGUE).file(seen.created, 0)
    assert (int.from_bytes(file.data[16:20]), int.from_bytes(file.data[20:24])) == (64, 96)


def test_only_models_of_pictures_look_at_what_they_are_given() -> None:
    """A sound is no broken picture, and nobody measures it."""
    given_input = {"audio": "data:audio/mpeg;base64,AAAA"}
    assert input_problem(WHISPER, given_input) is None
    assert input_problem(model("minimax/video-01"), {"first_frame_image": "data:,x"})
    assert not_fetched(WHISPER, {"audio": "https://a.test/b.mp3"}) == [
        "audio not fetched: the fake dials nobody"
    ]


# Metrics


@pytest.mark.parametrize(
    ("full_name", "given_input", "told"),
    [
        ("stability-ai/sdxl", {"num_outputs": 2}, {"image_count": 2}),
        ("minimax/video-01", {"prompt": "a"}, {}),
        ("replicate/hello-world", {"text": "a"}, {}),
        (
            "meta/meta-llama-3-8b-instruct",
            {"prompt": "eight letters", "max_tokens": 13},
            {
                "input_token_count": 4,
                "output_token_count": 13,
                "tokens_per_second": 20.0,
                "time_to_first_token": 0.065,
            },
        ),
    ],
)
def test_each_model_counts_in_its_own_way(
    fresh: World, full_name: str, given_input: dict[str, object], told: dict[str, float]
) -> None:
    """Pictures, or tokens and their pace."""
    assert counted(model(full_name), ended(fresh, model(full_name), given_input)) == told


def test_nothing_is_counted_before_success(fresh: World) -> None:
    """Nor after a failure."""
    created = Fake(world_settings(), CATALOGUE).create(fresh, Order(LLAMA, {}), "failed")
    assert counted(LLAMA, predictions.look(fresh, created.id)) == {}
    fresh.clock.advance(HOUR_MS)
    assert counted(LLAMA, predictions.look(fresh, created.id)) == {}


def test_what_takes_no_time_has_no_pace(fresh: World) -> None:
    """Nothing is divided by zero."""
    created = Fake(world_settings(), CATALOGUE).create(fresh, Order(LLAMA, {}), "instant")
    told = counted(LLAMA, predictions.look(fresh, created.id))
    assert "tokens_per_second" not in told
    assert told["time_to_first_token"] == 0
