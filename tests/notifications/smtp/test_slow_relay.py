"""A relay that is silent, full or gone: leases live on, one connection at a time is tried, nothing is lost."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from incidents.notifications import leases
from incidents.notifications.channels.email import SmtpChannel
from incidents.notifications.delivering import deliver_batch
from incidents.notifications.fanout import fan_out
from incidents.notifications.models import Delivery
from incidents.notifications.smtp.session import Relay
from tests.build import make_incident, make_page, make_subscribers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


class RawRelay:
    """Greets, says EHLO, then answers each MAIL with what it is given; counts connections."""

    def __init__(self, answer: bytes, *, after: float = 0.0) -> None:
        self.answer = answer
        self.after = after
        self.connected: list[float] = []
        self.heard = b""
        self.listener = socket.create_server(("127.0.0.1", 0))

    @property
    def relay(self) -> Relay:
        return Relay("127.0.0.1", self.listener.getsockname()[1], seconds=30)

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connected.append(time.monotonic())
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection: socket.socket) -> None:
        # A client may leave whenever it likes.
        with connection, suppress(OSError):
            connection.sendall(b"220 hello\r\n")
            connection.recv(1_000)
            connection.sendall(b"250-hello\r\n250 PIPELINING\r\n")
            self.heard += connection.recv(10_000)
            time.sleep(self.after)
            connection.sendall(self.answer)
            connection.recv(1_000)


@contextmanager
def raw_relay(answer: bytes, *, after: float = 0.0) -> Iterator[RawRelay]:
    server = RawRelay(answer, after=after)
    threading.Thread(target=server.serve, daemon=True).start()
    try:
        yield server
    finally:
        # Wakes accept(), which close() alone does not.
        server.listener.shutdown(socket.SHUT_RDWR)
        server.listener.close()


def queue(readers: int) -> None:
    page = make_page()
    make_subscribers(page, readers)
    make_incident(page)
    fan_out(event_id=page.events.order_by("-seq")[0].pk)


def test_a_silent_relay_does_not_cost_the_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    queue(1)
    renewed: list[float] = []
    renew = leases.renew

    def watched(lease: Any) -> bool:
        renewed.append(lease.age)
        return renew(lease)

    monkeypatch.setattr(leases, "renew", watched)
    with raw_relay(b"250 Ok\r\n550 5.1.1 No such user\r\n503 No recipient\r\n", after=6.5) as server:
        deliver_batch(channel=SmtpChannel(server.relay))
    assert len(renewed) >= 3
    assert max(renewed) < leases.LEASE.total_seconds() * leases.SHARE_OF_LEASE
    assert Delivery.objects.get().state == "bounced"


def test_a_relay_that_sends_everybody_away_is_asked_twice_a_second_at_most() -> None:
    queue(40)
    with raw_relay(b"421 4.7.0 Too many connections\r\n") as server:
        began = time.monotonic()
        while time.monotonic() < began + 4:
            deliver_batch(channel=SmtpChannel(server.relay))
            time.sleep(0.05)
        seconds = time.monotonic() - began
    assert 2 <= len(server.connected) <= seconds * 2 + 1
    assert not Delivery.objects.filter(state__in=["failed", "bounced", "sent"]).exists()
