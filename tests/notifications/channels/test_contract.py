"""One contract for every channel: what is taken, what is refused, and what comes of a broken other side."""

import gzip
import json
import resource
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from incidents.lib.clock import now
from incidents.lib.http import Answer
from incidents.notifications.channels.catalogue import HOOKS
from incidents.notifications.channels.contract import Fault, PermanentFailure, SendFailure, TemporaryFailure
from incidents.subscriptions.models import ChannelKind
from tests.notifications.channels import contract_suite as suite
from tests.notifications.channels.contract_suite import (
    CHANNELS,
    LITTLE_PATIENCE,
    LONG,
    PATIENCE,
    SECRETS,
    Side,
    behaving,
    send,
)
from tests.servers.finding import free_port
from tests.servers.hooks import HookServer, Reply, running_hook_server
from tests.servers.mail import running_mail_server


@pytest.fixture(autouse=True)
def accounts(settings: Any) -> None:
    """Requests may reach this machine, and there are accounts; `send` says how long it waits."""
    settings.HOOK_SECONDS = PATIENCE
    settings.OUTBOUND_ALLOWED_ADDRESSES = ["127.0.0.1"]
    settings.TELEGRAM_BOT_TOKEN, settings.SMS_ACCOUNT = "123:token", "ACaccount"
    settings.SMS_TOKEN, settings.SMS_FROM = "sms-token", "+15550100"


def answering(channel: str, answer: Answer) -> "tuple[HookServer, Any]":
    manager = running_hook_server()
    server = manager.__enter__()
    server.answer(suite.path_of(channel), Reply(answer.status, answer.body, answer.headers))
    return server, manager


def side_of(server: HookServer) -> Side:
    return Side("127.0.0.1", int(server.url.rpartition(":")[2]))


def failing(channel: str, side: Side, **options: Any) -> SendFailure:
    """Return the failure that sending ends with."""
    with pytest.raises(SendFailure) as caught:
        send(channel, side, **options)
    assert not any(secret in caught.value.sentence for secret in SECRETS)
    return caught.value


def test_every_kind_of_channel_passes_this_suite() -> None:
    assert sorted(CHANNELS) == sorted(ChannelKind.values)


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_is_taken_gives_the_other_sides_words(channel: str) -> None:
    if channel == "email":
        with running_mail_server() as mail:
            assert send(channel, Side(mail.host, mail.port)).startswith("250")
        return
    server, manager = answering(channel, suite.ACCEPTING[channel])
    try:
        assert send(channel, side_of(server)).startswith(str(suite.ACCEPTING[channel].status))
    finally:
        manager.__exit__(None, None, None)
    (taken,) = server.taken
    assert taken.path == suite.path_of(channel)
    assert "Content-Type" in taken.headers


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    "behave", [suite.say_nothing, suite.drip, suite.hang_up, suite.talk_rubbish, suite.send_an_endless_line]
)
def test_a_broken_other_side_is_a_failure_for_the_time_being_within_the_limit(
    channel: str, behave: Callable[[socket.socket], None]
) -> None:
    began = time.monotonic()
    with behaving(behave) as side:
        failure = failing(channel, side, seconds=LITTLE_PATIENCE)
    assert time.monotonic() - began < LONG / 2
    assert isinstance(failure, TemporaryFailure)
    assert failure.fault in {Fault.CONNECTION, Fault.RECIPIENT_TEMPORARY, Fault.QUOTA}


@pytest.mark.parametrize("channel", CHANNELS)
def test_nobody_listening_is_a_failure_for_the_time_being(channel: str) -> None:
    failure = failing(channel, Side("127.0.0.1", free_port()))
    assert isinstance(failure, TemporaryFailure)
    assert failure.fault == Fault.CONNECTION


@pytest.mark.parametrize("channel", list(HOOKS))
def test_ten_thousand_headers_are_a_failure(channel: str) -> None:
    with behaving(suite.send_headers_without_end) as side:
        assert isinstance(failing(channel, side), TemporaryFailure)


@cache
def bomb() -> bytes:
    """Return 50 kilobytes that are 50 megabytes once unpacked."""
    return gzip.compress(bytes(50_000_000))


@pytest.mark.parametrize("channel", list(HOOKS))
@pytest.mark.parametrize("is_packed", [False, True])
def test_of_two_gigabytes_64_kilobytes_are_read(channel: str, is_packed: bool) -> None:
    piece = bomb() if is_packed else b"x" * 65_536
    encoding = b"Content-Encoding: gzip\r\n" if is_packed else b""
    sent = 0

    def pour(conversation: socket.socket) -> None:
        nonlocal sent
        conversation.recv(65_536)
        conversation.sendall(b"HTTP/1.1 200 OK\r\n" + encoding + b"Content-Length: 2000000000\r\n\r\n")
        while sent < 200_000_000:
            conversation.sendall(piece)
            sent += len(piece)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with behaving(pour) as side:
        if channel in {"telegram"}:
            failing(channel, side)
        else:
            send(channel, side)
    # What is in the sockets' own buffers may have been sent; in kilobytes the growth is what the suite allows.
    assert sent < 20_000_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_certificate_nobody_vouches_for_is_refused(channel: str, tmp_path: Path) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate(tmp_path))
    with running_hook_server(tls=tls) as server:
        failure = failing(channel, side_of(server), scheme="https")
    assert isinstance(failure, TemporaryFailure)
    assert "certificate" in failure.sentence.lower()
    assert server.taken == []


