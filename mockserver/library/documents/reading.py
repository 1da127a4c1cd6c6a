"""A document of any form, read from its bytes."""

from __future__ import annotations

from re import compile as pattern
from typing import Final

from mockserver.library.documents.json_blocks import blocks
from mockserver.library.documents.openapi_page import openapi_page
from mockserver.library.documents.page import DocumentError, Page
from mockserver.library.documents.text_page import text_page
from mockserver.library.documents.tree import Tree
from mockserver.library.documents.yaml_slice import yaml_slice, yaml_tree


MAX_BYTES: Final = 2 << 20
"""A page of text is a hundredth of this."""
_OPENAPI_JSON: Final = pattern(r"\{\s*\"(?:openapi|swagger|info|paths)\"\s*:")


def text_of(content: bytes, name: str) -> str:
    """The text of the page called `name`, in whose lines its facts stand.

    Raises `DocumentError` for what is too large, or no UTF-8.
    """
    if len(content) > MAX_BYTES:
        raise DocumentError(f"{name}: expected at most {MAX_BYTES} bytes, seen more")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise DocumentError(f"{name}: expected UTF-8 text: {error}") from None


def read_page(content: bytes, name: str) -> Page:
    """The page called `name`.

    Raises `DocumentError` for what is too large or too deep, no UTF-8, OpenAPI of another version
    than 3, or shows neither a request nor a response.
    """
    text = text_of(content, name)
    tree = _openapi(text, name)
    page = text_page(text, name) if tree is None else openapi_page(tree, name, text)
    if not page.operations:
        raise DocumentError(
            f"{name}: expected an OpenAPI document, or a page that shows a request or a response, "
            "seen neither"
        )
    return page


def _openapi(text: str, name: str) -> Tree | None:
    """The OpenAPI document in the text, whether in YAML or in JSON."""
    found: Tree | None = None
    part = yaml_slice(text)
    if part:
        found = yaml_tree(part[0], name, part[1])
    elif _OPENAPI_JSON.search(text):
        trees = (block.tree for block in blocks(text, name) if block.tree)
        found = next((one for one in trees if one.has("openapi") or one.has("swagger")), None)
    version = str(found.at("openapi").value or found.at("swagger").value) if found else "3"
    if not version.startswith("3"):
        raise DocumentError(f"{name}: expected OpenAPI 3, seen version {version}")
    return found
