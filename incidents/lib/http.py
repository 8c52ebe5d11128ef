"""The only way out: every HTTP request the product makes goes through `fetch`.

The host is resolved once, every answer is checked, and the connection goes to the checked
address while the certificate is still verified for the name, so that a name that changes its
mind between the check and the connection gains nothing.
"""

import os
import socket
import ssl
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from http.client import HTTPException
from string import punctuation
from urllib.parse import SplitResult, quote, urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.response import BaseHTTPResponse

from incidents.lib.addresses import is_forbidden, is_opened
from incidents.lib.deadlines import watch
from incidents.lib.resolving import resolve

PORTS = frozenset({80, 443, 8443})
"""Ports that may be asked unless the address was opened by the operator."""

USER_AGENT = "statuspage/0.1"
SIZE_LIMIT = 64 * 1024
_CHUNK = 64 * 1024


class RequestFailed(Exception):
    """No answer was had; `sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class UnusableAddress(RequestFailed):
    """The URL is not http or https, names no host, or carries a password."""


class UnknownHost(RequestFailed):
    """The host name has no address."""


class AddressForbidden(RequestFailed):
    """The host or port is not on the public internet."""


class ConnectionFailed(RequestFailed):
    """Nobody answered there, or the conversation broke off."""


class CertificateRefused(ConnectionFailed):
    """The certificate is not valid for the host."""


class TooSlow(RequestFailed):
    """The whole answer did not arrive in time."""


class AnswerTooLarge(RequestFailed):
    """The answer is larger than the caller takes."""


@dataclass(frozen=True)
class Answer:
    """What came back. Redirects are answers: nobody follows them here."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    seconds: float = 10.0,
    size_limit: int = SIZE_LIMIT,
    whole: bool = True,
    allowed: Collection[str] = (),
) -> Answer:
    """Make one request and return the answer, whatever its status.

    `seconds` bounds the whole exchange, connecting included; `size_limit` the body, in bytes;
    of a larger one only the beginning is read and returned where it need not be `whole`.
    `allowed` lists addresses or networks that may be asked although they are not public (and
    at any port): the setting OUTBOUND_ALLOWED_ADDRESSES, empty by default.
    Environment proxies are not read and bodies are not decompressed. Raises RequestFailed:
    UnusableAddress, UnknownHost, AddressForbidden, ConnectionFailed, CertificateRefused,
    TooSlow, AnswerTooLarge.
    """
    parts = _parts(url)
    deadline = time.monotonic() + seconds
    addresses = _checked_addresses(parts, allowed, seconds)
    try:
        with _connected(parts, addresses, deadline) as connection:
            connection.request(
                method,
                _target(parts),
                body=body,
                headers=_headers(parts, headers or {}),
                preload_content=False,
                decode_content=False,
            )
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, _read(response, size_limit, whole=whole))
    except ssl.SSLCertVerificationError as error:
        raise CertificateRefused(f"The certificate of {parts.hostname} is not valid for it.") from error
    except ssl.SSLError as error:
        if time.monotonic() >= deadline:
            raise _too_slow(parts, seconds) from error
        raise ConnectionFailed(f"{parts.hostname} does not speak TLS that can be trusted.") from error
    except (HTTPError, HTTPException, OSError) as error:
        if time.monotonic() >= deadline or isinstance(error, TimeoutError):
            raise _too_slow(parts, seconds) from error
        raise ConnectionFailed(f"{parts.hostname} could not be reached.") from error
    if time.monotonic() >= deadline:
        # A body that ends where the connection ends looks whole when we hang up.
        raise _too_slow(parts, seconds)
    return answer


