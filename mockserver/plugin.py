"""The pytest plugin: fixtures with a fake of Replicate's API, and the mark that sets them up.

Every pytest run of whoever has installed this package imports this module, so all that costs
time is imported where it is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from mockserver.intercept.fixtures import mockserver_intercepted, mockserver_interception


if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from _typeshed.wsgi import WSGIApplication

    from mockserver.library.catalogue import Catalogue
    from mockserver.live import LiveServer, LiveWorld
    from mockserver.mount import MountedWorld
    from mockserver.service.handle import Handle
    from mockserver.service.settings import Settings
    from mockserver.service.worlds import Beginning


__all__ = ["mockserver_intercepted", "mockserver_interception"]  # pytest finds them here

MARK = (
    "mockserver(gateway='winfull', scenario='failed', clock='poll', seed=7, fault='net.drip', "
    "cassette='calls.json', record_mode='none', upstream='https://api.replicate.com/v1'): "
    "how the worlds of the fixtures mockserver, mockserver_app and mockserver_mount begin. "
    "gateway: whose dialect is spoken; scenario: what predictions live through; "
    "clock: real, scaled:RATE, manual, manual:jump or poll; seed: what ids, seeds and pictures "
    "are drawn from; fault: what goes wrong; cassette: what is played; record_mode: none, once, "
    "new_episodes, all or rewrite; upstream: whom it is recorded from."
)
TOKEN = "mockserver-test-token"  # noqa: S105 - it opens nothing
CASSETTE = ("cassette", "record_mode", "upstream")

_HANDLES: pytest.StashKey[list[tuple[Handle, int]]] = pytest.StashKey()
"""The worlds of a test, and how many requests of nobody there had been before it."""
_CATALOGUE: pytest.StashKey[Catalogue] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--mockserver-seed` and `--mockserver-record-mode`, also in the ini-file."""
    told = "what the mockserver fixtures draw ids, seeds and pictures from (default: 0)"
    group = parser.getgroup("mockserver", "a fake of Replicate's prediction API")
    group.addoption("--mockserver-seed", type=int, metavar="N", help=told)
    parser.addini("mockserver_seed", told, type="int", default=0)
    told = "how cassettes are used (default: none under CI, else once)"
    group.addoption("--mockserver-record-mode", help=told)
    parser.addini("mockserver_record_mode", told, default="")


