"""`listen`: webhooks shown, verified and passed on until somebody stops it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import contextmanager
from threading import Timer
from typing import IO, TYPE_CHECKING, Any, Final

import httpx
import pytest

from examples.receiver import Inbox
from mockserver.live import serve
from mockserver.service.settings import Settings
from tests.contract.hooks.receivers import SECRET, serving


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from click.testing import Result

    Command = Callable[..., Result]

PATH: Final = "/models/black-forest-labs/flux-schnell/predictions"
PATIENCE_S: Final = 30


class Listening:
    """The command in another process, and what it says."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        assert process.stderr is not None
        self.process = process
        self.stdout: IO[str] = process.stdout
        self.stderr: IO[str] = process.stderr

    def until(self, word: str) -> str:
        """The first line on stderr that holds this word."""
        return next(line for line in self.stderr if word in line)

    def stop(self, number: int) -> int:
        """The exit code after this signal."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)


@contextmanager
def listening(*arguments: str) -> Iterator[Listening]:
    """The command, until the end of the block."""
    words = [sys.executable, "-m", "mockserver", "listen", *arguments]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        # What never says what a test waits for is ended, and so is the wait.
        watchdog = Timer(PATIENCE_S, process.kill)
        watchdog.start()
        try:
            yield Listening(process)
        finally:
            watchdog.cancel()
            process.kill()


def create(base_url: str, webhook: str, **headers: str) -> str:
    """The id of a prediction that ends at once, and whose end is told to `webhook`."""
    made = httpx.post(
        base_url + PATH,
        headers={"Authorization": "Bearer mine", "X-Mock-Scenario": "instant", **headers},
        json={
            "input": {"prompt": "x"},
            "webhook": webhook,
            "webhook_events_filter": ["completed"],
        },
    )
    return str(made.json()["id"])


@pytest.mark.slow
def test_every_webhook_of_its_own_fake_is_passed_on(folder: object) -> None:
    """Wherever it should have gone; what the app answers is shown. Ctrl-C is 130."""
    del folder
    inbox = Inbox(SECRET)
    with (
        serving(inbox.take) as app,
        listening("--forward-to", app, "--secret", SECRET, "--port", "0") as own,
    ):
        url = own.until("listens on").split()[-1]
        assert own.until("webhooks go on").startswith(f"webhooks go on to {app}")
        first = create(f"{url}/v1", "https://my.example/hook")
        line = own.stdout.readline()
        assert f"succeeded  {first}  signed  →  200 in " in line
        assert inbox.jobs[first]["status"] == "succeeded"
        forged = {"X-Mock-Fault": "hook.bad_signature"}
        create(f"{url}/v1", "https://my.example/hook", **forged)
        line = own.stdout.readline()
        assert "NOT RIGHT: none of the signatures" in line
        assert "→  401 in " in line
        strange = {"X-Mock-Fault": "hook.not_json;form=text"}
        create(f"{url}/v1", "https://my.example/hook", **strange)
        assert "no prediction   signed  →  400 in " in own.stdout.readline()
        assert own.stop(signal.SIGINT) == 130


@pytest.mark.slow
def test_the_fake_tries_again_what_the_app_did_not_take(folder: object) -> None:
    """The app's answer is that of the address; programs get a line of JSON for each try."""
    del folder
    with listening(
        "--forward-to",
        "http://127.0.0.1:1/hook",
        "--clock",
        "scaled:1000",
        "--port",
        "0",
        "--json",
    ) as own:
        url = own.until("listens on").split()[-1]
        own.until("webhooks go on")
        made = create(f"{url}/v1", "https://my.example/hook")
        tries = [json.loads(own.stdout.readline()) for _ in range(2)]
        assert own.stop(signal.SIGTERM) == 0
    assert {one["prediction"]["id"] for one in tries} == {made}
    assert len({one["headers"]["webhook-id"] for one in tries}) == 1
    assert [(one["status"], one["doubt"]) for one in tries] == [(None, "")] * 2


@pytest.mark.slow
def test_it_attaches_to_a_mockserver_that_runs(folder: object) -> None:
    """Webhooks arrive at an address that is printed; its account's secret verifies them."""
    del folder
    heard: list[Mapping[str, Any]] = []

    def take(headers: Mapping[str, str], body: bytes) -> int:
        heard.append(json.loads(body))
        return 200 if headers["webhook-id"] else 400

    with (
        serve(Settings()) as server,
        serving(take) as app,
        listening("--forward-to", app, "--attach", server.url, "--account", "mine") as own,
    ):
        hook = own.until("give this as webhook").split()[-1]
        made = create(server.base_url, hook)
        assert f"{made}  signed  →  200" in own.stdout.readline()
        own.stop(signal.SIGINT)
    assert [one["id"] for one in heard] == [made]


def test_what_cannot_be_listened_to_is_told(command: Command) -> None:
    """No mockserver there, no address, no secret; exit code 2."""
    app = ("--forward-to", "http://127.0.0.1:1/hook")
    told = {
        "no mockserver tells a secret at": command(
            "listen", *app, "--attach", "http://127.0.0.1:1"
        ),
        "expected a URL like": command("listen", "--forward-to", "nowhere"),
        "a secret is whsec_": command("listen", *app, "--secret", "mine"),
    }
    assert {
        text: (one.exit_code, text in one.output) for text, one in told.items()
    } == dict.fromkeys(told, (2, True))
