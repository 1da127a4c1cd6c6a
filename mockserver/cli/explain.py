"""`mockserver explain`: what a finding's code means, why it matters, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

import click

from mockserver.cli.output import Failure, data_needed, document, json_option, table


if TYPE_CHECKING:
    from mockserver.contract.finding import Rule
    from mockserver.library.explanations import Explanation

_WIDTH: Final = 88
_MOST_NEAR: Final = 3
_LIKE: Final = 0.4
"""Codes are short: half of one is much."""


@click.command(short_help="Tell what a finding's code means.")
@click.argument("code", required=False)
@json_option
def explain(*, code: str | None, as_json: bool) -> None:
    """Tell what the rule called CODE says, why it matters, and what to do if it is broken.

    Without CODE, list all rules.
    """
    from mockserver.contract.codes import by_code
    from mockserver.library.explanations import load_explanations
    from mockserver.library.rooms import room

    with data_needed():
        rules = by_code()
        told = load_explanations(room("schemas"))
        wanted = code.upper() if code else None
        if wanted and wanted not in rules:
            raise Failure(_unknown(wanted, rules))
    if wanted:
        rule, said = rules[wanted], told[wanted]
        if as_json:
            document(_as_json(rule, said))
        else:
            click.echo("\n".join(_page(rule, said)))
    elif as_json:
        document([_as_json(rule, told[name]) for name, rule in rules.items()])
    else:
        rows = [(name, str(rule.severity), rule.title) for name, rule in rules.items()]
        click.echo("\n".join(table(("CODE", "SEVERITY", "RULE"), rows)))


def _unknown(code: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(code, known, n=_MOST_NEAR, cutoff=_LIKE)
    hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
    return f"no rule is called {code!r}; `mockserver explain` lists them.{hint}"


def _page(rule: Rule, said: Explanation) -> Iterator[str]:
    yield from (f"{rule.code} ({rule.severity})  {rule.title}", "")
    yield from (_wrapped(said.why), "", "Broken, it looks like this:", "")
    yield from (f"    {line}".rstrip() for line in said.example.splitlines())
    yield from ("", "What to do:", "", _wrapped(said.remedy), "", f"Source: {rule.source}")


def _wrapped(text: str) -> str:
    return click.wrap_text(text, _WIDTH)


def _as_json(rule: Rule, said: Explanation) -> dict[str, object]:
    return {
        "code": rule.code,
        "severity": str(rule.severity),
        "title": rule.title,
        "source": rule.source,
        "why": said.why,
        "example": said.example,
        "remedy": said.remedy,
    }
