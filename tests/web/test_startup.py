"""What the first answer costs: only the modules it needs."""

from __future__ import annotations

import subprocess
import sys


HEAVY = {"PIL", "flask", "werkzeug", "httpx", "jsonschema", "http.client", "hypothesis"}

FIRST_CREATE = """\
import sys
from mockserver.core.interaction import Request
from mockserver.service.fake import Fake
from mockserver.web.front import Front
path = "/v1/models/black-forest-labs/flux-kontext-pro/predictions"
headers = (("host", "127.0.0.1:4010"), ("authorization", "Bearer x"))
body = b'{"input": {"prompt": "a lighthouse"}}'
assert Front(Fake()).answer(Request("POST", path, "", headers, body)).status == 201
print(*sys.modules)
"""


def test_a_first_create_imports_nothing_heavy() -> None:
    """A server answers as soon as it listens; pictures, routing and senders come when needed."""
    seen = subprocess.run(
        [sys.executable, "-c", FIRST_CREATE], capture_output=True, text=True, check=True
    )
    assert HEAVY & set(seen.stdout.split()) == set()
