"""The documents contradict themselves in known places; each row of the table is kept true."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest

from mockserver.library.catalogue import Catalogue
from mockserver.library.documents.reading import read_page
from mockserver.library.errors import LibraryError
from mockserver.library.examples import Document, load_contradictions, load_documents
from mockserver.library.rooms import room


CATALOGUE: Final = Catalogue()
CONTRADICTIONS: Final = load_contradictions(room("fixtures"))
DOCUMENTS: Final = {
    f"{it.gateway}/{it.model.rpartition('/')[2]}": it for it in load_documents(room("fixtures"))
}
ANYAPI: Final = DOCUMENTS["anyapi/flux-kontext-pro"]
QUICKROUTER: Final = DOCUMENTS["quickrouter/flux-kontext-pro"]
FILL: Final = DOCUMENTS["winfull/flux-fill-dev"]
FULL: Final = [it for it in DOCUMENTS.values() if it is not QUICKROUTER]
WINFULL: Final = [it for it in FULL if it is not ANYAPI]


def asked(document: Document) -> Mapping[str, Any]:
    """The input of the request that the document shows first."""
    request = document.examples[0].request
    assert request is not None
    found: Mapping[str, Any] = request.body["input"]  # type: ignore[assignment]  # JSON
    return found


def answered(document: Document, example: int = 0) -> Any:
    """A response body of the document."""
    return document.examples[example].response.body


def declared(document: Document) -> Any:
    """What the document declares beside its examples."""
    return document.declared


def inputs_of(model: str) -> Any:
    """The properties of a model's Input."""
    found = CATALOGUE.model(model)
    assert found is not None
    return found.input_schema["properties"]


def hosts(documents: list[Document]) -> set[str]:
    """The hosts that the documents send their requests to."""
    requests = [it.examples[0].request for it in documents]
    return {urlsplit(request.url).netloc for request in requests if request}


def tokens_of(gateway: str) -> list[set[str]]:
    """The placeholders on each page of a gateway."""
    pages = sorted((room("fixtures") / "docs" / gateway).glob("*.page.txt"))
    return [
        {str(token.value) for token in read_page(page.read_bytes(), page.name).tokens}
        for page in pages
    ]


PROSE: Final = ("default", "enum", "minimum", "maximum")
ANYAPI_INPUT: Final = {
    name: facts for name, facts in declared(ANYAPI)["request"].items() if name != "input"
}
QUICKROUTER_INPUT: Final = {
    name: facts for name, facts in declared(QUICKROUTER)["request"].items() if name != "input"
}

