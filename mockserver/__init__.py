"""A fake of Replicate's asynchronous prediction API, and of the gateways that resell it.

The public names live in their own rooms and are fetched when first asked for, because every
pytest run of whoever has installed this package imports it.
"""

__version__ = "0.1.0"
__all__ = [
    "Api",
    "ClientContract",
    "Fake",
    "FakeTransport",
    "Front",
    "GatewayContract",
    "Interception",
    "LiveServer",
    "LiveWorld",
    "MountedWorld",
    "ReceiverContract",
    "Settings",
    "__version__",
    "create_app",
    "intercepting",
    "mounted",
    "playing",
    "serve",
]

# As in `typing`, whose import would cost more than this whole module.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from mockserver.audit.api import Api
    from mockserver.client_contract import ClientContract
    from mockserver.contracts import GatewayContract
    from mockserver.intercept.proxy import Interception, intercepting
    from mockserver.live import LiveServer, LiveWorld, serve
    from mockserver.mount import FakeTransport, MountedWorld, mounted
    from mockserver.receiver_contract import ReceiverContract
    from mockserver.service.fake import Fake
    from mockserver.service.settings import Settings
    from mockserver.taped import playing
    from mockserver.web.app import create_app
    from mockserver.web.front import Front

_HOMES = {
    "Api": "mockserver.audit.api",
    "ClientContract": "mockserver.client_contract",
    "Fake": "mockserver.service.fake",
    "FakeTransport": "mockserver.mount",
    "Front": "mockserver.web.front",
    "GatewayContract": "mockserver.contracts",
    "Interception": "mockserver.intercept.proxy",
    "LiveServer": "mockserver.live",
    "LiveWorld": "mockserver.live",
    "MountedWorld": "mockserver.mount",
    "ReceiverContract": "mockserver.receiver_contract",
    "Settings": "mockserver.service.settings",
    "create_app": "mockserver.web.app",
    "intercepting": "mockserver.intercept.proxy",
    "mounted": "mockserver.mount",
    "playing": "mockserver.taped",
    "serve": "mockserver.live",
}


def __getattr__(name: str) -> object:
    """The public name `name`, from the module it lives in."""
    if name not in _HOMES:
        raise AttributeError(
            f"module 'mockserver' has no attribute {name!r}; public are {', '.join(__all__)}"
        )
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """The public names."""
    return __all__
