"""An update that is taken off the page while mails of it go out: the rest of them stay here."""

import time

import pytest

from incidents.lib.clock import now
from incidents.notifications.delivering import deliver_batch
from incidents.notifications.fanout import fan_out
from incidents.notifications.models import Delivery
from incidents.timeline.models import Event
from tests.build import make_incident, make_page, make_subscribers, minutes
from tests.servers.mail import MailServer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

READERS, TOLD = 20, 6


def tell(event: Event) -> None:
    fan_out(event_id=event.pk)


def test_b079_who_was_not_told_yet_is_not_told_and_a_correction_reaches_everybody_once(
    use_smtp_server: MailServer,
) -> None:
    page = make_page(at=now() - minutes(600))
    make_subscribers(page, READERS, at=now() - minutes(500))
    incident = make_incident(page, at=now() - minutes(20), notify=False)
    wrong = incident.post_update(body="All data is lost.", by="ada", at=now(), notify=True)
    tell(Event.objects.get(update=wrong))
    deliver_batch(limit=TOLD)
    told = {mail.recipients[0] for mail in use_smtp_server.received}
    assert len(told) == TOLD
    begun = time.monotonic()
    wrong.remove(by="ada", at=now(), reason="Not true.")
    while deliver_batch():
        pass
    assert time.monotonic() - begun < 2
    assert len(use_smtp_server.received) == TOLD
    states = Delivery.objects.filter(event__update=wrong).values_list("state", flat=True)
    assert sorted(states) == ["sent"] * TOLD + ["suppressed"] * (READERS - TOLD)
    right = incident.post_update(body="No data is lost.", by="ada", at=now(), notify=True)
    tell(Event.objects.get(update=right))
    while deliver_batch():
        pass
    later = [mail.recipients[0] for mail in use_smtp_server.received[TOLD:]]
    assert sorted(later) == sorted(f"reader{number}@example.com" for number in range(READERS))
    assert not Delivery.objects.unfinished().exists()
