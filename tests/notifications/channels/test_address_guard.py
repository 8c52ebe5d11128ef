"""The address guard against real services inside: more than 200 ways to write their addresses, and not one request.

The services listen on 127.0.0.1, 127.0.0.2, ::1 and, where this machine lets us, on 169.254.169.254. A control
at the start proves that they would have been reached.
"""

import contextlib
import itertools
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from incidents.lib.http import Answer
from incidents.notifications.asking import ask
from incidents.notifications.channels.contract import SendFailure
from incidents.notifications.channels.hook import Request
from incidents.notifications.channels.judging import UNREACHABLE
from incidents.subscriptions.endpoints import clean_endpoint
from incidents.subscriptions.refusals import AddressRefused
from tests.notifications.channels.address_corpus import CORPUS, METADATA, PORT


class Canary:
    """Services that count who talks to them."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.addresses: list[str] = []
        self._listeners: list[socket.socket] = []

    def listen(self, address: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        listener = socket.create_server((address, port), family=family)
        self._listeners.append(listener)
        self.addresses.append(address)
        threading.Thread(target=self._serve, args=[address, listener], daemon=True).start()

    def close(self) -> None:
        for listener in self._listeners:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def _serve(self, address: str, listener: socket.socket) -> None:
        while True:
            try:
                conversation, _ = listener.accept()
            except OSError:
                return
            with conversation, contextlib.suppress(OSError):
                conversation.settimeout(1)
                self.heard.append((address, conversation.recv(1000)))
                conversation.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\ninside")


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    services = Canary()
    alias = ["ip", "addr", "add", f"{METADATA}/32", "dev", "lo"]
    added = False
    with contextlib.suppress(OSError):
        added = subprocess.run(alias, check=False, capture_output=True).returncode == 0
    for address in ("127.0.0.1", "127.0.0.2", "::1", METADATA):
        with contextlib.suppress(OSError):
            services.listen(address, PORT)
    yield services
    services.close()
    if added:
        subprocess.run(["ip", "addr", "del", f"{METADATA}/32", "dev", "lo"], check=False, capture_output=True)


@pytest.fixture(autouse=True)
def short_patience(settings: Any) -> None:
    settings.HOOK_SECONDS = 1
    settings.OUTBOUND_ALLOWED_ADDRESSES = []


TARGETS = ["http://127.0.0.2:8443/", "http://[::1]:8443/", f"http://{METADATA}:8443/", "//127.0.0.2:8443/"]


def post(url: str) -> Answer | SendFailure:
    return ask(Request(url, b"{}"))


def test_the_services_inside_would_be_reached(canary: Canary, settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_ADDRESSES = ["127.0.0.0/8", "::1", METADATA]
    assert {"127.0.0.1", "127.0.0.2"} <= set(canary.addresses)
    for address in canary.addresses:
        host = f"[{address}]" if ":" in address else address
        answer = post(f"http://{host}:{PORT}/")
        assert isinstance(answer, Answer), address
        assert answer.body == b"inside"
    assert len(canary.heard) == len(canary.addresses)
    canary.heard.clear()


def test_the_corpus_is_large() -> None:
    assert len(CORPUS) > 200


def test_no_spelling_of_an_inner_address_reaches_it(canary: Canary) -> None:
    canary.heard.clear()
    taken = [url for url in CORPUS if isinstance(post(url), Answer)]
    assert (taken, canary.heard) == ([], [])


def test_no_spelling_can_be_signed_up_with(canary: Canary) -> None:
    canary.heard.clear()
    for channel, url in itertools.product(["webhook", "mattermost"], CORPUS):
        with pytest.raises(AddressRefused):
            clean_endpoint(channel, url)
    assert canary.heard == []


def test_open_closed_and_filtered_ports_are_told_in_the_same_words_and_time(canary: Canary, settings: Any) -> None:
    settings.HOOK_SECONDS = 30
    answers = []
    for url in (f"http://127.0.0.1:{PORT}/", "http://127.0.0.1:443/", "http://10.255.255.1/", f"https://{METADATA}/"):
        began = time.monotonic()
        failure = post(url)
        assert isinstance(failure, SendFailure)
        answers.append((failure.sentence, time.monotonic() - began < settings.HOOK_SECONDS / 3))
    assert set(answers) == {(UNREACHABLE, True)}


def test_a_name_that_changes_its_mind_gains_nothing(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    """Public at sign-up and private ever after; or private in the second of two answers."""
    asked = socket.getaddrinfo
    turns: list[list[str]] = []

    def rebinding(host: str, port: int, *arguments: Any, flags: int = 0, **options: Any) -> Any:
        if host != "rebind.example.com":
            return asked(host, port, *arguments, flags=flags, **options)
        if flags & socket.AI_NUMERICHOST:
            raise socket.gaierror
        found = turns.pop(0) if turns else ["127.0.0.1"]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    canary.heard.clear()
    url = f"https://rebind.example.com:{PORT}/"
    turns[:] = [["8.8.8.8"]]
    assert clean_endpoint("webhook", url) == url
    for answers in ([["127.0.0.1"]], [["8.8.8.8", "127.0.0.1"]], [[METADATA, "8.8.8.8"]]):
        turns[:] = answers
        failure = post(url)
        assert isinstance(failure, SendFailure)
        assert failure.sentence == UNREACHABLE
    # The check and the connection use one answer: a second one is never asked for.
    turns[:] = [["8.8.8.8"], ["127.0.0.1"]]
    assert isinstance(post(url), SendFailure)
    assert turns == [["127.0.0.1"]]
    assert canary.heard == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "target", ["http://127.0.0.2:8443/", "http://[::1]:8443/", f"http://{METADATA}:8443/", "//127.0.0.2:8443/"]
)
def test_an_opened_address_cannot_send_us_on(canary: Canary, settings: Any, status: int, target: str) -> None:
    settings.OUTBOUND_ALLOWED_ADDRESSES = ["127.0.0.1"]
    canary.heard.clear()
    head = f"HTTP/1.1 {status} Moved\r\nLocation: {target}\r\nRefresh: 0; url={target}\r\nContent-Length: 0\r\n\r\n"
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            conversation, _ = listener.accept()
            with conversation:
                conversation.recv(1000)
                conversation.sendall(head.encode())

        threading.Thread(target=answer, daemon=True).start()
        answered = post(f"http://127.0.0.1:{listener.getsockname()[1]}/")
    assert isinstance(answered, Answer)
    assert answered.status == status
    assert canary.heard == []


def test_a_proxy_in_the_environment_is_not_asked(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    canary.heard.clear()
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{PORT}")
    assert isinstance(post("http://10.0.0.1/"), SendFailure)
    assert canary.heard == []
