"""What documents say of what comes out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import pytest

from mockserver.library.deriving.inputs import inputs_of
from mockserver.library.deriving.models import model_draft
from mockserver.library.deriving.outputs import Output, output_of
from mockserver.library.models import Medium


if TYPE_CHECKING:
    from tests.library.deriving.conftest import Reader

PageText = Callable[..., str]

FILE: Final = {"type": "string", "format": "uri"}
TEXT: Final = {"type": "string"}
PROMPT: Final = "prompt string required\n"


def output(documents: Reader, text: str) -> Output:
    """The output that a page tells."""
    told = documents(text)
    return output_of(told, inputs_of(told))


def schema(found: Output) -> dict[str, Any]:
    """Its schema without its title."""
    return {key: value for key, value in found.schema.items() if key != "title"}


@pytest.mark.parametrize(
    ("shown", "expected", "medium"),
    [
        ("https://a.example/1.png", FILE, Medium.IMAGE),
        ("https://a.example/1.mp4?x=1", FILE, Medium.VIDEO),
        ("https://a.example/1", FILE, Medium.IMAGE),
        ("data:audio/wav;base64,AA==", FILE, Medium.IMAGE),
        (["https://a.example/1.mp3"], {"type": "array", "items": FILE}, Medium.AUDIO),
        ("Once upon a time", TEXT, None),
        (["Once", " upon"], {"type": "array", "items": TEXT}, None),
        (["Once", 1], {"type": "array"}, None),
        ({"text": "Once"}, {"type": "object"}, None),
        (0.5, {"type": "number"}, None),
        (True, {"type": "boolean"}, None),
        (7, {"type": "integer"}, None),
    ],
)
def test_an_example_shows_the_output(
    documents: Reader, page: PageText, shown: object, expected: object, medium: Medium | None
) -> None:
    """Its form, and by the ending of an address what is in the file."""
    answer = json.dumps({"id": "x", "output": shown})
    found = output(documents, page(answer=answer))
    assert (schema(found), found.medium) == (expected, medium)
    assert found.source == "document clip/clip, line 7, example"


def test_any_operation_may_show_it(documents: Reader, page: PageText) -> None:
    """A look does; that of another model does not."""
    look = "GET https://api.clip.example/v1/predictions/{id}\n🟢200\n"
    mine = f'{look}{{"id": "x", "model": "acme/clip", "output": "a story"}}\n'
    assert schema(output(documents, page(after=mine))) == TEXT
    other = mine.replace("acme/clip", "acme/other")
    assert output(documents, page(after=other)).source.startswith("assumed: no document says")


FORMAT: Final = "format string required Default: mp3\n"
FILES: Final = {"type": "array", "items": FILE}


@pytest.mark.parametrize(
    ("inputs", "row", "expected"),
    [
        (PROMPT, "output string optional The task.", (TEXT, None, True)),
        (PROMPT, "output string optional 视频地址", (FILE, Medium.VIDEO, True)),
        ("aspect_ratio string required\n", "output string optional", (FILE, Medium.IMAGE, True)),
        (FORMAT, "output array optional", (FILES, Medium.AUDIO, True)),
        (PROMPT, "output uri optional", (FILE, Medium.IMAGE, False)),
        (PROMPT, "output object optional", ({"type": "object"}, None, False)),
    ],
)
def test_a_table_tells_the_output(
    documents: Reader, page: PageText, inputs: str, row: str, expected: tuple[object, ...]
) -> None:
    """Whether a text is an address is told by its words, or by the inputs: that is assumed."""
    answer = f'响应参数 application/json\nid string required\n{row}\n示例\n{{"id": "x"}}'
    found = output(documents, page(inputs, answer=answer))
    assert (schema(found), found.medium, "is assumed" in found.source) == expected


def test_without_a_word_it_is_the_address_of_a_file(documents: Reader, page: PageText) -> None:
    """Which is assumed, and said so in the model's file."""
    (one,) = documents(page())
    described = model_draft([one]).described
    assert described["Output"] == {"title": "Output", **FILE}
    assert described["x-output-source"].startswith("assumed: no document says what comes out")
    assert described["x-medium"] == "image"
