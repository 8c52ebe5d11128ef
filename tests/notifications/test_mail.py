"""What the mails say: subjects, parts, headers, and what differs from reader to reader."""

import email
import re
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import pytest

from incidents.lib.clock import now
from incidents.notifications import leases
from incidents.notifications.fanout import fan_out, missing
from incidents.notifications.mail.languages import edition_language
from incidents.notifications.models import Delivery, DeliveryState
from incidents.notifications.writing import Writer
from incidents.subscriptions.models import Subscriber
from incidents.subscriptions.wishes import Wish
from incidents.timeline.models import ActionItem, Page, Postmortem
from tests.build import (
    NOON,
    ask,
    make_component,
    make_group,
    make_incident,
    make_maintenance,
    make_page,
    make_subscriber,
    minutes,
)

pytestmark = pytest.mark.django_db


def mails(page: Page) -> list[EmailMessage]:
    """Freeze recipients of all news and return the mails, oldest first, also those overtaken; by reader within one."""
    for event in list(missing()):
        fan_out(event_id=event.pk)
        Delivery.objects.filter(state=DeliveryState.QUEUED, event=event).update(state="leased", lease_until=now())
    rows = list(
        Delivery.objects.on(page).exclude(event=None).order_by("seq", "subscriber", "pk").select_related("event")
    )
    writer = Writer(rows, at=NOON)
    return [email.message_from_bytes(writer.write(row).content, policy=policy.default) for row in rows]