def check_reach(url: str, *, allowed: Collection[str] = (), seconds: float = 3.0) -> None:
    """Check that `url` may be asked at all, without asking it.

    Raises UnusableAddress, UnknownHost, AddressForbidden, TooSlow. The answer is for now: what
    a name resolves to is checked again by each `fetch`.
    """
    _checked_addresses(_parts(url), allowed, seconds)


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not url.isprintable() or " " in url:
        raise UnusableAddress("That is not a web address; it begins with https:// and names a host.")
    if parts.username is not None or parts.password is not None:
        raise UnusableAddress("The address carries a name or password; leave them out.")
    return parts


def _checked_addresses(parts: SplitResult, allowed: Collection[str], seconds: float) -> list[str]:
    """Return the addresses to try, resolved once. One forbidden address refuses the name."""
    try:
        addresses = resolve(str(parts.hostname), _port(parts), seconds=seconds)
    except TimeoutError as error:
        raise _too_slow(parts, seconds) from error
    except (OSError, UnicodeError) as error:
        raise UnknownHost(f"There is no host called {parts.hostname}.") from error
    wrong_port = _port(parts) not in PORTS and not all(is_opened(each, allowed) for each in addresses)
    if wrong_port or any(is_forbidden(each, allowed=allowed) for each in addresses):
        # One sentence for every reason, so that nobody can map a network by asking.
        raise AddressForbidden(f"{parts.hostname} is not a web server on the public internet.")
    return addresses


@contextmanager
def _connected(parts: SplitResult, addresses: list[str], deadline: float) -> Iterator[HTTPConnection]:
    """Connect to the first address that answers; at `deadline` hang up whatever is going on."""
    for number, address in enumerate(addresses, start=1):
        remaining = max(deadline - time.monotonic(), 0.001)
        connection = _connection(parts, address, remaining)
        try:
            with watch().after(remaining, partial(_hang_up, connection)):
                try:
                    connection.connect()
                except NewConnectionError:
                    if number == len(addresses):
                        raise
                    continue
                yield connection
                return
        finally:
            connection.close()


def _connection(parts: SplitResult, address: str, seconds: float) -> HTTPConnection:
    if parts.scheme == "http":
        return HTTPConnection(address, _port(parts), timeout=seconds)
    return HTTPSConnection(
        address,
        _port(parts),
        timeout=seconds,
        cert_reqs="CERT_REQUIRED",
        ssl_context=_trust(os.environ.get("SSL_CERT_FILE", "")),
        server_hostname=parts.hostname,
    )


@lru_cache(maxsize=4)
def _trust(_certificates: str) -> ssl.SSLContext:
    # Reading the machine's certificates takes longer than a request; kept per place they are read from.
    return ssl.create_default_context()


def _too_slow(parts: SplitResult, seconds: float) -> TooSlow:
    return TooSlow(f"{parts.hostname} did not answer in {seconds:g} seconds.")


def _port(parts: SplitResult) -> int:
    return parts.port or {"http": 80, "https": 443}[parts.scheme]


def _target(parts: SplitResult) -> str:
    """Return path and query as they travel: letters outside ASCII in octets of UTF-8 (RFC 3987, section 3.1)."""
    path = parts.path or "/"
    return quote(f"{path}?{parts.query}" if parts.query else path, safe=punctuation)


def _headers(parts: SplitResult, headers: Mapping[str, str]) -> dict[str, str]:
    host = parts.netloc.encode("idna").decode() if not parts.netloc.isascii() else parts.netloc
    return {"User-Agent": USER_AGENT, **headers, "Host": host, "Accept-Encoding": "identity"}


def _read(response: BaseHTTPResponse, size_limit: int, *, whole: bool) -> bytes:
    pieces = bytearray()
    while piece := response.read(_CHUNK, decode_content=False):
        pieces += piece
        if len(pieces) > size_limit:
            if whole:
                raise AnswerTooLarge(f"The answer is larger than {size_limit:,} bytes.")
            break
    return bytes(pieces[:size_limit])


def _hang_up(connection: HTTPConnection) -> None:
    # A server that drips one byte at a time outlasts every socket timeout; this ends it.
    sock = connection.sock
    if sock is None:
        return
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it was closed in the meantime
