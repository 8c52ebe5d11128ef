"""Which network addresses a request of ours may go to: the guard against reaching inside."""

import ipaddress
from collections.abc import Collection, Iterator

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_DENIED = [
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private (RFC 1918)
        "100.64.0.0/10",  # carrier NAT; 100.100.100.200 is Alibaba's metadata service
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure's host service, a public number that is reachable from every machine there
        "169.254.0.0/16",  # link-local; 169.254.169.254 is most clouds' metadata service
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
        "::/128",
        "::1/128",
        "64:ff9b:1::/48",  # local NAT64: where the IPv4 part lies is the operator's choice
        "100::/64",  # discard
        "2001:10::/28",
        "2001:db8::/32",
        "2002::/16",  # 6to4, given up by RFC 7526; whether `ipaddress` calls it global differs by Python version
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",  # unique local; fd00:ec2::254 is AWS' metadata service
        "fe80::/10",
        "fec0::/10",  # site-local, which `ipaddress` calls global
        "ff00::/8",
    )
]
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")
_TRANSLATED = ipaddress.IPv6Network("::ffff:0:0:0/96")  # stateless translation, RFC 2765 and 7915
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")
_TEREDO = ipaddress.IPv6Network("2001::/32")


def is_forbidden(address: str, *, allowed: Collection[str] = ()) -> bool:
    """Say whether `address` (numeric, IPv4 or IPv6) must not be connected to.

    Forbidden is what is not plainly on the public internet, also where an IPv4 address is
    wrapped in an IPv6 one (mapped, compatible, translated, NAT64, 6to4, Teredo). `allowed` lists addresses
    or networks an operator opened, such as "127.0.0.1" or "10.1.0.0/16"; they win.

    `is_global` of Python's `ipaddress` is no guard by itself: it is true for NAT64 and 6to4
    forms of 169.254.169.254, for ::127.0.0.1, for fec0::/10 and for multicast.
    """
    if is_opened(address, allowed):
        return False
    parsed = _parsed(address)
    return any(_is_inside(each) for each in (parsed, *_embedded(parsed)))


def is_opened(address: str, allowed: Collection[str]) -> bool:
    """Say whether an operator opened `address`: it is one of `allowed` or in one of its networks."""
    parsed = _parsed(address)
    return any(parsed in ipaddress.ip_network(network, strict=False) for network in allowed)


def _parsed(address: str) -> Address:
    return ipaddress.ip_address(address.partition("%")[0])


def _is_inside(address: Address) -> bool:
    return not address.is_global or any(address in network for network in _DENIED)


def _embedded(address: Address) -> Iterator[ipaddress.IPv4Address]:
    """Return the IPv4 addresses that a router would unwrap from `address`."""
    if isinstance(address, ipaddress.IPv4Address):
        return
    number = int(address)
    if any(address in network for network in (_MAPPED, _COMPATIBLE, _TRANSLATED, _NAT64)):
        yield ipaddress.IPv4Address(number & 0xFFFFFFFF)
    if address in _SIX_TO_FOUR:
        yield ipaddress.IPv4Address(number >> 80 & 0xFFFFFFFF)
    if address in _TEREDO:
        yield ipaddress.IPv4Address(number >> 64 & 0xFFFFFFFF)
        yield ipaddress.IPv4Address(~number & 0xFFFFFFFF)
