"""Whom the fake dials: loopback, and who was allowed."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from mockserver.service.egress import Blocked, Egress, Target


ANY = "http://hooks.example/x"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://127.0.0.1/", "127.0.0.1"),
        ("http://127.8.9.10:9999/a?b=c", "127.8.9.10"),
        ("https://[::1]:6379/", "::1"),
        ("http://[::ffff:127.0.0.1]:6379/", "::ffff:127.0.0.1"),
        ("http://2130706433/", "127.0.0.1"),
        ("http://127.1/", "127.0.0.1"),
        ("http://0x7f000001/", "127.0.0.1"),
        ("http://0177.0.0.1/", "127.0.0.1"),
        ("http://①②⑦.⓪.⓪.①/", "127.0.0.1"),
    ],
)
def test_loopback_is_allowed_however_it_is_spelled(url: str, address: str) -> None:
    """What a resolver takes for loopback is loopback."""
    assert Egress().target(url).address == ip_address(address)


@pytest.mark.parametrize("url", ["http://localhost:1/", "http://LOCALHOST/", "http://a.localhost"])
def test_the_name_of_this_machine_may_be_resolved(url: str) -> None:
    """The names that lead here by definition. Source: RFC 6761."""
    assert Egress().target(url).address is None


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://192.168.0.1/",
        "http://100.64.0.1/",
        "http://192.0.0.192/",
        "http://224.0.0.1/",
        "http://8.8.8.8/",
        "http://0/",
        "http://0.0.0.0/",
        "http://2852039166/",
        "http://0xa9fea9fe/",
        "http://[::]/",
        "http://[::ffff:169.254.169.254]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1]/",
        "http://[fd00:ec2::254]/",
        "http://metadata.google.internal/",
        "https://example.com/hook",
        "gopher://127.0.0.1/",
        "file:///etc/passwd",
        "https://user:password@127.0.0.1/",
        "http://127.0.0.1@10.0.0.1/",
        "http://",
        "http:///path",
        "http://127.0.0.1:99999/",
        "http://[::1/",
        "http://exa mple/",
        "http://127.0.0.1/ä",
        "http://" + "ä" * 300,
        "127.0.0.1:80",
    ],
)
def test_all_else_is_blocked(url: str) -> None:
    """Private, public, link-local, wrapped, misspelled: nothing else has to be thought of."""
    with pytest.raises(Blocked):
        Egress().target(url)


def test_a_refusal_says_how_to_allow_it() -> None:
    """The name of the option, and what to give it."""
    with pytest.raises(Blocked, match=r"hooks\.example is not this machine; .*--allow-webhook"):
        Egress().target(ANY)


@pytest.mark.parametrize(
    ("allowed", "url"),
    [
        ("hooks.example", ANY),
        ("hooks.example:80", ANY),
        ("HOOKS.example.", ANY),
        ("hooks.example:8443", "https://hooks.example:8443/"),
        ("10.0.0.0/8", "http://10.1.2.3:5/"),
        ("10.1.2.3", "http://10.1.2.3:5/"),
        ("10.1.2.3:5", "http://10.1.2.3:5/"),
        ("169.254.169.254", "http://169.254.169.254/"),
        ("fd00::/8", "http://[fd00::1]/"),
        ("[fd00::1]:80", "http://[fd00::1]/"),
        ("10.0.0.0/8", ANY),
    ],
)
def test_what_is_on_the_list_may_be_dialed_or_resolved(allowed: str, url: str) -> None:
    """By name, address or network; with a port only there."""
    assert Egress([allowed]).target(url).host


@pytest.mark.parametrize(
    ("allowed", "url"),
    [
        ("hooks.example:443", ANY),
        ("other.example", ANY),
        ("example", ANY),
        ("10.1.2.3:6", "http://10.1.2.3:5/"),
        ("10.0.0.0/8", "http://11.0.0.1/"),
        ("64:ff9b::/96", "http://[64:ff9b::a9fe:a9fe]/"),
    ],
)
def test_the_list_allows_nothing_else(allowed: str, url: str) -> None:
    """Not another port, another name, or what is wrapped into an address."""
    with pytest.raises(Blocked):
        Egress([allowed]).target(url)


@pytest.mark.parametrize(
    ("allowed", "address", "passes"),
    [
        ((), "127.0.0.1", True),
        ((), "::ffff:127.0.0.1", True),
        ((), "10.0.0.1", False),
        (("hooks.example",), "10.0.0.1", True),
        (("hooks.example",), "93.184.216.34", True),
        (("hooks.example",), "169.254.169.254", False),
        (("hooks.example",), "::ffff:169.254.169.254", False),
        (("hooks.example",), "64:ff9b::a9fe:a9fe", False),
        (("hooks.example",), "::", False),
        (("hooks.example", "169.254.0.0/16"), "169.254.169.254", True),
    ],
)
def test_each_address_of_a_name_is_decided_upon(
    allowed: tuple[str, ...], address: str, *, passes: bool
) -> None:
    """A name that is allowed does not open the addresses where clouds keep their secrets."""
    target = Target("http", "hooks.example", 80, "/")
    decided = _passes(Egress(allowed), target, address)
    assert decided is passes


def _passes(egress: Egress, target: Target, address: str) -> bool:
    try:
        egress.check(target, ip_address(address))
    except Blocked:
        return False
    return True


@pytest.mark.parametrize("text", ["", "http://x", "a b", "u@host", "host:port", "10.0.0.0/33"])
def test_an_entry_that_means_nothing_is_refused(text: str) -> None:
    """At the start, and not when the first webhook is due."""
    with pytest.raises(ValueError, match=r"expected HOST|[Pp]ort"):
        Egress([text])


def test_the_host_header_names_a_port_that_is_not_the_usual_one() -> None:
    """Source: RFC 9110, 7.2."""
    egress = Egress()
    assert egress.target("http://127.0.0.1:80/").authority == "127.0.0.1"
    assert egress.target("https://[::1]:80/").authority == "[::1]:80"