def body(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body(preferencelist=(kind,))  # type: ignore[arg-type]
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def follow(page: Page, **fields: object) -> None:
    make_subscriber(page, **fields)  # type: ignore[arg-type]
    Delivery.objects.all().delete()


def test_a_story_is_told_from_the_first_word_to_the_last() -> None:
    page = make_page()
    api = make_component(page, group=make_group(page))
    follow(page)
    incident = make_incident(page, components={api: "partial_outage"}, next_update_due_at=NOON + minutes(40))
    incident.post_update(
        body="Found it.",
        by="test",
        at=NOON + minutes(9),
        phase=page.phase("identified"),
        components={api: "degraded_performance"},
    )
    incident.resolve(body="Fixed.", by="test", at=NOON + minutes(87))
    opened, identified, resolved = mails(page)
    assert [mail["Subject"] for mail in (opened, identified, resolved)] == [
        "Partial outage: Elevated error rates on the API",
        "Identified: Elevated error rates on the API",
        "Resolved: Elevated error rates on the API (1 hour 27 minutes)",
    ]
    assert "Investigating · started Nov 21, 2026 - 12:00 UTC" in body(opened)
    assert "Affected: Core platform (API)" in body(opened)
    assert "Next update by Nov 21, 12:40 UTC" in body(opened)
    assert "Investigating → Identified" in body(identified)
    assert "API: Partial outage → Degraded performance" in body(identified)
    assert "Earlier updates" in body(identified)
    assert "Resolved after 1 hour 27 minutes" in body(resolved)


def test_both_parts_say_the_same_things() -> None:
    page = make_page()
    follow(page)
    incident = make_incident(page, body="Some requests **fail**; see [help](https://docs.example.com/x).")
    (mail,) = mails(page)
    for part in (body(mail), body(mail, "html")):
        for words in ("fail", "Investigating", f"/incidents/{incident.code}", "Unsubscribe from all"):
            assert words in part


def test_headers_are_what_mail_programs_need() -> None:
    page = make_page()
    follow(page)
    incident = make_incident(page)
    (mail,) = mails(page)
    assert mail["From"] == "Acme status <status@testserver>"
    assert mail["To"] == "sam@example.com"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<http://testserver/unsubscribe/[\w:-]+>", mail["List-Unsubscribe"])
    assert mail["References"] == mail["In-Reply-To"] == f"<incident-{incident.code}@testserver>"
    assert mail["Message-ID"] == f"<{Delivery.objects.get().message_id}>"
    assert mail["Date"].datetime == NOON


def test_every_reader_has_links_and_reasons_of_their_own() -> None:
    page = make_page()
    api, hooks = make_component(page), make_component(page, name="Web<hooks> & more")
    follow(page, wish=Wish(components=(api, hooks)))
    follow(page, email="ada@example.com")
    make_incident(page, components={api: "major_outage"})
    sam, ada = sorted(mails(page), key=lambda mail: str(mail["To"]), reverse=True)
    assert "You follow API and Web<hooks> & more on Acme status." in body(sam)
    assert "You follow API and Web&lt;hooks&gt; &amp; more on Acme status." in body(sam, "html")
    assert "You follow everything on Acme status." in body(ada)
    assert sam["List-Unsubscribe"] != ada["List-Unsubscribe"]
    assert sam["List-Unsubscribe"].strip("<>") in body(sam)
    assert sam["List-Unsubscribe"].strip("<>") not in body(ada)


def test_the_footer_comes_in_the_order_readers_expect() -> None:
    page = make_page()
    follow(page)
    make_incident(page)
    (mail,) = mails(page)
    for part in (body(mail), body(mail, "html")):
        places = [
            part.index(words)
            for words in (
                *("You follow", "Manage your subscription", "Leave this incident", "Unsubscribe from all"),
                "Acme status",
            )
            if words != "Acme status"
        ]
        assert places == sorted(places)


def test_no_line_is_longer_than_mail_allows_whatever_is_put_in() -> None:
    page = make_page()
    components = tuple(make_component(page, name=f"Ünïcödé component {n} {'x' * 200}") for n in range(4))
    follow(page, wish=Wish(components=components))
    make_incident(page, body="word " * 3_000 + "x" * 2_000, components={components[0]: "major_outage"})
    for event in list(missing()):
        fan_out(event_id=event.pk)
    _lease, rows = leases.claim(channel="email", limit=5)
    content = Writer(rows, at=NOON).write(rows[0]).content
    assert max(len(line) for line in content.split(b"\r\n")) <= 200
    assert [line for line in content.split(b"\r\n\r\n", 1)[1].split(b"\r\n") if len(line) > 76] == []
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_a_huge_text_is_shortened_and_the_mail_stays_whole() -> None:
    page = make_page()
    follow(page)
    make_incident(page, body="\n\n".join(["A paragraph of ordinary length, told calmly. 情報"] * 480))
    (mail,) = mails(page)
    assert len(body(mail, "html").encode()) <= 25_000
    assert "The text goes on; the whole of it is on the page." in body(mail)
    assert "Unsubscribe from all" in body(mail, "html")


def test_a_long_title_is_cut_and_what_stands_around_it_kept() -> None:
    page = make_page()
    follow(page)
    incident = make_incident(page, title="Elevated error rates " * 12)
    incident.resolve(body="Fixed.", by="test", at=NOON + minutes(5))
    opened, resolved = mails(page)
    assert len(opened["Subject"]) <= 78
    assert resolved["Subject"].endswith("… (5 minutes)")
    assert len(resolved["Subject"]) <= 78


@pytest.mark.parametrize(
    "title", ["Störung: 情報 🚀", "a\r\nBcc: eve@example.com", "“quoted” — <b>&amp;</b>", "=?utf-8?q?x?="]
)
def test_any_title_arrives_as_one_subject_line(title: str) -> None:
    page = make_page()
    follow(page)
    incident = make_incident(page, title=title)
    (mail,) = mails(page)
    assert incident.title in mail["Subject"] or title.startswith("=?")
    assert mail["Bcc"] is None
    assert "<b>" not in body(mail, "html").replace("<body", "")


def test_times_come_in_the_page_s_zone_with_utc_in_brackets() -> None:
    page = make_page(time_zone="America/Los_Angeles")
    follow(page)
    make_incident(page, at=NOON - timedelta(hours=8))
    (mail,) = mails(page)
    assert "started Nov 20, 2026 - 20:00 PST (Nov 21, 04:00 UTC)" in body(mail)


def test_a_maintenance_names_its_window_duration_and_components() -> None:
    page = make_page(time_zone="Europe/Berlin")
    follow(page)
    make_maintenance(page, components=[make_component(page)])
    (mail,) = mails(page)
    assert mail["Subject"] == "Maintenance on Nov 22, 13:00 – 15:00 CET: Database upgrade"
    assert "Window: Nov 22, 13:00 – 15:00 CET\n        Nov 22, 12:00 – 14:00 UTC" in body(mail)
    assert "Duration: 2 hours" in body(mail)
    assert "Concerns: API" in body(mail)


def test_a_window_of_another_year_says_which() -> None:
    page = make_page()
    follow(page)
    starts_at = NOON + timedelta(days=40, hours=11)
    make_maintenance(page, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
    (mail,) = mails(page)
    assert mail["Subject"] == "Maintenance on Dec 31, 23:00 – Jan 1, 2027, 01:00 UTC: Database upgrade"


def test_a_postmortem_carries_its_summary_and_promises() -> None:
    page = make_page()
    follow(page)
    incident = make_incident(page, notify=False)
    incident.resolve(body="Fixed.", by="test", at=NOON + minutes(87), notify=False)
    postmortem = Postmortem.write(incident=incident, draft="## Summary\n\nA loop.\n\nMore.", by="test", at=NOON)
    ActionItem.add(postmortem=postmortem, text="Alarm on loops", by="test", at=NOON)
    ActionItem.add(postmortem=postmortem, text="Secret", by="test", at=NOON, is_public=False)
    postmortem.publish(by="test", at=NOON + timedelta(days=1))
    (mail,) = mails(page)
    assert mail["Subject"] == "Postmortem: Elevated error rates on the API"
    for words in ("A loop.", "Lasted 1 hour 27 minutes", "- Alarm on loops", "Read the postmortem"):
        assert words in body(mail)
    assert "Secret" not in body(mail) + body(mail, "html")


def test_x02_nothing_is_loaded_from_elsewhere_and_links_lead_to_the_page() -> None:
    page = make_page(host="status.acme.example")
    follow(page)
    make_incident(page)
    (mail,) = mails(page)
    addresses = re.findall(r'(?:src|href)="([^"]+)"', body(mail, "html"))
    assert {urlsplit(address).netloc for address in addresses} == {"status.acme.example"}
    assert "http://status.acme.example/unsubscribe/" in mail["List-Unsubscribe"]


def test_the_confirmation_says_what_is_agreed_to() -> None:
    page = make_page()
    request = ask(page, wish=Wish(components=(make_component(page),)))
    rows = list(Delivery.objects.all())
    mail = email.message_from_bytes(Writer(rows, at=NOON).write(rows[0]).content, policy=policy.default)
    assert mail["Subject"] == "Confirm your subscription to Acme status"
    assert f"http://testserver/subscribe/confirm/{request.token}" in body(mail)
    assert "You will hear about: API\nThe link works for 48 hours." in body(mail)
    assert "Did not ask? Ignore this; you will not hear from us." in body(mail)
    assert mail["List-Unsubscribe"] is None


def calendar_of(mail: EmailMessage) -> str:
    parts = [part for part in mail.iter_attachments() if part.get_content_type() == "text/calendar"]
    return "".join(str(part.get_content()) for part in parts)


def test_a_planned_window_can_be_taken_into_a_calendar_and_follows_what_becomes_of_it() -> None:
    page = make_page(time_zone="Europe/Berlin")
    follow(page)
    maintenance = make_maintenance(page)
    starts_at = NOON + timedelta(days=3)
    maintenance.move(starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), body="Later.", by="test", at=NOON)
    maintenance.cancel(body="Not needed.", by="test", at=NOON)
    planned, moved, cancelled = (calendar_of(mail) for mail in mails(page))
    assert "METHOD:PUBLISH" in planned
    assert f"UID:{maintenance.code}@maintenance" in planned
    assert "SUMMARY:Acme: Database upgrade" in planned
    assert f"UID:{maintenance.code}@maintenance" in moved
    assert "DTSTART:20261124T120000Z" in moved
    assert "STATUS:CANCELLED" in cancelled


def test_only_windows_come_with_a_calendar() -> None:
    page = make_page()
    follow(page)
    make_incident(page)
    (mail,) = mails(page)
    assert list(mail.iter_attachments()) == []


def test_the_legal_line_stands_between_the_ways_to_leave_and_the_page(settings: Any) -> None:
    settings.MAIL_LEGAL_LINE = "Acme Ltd, 1 Main Street <Town>"
    page = make_page()
    follow(page)
    make_incident(page)
    (mail,) = mails(page)
    assert "Acme Ltd, 1 Main Street <Town>\n\nAcme status" in body(mail)
    assert "Acme Ltd, 1 Main Street &lt;Town&gt;<br>" in body(mail, "html")


@pytest.mark.parametrize("sign", ["x", "é", "情", "👩‍🔬", "&", "=", "<b>"])
def test_x02_no_mail_is_larger_than_programs_show_whole(sign: str) -> None:
    page = make_page(name=(sign * 60)[:60])
    components = tuple(make_component(page, name=(f"{n}" + sign * 250)[:250]) for n in range(30))
    follow(page, wish=Wish(components=components))
    body_text = "\n\n".join([sign * 40 + " word" * 20] * 90)
    states = dict.fromkeys(components, "major_outage")
    incident = make_incident(page, title=(sign * 250)[:250], body=body_text, components=states)
    for phase in ("identified", "monitoring"):
        incident.post_update(body=body_text, by="test", at=NOON + minutes(5), phase=page.phase(phase))
    for event in list(missing()):
        fan_out(event_id=event.pk)
    rows = list(Delivery.objects.select_related("event"))
    writer = Writer(rows, at=NOON)
    assert len(rows) == 3
    assert max(len(writer.write(row).content) for row in rows) <= 25 * 1024


def test_a_reader_s_language_counts_where_our_words_exist_in_it() -> None:
    assert edition_language("de-AT", "en") == "de"
    assert edition_language("pt_BR", "en") == "pt-BR"
    assert edition_language("zh-CN", "en") == "zh-Hans"
    assert edition_language("zh-TW", "en") == "en"
    assert edition_language("", "de") == "de"
    assert edition_language("tlh", "xx") == "en"


def test_an_edition_is_made_once_for_all_who_share_language_and_zone() -> None:
    page = make_page()
    for number, (language, zone) in enumerate([("de", ""), ("de-AT", ""), ("en", ""), ("", "Asia/Tokyo")]):
        follow(page, email=f"reader{number}@example.com")
        Subscriber.objects.filter(address=f"reader{number}@example.com").update(language=language, time_zone=zone)
    make_incident(page)
    found = mails(page)
    assert [mail["Content-Language"] for mail in found] == ["de", "de", "en", "en"]
    assert ['lang="de"' in body(mail, "html") for mail in found] == [True, True, False, False]
    assert "JST" in body(found[3])


def test_a_correction_says_what_was_wrong_and_what_is_right() -> None:
    page = make_page()
    follow(page)
    incident = make_incident(page, body="Payments **fail** in Europe.")
    update = incident.updates.get()
    update.edit(body="Payments fail in Asia.", notify=True, by="test", at=NOON + minutes(5))
    _opened, correction = mails(page)
    assert correction["Subject"] == "Correction: Elevated error rates on the API"
    for part in (body(correction), body(correction, "html")):
        places = [part.index(words) for words in ("We wrote:", "Payments fail in Europe.", "Right is:", "in Asia.")]
        assert places == sorted(places)


def test_only_the_newest_update_is_corrected_by_mail_and_only_where_asked_for() -> None:
    page = make_page()
    follow(page)
    incident = make_incident(page)
    first = incident.updates.get()
    second = incident.post_update(body="Found it.", by="test", at=NOON + minutes(9), phase=page.phase("identified"))
    first.edit(body="Other words.", notify=True, by="test", at=NOON + minutes(10))
    second.edit(body="Found it!", by="test", at=NOON + minutes(11))
    assert [mail["Subject"].partition(":")[0] for mail in mails(page)] == ["Investigating", "Identified"]