STILL_SO: Final[Mapping[str, Callable[[], bool]]] = {
    "fill-num-outputs": lambda: (
        (asked(FILL)["num_outputs"], answered(FILL)["input"]["num_outputs"]) == (2, 1)
    ),
    "anyapi-example-model": lambda: (
        answered(ANYAPI, 1)["model"] == "black-forest-labs/flux-kontext-dev" != ANYAPI.model
    ),
    "anyapi-example-input": lambda: (
        {"prompt_upsampling", "safety_tolerance"}
        <= set(answered(ANYAPI, 1)["input"]) - set(inputs_of(answered(ANYAPI, 1)["model"]))
    ),
    "anyapi-example-without-request": lambda: (
        ANYAPI.examples[1].request is None
        and answered(ANYAPI, 1)["input"] != answered(ANYAPI)["input"] == asked(ANYAPI)
    ),
    "anyapi-response-schema": lambda: (
        {name.partition(".")[0] for name in declared(ANYAPI)["response"]} == {"input"}
        and [len(example.response.body) for example in ANYAPI.examples] == [11, 11]
    ),
    "anyapi-same-summary": lambda: ANYAPI.examples[0].summary == ANYAPI.examples[1].summary != "",
    "anyapi-auth-optional": lambda: (
        declared(ANYAPI)["security"] == [{"bearer": []}]
        and declared(ANYAPI)["authorization"]["required"] is False
    ),
    "anyapi-body-optional": lambda: (
        declared(ANYAPI)["request"]["input.prompt"]["required"]
        and not declared(ANYAPI)["request"]["input"]["required"]
        and not declared(ANYAPI)["body_required"]
    ),
    "anyapi-prose-only": lambda: (
        any(set(PROSE) & set(facts.get("prose", ())) for facts in ANYAPI_INPUT.values())
        and not any(set(PROSE) & set(facts) for facts in ANYAPI_INPUT.values())
    ),
    "anyapi-safety-tolerance": lambda: (
        (prose := ANYAPI_INPUT["input.safety_tolerance"]["prose"])["maximum"] == 6
        and prose["maximum_with_input_image"] == 2
    ),
    "anyapi-output-format": lambda: (
        ANYAPI_INPUT["input.output_format"]["prose"]["default"] == "png"
        and {answered(ANYAPI, it)["input"]["output_format"] for it in (0, 1)} == {"jpg"}
    ),
    "anyapi-no-title": lambda: declared(ANYAPI)["title"] == "",
    "anyapi-no-seed": lambda: (
        set(inputs_of(ANYAPI.model)) - {name.rpartition(".")[2] for name in ANYAPI_INPUT}
        == {"seed"}
    ),
    "quickrouter-same-id": lambda: (
        answered(QUICKROUTER)["id"] == answered(ANYAPI)["id"]
        and len(answered(QUICKROUTER)) < len(answered(ANYAPI))
    ),
    "quickrouter-output": lambda: (
        declared(QUICKROUTER)["response"]["output"]["type"] == "string"
        and "output" not in answered(QUICKROUTER)
    ),
    "quickrouter-all-optional": lambda: (
        set(answered(QUICKROUTER)) == {"id", "status"}
        and not any(it["required"] for it in declared(QUICKROUTER)["response"].values())
    ),
    "quickrouter-auth-optional": lambda: (
        declared(QUICKROUTER)["authorization"]["required"] is False
        and all("Authorization" in snippet for snippet in QUICKROUTER.snippets.values())
    ),
    "quickrouter-input-optional": lambda: (
        declared(QUICKROUTER)["request"]["input.prompt"]["required"]
        and not declared(QUICKROUTER)["request"]["input"]["required"]
    ),
    "quickrouter-no-status": lambda: (
        QUICKROUTER.examples[0].response.status is None
        and {it.examples[0].response.status for it in FULL} == {200}
    ),
    "one-vendor-two-hosts": lambda: (
        len({it.document.partition(",")[0] for it in WINFULL}) == 1 and len(hosts(WINFULL)) == 2
    ),
    "urls-lead-upstream": lambda: (
        {urlsplit(answered(it)["urls"]["get"]).netloc for it in FULL} == {"api.replicate.com"}
        and "api.replicate.com" not in hosts(FULL)
    ),
    "create-status": lambda: (
        {it.examples[0].response.status for it in FULL} == {200}
        and CATALOGUE.gateway("replicate").create.status == 201
    ),
    "no-error-responses": lambda: not any(declared(it)["errors"] for it in DOCUMENTS.values()),
    "examples-without-types": lambda: (
        not any(chain.from_iterable(declared(it)["request"] for it in WINFULL))
    ),
    "quickrouter-safety-tolerance": lambda: (
        (prose := QUICKROUTER_INPUT["input.safety_tolerance"]["prose"])["maximum"] == 6
        and prose["maximum_with_input_image"] == 2
    ),
    "quickrouter-output-format": lambda: (
        QUICKROUTER_INPUT["input.output_format"]["prose"]["default"] == "png"
        and asked(QUICKROUTER)["output_format"] == "jpg"
    ),
    "quickrouter-no-seed": lambda: (
        set(QUICKROUTER_INPUT) == set(ANYAPI_INPUT) and "seed" in inputs_of(QUICKROUTER.model)
    ),
    "create-only": lambda: all(
        example.response.body["status"] == "starting"
        and (not example.request or example.request.method == "POST")
        for document in DOCUMENTS.values()
        for example in document.examples
    ),
    "placeholders": lambda: all(
        len(tokens) > 1 for tokens in (*tokens_of("winfull"), *tokens_of("quickrouter"))
    ),
    "echo-order": lambda: all(
        list(answered(it)["input"]) == sorted(asked(it)) != list(asked(it)) for it in FULL
    ),
}


@pytest.mark.parametrize("row", CONTRADICTIONS, ids=lambda row: row.id)
def test_the_contradiction_is_still_there(row: Any) -> None:
    """What a row says of the documents can be seen in the fixtures."""
    assert STILL_SO[row.id]()


def test_every_row_is_kept_true() -> None:
    """No row without a check, no check without a row."""
    assert set(STILL_SO) == {row.id for row in CONTRADICTIONS}


@pytest.mark.parametrize("row", CONTRADICTIONS, ids=lambda row: row.id)
def test_a_row_speaks_of_documents_that_are_there(row: Any) -> None:
    """The documents it names, or all of them, are among the fixtures."""
    gateways = {it.gateway for it in DOCUMENTS.values()} | set(DOCUMENTS) | {"all"}
    assert set(row.document.split(", ")) <= gateways


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('id = "echo-order"', 'id = "create-status"', "id: expected a name that no other row has"),
        ('kind = "prose-against-schema"', 'kind = "odd"', "kind: expected one of schema-against"),
    ],
)
def test_a_wrong_table_is_refused(tmp_path: Path, old: str, new: str, named: str) -> None:
    """The error names the row and the key."""
    text = (room("fixtures") / "docs" / "contradictions.toml").read_text(encoding="utf-8")
    (tmp_path / "docs").mkdir()
    path = tmp_path / "docs" / "contradictions.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(LibraryError, match=named):
        load_contradictions(tmp_path)
