"""Each rule about documents: a consistent page breaks none, and each mutant breaks its own."""

from __future__ import annotations

from pathlib import Path
from re import DOTALL, subn
from typing import TYPE_CHECKING, Final

import pytest

from mockserver.contract import rules as others
from mockserver.contract.documents import rules
from mockserver.contract.finding import Rule
from mockserver.library.catalogue import Catalogue
from mockserver.library.rooms import room


if TYPE_CHECKING:
    from tests.contract.documents.conftest import Judge, PageText

RULES: Final = {it.code: it for it in vars(rules).values() if isinstance(it, Rule)}
CONSISTENT: Final = (
    *("glued.txt", "tables.txt", "markdown.md", "list.md", "openapi.yaml", "openapi.json"),
)
CREDENTIAL: Final = "r8_" + "a1B2c3D4e5" * 4

Change = tuple[str, str]
Mutant = tuple[str, tuple[Change, ...]]

MUTANTS: Final[dict[str, list[Mutant]]] = {
    "D201": [
        ("markdown.md", ((r'"seconds": 5', '"seconds": 50'),)),
        ("markdown.md", ((r'"seconds": 5', '"seconds": "5"'),)),
        ("markdown.md", ((r'aspect_ratio": "16:9', 'aspect_ratio": "2:1'),)),
        ("openapi.json", ((r'"speed": 0.5', '"speed": 0'),)),
        ("openapi.json", ((r'"a", "b"', '"a", 2'),)),
    ],
    "D202": [("markdown.md", ((r"\| `output` [^\n]*\n", ""),))],
    "D203": [("tables.txt", ((r"(id string|status string)\n必需", r"\1\n可选"),))],
    "D204": [
        ("markdown.md", ((r"(\| `input` \| object \|) yes (\| \|)", r"\1 no \2"),)),
        ("openapi.yaml", ((r"(requestBody:\n\s+required:) true", r"\1 false"),)),
        ("openapi.yaml", ((r"              required:\n                - input\n", ""),)),
    ],
    "D205": [
        ("tables.txt", ((r"(Authorization string)\n必需", r"\1\n可选"),)),
        ("openapi.yaml", ((r"(in: header\n\s+required:) true", r"\1 false"),)),
    ],
    "D206": [("openapi.yaml", ((r"          default: 512\n", ""),))],
    "D207": [("glued.txt", ((r"1-50。", "1-50。20 是目前使用输入图像时允许的最大值。"),))],
    "D208": [("markdown.md", ((r'"video_format": "mp4"', '"video_format": "webm"'),))],
    "D209": [("glued.txt", ((r"input object 必需.*?示例\n", "示例\n"),))],
    "D210": [
        ("markdown.md", ((r"(\| `output` [^\n]*\n)", r"\1| `metrics` | object | no | |\n"),))
    ],
    "D211": [
        ("glued.txt", ((r'"steps": 30\n\},\n"logs"', '"steps": 31\n},\n"logs"'),)),
        ("glued.txt", ((r'"steps": 30\n\},\n"logs"', '"seed": 7, "steps": 30\n},\n"logs"'),)),
        ("glued.txt", ((r',\n"steps": 30\n\},\n"logs"', '\n},\n"logs"'),)),
        ("list.md", ((r'"go_fast": true, "num', '"go_fast": 1, "num'),)),
    ],
    "D212": [
        ("markdown.md", ((r'  "input": \{"prompt": "a sail', '  "input": {"prompt": "a boat'),))
    ],
    "D213": [("glued.txt", ((r'"model": "acme/sketch"', '"model": "acme/other"'),))],
    "D214": [("list.md", ((r'"go_fast": true', '"go_fast": true, "strength": 1'),))],
    "D215": [("openapi.yaml", ((r"summary: ended", "summary: starting"),))],
    "D216": [("markdown.md", ((r'"mp4"\}\}\'', '"mp4",}}\''),))],
    "D221": [
        ("glued.txt", ((r'"get": "https://relay.example.com', '"get": "https://api.example.com'),))
    ],
    "D222": [("glued.txt", ((r"🟢201", "🟢200"),))],
    "D223": [("tables.txt", ((r"状态码: 201\n", ""),))],
    "D224": [("tables.txt", ((r"状态码: 402 余额不足\n", ""),))],
    "D225": [
        ("markdown.md", ((r"## GET .*", ""),)),
        ("tables.txt", ((r"POST (\S+)/cancel.*", ""),)),
    ],
    "D231": [("list.md", ((r"`seed` \(integer", "`seed` (string"),))],
    "D232": [("list.md", ((r"- `seed`[^\n]*\n", ""),))],
    "D233": [
        (
            "list.md",
            (
                (r"`output` \(array", "`output` (string"),
                (r'\["https://lists.example.net/1.webp"\]', '"https://lists.example.net/1"'),
            ),
        ),
    ],
    "D241": [("openapi.yaml", ((r"title: Orchard", "title: ''"),))],
    "D242": [
        (
            "openapi.yaml",
            (
                (r"(\n        urls:\n)", r"\n        error:\n          type: 'null'\1"),
                (r"(                    output: null\n)", r"\1                    error: null\n"),
            ),
        ),
        ("openapi.json", ((r'"error": \{"type"', '"error": {"minLength": "x", "type"'),)),
    ],
    "D251": [
        ("glued.txt", ((r"'Authorization: Bearer <token>'", "'Authorization: Bearer YOUR_KEY'"),))
    ],
    "D252": [
        ("tables.txt", ((r"YOUR_API_KEY", CREDENTIAL),)),
        ("openapi.json", ((r'"text": "moo"', f'"text": "moo {CREDENTIAL}"'),)),
    ],
}
"""By code, a consistent page and what is changed in it."""

