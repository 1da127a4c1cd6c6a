"""The good receiver of the examples, and bad ones: each has one thing otherwise."""

from __future__ import annotations

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, Final

from werkzeug.serving import make_server

from examples.receiver import Inbox
from mockserver.contract.hooks.app import App
from mockserver.contract.hooks.cases import Needs, shipped
from mockserver.contract.hooks.letters import seal_of
from mockserver.contract.hooks.reaching import Answer, CalledReceiver, Meanwhile, Receiver
from mockserver.contract.hooks.run import Trial
from tests.listening import running, served


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from _typeshed.wsgi import WSGIApplication

    from examples.receiver import Prediction
    from mockserver.contract.hooks.story import Story
    from mockserver.core.letter import Letter

SECRET: Final = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
CASES: Final = {case.name: case for case in shipped()}


class Reserialising(Inbox):
    """Verifies what the parsed JSON looks like when it is written down again."""

    def signed_bytes(self, body: bytes) -> bytes:
        """Other bytes than those that came."""
        try:
            return json.dumps(json.loads(body), separators=(",", ":"), ensure_ascii=False).encode()
        except ValueError:
            return body


class Timeless(Inbox):
    """Does not look at the time."""

    def is_fresh(self, at: str) -> bool:
        """Always."""
        del at
        return True


class FirstOnly(Inbox):
    """Looks at the first signature only."""

    def signatures(self, header: str) -> list[str]:
        """One."""
        return super().signatures(header)[:1]


class AnyScheme(Inbox):
    """Takes the right code under any scheme."""

    def is_right(self, signature: str, code: bytes) -> bool:
        """Whatever stands before the comma."""
        return super().is_right(f"v1,{signature.partition(',')[2]}", code)


class Trusting(Inbox):
    """Verifies a signature only where there is one."""

    def is_genuine(self, headers: Mapping[str, str], body: bytes) -> bool:
        """What is not signed is believed."""
        return "webhook-signature" not in headers or super().is_genuine(headers, body)


class Forgetful(Inbox):
    """Pays again whenever it is told of an end."""

    def is_new(self, message_id: str) -> bool:
        """Always."""
        del message_id
        return True

    def learn(self, prediction: Prediction) -> None:
        """What is done with it is done each time."""
        super().learn(prediction)
        job: dict[str, Any] = self.jobs[prediction["id"]]
        job["paid"] += prediction["status"] == "succeeded"


class LastWins(Inbox):
    """Believes what it was told last."""

    def learn(self, prediction: Prediction) -> None:
        """Whatever it knew before."""
        self.believe(self.jobs.setdefault(prediction["id"], {"paid": 0}), prediction)


class Undecoded(Inbox):
    """Takes the text of the secret for the key."""

    def __init__(self, secret: str) -> None:
        super().__init__(secret)
        self.key = secret.removeprefix("whsec_").encode()


class Dropping(Inbox):
    """Drops what it is told of a prediction before its own create call was answered."""

    def take(self, headers: Mapping[str, str], body: bytes) -> int:
        """With 200, so that it never comes again."""
        told = body.decode(errors="replace")
        known = any(prediction_id in told for prediction_id in self.jobs)
        return super().take(headers, body) if known or not self.is_genuine(headers, body) else 200


class Crashing(Inbox):
    """Fails over what is no JSON."""

    def take(self, headers: Mapping[str, str], body: bytes) -> int:
        """Reads before it thinks."""
        if self.is_genuine(headers, body):
            json.loads(body)
        return super().take(headers, body)


class Constant:
    """Answers everything with one status, in no time, as over a socket."""

    has: Final = Needs.SOCKET

    def __init__(
        self, status: int, first: int = 0, url: str = "http://127.0.0.1:8080/hook"
    ) -> None:
        self.url = url
        self.statuses = [first] if first else []
        self.status = status
        self.heard: list[Letter] = []

    def __call__(self, letter: Letter, meanwhile: Meanwhile | None = None) -> Answer:
        """The first may be answered otherwise."""
        self.heard.append(letter)
        if meanwhile is not None:
            meanwhile()
        return Answer(self.statuses.pop() if self.statuses else self.status, 1)


@contextmanager
def serving(take: Callable[[Mapping[str, str], bytes], int]) -> Iterator[str]:
    """The address of a server that answers what `take` says, and 405 to other methods."""

    class Handler(BaseHTTPRequestHandler):
        """Hands over headers in lower case and the raw body."""

        def do_POST(self) -> None:
            """Answer."""
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.reply(take(headers, self.rfile.read(int(headers.get("content-length", 0)))))

        def do_GET(self) -> None:
            """Refuse."""
            self.rfile.read(int(self.headers.get("content-length", 0)))
            self.reply(405)

        def reply(self, status: int) -> None:
            """An answer without a body."""
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

    with served(Handler) as root:
        yield f"{root}/hook"


def wsgi_served(app: WSGIApplication) -> AbstractContextManager[str]:
    """The root at which a server with threads serves an application."""
    return running(make_server("127.0.0.1", 0, app, threaded=True))


def tried(inbox: Inbox, story: Story) -> Trial:
    """The test of this receiver, which is called, and of the app behind it."""
    app = App(created=inbox.learn, polled=inbox.learn, state=inbox.jobs.get)
    return trial_of(CalledReceiver(inbox.take), story, app)


def trial_of(receiver: Receiver, story: Story, app: App | None = None) -> Trial:
    """The test of any receiver."""
    return Trial(receiver, seal_of(SECRET), story, app or App())
