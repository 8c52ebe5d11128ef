"""Web addresses of this installation."""

import pytest

from incidents.lib.site import bare_host


@pytest.mark.parametrize(
    ("netloc", "host"),
    [
        ("status.example.com", "status.example.com"),
        ("status.example.com:8000", "status.example.com"),
        ("[::1]", "[::1]"),
        ("[::1]:8000", "[::1]"),
    ],
)
def test_a_host_is_told_from_its_port(netloc: str, host: str) -> None:
    assert bare_host(netloc) == host
