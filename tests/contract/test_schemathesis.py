"""A stranger judges: Schemathesis, all of its checks, over what each profile serves."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from mockserver.library.catalogue import Catalogue
from mockserver.library.gateways import Gateway
from mockserver.live import serve
from mockserver.service.settings import LimitStyle, Settings
from tests.related import RELATED


TOKEN = "secret"
MAX_EXAMPLES = 5
SEED = 1
UNLIKE = {
    2: "ignored_auth,missing_required_header,negative_data_rejection,unsupported_method",
    5: "not_a_server_error",
}
"""The checks that a refusal fails which is told as a success, or as the server's own mistake."""

if find_spec("schemathesis") is None:
    pytest.skip("Schemathesis is not installed", allow_module_level=True)


@pytest.mark.slow
@pytest.mark.parametrize("gateway", Catalogue().gateway_names())
def test_schemathesis_finds_nothing(gateway: str, tmp_path: Path) -> None:
    """The served document is true: valid requests succeed, others are refused as it says."""
    # One token only is accepted, so that whether others are refused can be judged too.
    # And it asks more often than an account may.
    accepted = frozenset({TOKEN})
    settings = Settings(gateway=gateway, tokens=accepted, limits=LimitStyle.TOLD)
    profile = Catalogue().gateway(gateway)
    with serve(settings) as server:
        run = subprocess.run(
            [*_command(f"{server.url}{profile.base_path}/openapi.json"), *_limits(profile)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            # What it covers is told by the server's side; to trace the stranger takes for ever.
            env={name: told for name, told in os.environ.items() if "COVERAGE" not in name},
            timeout=300,
        )
    assert run.returncode == 0, f"{run.stdout}\n{run.stderr}"
    assert "passed" in run.stdout


def _limits(profile: Gateway) -> list[str]:
    """What the stranger must not judge, as the profile has other statuses, and need not ask."""
    status = profile.errors.kinds["input_invalid"].status
    unlike = UNLIKE.get(status // 100)
    # Every border of every schema takes longer than all the rest.
    brief = ["--phases", "examples,fuzzing,stateful"] if profile.name in RELATED else []
    return [*(["--exclude-checks", unlike] if unlike else []), *brief]


def _command(url: str) -> list[str]:
    options = {
        "--header": f"Authorization: Bearer {TOKEN}",
        "--max-examples": str(MAX_EXAMPLES),
        "--seed": str(SEED),
        "--warnings": "off",
    }
    flags = ["--generation-deterministic", "--continue-on-failure", "--no-shrink", "--no-color"]
    words = [word for option in options.items() for word in option]
    return [sys.executable, "-m", "schemathesis.cli", "run", url, *words, *flags]
