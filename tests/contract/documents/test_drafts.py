"""What is derived from further pages, each in the style of a document, about other models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest

from mockserver.contract.budget import Budget
from mockserver.contract.run import CASES, examined
from mockserver.examine import Target, exam_of
from mockserver.library.catalogue import Catalogue
from mockserver.library.examples import load_document
from mockserver.live import LiveServer, serve
from mockserver.service.fake import Fake
from mockserver.service.settings import Settings


if TYPE_CHECKING:
    from tests.contract.documents.conftest import Drafter

FURTHER: Final = Path(__file__).parent / "further"
PAGES: Final = tuple(sorted(FURTHER.iterdir()))
CATALOGUE: Final = Catalogue()

Facts = Mapping[str, tuple[object, int]]
INPUT: Final = "Input.properties."
UPSTREAM: Final = "https://api.replicate.com/v1/predictions/{id}"

SAID: Final[Mapping[str, Facts]] = {
    "glued.txt": {
        f"{INPUT}prompt.type": ("string", 7),
        f"{INPUT}face_image.format": ("uri", 8),
        f"{INPUT}num_images.type": ("integer", 9),
        f"{INPUT}strength.type": ("number", 10),
        f"{INPUT}upscale.type": ("boolean", 11),
        "hosts": (["api.moyun-hub.cn"], 2),
        "base_path": ("/replicate/v1", 2),
        "auth.schemes": (["Bearer"], 16),
        "create.status": (200, 29),
        "create.body": ("full", 30),
        "urls.mode": ("upstream", 49),
        "urls.upstream.get": (UPSTREAM, 51),
        "prediction.added.source": ({"value": "api", "behind": "error"}, 46),
        "quirks.num-images-clamped": ("shown", 36),
        "quirks.urls-lead-upstream": ("shown", 49),
        "quirks.create-answers-200": ("shown", 29),
    },
    "openapi.yaml": {
        "title": ("听音聚合", 8),
        "Input.required": (["text", "voice_id"], 35),
        f"{INPUT}text.maxLength": (5000, 38),
        f"{INPUT}voice_id.enum": (["calm", "lively", "deep"], 41),
        f"{INPUT}speed.minimum": (0.5, 44),
        f"{INPUT}speed.maximum": (2, 44),
        f"{INPUT}speed.default": (1, 44),
        f"{INPUT}audio_format.default": ("mp3", 47),
        f"{INPUT}seed.type": (["integer", "null"], 49),
        "Output.format": ("uri", 73),
        "create.body": (["id", "status", "output"], 79),
        "create.omit_null": (["output"], 71),
        "urls.mode": ("none", 79),
        "errors.like": ("new-api", 86),
        "errors.brand": ("tingyin_api_error", 86),
        "quirks.reduced-create": ("shown", 79),
    },
    "tables.txt": {
        "Input.required": (["prompt"], 23),
        f"{INPUT}start_image.format": ("uri", 44),
        f"{INPUT}duration.minimum": (3, 30),
        f"{INPUT}duration.maximum": (12, 30),
        f"{INPUT}duration.default": (6, 30),
        f"{INPUT}aspect_ratio.enum": (["16:9", "9:16", "1:1"], 33),
        f"{INPUT}loop.default": (False, 36),
        f"{INPUT}video_format.enum": (["mp4", "webm"], 39),
        "Output.type": ("string", 79),
        "create.status": (201, 70),
        "create.body": (["id", "status", "output"], 83),
        "endpoints.get": ("documented", 88),
        "get.status": (200, 90),
    },
    "overview.txt": {
        f"{INPUT}prompt.type": ("string", 15),
        f"{INPUT}steps.type": ("integer", 17),
        "hosts": (["api.shanshui.cc"], 23),
        "create.status": (201, 36),
        "urls.mode": ("own", 53),
    },
    "markdown.md": {
        "base_path": ("/api/v1", 5),
        f"{INPUT}max_tokens.default": (64, 13),
        f"{INPUT}max_tokens.maximum": (4096, 13),
        f"{INPUT}temperature.maximum": (2, 14),
        f"{INPUT}style.enum": (["plain", "ornate", "terse"], 15),
        "Output.type": ("array", 70),
        "auth.schemes": (["Token"], 19),
        "endpoints.webhooks": ("documented", 16),
        "endpoints.cancel": ("documented", 75),
        "get.body": (["id", "model", "status", "output", "urls", "error"], 66),
        "errors.like": ("replicate", 58),
    },
    "openapi.json": {
        "title": ("Atelier", 3),
        "base_path": ("/v2", 8),
        f"{INPUT}prompt.minLength": (1, 73),
        f"{INPUT}count.maximum": (8, 74),
        f"{INPUT}paper.enum": (["smooth", "rough", None], 75),
        f"{INPUT}palette.items": ({"type": "string"}, 76),
        f"{INPUT}plate.format": ("uri", 45),
        "Output.type": ("array", 88),
        "auth.header": ("X-API-Key", 63),
        "auth.schemes": ([], 63),
        "create.waited_out_status": (202, 28),
        "list.status": (200, 56),
    },
}
"""By page, what a person finds in it: the value of a fact, and the line where it stands."""

CODES: Final = {
    "glued.txt": {"D209", "D211", "D221", "D222", "D224", "D225"},
    "openapi.yaml": {"D206", "D210", "D222", "D225"},
    "tables.txt": {"D210", "D224", "D225"},
    "overview.txt": {"D209", "D224", "D225"},
    "markdown.md": {"D224"},
    "openapi.json": {"D210", "D224", "D225"},
}
"""By page, what it contradicts."""

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)


def written(folder: Path, made: Mapping[str, str]) -> Path:
    """The folder, with these files in it."""
    for name, text in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_the_table_names_every_page() -> None:
    """Each has to be read by a person."""
    assert set(SAID) == set(CODES) == {path.name for path in PAGES}


@each_page
def test_facts_are_those_of_the_page_with_their_lines(page: Path, drafted: Drafter) -> None:
    """What a person reads in the page, and where."""
    made, _ = drafted(page)
    found = {
        one.key: (one.drawn.value, one.drawn.origins[0].place.line)
        for one in reversed([*made.facts])
        if one.drawn.origins
    }
    assert {key: found.get(key) for key in SAID[page.name]} == SAID[page.name]


@each_page
def test_every_fact_stands_in_a_line_of_its_page(page: Path, drafted: Drafter) -> None:
    """A line that is named is there, and not blank."""
    lines = page.read_text(encoding="utf-8").splitlines()
    made, _ = drafted(page)
    for one in made.facts:
        for origin in one.drawn.origins:
            assert origin.page == page.name
            assert 1 <= origin.place.line <= len(lines)
            assert lines[origin.place.line - 1].strip()


@each_page
def test_what_is_contradicted_is_told(page: Path, drafted: Drafter) -> None:
    """Each once more in the table beside the fixtures, with document, line and code."""
    made, texts = drafted(page)
    assert {remark.finding.code for _, remark in made.found} == CODES[page.name]
    (table,) = (text for name, text in texts.items() if name.endswith("contradictions.toml"))
    for name, remark in made.found:
        assert f'source = "{name}:{remark.place.line}' in table
        assert f'codes = ["{remark.finding.code}"]' in table


@each_page
def test_deriving_again_gives_the_same_bytes(page: Path, drafted: Drafter) -> None:
    """Nothing depends on when or where."""
    assert drafted(page)[1] == drafted(page)[1]


@each_page
def test_nothing_is_said_without_a_document(page: Path, drafted: Drafter) -> None:
    """A source names a document and its lines, or says assumed."""
    _, texts = drafted(page)
    for name, text in texts.items():
        for line in text.splitlines() if name.startswith(("models/", "gateways/")) else ():
            if line.lstrip().startswith(('"from"', "source =", '"x-output-source"')):
                told = line.partition(":" if '"' in line.split()[0] else "=")[2]
                assert "document" in told or "assumed" in told or "value" in told, line


@each_page
def test_the_fixture_is_read_as_one_of_ours(page: Path, drafted: Drafter, tmp_path: Path) -> None:
    """The reader of fixtures takes it, and the page beside it has the lines that it names."""
    made, texts = drafted(page)
    folder = written(tmp_path, texts)
    for name in made.fixtures:
        document = load_document(folder / name)
        assert document.read == "2026-07-01"
        kept = (folder / name).with_suffix(".page.txt").read_text(encoding="utf-8")
        assert kept == page.read_text(encoding="utf-8")


@contextmanager
def served(folder: Path) -> Iterator[tuple[LiveServer, str]]:
    """A server that is the gateway in this folder, and the gateway's name."""
    (profile,) = folder.glob("gateways/*.toml")
    catalogue = Catalogue(data=folder)
    catalogue.check_given()
    fake = Fake(Settings(clock="poll", gateway=profile.stem), catalogue)
    with serve(fake=fake) as server:
        yield server, profile.stem


