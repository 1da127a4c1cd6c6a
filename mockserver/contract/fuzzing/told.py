"""A failure as something to run: code for pytest, lines for the shell, and a scenario file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from mockserver.contract.evidence import Exchange, Intent
from mockserver.contract.finding import PLACEHOLDER, Finding, curl
from mockserver.contract.fuzzing.case_file import Case, written
from mockserver.contract.fuzzing.failure import Failure
from mockserver.contract.fuzzing.steps import Advance, Create, Step
from mockserver.library.gateways import Gateway


TOKEN_VARIABLE: Final = "MOCKSERVER_FUZZ_TOKEN"  # noqa: S105 - the name of a variable


@dataclass(frozen=True, slots=True)
class Who:
    """Who was fuzzed: no `url` is our own fake, in which `fault` goes wrong.

    `origin` is where our own fake listens, if it is served.
    """

    profile: Gateway
    url: str
    fault: str
    origin: str


def forms(seen: Failure, who: Who) -> Mapping[str, str]:
    """The failure as a test, as lines for the shell and as a scenario file, by their names."""
    lower = seen.code.lower()
    return {
        f"test_{lower}.py": pytest_code(seen, who),
        f"{lower}.sh": "\n".join(curl_lines(seen, who)) + "\n",
        f"{lower}.toml": scenario_file(seen, who),
    }


def report(seen: Failure, who: Who) -> Iterator[str]:
    """What is told of a failure to a person, line by line."""
    for one in seen.findings:
        yield from str(one).splitlines()
    yield f"  {'steps':<10} {len(seen.steps)}, {_CONFIRMED[seen.confirmed]}"
    for name, text in forms(seen, who).items():
        yield f"\n  {name}"
        yield from (f"    {line}".rstrip() for line in text.splitlines())
    yield ""


_CONFIRMED: Final[Mapping[bool | None, str]] = {
    True: "seen again when they were done once more",
    None: "not done once more",
}


def scenario_file(seen: Failure, who: Who) -> str:
    """The case, as `mockserver fuzz --play FILE` plays it again."""
    return written(Case(who.profile.name, seen.model.full_name, seen.steps), _title(seen))


def pytest_code(seen: Failure, who: Who) -> str:
    """A test that fails as long as the rule is broken."""
    names = ", ".join(sorted({type(step).__name__ for step in seen.steps}))
    lines = (
        f'"""{_title(seen)}."""',
        "",
        *(("import os", "") if who.url else ()),
        f"from mockserver.contract.fuzzing.steps import {names}",
        "from mockserver.fuzzed import played",
        "",
        "",
        f"def test_{seen.code.lower()}() -> None:",
        "    found = played(",
        f"        {who.profile.name!r},",
        f"        {seen.model.full_name!r},",
        "        (",
        *(f"            {step!r}," for step in seen.steps),
        "        ),",
        *(f"        {one}," for one in _named(who)),
        "    )",
        '    assert not found, "\\n".join(map(str, found))',
    )
    return "\n".join(lines) + "\n"


def _named(who: Who) -> Iterator[str]:
    """The arguments that have a name."""
    if who.url:
        yield f"url={who.url!r}"
        yield f'token=os.environ["{TOKEN_VARIABLE}"]'
    if who.fault:
        yield f"fault={who.fault!r}"


def curl_lines(seen: Failure, who: Who) -> list[str]:
    """The requests of the case, one line each; the ids of predictions are read on the way."""
    told = [one for one in seen.exchanges if one.intent is not Intent.LIST_BEFORE]
    asked, known, lines = iter(told), dict[str, str](), list(_served(who))
    for step in seen.steps:
        if isinstance(step, Advance):
            lines.append(_pause(step, who))
            continue
        exchange = next(asked, None)
        if exchange is None:
            break
        lines.append(_line(step, exchange, who, known))
    return lines


def _served(who: Who) -> Iterator[str]:
    if not who.url:
        fault = f" --fault '{who.fault}'" if who.fault else ""
        yield f"# mockserver serve --gateway {who.profile.name} --clock manual{fault}"


def _line(step: Step, exchange: Exchange, who: Who, known: dict[str, str]) -> str:
    line = curl(exchange.raw.request)
    for identifier, name in known.items():
        line = line.replace(identifier, name)
    identifier = exchange.prediction_id
    if not isinstance(step, Create) or not identifier or identifier in known:
        return line
    name = f"ID{len(known)}"
    known[identifier] = f"${name}"
    return f"{name}=$({line} | jq -r {_id_path(who.profile)})"


def _id_path(profile: Gateway) -> str:
    """Where an answer tells the id, as jq names places."""
    wrapped = (profile.wrapped.member,) if profile.wrapped else ()
    member = profile.prediction.member("id") if profile.prediction else None
    return "." + ".".join((*wrapped, *(member.path if member else ("id",))))


def _pause(step: Advance, who: Who) -> str:
    seconds = f"{step.ms / 1000:g}"
    if who.url:
        return f"sleep {seconds}"
    body = f'\'{{"action":"advance","seconds":{seconds}}}\''
    token = f'-H "Authorization: Bearer {PLACEHOLDER}"'
    kind = "-H 'Content-Type: application/json'"
    return f"curl -sS -X PUT {token} {kind} -d {body} {who.origin}/__mock__/clock"


def _title(seen: Failure) -> str:
    first: Finding = seen.findings[0]
    return f"{first.code} ({first.severity}) {first.title}"
