from datetime import date, timedelta

import pytest
from django.test import Client

from incidents.publishing.documents.promises import promises
from incidents.publishing.readings import Readings
from incidents.timeline.models import ActionItem, Incident, Page, Postmortem
from tests.build import NOON, make_incident, make_page

pytestmark = pytest.mark.django_db


def shown(page: Page) -> str:
    return promises(Readings(page, seen_at=NOON).promises).decode()


def report(page: Page, *, published: bool = True) -> Postmortem:
    incident: Incident = make_incident(page, at=NOON - timedelta(days=9), title="The night")
    incident.resolve(body="Over.", by="test", at=NOON - timedelta(days=9))
    written = Postmortem.write(incident=incident, draft="Because.", by="test", at=NOON - timedelta(days=8))
    if published:
        written.publish(by="test", at=NOON - timedelta(days=8))
    return written


def test_open_promises_come_first_by_their_due_day_and_overdue_is_said() -> None:
    page = make_page(at=NOON - timedelta(days=30))
    written = report(page)
    late = (NOON - timedelta(days=2)).date()
    for text, due in (("No hurry", None), ("Guard the script", late)):
        ActionItem.add(postmortem=written, text=text, due_on=due, by="test", at=NOON - timedelta(days=8))
    kept = ActionItem.add(postmortem=written, text="Page on 403s", by="test", at=NOON - timedelta(days=8))
    kept.move_to("done", by="test", at=NOON - timedelta(days=1))
    html = shown(page)
    assert "1 of 3 done, 1 overdue." in html
    assert html.index("Guard the script") < html.index("No hurry") < html.index("Page on 403s")
    assert "Overdue by 2 days" in html
    assert f'/incidents/{written.incident.code}#actions"' in html


def test_what_is_internal_or_not_published_is_not_told(client: Client) -> None:
    page = make_page(at=NOON - timedelta(days=30))
    ActionItem.add(postmortem=report(page, published=False), text="Draft", due_on=date(2030, 1, 1), by="test", at=NOON)
    hidden = report(page)
    ActionItem.add(postmortem=hidden, text="Secret", is_public=False, by="test", at=NOON)
    html = client.get("/promises").content.decode()
    assert "Draft" not in html
    assert "Secret" not in html
    assert "No promises have been made after incidents yet." in html
