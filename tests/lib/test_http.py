"""The one way out: what it asks, what it refuses, and how it gives up."""

import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from incidents.lib.http import (
    AddressForbidden,
    AnswerTooLarge,
    CertificateRefused,
    ConnectionFailed,
    TooSlow,
    UnknownHost,
    UnusableAddress,
    check_reach,
    fetch,
)
from tests.servers.finding import free_port

HERE = ["127.0.0.1"]


@contextmanager
def answering(
    *pieces: bytes, pause: float = 0.0, tls: ssl.SSLContext | None = None
) -> Iterator[tuple[str, list[bytes]]]:
    """Serve one connection: read the request, send `pieces` with a pause before each. Yields URL and requests."""
    requests: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            try:
                conversation, _ = listener.accept()
                if tls is not None:
                    conversation = tls.wrap_socket(conversation, server_side=True)
            except OSError:
                return
            # Whoever asked may leave whenever they like.
            with conversation, suppress(OSError):
                requests.append(conversation.recv(65536))
                for piece in pieces:
                    time.sleep(pause)
                    conversation.sendall(piece)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", requests
        finally:
            listener.close()


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\r\nhi"


def test_an_answer_carries_status_headers_and_body() -> None:
    with answering(OK) as (url, requests):
        answer = fetch(f"{url}/a/b?c=d", allowed=HERE)
    assert (answer.status, answer.body, answer.headers["content-type"]) == (200, b"hi", "text/plain")
    assert requests[0].startswith(b"GET /a/b?c=d HTTP/1.1\r\n")


def test_letters_outside_ascii_travel_as_octets() -> None:
    with answering(OK) as (url, requests):
        fetch(f"{url}/日本/a%20b?c=ü&d=%C3%BC", allowed=HERE)
    assert requests[0].startswith(b"GET /%E6%97%A5%E6%9C%AC/a%20b?c=%C3%BC&d=%C3%BC HTTP/1.1\r\n")


def test_the_request_names_the_host_and_asks_for_plain_bytes() -> None:
    with answering(OK) as (url, requests):
        fetch(url.replace("127.0.0.1", "localhost"), allowed=[*HERE, "::1"])
    assert b"Host: localhost:" in requests[0]
    assert b"Accept-Encoding: identity" in requests[0]


def test_a_redirect_is_an_answer_and_nobody_follows_it() -> None:
    with answering(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n") as (url, _):
        answer = fetch(url, allowed=HERE)
    assert (answer.status, answer.headers["location"]) == (302, "http://127.0.0.1:1/")


def test_a_compressed_body_stays_compressed() -> None:
    body = b"\x1f\x8b\x08" + bytes(20)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body)
    with answering(head + body) as (url, _):
        assert fetch(url, allowed=HERE).body == body


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://①②⑦.⓪.⓪.①/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://[2002:a9fe:a9fe::]/",
        "http://[fd00:ec2::254]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.100.100.200/",
        "http://168.63.129.16/",
        "http://8.8.8.8:6379/",
        "https://8.8.8.8:22/",
    ],
)
def test_an_address_inside_or_an_odd_port_is_refused_with_one_sentence(url: str) -> None:
    with pytest.raises(AddressForbidden, match="is not a web server on the public internet"):
        fetch(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "status.example.com",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "http://",
        "http:///path",
        "http://example.com:99999/",
        "http://example.com:0/",
        "http://ada:secret@example.com/",
        "http://exam\r\nple.com/",
        "http://example.com/\r\nHost: evil",
        "http://[::1/",
    ],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(UnusableAddress):
        fetch(url)


def test_a_host_that_does_not_exist_is_said() -> None:
    with pytest.raises(UnknownHost, match=r"no host called nowhere\.invalid"):
        fetch("http://nowhere.invalid/")


def test_nobody_listening_is_said() -> None:
    with pytest.raises(ConnectionFailed):
        fetch(f"http://127.0.0.1:{free_port()}/", allowed=HERE)


