"""A report in the form that code scanners give theirs.

Source: SARIF 2.1.0, docs.oasis-open.org/sarif; GitHub's subset of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from mockserver.contract.finding import Finding, Severity
from mockserver.contract.report.places import Place, place_of
from mockserver.contract.report.report import Excused, Report
from mockserver.contract.report.words import heading, json_text, printable, told
from mockserver.core.timestamps import web_timestamp


Json = dict[str, object]

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {Severity.MUST: "error", Severity.SHOULD: "warning"}


def sarif(report: Report) -> str:
    """The report as SARIF: a rule for each code, a result for each finding."""
    findings = [one.finding for one in report.findings]
    excused = report.excused
    rules = _rules(report, [*findings, *(one.finding for one in excused)])
    order = {code: index for index, code in enumerate(rules)}
    results = [_result(report, one, order) for one in findings]
    results += [_excused(report, one, order) for one in excused]
    run: Json = {
        "tool": {
            "driver": {
                "name": "mockserver",
                "semanticVersion": report.provenance.version,
                "rules": list(rules.values()),
            }
        },
        "automationDetails": {"id": f"{report.command_name}/{report.profile or report.target}/"},
        "invocations": [_invocation(report)],
        "results": results,
        "columnKind": "unicodeCodePoints",
        "properties": dict(report.facts()),
    }
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _invocation(report: Report) -> Json:
    return {
        "executionSuccessful": any(case.outcome.tested for case in report.cases),
        "exitCode": report.exit_code,
        "commandLine": report.provenance.command,
        "startTimeUtc": web_timestamp(report.provenance.started_ms),
        "endTimeUtc": web_timestamp(report.provenance.ended_ms),
    }


def _rules(report: Report, findings: Sequence[Finding]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for one in findings:
        said = report.provenance.explained.get(one.code)
        about = f"{said.why}\n\nWhat to do: {said.remedy}\n\n" if said else ""
        found.setdefault(
            one.code,
            {
                "id": one.code,
                "shortDescription": {"text": one.title},
                "fullDescription": {"text": f"{one.title}. Source: {one.source}."},
                "help": {"text": f"{about}`mockserver explain {one.code}` tells more."},
                "defaultConfiguration": {"level": _LEVELS[one.severity]},
                "properties": {"tags": ["contract", str(one.severity)]},
            },
        )
    return found


def _result(report: Report, one: Finding, order: dict[str, int]) -> Json:
    # GitHub shows only what is in a file.
    place = place_of(one) or Place(report.file or f"schemas/gateways/{report.profile}.toml", 1)
    at = one.at or "the whole answer"
    lines = "\n".join(f"{name}: {text}" for name, text in told(one))
    return {
        "ruleId": one.code,
        "ruleIndex": order[one.code],
        "level": _LEVELS[one.severity],
        "message": {"text": f"{heading(one)}\n{lines}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(place.file)},
                    "region": {"startLine": place.line},
                },
                "logicalLocations": [
                    {"fullyQualifiedName": printable(at), "kind": "member"},
                ],
            }
        ],
        "partialFingerprints": {"mockserver/1": _same(report, one)},
    }


def _excused(report: Report, one: Excused, order: dict[str, int]) -> Json:
    suppression = {"kind": "external", "justification": printable(f"{one.by}: {one.why}")}
    return {**_result(report, one.finding, order), "suppressions": [suppression]}


def _same(report: Report, one: Finding) -> str:
    """What two runs have in common that make the same finding."""
    return sha256(f"{report.profile}\n{one.code}\n{one.at}".encode(errors="replace")).hexdigest()


def _uri(file: str) -> str:
    from urllib.parse import quote

    return quote(file.replace("\\", "/"), safe="/:@!$&'()*+,;=~.-_")
