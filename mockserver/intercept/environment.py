"""The variables by which programs are led to a proxy of ours, whatever language they speak."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from mockserver.intercept.redirect import VARIABLE


LOOPBACK: Final = "127.0.0.1,localhost,::1"
"""The hosts that no proxy is asked for."""
ADDRESSES: Final = ("REPLICATE_BASE_URL", "REPLICATE_API_BASE")
"""The variables by which clients are told to call another host than the one they have fixed."""
_PROXIES: Final = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")
_BUNDLES: Final = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
_PRELOAD: Final = Path(__file__).with_name("preload")


def environment(
    hosts: Iterable[str], port: int, tls_port: int, authority: Path, before: Mapping[str, str]
) -> dict[str, str]:
    """What leads a program to the proxy at `port` that finds `before` in its environment besides.

    At `tls_port` HTTPS is spoken with whoever believes to have connected to one of `hosts`.
    The program trusts `authority` and, unless it brings others, nobody else.
    Source: curl, OpenSSL, httpx, requests, Python and Node as tests/intercept and
    tests/clients/test_intercepted.py find them.
    """
    either = {**dict.fromkeys(_PROXIES, f"http://127.0.0.1:{port}"), "NO_PROXY": LOOPBACK}
    told = {"hosts": [*hosts], "ports": {"443": tls_port, "80": port}}
    required = f'--require "{_PRELOAD / "node.cjs"}"'
    return {
        **either,
        **{name.lower(): value for name, value in either.items()},
        **dict.fromkeys(_BUNDLES, str(authority)),
        "SSL_CERT_DIR": str(authority.parent),
        VARIABLE: json.dumps(told),
        "PYTHONPATH": os.pathsep.join(filter(None, (str(_PRELOAD), before.get("PYTHONPATH")))),
        "NODE_OPTIONS": " ".join(filter(None, (before.get("NODE_OPTIONS"), required))),
        "NODE_USE_ENV_PROXY": "1",
    }
