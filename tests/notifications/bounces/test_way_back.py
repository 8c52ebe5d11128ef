"""The whole way: an incident goes out over SMTP, the bounce comes back to its return path and is heeded."""

from typing import Any

import pytest

from incidents.notifications.bounces.reading import read_bounces
from incidents.notifications.delivering import deliver_batch
from incidents.notifications.fanout import fan_out, missing
from incidents.notifications.models import Delivery, DeliveryState, Taken
from incidents.subscriptions.models import Subscriber
from tests.build import make_incident, make_page, make_subscriber
from tests.notifications.bounces.messages import arf, dsn
from tests.servers.mail import MailServer
from tests.servers.mailbox import PASSWORD, ImapConversation, running_mailbox


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_each_bounce_and_complaint_hits_its_own_reader_and_nobody_else(
    use_smtp_server: MailServer, bounce_address: str, settings: Any
) -> None:
    page = make_page()
    for name in ("sam", "ada", "kim"):
        make_subscriber(page, email=f"{name}@example.com")
    Delivery.objects.all().delete()
    make_incident(page)
    for event in list(missing()):
        fan_out(event_id=event.pk)
    deliver_batch()
    sent = {mail.recipients[0]: mail for mail in use_smtp_server.wait_for(3)}
    assert len({mail.sender for mail in sent.values()}) == 3
    with running_mailbox(ImapConversation) as mailbox:
        login = {"port": mailbox.port, "user": "bounces", "password": PASSWORD, "folder": "INBOX"}
        settings.BOUNCE_MAILBOX = {"scheme": "imap", "host": "127.0.0.1", **login}
        quoted = f"Return-Path: <{sent['ada@example.com'].sender}>\n"
        mailbox.put(dsn(sent["sam@example.com"].sender), arf("bounces@status.example.com", quoted))
        assert read_bounces() == {Taken.BOUNCED: 1, Taken.COMPLAINT: 1}
    states = dict(Subscriber.objects.values_list("address", "state"))
    assert states == {"sam@example.com": "disabled", "ada@example.com": "left", "kim@example.com": "active"}
    ends = dict(Delivery.objects.filter(event__isnull=False).values_list("address", "state"))
    assert ends["sam@example.com"] == DeliveryState.BOUNCED
    assert ends["kim@example.com"] == DeliveryState.SENT