@each_page
def test_a_prediction_is_made_and_looked_at(page: Path, drafted: Drafter, tmp_path: Path) -> None:
    """The request of the page, sent to the path of the page, answered as the page shows it."""
    made, texts = drafted(page)
    folder = written(tmp_path, texts)
    with served(folder) as (server, name):
        profile = server.fake.catalogue.gateway(name)
        headers = {profile.auth.header: profile.auth.value("a-token")}
        with httpx.Client(base_url=server.url + profile.base_path, headers=headers) as api:
            for document in map(load_document, (folder / it for it in made.fixtures)):
                shown = [(it.request, it.response) for it in document.examples if it.request]
                for request, response in shown:
                    assert request is not None
                    path = httpx.URL(request.url).path.removeprefix(profile.base_path)
                    answer = api.post(path, json=request.body)
                    assert answer.status_code == response.status
                    assert list(answer.json()) == list(response.body)
                    ended = looked_at(api, answer.json()["id"])
                    assert ended["status"] == "succeeded"
                    assert ended["output"]


def looked_at(api: httpx.Client, prediction_id: str) -> dict[str, Any]:
    """The prediction once it has ended; each look brings the clock to its next change."""
    for _ in range(50):
        seen: dict[str, Any] = api.get(f"/predictions/{prediction_id}").json()
        if seen["status"] not in {"starting", "processing"}:
            return seen
    raise AssertionError("the prediction never ends")


@pytest.mark.parametrize("name", ["glued.txt", "overview.txt", "openapi.json"])
def test_a_derived_gateway_passes_the_exam(name: str, drafted: Drafter, tmp_path: Path) -> None:
    """`check --data` finds nothing in our fake of it. (The exam asks models of pictures.)"""
    made, texts = drafted(FURTHER / name)
    folder = written(tmp_path, texts)
    gateway, model = made.profiles[0].name, made.documents[0].model
    target = Target("", gateway, "a-token", model, 120.0, data=folder)
    with exam_of(target, Budget(None)) as exam:
        results = list(examined(exam, CASES))
    assert [one.case.name for one in results] == [case.name for case in CASES]
    assert [finding for one in results for finding in one.findings] == []