COUPLES: Final[dict[str, tuple[Mutant, Mutant]]] = {
    "D261": (("glued.txt", ()), ("tables.txt", ((r"pred-7f3a", "rm0cra1b2c3d4e5f6g7h8j9kmn"),))),
    "D262": (
        ("glued.txt", ()),
        ("glued.txt", ((r"relay\.example\.com", "eu.example.com"), (r"rm0cra1b2", "rm0cra9z8"))),
    ),
}
"""By code, two pages of which each alone is consistent."""


def changed(text: str, changes: tuple[Change, ...]) -> str:
    """The text after all changes, each of which must change something."""
    for old, new in changes:
        text, times = subn(old, new, text, flags=DOTALL)
        assert times, old
    return text


@pytest.mark.parametrize("name", CONSISTENT)
def test_a_consistent_page_breaks_no_rule(name: str, judge: Judge, page_text: PageText) -> None:
    """Whatever it is written in, and whichever models it is about."""
    assert judge(page_text(name)) == ()


@pytest.mark.parametrize(
    ("code", "mutant"), [(code, mutant) for code, all_ in MUTANTS.items() for mutant in all_]
)
def test_a_mutant_breaks_its_rule_and_no_other(
    code: str, mutant: Mutant, judge: Judge, page_text: PageText
) -> None:
    """One thing made wrong in a consistent page is found, by its code."""
    name, changes = mutant
    assert {it.finding.code for it in judge(changed(page_text(name), changes))} == {code}


@pytest.mark.parametrize("code", COUPLES)
def test_a_couple_breaks_its_rule_and_no_other(
    code: str, judge: Judge, page_text: PageText
) -> None:
    """Two pages, each consistent, that do not agree."""
    texts = [changed(page_text(name), changes) for name, changes in COUPLES[code]]
    assert [judge(text) for text in texts] == [(), ()]
    assert {it.finding.code for it in judge(*texts)} == {code}


def test_every_rule_has_a_mutant() -> None:
    """No rule that nothing is known to break."""
    assert {*MUTANTS, *COUPLES} == set(RULES)


