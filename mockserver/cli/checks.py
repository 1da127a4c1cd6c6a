"""What `doctor` looks at: each check is a function, and all are in one table."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.request import getproxies, proxy_bypass

from mockserver import __version__


OLDEST_PYTHON: Final = (3, 11)
HELD_REQUESTS: Final = 4096
"""Connections that a server shall be able to hold, each an open file."""

_PACKAGES: Final = (
    "click",
    "flask",
    "httptools",
    "httpx",
    "jsonschema",
    "jsonschema-rs",
    "orjson",
    "pillow",
)
_CODECS: Final = {"jpg": "JPEG", "zlib": "PNG", "webp": "WebP"}
_LETTERS: Final = {"Latin": "ñ", "Cyrillic": "Ж", "Han": "车", "kana": "あ", "Hangul": "한"}
_INSTALL_AGAIN: Final = "install it again: python -m pip install --force-reinstall mockserver"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check saw: `level` is ok, warning or broken; `fix` says what to do, if anything."""

    name: str
    level: str
    says: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server shall listen."""

    host: str
    port: int


Check = Callable[[Place], Finding]


def findings(host: str, port: int) -> tuple[Finding, ...]:
    """What every check saw; one that fails itself is broken, and the others still run."""
    return tuple(_found(name, check, Place(host, port)) for name, check in CHECKS.items())


def _found(name: str, check: Check, place: Place) -> Finding:
    try:
        return check(place)
    except Exception as reason:  # noqa: BLE001 - a doctor looks at what is broken
        return Finding(name, "broken", f"{type(reason).__name__}: {reason}", _INSTALL_AGAIN)


def python(_place: Place) -> Finding:
    """Whether Python is new enough."""
    says = f"mockserver {__version__} on Python {platform.python_version()}, {sys.platform}"
    if sys.version_info >= OLDEST_PYTHON:
        return Finding("python", "ok", says)
    return Finding("python", "broken", says, "take Python 3.11 or newer")


def packages(_place: Place) -> Finding:
    """Whether everything is installed that we import."""
    versions = {name: _version(name) for name in _PACKAGES}
    missing = [name for name, version in versions.items() if not version]
    if missing:
        says = f"missing: {', '.join(missing)}"
        fix = f"python -m pip install {' '.join(missing)}"
        return Finding("packages", "broken", says, fix)
    return Finding("packages", "ok", ", ".join(f"{name} {it}" for name, it in versions.items()))


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def uvloop(_place: Place) -> Finding:
    """Whether the fast event loop is there."""
    if importlib.util.find_spec("uvloop"):
        return Finding("uvloop", "ok", f"uvloop {_version('uvloop')}")
    says = "not installed: all works, more slowly"
    return Finding("uvloop", "warning", says, "python -m pip install uvloop")


def codecs(_place: Place) -> Finding:
    """Whether pictures can be written in every format."""
    from PIL import features

    missing = [name for codec, name in _CODECS.items() if not features.check(codec)]
    if missing:
        says = f"this Pillow cannot write {', '.join(missing)}"
        fix = "install the wheel of Pillow: python -m pip install --only-binary :all: pillow"
        return Finding("codecs", "broken", says, fix)
    return Finding("codecs", "ok", ", ".join(_CODECS.values()))


def fonts(_place: Place) -> Finding:
    """Which scripts a prompt can be drawn in."""
    from mockserver.library.media.font import SOURCES, has_glyph

    missing = [script for script, letter in _LETTERS.items() if not has_glyph(letter)]
    if not missing:
        return Finding("fonts", "ok", ", ".join(_LETTERS))
    names = " ".join(source.package.replace("_", "-") for source in SOURCES)
    says = f"no font for {', '.join(missing)}: pictures show their code points instead"
    return Finding("fonts", "warning", says, f"python -m pip install {names}")


def data(_place: Place) -> Finding:
    """Whether the data folders are there, and every file in them can be read."""
    from mockserver.library.catalogue import Catalogue

    kept = Catalogue()
    counts = {
        "models": len(kept.models()),
        "gateways": len(kept.gateways()),
        "scenarios": len(kept.scenarios()),
    }
    says = ", ".join(f"{count} {sort}" for sort, count in counts.items())
    where = f"{kept.schemas} and {kept.fixtures}"
    if all(counts.values()):
        return Finding("data", "ok", f"{says} in {where}")
    return Finding("data", "broken", f"{says} in {where}", _INSTALL_AGAIN)


def documents(_place: Place) -> Finding:
    """Whether the generated OpenAPI documents are those that would be made now."""
    from mockserver.library.catalogue import Catalogue
    from mockserver.library.openapi import stale_documents

    stale = [path.name for path in stale_documents(Catalogue())]
    if not stale:
        return Finding("documents", "ok", "the generated OpenAPI documents are up to date")
    says = f"stale: {', '.join(stale)}"
    return Finding("documents", "broken", says, "mockserver schemas export")


def port(place: Place) -> Finding:
    """Whether `serve` could listen now."""
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    says = f"{place.host} port {place.port}"
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the server does it: connections that have just ended are in nobody's way.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((place.host, place.port))
        except OSError as reason:
            fix = "stop what listens there, or name another: --port 4011, MOCKSERVER_PORT=4011"
            return Finding("port", "warning", f"{says}: {reason.strerror}", fix)
    return Finding("port", "ok", f"{says} is free")


def proxies(_place: Place) -> Finding:
    """Whether clients would send requests for loopback to a proxy."""
    proxy = getproxies()
    names = ("127.0.0.1", "localhost")
    caught = [name for name in names if "http" in proxy and not proxy_bypass(name)]
    if not caught:
        says = "none set" if not proxy else "set, and loopback is excepted"
        return Finding("proxies", "ok", says)
    says = f"HTTP_PROXY is set, and catches {' and '.join(caught)}"
    fix = "export NO_PROXY=127.0.0.1,localhost,::1 (`mockserver exec` does it for you)"
    return Finding("proxies", "warning", says, fix)


def localhost(_place: Place) -> Finding:
    """Whether `localhost` is the address that the server listens on."""
    found = [str(info[4][0]) for info in socket.getaddrinfo("localhost", None)]
    addresses = list(dict.fromkeys(found))
    says = f"localhost is {', '.join(addresses)}"
    if addresses[:1] == ["127.0.0.1"]:
        return Finding("localhost", "ok", says)
    fix = "write 127.0.0.1 into the base URL: some clients try only the first of these"
    return Finding("localhost", "warning", says, fix)


def files(_place: Place) -> Finding:
    """Whether thousands of connections may be open at once."""
    if importlib.util.find_spec("resource") is None:
        return Finding("files", "ok", "this system sets no limit")
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= HELD_REQUESTS:
        return Finding("files", "ok", f"{'any number' if soft < 0 else soft} may be open at once")
    says = f"{soft} may be open at once, and each held request is one"
    return Finding("files", "warning", says, f"ulimit -n {HELD_REQUESTS}")


def folder(_place: Place) -> Finding:
    """Whether `demo` can put its pictures here."""
    here = Path.cwd()
    if os.access(here, os.W_OK):
        return Finding("folder", "ok", f"{here} is writable")
    says = f"{here} is not writable"
    return Finding("folder", "warning", says, "mockserver demo --out DIR")


CHECKS: Final[Mapping[str, Check]] = {
    check.__name__: check
    for check in (
        python,
        packages,
        uvloop,
        codecs,
        fonts,
        data,
        documents,
        port,
        proxies,
        localhost,
        files,
        folder,
    )
}
"""Every check by its name, in the order in which they are told."""
