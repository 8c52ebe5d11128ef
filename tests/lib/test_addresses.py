"""The deny table, with the forms that fool Python's own `is_global` and `is_private`."""

import pytest

from incidents.lib.addresses import is_forbidden, is_opened


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.8.9.10",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
    ],
)
def test_inner_ipv4_addresses_are_forbidden(address: str) -> None:
    assert is_forbidden(address)


@pytest.mark.parametrize(
    "address",
    [
        "::",
        "::1",
        "::127.0.0.1",
        "::a9fe:a9fe",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:a00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b::10.0.0.1",
        "64:ff9b::168.63.129.16",
        "64:ff9b:1::808:808",
        "::ffff:0:a9fe:a9fe",
        "::ffff:0:7f00:1",
        "2002:a9fe:a9fe::",
        "2002:7f00:1::1",
        "2002:808:808::1",
        "2001:0:a9fe:a9fe::1",
        "2001:0:808:808::5601:5601",
        "2001:db8::1",
        "100::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
    ],
)
def test_inner_ipv6_addresses_and_wrapped_ipv4_ones_are_forbidden(address: str) -> None:
    assert is_forbidden(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "185.199.108.153", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_may_be_asked(address: str) -> None:
    assert not is_forbidden(address)


def test_an_opened_address_may_be_asked_and_its_neighbours_may_not() -> None:
    assert not is_forbidden("127.0.0.1", allowed=["127.0.0.1"])
    assert not is_forbidden("10.1.2.3", allowed=["10.1.0.0/16"])
    assert is_forbidden("127.0.0.2", allowed=["127.0.0.1"])
    assert is_forbidden("10.2.0.1", allowed=["10.1.0.0/16"])


def test_nothing_is_opened_by_default() -> None:
    assert not is_opened("127.0.0.1", [])