def test_no_code_is_given_twice() -> None:
    """Neither here nor among the rules about providers."""
    taken = {it.code for it in vars(others).values() if isinstance(it, Rule)}
    assert len(RULES) == len([it for it in vars(rules).values() if isinstance(it, Rule)])
    assert RULES.keys() & taken == set()


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_the_documentation_tells_every_rule(rule: Rule) -> None:
    """docs/documents.md has a row for it."""
    page = Path(__file__).parents[3] / "docs" / "documents.md"
    row = f"| {rule.code} | {rule.severity} | {rule.title} | {rule.source} |"
    assert row in page.read_text(encoding="utf-8")


def test_no_credential_is_repeated(judge: Judge, page_text: PageText) -> None:
    """A report on a page that holds one does not hold it."""
    leaky = page_text("openapi.json").replace('"text": "moo"', f'"text": "moo {CREDENTIAL}"', 1)
    found = judge(leaky)
    assert {it.finding.code for it in found} == {"D212", "D252"}
    assert CREDENTIAL not in repr(found)


@pytest.mark.parametrize(
    ("told", "codes"),
    [
        ("GET https://a.example/v1/models\n🟢200\n", set()),
        ("GET https://a.example/v1/models/{name}\n🟢200\n", {"D224"}),
        ("GET https://a.example/v1/models\nQuery 参数\npage integer 可选\n🟢200\n", {"D224"}),
        ("GET https://a.example/v1/models\n在 Header 添加参数 Authorization\n🟢200\n", {"D224"}),
        ("POST https://a.example/v1/models\n🟢200\n", {"D224"}),
    ],
)
def test_what_can_refuse_nothing_needs_no_refusal(
    told: str, codes: set[str], judge: Judge
) -> None:
    """A list that everybody may read, and that takes nothing, cannot say no."""
    assert {it.finding.code for it in judge(told)} == codes


OWN_WAYS: Final = {"wavespeed": {"D224", "D225"}}
"""This gateway refuses with 200 and a code in the body, and has no way to cancel."""
OURS: Final = sorted((room("schemas") / "gateways").glob("*.openapi.json"))


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_our_own_documents_contradict_nothing(path: Path, judge: Judge) -> None:
    """But what a profile says of its gateway: that it creates with 200, that it lacks a path."""
    gateway = Catalogue().gateway(path.name.partition(".")[0])
    expected = {"D222"} if gateway.create.status == 200 else set[str]()
    expected |= OWN_WAYS.get(gateway.name, set())
    found = {it.finding.code for it in judge(path.read_text(encoding="utf-8"))}
    assert found == expected


def test_pages_of_one_host_complete_each_other(judge: Judge, page_text: PageText) -> None:
    """A page that only creates is complete beside one that tells how to go on."""
    whole = page_text("markdown.md")
    at = whole.index("## GET")
    creates, goes_on = whole[:at], whole[at:].replace("{id}", "{task}")
    assert {it.finding.code for it in judge(creates)} == {"D225"}
    assert judge(creates, goes_on) == ()


def test_a_limit_under_a_condition_is_executed(judge: Judge) -> None:
    """What is allowed without a picture may not be with one."""
    page = (
        "POST https://a.example/v1/models/acme/a/predictions\n"
        "prompt string 必需\n"
        "input_image string 可选\n"
        "tolerance integer 可选\n0 最严格,6 最宽松。2 是目前使用输入图像时允许的最大值。\n"
        '示例\n{"input": {"prompt": "a", "tolerance": 3%s}}\n'
    )
    alone = judge(page % "")
    pictured = judge(page % ', "input_image": "https://a.example/1.png"')
    assert {it.finding.code for it in pictured} - {it.finding.code for it in alone} == {"D201"}


def test_an_integer_where_the_model_takes_a_number_is_told(judge: Judge) -> None:
    """The trap of a sibling page: 2.5 is right upstream."""
    page = (
        "POST https://a.example/v1/models/black-forest-labs/flux-fill-dev/predictions\n"
        "guidance integer 可选\n默认值:30\n"
        '示例\n{"input": {"guidance": 30}}\n'
    )
    found = {it.finding.code: it for it in judge(page)}
    told = found["D231"]
    assert (told.place.line, told.finding.expected, told.finding.seen) == (
        2,
        ["number"],
        "integer",
    )
