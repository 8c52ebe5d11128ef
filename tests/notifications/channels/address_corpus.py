"""More than 200 ways to write the addresses of services inside, and URLs that mislead readers of them."""

import contextlib
import ipaddress
from collections.abc import Iterator

METADATA = "169.254.169.254"
PORT = 8443
"""One of the three ports the guard lets through, and one that needs no rights to listen on."""


def spellings(address: str) -> Iterator[str]:
    """Return the ways to write an IPv4 address that some resolver or another takes."""
    number = int(ipaddress.IPv4Address(address))
    parts = [int(part) for part in address.split(".")]
    yield address
    yield f"{address}."
    yield str(number)
    yield f"0x{number:x}"
    yield f"0X{number:X}"
    yield f"0{number:o}"
    yield ".".join(f"0x{part:x}" for part in parts)
    yield ".".join(f"0{part:o}" for part in parts)
    yield ".".join(f"{part:03}" for part in parts)
    yield ".".join(f"0x{part:08x}" for part in parts)
    yield f"{parts[0]}.{number & 0xFFFFFF}"
    yield f"{parts[0]}.{parts[1]}.{number & 0xFFFF}"
    yield f"0x{parts[0]:x}.{number & 0xFFFFFF}"
    yield address.translate(str.maketrans("0123456789.", "⓪①②③④⑤⑥⑦⑧⑨."))
    yield address.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    yield address.replace(".", "。")
    yield address.replace(".", "．")
    yield address.replace(".", "%2e")
    yield str(number + 2**32)
    for before in (0, 0xFFFF << 32, 0x64FF9B << 96, 0xFFFF << 48):
        with contextlib.suppress(ipaddress.AddressValueError):
            yield f"[{ipaddress.IPv6Address(before + number)}]"
    yield f"[::ffff:{address}]"
    yield f"[::{address}]"
    yield f"[64:ff9b::{address}]"
    yield f"[64:ff9b:1::{address}]"
    yield f"[2002:{number >> 16:x}:{number & 0xFFFF:x}::]"
    yield f"[2002:{number >> 16:x}:{number & 0xFFFF:x}::1]"
    yield f"[2001:0:{number >> 16:x}:{number & 0xFFFF:x}::]"
    yield f"[2001:0:4136:e378:8000:63bf:{~(number >> 16) & 0xFFFF:x}:{~number & 0xFFFF:x}]"
    yield f"[0:0:0:0:0:ffff:{number >> 16:x}:{number & 0xFFFF:x}]"
    yield f"[::ffff:0:{address}]"
    yield f"[fe80::{address}%25lo]"


OTHER_HOSTS = [
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::]",
    "[::1%25lo]",
    "[::1%lo]",
    "[fe80::1%25lo]",
    "[fd00:ec2::254]",
    "[fec0::1]",
    "[ff02::1]",
    "0",
    ".".join("0000"),
    "00000",
    "0x0",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "ip6-localhost",
    "127.1",
    "127.0.1",
    "127.127.127.127",
    "127.0.0.2",
    "127.255.255.254",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "192.88.99.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "169.254.170.2",
]

FORMS = [
    "http://{host}:8443/",
    "https://{host}:8443/latest/meta-data/",
    "http://{host}/",
]

ODD_URLS = [
    "http://8.8.8.8@127.0.0.1:8443/",
    "http://127.0.0.1:8443@8.8.8.8/",
    "http://8.8.8.8:80@127.0.0.1:8443/",
    "http://8.8.8.8\\@127.0.0.1:8443/",
    "http://127.0.0.1:8443\\@8.8.8.8/",
    "http://8.8.8.8%40127.0.0.1:8443/",
    "http://8.8.8.8%00@127.0.0.1:8443/",
    "http://127.0.0.1%00.example.com:8443/",
    "http://127.0.0.1%23.example.com:8443/",
    "http://127.0.0.1:8443#@8.8.8.8/",
    "http://127.0.0.1:8443?@8.8.8.8/",
    "http://127.0.0.1:8443/@8.8.8.8/",
    "http:127.0.0.1:8443/",
    "http:/127.0.0.1:8443/",
    "http:///127.0.0.1:8443/",
    "http:\\\\127.0.0.1:8443\\",
    "//127.0.0.1:8443/",
    "HTTP://127.0.0.1:8443/",
    "http://127.0.0.1:08443/",
    "http://127.0.0.1:+8443/",
    "http://127.0.0.1:8443:80/",
    "http://127.0.0.1:8443\t/",
    "http://127.0.0.1\n:8443/",
    " http://127.0.0.1:8443/",
    "http://127.0.0.1 :8443/",
    "http://[::1]@8.8.8.8:8443/",
    "http://[::1:8443/",
    "http://[127.0.0.1]:8443/",
    "http://[::ffff:127.0.0.1%25]:8443/",
    "gopher://127.0.0.1:8443/_x",
    "ftp://127.0.0.1:8443/",
    "file:///etc/passwd",
    "dict://127.0.0.1:8443/",
    "jar:http://127.0.0.1:8443/",
    "unix:///var/run/docker.sock",
    "data:text/plain,x",
    "javascript:alert(1)",
    "ws://127.0.0.1:8443/",
    "http+unix://%2Fvar/",
]

HOSTS = [*spellings("127.0.0.1"), *spellings(METADATA), *OTHER_HOSTS]
CORPUS = list(dict.fromkeys([*(form.format(host=host) for host in HOSTS for form in FORMS), *ODD_URLS]))
