"""Whatever a gateway sells, in whichever style it writes: what is derived is what it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract.documents.drafts import draft, files
from mockserver.library.catalogue import Catalogue
from mockserver.library.deriving.told import About
from mockserver.library.documents.reading import read_page
from tests.contract.documents.rendering import STYLES, Gateway, Spec


pytestmark = pytest.mark.slow


CATALOGUE: Final = Catalogue()
# Names that an answer or a page has too, and words of the sentences.
TAKEN: Final = frozenset(
    {*("id", "input", "output", "status", "error", "model", "version", "logs", "urls", "title")}
    | {*("detail", "webhook", "header", "headers", "body", "request", "response", "curl", "field")}
    | {*("example", "examples", "parameter", "parameters", "param", "name", "key", "type", "or")}
    | {*("and", "values", "options", "default", "to", "is", "of", "returns", "return", "answer")}
    | {*("answers", "query", "path", "from", "range", "between", "one", "min", "max", "the")}
)
WORDS: Final = st.from_regex(r"[a-z]{2,8}", fullmatch=True).filter(lambda it: it not in TAKEN)
NAMES: Final = st.from_regex(r"[a-z]{2,6}(_[a-z]{2,6})?", fullmatch=True).filter(
    lambda it: not TAKEN & {it, *it.split("_")}
)


def spec(name: str, schema: dict[str, Any], example: object, *, required: bool) -> Spec:
    """An input; what has a default need not be given."""
    return Spec(name, schema, required and "default" not in schema, example)


@st.composite
def numbers(draw: st.DrawFn, name: str) -> Spec:
    """A whole number or not, with a range or not."""
    kind = draw(st.sampled_from(["integer", "number"]))
    least, most = sorted(draw(st.lists(st.integers(0, 90), min_size=2, max_size=2, unique=True)))
    schema: dict[str, Any] = {"type": kind}
    if draw(st.booleans()):
        schema |= {"default": draw(st.integers(least, most))}
    if draw(st.booleans()):
        schema |= {"minimum": least, "maximum": most}
    return spec(name, schema, draw(st.integers(least, most)), required=draw(st.booleans()))


@st.composite
def texts(draw: st.DrawFn, name: str) -> Spec:
    """A text, of a few values or of any."""
    words = draw(st.lists(WORDS, min_size=2, max_size=4, unique=True))
    schema: dict[str, Any] = {"type": "string"}
    if draw(st.booleans()):
        schema |= {"default": words[0]}
    if draw(st.booleans()):
        schema |= {"enum": words}
    return spec(name, schema, draw(st.sampled_from(words)), required=draw(st.booleans()))


@st.composite
def flags(draw: st.DrawFn, name: str) -> Spec:
    """True or false."""
    schema: dict[str, Any] = {"type": "boolean"}
    if draw(st.booleans()):
        schema |= {"default": draw(st.booleans())}
    return spec(name, schema, draw(st.booleans()), required=draw(st.booleans()))


@st.composite
def gateways(draw: st.DrawFn) -> Gateway:
    """A gateway that nobody knows, and its model."""
    names = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    kinds: list[Callable[[str], st.SearchStrategy[Spec]]] = [numbers, texts, flags]
    inputs = [draw(draw(st.sampled_from(kinds))(name)) for name in names]
    return Gateway(
        host=f"api.{draw(WORDS)}hub.dev",
        base_path=draw(st.sampled_from(["/v1", "/replicate/v1", "/api/v2"])),
        model=f"{draw(WORDS)}/{draw(WORDS)}-{draw(st.integers(1, 9))}",
        status=draw(st.sampled_from([200, 201])),
        reduced=draw(st.booleans()),
        inputs=tuple(inputs),
    )


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.__name__)
@given(gateway=gateways())
def test_what_is_derived_is_what_is_said(
    style: Callable[[Gateway], str], gateway: Gateway
) -> None:
    """Each input with its constraints, what is required, where it is, and how it answers."""
    text = style(gateway)
    pages = [read_page(text.encode(), "page.txt")]
    made = draft(pages, About(), CATALOGUE, {"page.txt": "2026-07-01"})
    (model,), (profile,) = made.models, made.profiles
    found = {
        name: {key: value for key, value in one.items() if key in {"type", "enum", "default"}}
        | {key: one[key] for key in ("minimum", "maximum") if key in one}
        for name, one in model.described["Input"]["properties"].items()
    }
    assert found == {one.name: dict(one.schema) for one in gateway.inputs}
    needed = {one.name for one in gateway.inputs if one.required}
    assert set(model.described["Input"]["required"]) == needed
    assert model.path == f"models/{gateway.model}.json"
    told = [profile.facts[key].value for key in ("hosts", "base_path", "create.status")]
    assert told == [[gateway.host], gateway.base_path, gateway.status]
    body, mode = profile.facts["create.body"].value, profile.facts["urls.mode"].value
    assert (body, mode) == ((["id", "status"], "none") if gateway.reduced else ("full", "own"))
    assert not made.disputes
    assert files(made, {"page.txt": text})
