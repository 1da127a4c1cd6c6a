"""Python's own connections, led to the proxy below whatever client makes them.

Many clients obey no proxy variable: aiohttp unless it is told to, httpx with a transport of its
own, which the official client is. All of them ask `socket` for an address and a connection.
An intercepted host resolves to an address of this machine that only means it; a connection to that
is made to the proxy. Any other host is refused before its name is looked up.

This runs in the program's own Python, from 3.8 on, and needs nothing but its standard library.
"""

from __future__ import annotations

import errno
import json
import socket
from collections.abc import Callable, Mapping, MutableMapping
from ipaddress import ip_address
from itertools import count
from typing import Any


VARIABLE = "MOCKSERVER_INTERCEPTION"
"""What says where the proxy is: `{"hosts": […], "ports": {"443": …, "80": …}}`."""

_LOOPBACK = "127.0.0.1"
_FIRST_ADDRESS = int(ip_address("127.77.0.1"))
"""Loopback: where the trick is not seen through, a connection still does not leave the machine."""
_PATIENCE_S = 10.0

_getaddrinfo = socket.getaddrinfo
_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex


class Redirect:
    """Answers in place of the functions of `socket`, as long as it is installed."""

    def __init__(self, hosts: tuple[str, ...], ports: Mapping[int, int]) -> None:
        """`hosts` lead to this machine: each of `ports` to the port that it stands for."""
        self._hosts = frozenset(hosts)
        self._ports = ports
        self._addresses: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._unused = count(_FIRST_ADDRESS)
        self._own = frozenset(("", "localhost", socket.gethostname().lower()))

    def install(self) -> Callable[[], None]:
        """Take the places; returns what gives them back."""

        def connect(own: socket.socket, address: Any) -> None:
            _connect(own, self.led(own, address))

        def connect_ex(own: socket.socket, address: Any) -> int:
            try:
                led = self.led(own, address)
            except ConnectionRefusedError:
                return errno.ECONNREFUSED
            return _connect_ex(own, led)

        places: tuple[tuple[Any, str, object], ...] = (
            (socket, "getaddrinfo", self.getaddrinfo),
            (socket, "gethostbyname", self.gethostbyname),
            (socket, "gethostbyname_ex", self.gethostbyname_ex),
            (socket.socket, "connect", connect),
            (socket.socket, "connect_ex", connect_ex),
        )
        before = [(place, name, place.__dict__.get(name)) for place, name, _ in places]
        for place, name, ours in places:
            setattr(place, name, ours)

        def give_back() -> None:
            for place, name, theirs in before:
                if theirs is None:
                    delattr(place, name)  # it was inherited
                else:
                    setattr(place, name, theirs)

        return give_back

    def getaddrinfo(self, host: Any, port: Any, *args: Any, **options: Any) -> Any:
        """As `socket.getaddrinfo`, for hosts that may be known. Raises `socket.gaierror`."""
        return _getaddrinfo(self._address(host, port), port, *args, **options)

    def gethostbyname(self, host: str) -> str:
        """As `socket.gethostbyname`. Raises `socket.gaierror`."""
        found = self.getaddrinfo(host, None, socket.AF_INET, socket.SOCK_STREAM)
        return str(found[0][4][0])

    def gethostbyname_ex(self, host: str) -> tuple[str, list[str], list[str]]:
        """As `socket.gethostbyname_ex`. Raises `socket.gaierror`."""
        return host, [], [self.gethostbyname(host)]

    def led(self, own: socket.socket, address: Any) -> Any:
        """Where `own` is to connect to in the place of `address`.

        Raises `socket.gaierror` or `ConnectionRefusedError` for what is not let through.
        """
        inet = own.family in (socket.AF_INET, socket.AF_INET6)
        if not inet or not own.type & socket.SOCK_STREAM or not isinstance(address, tuple):
            return address
        host, port = address[:2]
        if _literal(host) is None:
            host = self.getaddrinfo(host, port, own.family, socket.SOCK_STREAM)[0][4][0]
        literal = ip_address(str(_literal(host)))
        literal = getattr(literal, "ipv4_mapped", None) or literal
        name = self._names.get(str(literal))
        if name is None and (literal.is_loopback or literal.is_unspecified):
            return address
        if name is None or port not in self._ports:
            raise ConnectionRefusedError(errno.ECONNREFUSED, self._refusal(name or host, port))
        mapped = "::ffff:" if own.family == socket.AF_INET6 else ""
        return mapped + _LOOPBACK, self._ports[port]

    def _address(self, host: Any, port: Any) -> Any:
        """What to look up in the place of `host`."""
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        if name is None or _literal(name) is not None or name.lower() in self._own:
            return host
        if not self._knows(name.lower()):
            raise socket.gaierror(socket.EAI_NONAME, self._refusal(name, port or 443))
        # Without a lock: of two threads that are here at once, both have an address that is good.
        address = self._addresses.setdefault(name.lower(), str(ip_address(next(self._unused))))
        self._names[address] = name.lower()
        return address

    def _knows(self, name: str) -> bool:
        return name in self._hosts or f"*.{name.partition('.')[2]}" in self._hosts

    def _refusal(self, host: str, port: Any) -> str:
        """What the proxy says to this; asked, because it tells its user as well."""
        authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        with socket.socket() as asked:
            asked.settimeout(_PATIENCE_S)
            _connect(asked, (_LOOPBACK, self._ports[80]))
            asked.sendall(f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n".encode())
            with asked.makefile("rb") as answer:
                status = answer.readline().decode("latin-1").strip()
        return f"mockserver: {status.split(' ', 2)[-1]}"


def begin(environ: Mapping[str, str], modules: MutableMapping[str, Any]) -> Callable[[], None]:
    """Install what `environ` asks for, if it does; returns what takes it back."""
    told = environ.get(VARIABLE)
    if not told:
        return lambda: None
    # Its loops connect past `socket`: who can do without it finds it missing, and does.
    modules["uvloop"] = None
    return redirect_of(told).install()


def redirect_of(told: str) -> Redirect:
    """What the text in `VARIABLE` describes."""
    given = json.loads(told)
    ports = {int(port): there for port, there in given["ports"].items()}
    return Redirect(tuple(given["hosts"]), ports)


def _literal(host: Any) -> str | None:
    """The address that `host` is written as, or None where it is a name."""
    try:
        return str(ip_address(str(host).partition("%")[0]))
    except ValueError:
        return None