def pytest_configure(config: pytest.Config) -> None:
    """Makes the mark known. Raises `UsageError` for a mode of recording that there is not."""
    config.addinivalue_line("markers", MARK)
    said = _record_mode(config)
    if not said:
        return
    from mockserver.library.errors import LibraryError
    from mockserver.web.recording.deck import mode_called

    try:
        mode_called(said)
    except LibraryError as reason:
        raise pytest.UsageError(str(reason)) from None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A wrong mark ends the run before its first test."""
    for item in items:
        for mark in item.iter_markers("mockserver"):
            _check(config, mark, item.nodeid)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, object]:
    """A failed test tells what its worlds were asked, and how to see the same again."""
    report = yield
    handles = item.stash.get(_HANDLES, None)
    if report.failed and handles:
        from mockserver.service.transcript import transcript

        text = "\n".join(line for handle in handles for line in transcript(*handle))
        report.sections.append(("mockserver journal", f"{text}\n{_repeat(item)}"))
    return report


@pytest.fixture
def mockserver_token() -> str:
    """The token that opens the worlds of `mockserver` and `mockserver_mount`; override it freely.

    It is the same in every test, because SDKs keep the first token they see in a module-level
    client. The worlds behind it are not: each test has its own.
    """
    return TOKEN


@pytest.fixture(scope="session")
def mockserver_server(pytestconfig: pytest.Config) -> Iterator[LiveServer]:
    """The fake on a free port of 127.0.0.1, for the whole session (with xdist: of one worker)."""
    from mockserver.live import serve
    from mockserver.service.fake import Fake
    from mockserver.service.settings import Settings

    settings = Settings(clock="manual", seed=_seed(pytestconfig))
    with serve(fake=Fake(settings, _catalogue(pytestconfig))) as server:
        yield server


@pytest.fixture
def mockserver(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    mockserver_server: LiveServer,
    mockserver_token: str,
) -> Iterator[LiveWorld]:
    """A clean world on a real server: `.url .base_url .token .env .clock .scenario() .settle()`.

    For this test, REPLICATE_API_TOKEN and REPLICATE_BASE_URL lead the official clients there.
    Its clock is manual: nothing happens until the test says `mockserver.clock.advance(seconds)`
    or `mockserver.settle()`. A call that blocks until a prediction ends (`replicate.run`,
    `Prefer: wait`, a loop that polls) would therefore never return; for such a test write
    `@pytest.mark.mockserver(clock="poll")`, and each look moves the time on to the next change.
    With a cassette, all that is asked is answered from it, on the same clock.
    """
    from mockserver import marked

    gateway, beginning = _wanted(request.node)
    deck = marked.deck_of(request.node, _marked(request.node))
    spoken = marked.gateway_of(deck, gateway)
    handle = mockserver_server.world(mockserver_token, gateway=spoken, **beginning)
    _hand_out(request.node, monkeypatch, handle, handle.env)
    with marked.put_in(request.node, mockserver_server.front, deck, handle):
        yield handle


@pytest.fixture
def mockserver_app(request: pytest.FixtureRequest) -> WSGIApplication:
    """The Flask application of a fresh fake. Its clock is `poll`: each look moves it on."""
    from mockserver.service.fake import Fake
    from mockserver.web.app import create_app
    from mockserver.web.front import Front

    settings = _settings(request.node, request.config)
    return create_app(Front(Fake(settings, _catalogue(request.config))))


@pytest.fixture
def mockserver_mount(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, mockserver_token: str
) -> Iterator[MountedWorld]:
    """A clean world behind httpx, without a socket: what `mockserver` has, and clients for it.

    Every httpx client, sync or async, that calls upstream or a known gateway reaches the fake, so
    `replicate.run(...)` works as it stands; a request to any other host is refused (by respx:
    `.router` takes more routes). `.client()` and `.async_client()` are ready-made.
    Its clock is `poll`: each look moves the time on to the next change, and a request that waits
    moves it to the moment it waits for. Only what a client sleeps between looks takes real time;
    REPLICATE_POLL_INTERVAL is set to 0 for the clients that are made in the test.
    """
    from mockserver import marked
    from mockserver.mount import MountedWorld, mounted
    from mockserver.service.fake import Fake
    from mockserver.web.front import Front

    config = request.config
    deck = marked.deck_of(request.node, _marked(request.node))
    settings = _settings(request.node, config, marked.gateway_of(deck, None))
    front = Front(Fake(settings, _catalogue(config)))
    with mounted(front, hosts=marked.hosts_of(deck)) as router:
        handle = MountedWorld(front, router, mockserver_token, front.fake.settings.gateway)
        monkeypatch.delenv("REPLICATE_BASE_URL", raising=False)
        _hand_out(request.node, monkeypatch, handle, handle.env)
        with marked.put_in(request.node, front, deck, handle):
            yield handle


def _hand_out(
    item: pytest.Item, monkeypatch: pytest.MonkeyPatch, handle: Handle, env: Mapping[str, str]
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    item.stash.setdefault(_HANDLES, []).append((handle, handle.fake.lobby.count))


def _seed(config: pytest.Config) -> int:
    given = config.getoption("mockserver_seed")
    return int(config.getini("mockserver_seed") if given is None else given)


def _record_mode(config: pytest.Config) -> str:
    """How cassettes are used whose marks say nothing; "" if the run does not say either."""
    told = config.getoption("mockserver_record_mode") or config.getini("mockserver_record_mode")
    return str(told)


def _catalogue(config: pytest.Config) -> Catalogue:
    """The data rooms, read once for all fakes of the session."""
    if _CATALOGUE not in config.stash:
        from mockserver.library.catalogue import Catalogue

        config.stash[_CATALOGUE] = Catalogue()
    return config.stash[_CATALOGUE]


def _marked(item: pytest.Item) -> dict[str, object]:
    """What the run says, and then the marks, the nearest to the test last."""
    marks = reversed(tuple(item.iter_markers("mockserver")))
    told = {name: value for mark in marks for name, value in mark.kwargs.items()}
    return {"record_mode": _record_mode(item.config), **told}


def _wanted(item: pytest.Item) -> tuple[str | None, Beginning]:
    """The gateway to speak, and how the world begins."""
    told = {name: value for name, value in _marked(item).items() if name not in CASSETTE}
    gateway = cast("str | None", told.pop("gateway", None))
    # The mark was checked when the tests were collected.
    return gateway, cast("Beginning", told)


def _settings(item: pytest.Item, config: pytest.Config, recorded: str | None = None) -> Settings:
    from dataclasses import replace

    from mockserver.service.settings import Settings

    gateway, beginning = _wanted(item)
    settings = Settings(clock="poll", seed=_seed(config))
    return replace(settings, gateway=gateway or recorded or settings.gateway, **beginning)


def _check(config: pytest.Config, mark: pytest.Mark, nodeid: str) -> None:
    """Raises `UsageError` for a mark that means nothing."""
    from mockserver.library.errors import LibraryError

    try:
        _understand(_catalogue(config), mark)
    except (LibraryError, TypeError, ValueError) as reason:
        raise pytest.UsageError(f"{nodeid}: @pytest.mark.mockserver: {reason}") from None


def _understand(catalogue: Catalogue, mark: pytest.Mark) -> None:
    """Raises `TypeError`, `ValueError` or `LibraryError`."""
    from mockserver.core.clock import clock
    from mockserver.library.errors import unknown_name
    from mockserver.library.faults.catalogue import checked
    from mockserver.web.recording.deck import mode_called

    checks: dict[str, tuple[type, Callable[..., object]]] = {
        "clock": (str, clock),
        "gateway": (str, catalogue.gateway),
        "scenario": (str, catalogue.scenario),
        "seed": (int, int),
        "fault": (str, checked),
        "cassette": (str, str),
        "record_mode": (str, mode_called),
        "upstream": (str, str),
    }
    if mark.args:
        raise TypeError(f"its arguments have names: {', '.join(checks)}; seen was {mark.args}")
    for name, value in mark.kwargs.items():
        if name not in checks:
            raise unknown_name("argument", name, checks)
        sort, check = checks[name]
        if type(value) is not sort:
            raise TypeError(f"{name} is of type {sort.__name__}, not {value!r}")
        check(value)


def _repeat(item: pytest.Item) -> str:
    from shlex import quote

    seed = _seed(item.config)
    return f"again the same: pytest --mockserver-seed={seed} {quote(item.nodeid)}"
