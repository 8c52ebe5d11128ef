"""Every kind of news as a mail: what all of them have, and the subject of each."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from incidents.notifications.fanout import fan_out, missing
from incidents.notifications.models import Delivery
from incidents.notifications.writing import Writer
from incidents.timeline.models import Page, Postmortem
from tests.build import NOON, make_component, make_incident, make_maintenance, make_page, make_subscriber, minutes

SUBJECTS = {
    "incident_opened": "Partial outage: Elevated error rates on the API",
    "incident_updated": "Identified: Elevated error rates on the API",
    "correction": "Correction: Elevated error rates on the API",
    "incident_resolved": "Resolved: Elevated error rates on the API (1 hour 27 minutes)",
    "postmortem": "Postmortem: Elevated error rates on the API",
    # Written after the window moved, it names the window that holds now.
    "maintenance_planned": "Maintenance on Nov 23, 12:00 – 14:00 UTC: Database upgrade",
    "maintenance_moved": "Moved to Nov 23, 12:00 – 14:00 UTC: Database upgrade",
    "maintenance_reminder": "Reminder: maintenance on Nov 23, 12:00 – 14:00 UTC: Database upgrade",
    "maintenance_started": "Maintenance started: Database upgrade",
    "maintenance_updated": "Maintenance in progress: Database upgrade",
    "maintenance_completed": "Maintenance completed: Database upgrade",
    "maintenance_cancelled": "Cancelled: Database upgrade",
}
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf]")


def tell_everything(page: Page) -> None:
    api = make_component(page)
    incident = make_incident(page, components={api: "partial_outage"}, next_update_due_at=NOON + minutes(40))
    update = incident.post_update(body="Found it.", by="test", at=NOON + minutes(9), phase=page.phase("identified"))
    update.edit(body="Found it, in Asia.", notify=True, by="test", at=NOON + minutes(10))
    incident.resolve(body="Fixed.", by="test", at=NOON + minutes(87))
    Postmortem.write(incident=incident, draft="## Summary\n\nA loop.", by="test", at=NOON + minutes(90)).publish(
        by="test", at=NOON + minutes(95)
    )
    maintenance = make_maintenance(page, components=[api])
    starts_at = NOON + timedelta(days=2)
    ends_at = starts_at + timedelta(hours=2)
    maintenance.move(starts_at=starts_at, ends_at=ends_at, body="A day later.", by="test", at=NOON + minutes(1))
    maintenance.remind(minutes=60, by="test", at=starts_at - timedelta(hours=1))
    maintenance.start(by="test", at=starts_at)
    maintenance.post_update(body="Half done.", by="test", at=starts_at + minutes(60))
    maintenance.finish(by="test", at=ends_at)
    make_maintenance(page, notify=False).cancel(body="Not needed.", by="test", at=NOON + minutes(2))


@pytest.fixture
def mails(db: None) -> dict[str, EmailMessage]:
    page = make_page()
    make_subscriber(page)
    Delivery.objects.all().delete()
    tell_everything(page)
    for event in list(missing()):
        fan_out(event_id=event.pk)
    rows = list(Delivery.objects.order_by("pk").select_related("event"))
    writer = Writer(rows, at=NOON)
    return {row.kind: message_from_bytes(writer.write(row).content, policy=policy.default) for row in rows}


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body(preferencelist=(kind,))  # type: ignore[arg-type]  # one kind is a fine preference list
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_x01_every_kind_has_its_subject(mails: dict[str, EmailMessage]) -> None:
    assert {kind: str(mail["Subject"]) for kind, mail in mails.items()} == SUBJECTS
    for subject in SUBJECTS.values():
        assert len(subject) <= 78
        assert not EMOJI.search(subject)
        assert "[" not in subject


def test_x01_x06_every_kind_is_complete_in_both_parts_and_says_why_and_how_to_leave(
    mails: dict[str, EmailMessage],
) -> None:
    for kind, mail in mails.items():
        for text in (part(mail, "plain"), part(mail, "html")):
            places = [
                text.index(words) for words in ("You follow everything", "Manage", "Leave this", "Unsubscribe from all")
            ]
            assert places == sorted(places), kind
            assert re.search(r"/incidents/\w+", text), kind
        assert max(len(line) for line in part(mail, "plain").split("\n") if "://" not in line) <= 72, kind
        assert "<" not in re.sub(r"https?://\S+", "", part(mail, "plain")), kind


def test_x01_every_kind_is_made_for_light_and_dark_and_says_its_language(mails: dict[str, EmailMessage]) -> None:
    for mail in mails.values():
        html = part(mail, "html")
        for words in ('<html lang="en"', 'name="color-scheme" content="light dark"', "supported-color-schemes"):
            assert words in html
        assert "prefers-color-scheme: dark" in html
        assert "<script" not in html
        assert len(html.encode()) <= 25_000


def test_x01_every_preheader_adds_facts_to_the_subject(mails: dict[str, EmailMessage]) -> None:
    for kind, mail in mails.items():
        found = re.search(r'<div style="display:none[^>]*>([^<]*)</div>', part(mail, "html"))
        assert found is not None
        assert 0 < len(found[1]) <= 90, kind
        assert found[1] not in str(mail["Subject"])
    assert "next update by Nov 21, 12:40 UTC" in part(mails["incident_opened"], "html")
    assert "Nov 23, 12:00 – 14:00 UTC</div>" in part(mails["maintenance_started"], "html")


def test_calendars_come_with_what_changes_them(mails: dict[str, EmailMessage]) -> None:
    carrying = {kind for kind, mail in mails.items() if any(mail.iter_attachments())}
    assert carrying == {"maintenance_planned", "maintenance_moved", "maintenance_cancelled"}
