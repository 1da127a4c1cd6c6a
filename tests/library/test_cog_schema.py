"""The document of a model's container, made from what is known of the model."""

from __future__ import annotations

import json
from typing import Final

import pytest

from mockserver.library.catalogue import Catalogue
from mockserver.library.cog_schema import cog_document
from mockserver.library.models import Model


MODELS: Final = Catalogue().models()

each_model = pytest.mark.parametrize("model", MODELS, ids=lambda it: it.full_name)


@each_model
def test_input_and_output_are_among_its_components(model: Model) -> None:
    """Clients find them there, in the order of the inputs."""
    schemas = cog_document(model)["components"]["schemas"]
    assert list(schemas["Input"]["properties"]) == list(model.input_schema["properties"])  # type: ignore[call-overload]  # a schema
    assert schemas["Output"]["title"]


@each_model
def test_it_speaks_the_older_dialect(model: Model) -> None:
    """OpenAPI 3.0 says `nullable`, knows no list of types, and holds no notes of ours."""
    text = json.dumps(cog_document(model))
    assert '"type": [' not in text
    assert "x-source" not in text