def test_a_body_over_the_limit_is_cut_off() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"
    with answering(head, b"x" * 5000) as (url, _), pytest.raises(AnswerTooLarge):
        fetch(url, allowed=HERE, size_limit=1000)


def test_only_the_beginning_of_a_body_is_read_where_it_need_not_be_whole() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 2000000000\r\n\r\n"
    with answering(head, *[b"x" * 1000] * 5) as (url, _):
        assert fetch(url, allowed=HERE, size_limit=1000, whole=False).body == b"x" * 1000


def test_an_endless_row_of_headers_is_given_up() -> None:
    head = b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % number for number in range(10_000))
    with answering(head, b"\r\n") as (url, _), pytest.raises(ConnectionFailed):
        fetch(url, allowed=HERE)


def test_a_name_server_that_never_answers_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = socket.getaddrinfo

    def hanging(host: str, *arguments: Any, flags: int = 0, **options: Any) -> Any:
        if flags & socket.AI_NUMERICHOST:
            return asked(host, *arguments, flags=flags, **options)
        time.sleep(2)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hanging)
    began = time.monotonic()
    with pytest.raises(TooSlow):
        fetch("https://status.example.com/", seconds=0.2)
    assert time.monotonic() - began < 1


def test_whether_an_address_may_be_asked_can_be_checked_without_asking() -> None:
    check_reach("https://8.8.8.8/")
    with pytest.raises(AddressForbidden):
        check_reach("https://10.0.0.1/")
    check_reach("https://10.0.0.1:9000/", allowed=["10.0.0.0/8"])


def test_a_server_that_says_nothing_is_given_up() -> None:
    with answering(OK, pause=3) as (url, _), pytest.raises(TooSlow):
        fetch(url, allowed=HERE, seconds=0.3)


def test_a_server_that_drips_is_given_up_in_time() -> None:
    drops = [bytes([byte]) for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"y" * 100]
    began = time.monotonic()
    with answering(*drops, pause=0.1) as (url, _), pytest.raises(TooSlow):
        fetch(url, allowed=HERE, seconds=0.5)
    assert time.monotonic() - began < 2


def test_a_body_without_length_that_never_ends_is_not_taken_for_whole() -> None:
    with answering(b"HTTP/1.1 200 OK\r\n\r\n", *[b"x"] * 30, pause=0.1) as (url, _), pytest.raises(TooSlow):
        fetch(url, allowed=HERE, seconds=0.5)


def test_what_is_not_http_is_said() -> None:
    with answering(b"220 mail.example.com ESMTP\r\n") as (url, _), pytest.raises(ConnectionFailed):
        fetch(url, allowed=HERE)


@pytest.fixture
def certificate_for_localhost(tmp_path: Path) -> Path:
    """A certificate (with its key) for the name localhost that nobody signed."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed; it makes the certificate this test serves")
    pem = tmp_path / "localhost.pem"
    command = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run([*command, "-keyout", pem, "-out", tmp_path / "only.pem"], check=True, capture_output=True)
    pem.write_bytes(pem.read_bytes() + (tmp_path / "only.pem").read_bytes())
    return pem


def serving_tls(pem: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def test_a_certificate_nobody_vouches_for_is_refused(certificate_for_localhost: Path) -> None:
    with (
        answering(OK, tls=serving_tls(certificate_for_localhost)) as (url, requests),
        pytest.raises(CertificateRefused),
    ):
        fetch(url.replace("http://127.0.0.1", "https://localhost"), allowed=[*HERE, "::1"])
    assert requests == []


def test_the_certificate_is_verified_for_the_name_although_the_address_is_connected_to(
    certificate_for_localhost: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate_for_localhost))
    tls = serving_tls(certificate_for_localhost)
    with answering(OK, tls=tls) as (url, _):
        answer = fetch(url.replace("http://127.0.0.1", "https://localhost"), allowed=[*HERE, "::1"])
    assert answer.status == 200
    with answering(OK, tls=tls) as (url, _), pytest.raises(CertificateRefused):
        fetch(url.replace("http://", "https://"), allowed=HERE)
