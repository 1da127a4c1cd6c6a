"""Why an address could not be had."""

from __future__ import annotations

import errno

import pytest

from mockserver.cli.address import listening, served
from mockserver.cli.output import Failure
from mockserver.service.fake import Fake


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.EADDRINUSE, "--port 0"),
        (errno.EACCES, "a port above 1023"),
        (errno.EADDRNOTAVAIL, "leave --host away"),
        (errno.ENOTSOCK, "what the system said"),
    ],
)
def test_the_failure_says_what_to_do(number: int, says: str) -> None:
    """Each usual reason has its way out; of others, the system's words are passed on."""
    with pytest.raises(Failure) as failed, listening("127.0.0.1", 80):
        raise OSError(number, "what the system said")
    assert failed.value.message.startswith("cannot listen on 127.0.0.1 port 80: ")
    assert says in failed.value.message


def test_what_goes_wrong_later_is_not_the_addresss_fault() -> None:
    """An OSError inside the block stays what it is."""
    with pytest.raises(OSError, match="disk full"), served(Fake(), "127.0.0.1", 0):
        raise OSError("disk full")
