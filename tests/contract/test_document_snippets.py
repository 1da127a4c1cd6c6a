"""The documents' own lines, pasted into a shell with nothing changed but the host."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import pytest
from httpx import Client

from mockserver.library.catalogue import Catalogue
from mockserver.library.examples import Document, ExampleRequest, load_documents
from mockserver.live import LiveServer, serve
from mockserver.service.settings import Settings


CATALOGUE: Final = Catalogue()
PROGRAMS: Final = {"curl": "curl", "javascript": "node", "python": sys.executable}
"""What runs a snippet of each language."""
LOOKS: Final = 20
"""Each moves a poll clock to the next change; no run has so many."""


def curl_line(request: ExampleRequest) -> str:
    """The line that a document without snippets would print, in the words of the others."""
    words = ["curl", "--location", "--request", request.method, request.url]
    for name, value in request.headers:
        words += ["--header", f"{name}: {value}"]
    return shlex.join([*words, "--data-raw", json.dumps(request.body)])


def snippets(document: Document) -> Iterator[tuple[str, str]]:
    """Each snippet of a document by its language."""
    yield from document.snippets.items()
    if "curl" not in document.snippets:
        yield from (("curl", curl_line(one.request)) for one in document.examples if one.request)


PASTED: Final = [
    pytest.param(
        document,
        language,
        snippet,
        id=f"{document.gateway}-{document.model.rpartition('/')[2]}-{language}",
    )
    for document in load_documents(CATALOGUE.fixtures)
    for language, snippet in snippets(document)
]


def printed(document: Document) -> ExampleRequest:
    """The request that a document prints."""
    return next(one.request for one in document.examples if one.request)


def here(snippet: str, document: Document, server: LiveServer) -> str:
    """The snippet with our own host in it; we speak HTTP only."""
    theirs, ours = urlsplit(printed(document).url).netloc, urlsplit(server.url).netloc
    plain = snippet.replace("HTTPSConnection", "HTTPConnection")
    return plain.replace(f"https://{theirs}", server.url).replace(theirs, ours)


def pasted(language: str, snippet: str) -> str:
    """What running the snippet prints."""
    program = shutil.which(PROGRAMS[language])
    if program is None:
        pytest.skip(f"{PROGRAMS[language]} is not installed")
    command = {
        "curl": ["/bin/sh", "-c", snippet],
        "javascript": [program, "-e", snippet],
        "python": [program, "-c", snippet],
    }[language]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.slow
@pytest.mark.parametrize(("document", "language", "snippet"), PASTED)
def test_a_pasted_line_gets_the_answer_of_its_document(
    document: Document, language: str, snippet: str
) -> None:
    """From a server that speaks as its gateway: the printed members, in the printed order."""
    with serve(Settings(gateway=document.gateway)) as server:
        told = json.loads(pasted(language, here(snippet, document, server)))
    assert list(told) == list(document.examples[0].response.body)
    assert told["status"] == "starting"


@pytest.mark.slow
@pytest.mark.parametrize(("document", "language", "snippet"), PASTED)
def test_a_pasted_line_works_with_no_option_at_all(
    document: Document, language: str, snippet: str
) -> None:
    """A server started without a thought takes every document's line, and can be polled."""
    with serve(Settings(clock="poll")) as server, Client(headers=token(document)) as client:
        told = json.loads(pasted(language, here(snippet, document, server)))
        looks = [client.get(told["urls"]["get"]).json() for _ in range(LOOKS)]
    assert told["model"] == document.model
    assert looks[-1]["status"] == "succeeded"
    assert looks[-1]["output"]


def token(document: Document) -> dict[str, str]:
    """The placeholder that stands in the document for a token: it is as good as any."""
    return {name: text for name, text in printed(document).headers if name == "Authorization"}
