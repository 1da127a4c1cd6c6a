"""A fake of Replicate's asynchronous prediction API, and of the gateways that resell it.

The public names live in their own rooms and are fetched when first asked for, because every
pytest run of whoever has installed this package imports it.
"""

__version__ = "0.1.0"
__all__ = ["__version__", "create_app"]

# As in `typing`, whose import would cost more than this whole module.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from mockserver.web.app import create_app

_HOMES = {
    "create_app": "mockserver.web.app",
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