def certificate(folder: Path) -> Path:
    """Return a certificate with its key that nobody signed."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed; it makes the certificate this test serves")
    pem = folder / "localhost.pem"
    command = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-subj", "/CN=localhost", "-keyout", str(pem), "-out", str(folder / "only.pem")]
    subprocess.run(command, check=True, capture_output=True)
    pem.write_bytes(pem.read_bytes() + (folder / "only.pem").read_bytes())
    return pem


def read(channel: str, status: int, body: object = b"", **headers: str) -> SendFailure:
    """Return what a channel makes of an answer."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    with pytest.raises(SendFailure) as caught:
        HOOKS[channel].read(Answer(status, told, content), at=now())
    return caught.value


GONE = [
    ("webhook", 410, b""),
    ("slack", 404, b"no_service"),
    ("slack", 403, b"invalid_token"),
    ("slack", 410, b"channel_is_archived"),
    ("teams", 404, {"error": {"code": "WorkflowNotFound"}}),
    ("teams", 400, {"error": {"code": "WorkflowTriggerIsNotEnabled"}}),
    ("discord", 404, {"message": "Unknown Webhook", "code": 10015}),
    ("discord", 401, {"message": "Invalid Webhook Token", "code": 50027}),
    ("google_chat", 404, {"error": {"status": "NOT_FOUND"}}),
    ("mattermost", 400, {"id": "web.incoming_webhook.invalid.app_error", "status_code": 400}),
    ("mattermost", 404, b""),
    ("telegram", 400, {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"}),
    ("telegram", 403, {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}),
    ("sms", 400, {"code": 21211, "message": "The 'To' number is not a valid phone number."}),
    ("sms", 400, {"code": 21610, "message": "Attempt to send to unsubscribed recipient"}),
]


@pytest.mark.parametrize(("channel", "status", "body"), GONE)
def test_an_address_that_is_gone_ends_at_once(channel: str, status: int, body: object) -> None:
    failure = read(channel, status, body)
    assert isinstance(failure, PermanentFailure)
    assert (failure.fault, failure.is_unknown) == (Fault.RECIPIENT_PERMANENT, True)


LATER = [(channel, status) for channel in HOOKS for status in (500, 502, 503, 504, 408) if channel != "telegram"]


@pytest.mark.parametrize(("channel", "status"), [*LATER, ("telegram", 500), ("telegram", 502)])
def test_trouble_on_the_other_side_is_tried_again_and_never_ours(channel: str, status: int) -> None:
    failure = read(channel, status, b"<html>oops</html>")
    assert isinstance(failure, TemporaryFailure)
    assert failure.fault in {Fault.RECIPIENT_TEMPORARY, Fault.CONNECTION}


@pytest.mark.parametrize("channel", [one for one in HOOKS if one not in {"telegram", "sms"}])
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_a_failure_in_words(channel: str, status: int) -> None:
    failure = read(channel, status, b"", Location="https://elsewhere.example.com/")
    assert isinstance(failure, TemporaryFailure)
    assert "redirect" in failure.sentence


@pytest.mark.parametrize("channel", list(HOOKS))
def test_a_time_the_other_side_asks_for_is_kept(channel: str) -> None:
    body: object = b"rate_limited"
    if channel == "telegram":
        body = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 30}}
    failure = read(channel, 429, body, Retry_After="30")
    assert failure.retry_after is not None
    assert timedelta(seconds=29) <= failure.retry_after <= timedelta(seconds=31)
    assert failure.fault == (Fault.QUOTA if channel in {"telegram", "sms"} else Fault.RECIPIENT_TEMPORARY)


@pytest.mark.parametrize(
    ("channel", "status", "body"),
    [
        ("telegram", 401, {"ok": False, "error_code": 401, "description": "Unauthorized"}),
        ("telegram", 404, {"ok": False, "error_code": 404, "description": "Not Found"}),
        ("sms", 401, {"code": 20003, "message": "Authenticate"}),
        ("sms", 400, {"code": 21606, "message": "The From phone number is not valid"}),
    ],
)
def test_a_refusal_of_our_account_is_ours(channel: str, status: int, body: object) -> None:
    assert read(channel, status, body).fault == Fault.SENDER


@pytest.mark.parametrize("channel", [one for one in HOOKS if one not in {"telegram", "sms"}])
@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 405, 413, 418, 422, 429, 499, 500, 599, 301, 100, 999])
@pytest.mark.parametrize("body", [b"", b"\xff\x00\x1b[31m", b'{"code": 1e999}', b"[" * 5_000, b"null", b'"ok"'])
def test_no_answer_of_an_endpoint_pauses_a_channel_or_an_update(channel: str, status: int, body: bytes) -> None:
    failure = read(channel, status, body)
    assert failure.fault not in {Fault.SENDER, Fault.QUOTA, Fault.CONTENT}
    assert failure.sentence.isprintable()


@pytest.mark.parametrize("channel", ["telegram", "sms"])
@pytest.mark.parametrize("body", [b"", b"\xff\x00\x1b[31m", b'{"ok": 1e999}', b"[" * 5_000, b"null", b'"ok"', b"[]"])
@pytest.mark.parametrize("status", [400, 403, 429, 500, 302])
def test_rubbish_from_a_gateway_is_a_failure_in_words(channel: str, status: int, body: bytes) -> None:
    assert read(channel, status, body).sentence.isprintable()
