"""Acceptance 6, C07, C05, C08: texts that want to run are text, in page, console, mail, feeds, calendar and frame."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.urls import reverse

from incidents.lib.clock import now
from incidents.notifications.fanout import fan_out, missing
from incidents.notifications.models import Delivery
from incidents.notifications.writing import Writer
from incidents.publishing.facts.documents import NothingThere
from incidents.publishing.readings import Readings
from incidents.staff.models import ApiToken, Invitation
from incidents.timeline.models import ActionItem, Component, Incident, IncidentTemplate, Page, Postmortem
from tests.build import (
    make_component,
    make_group,
    make_incident,
    make_maintenance,
    make_page,
    make_staff,
    make_subscriber,
)
from tests.console.proving import prove
from tests.hostile import SCRIPTS, TEMPLATES, living_parts
from tests.publishing.making import all_documents

EVERYTHING = "\n\n".join([*SCRIPTS, *TEMPLATES])
SHORT = [payload for payload in [*SCRIPTS, *TEMPLATES] if len(payload) <= 80]


@pytest.fixture
def page(db: None) -> Page:
    """A page on which every text that staff write wants to run."""
    at = now()
    page = make_page(name=f"Acme {SCRIPTS[0]}", at=at - timedelta(days=10))
    group = make_group(page, name=SCRIPTS[6])
    api = make_component(page, name=SCRIPTS[8], description=EVERYTHING[:1_900], group=group)
    parts = [make_component(page, name=f"{payload} {place}") for place, payload in enumerate(SHORT[:12])]
    for payload in SHORT:
        make_incident(page, at=at - timedelta(days=2), title=payload, body=payload).resolve(
            body=payload, by=payload, at=at - timedelta(days=1)
        )
    incident = make_incident(
        page, at=at - timedelta(hours=2), title=SCRIPTS[4], body=EVERYTHING, components={api: "major_outage"}
    )
    incident.post_update(body=EVERYTHING, by=SCRIPTS[0], at=at).edit(
        body=f"{EVERYTHING} And more.", by=SCRIPTS[1], at=at
    )
    report = Postmortem.write(incident=incident, draft=EVERYTHING, by="test", at=at)
    ActionItem.add(postmortem=report, text=SCRIPTS[3], owner=SCRIPTS[0], by="test", at=at, is_public=True)
    make_maintenance(page, at=at, title=SCRIPTS[10], body=EVERYTHING, components=parts)
    IncidentTemplate.keep(page=page, name=SCRIPTS[7], title=SCRIPTS[8], body=SCRIPTS[10], by="test", at=at)
    return page


@pytest.fixture
def ada(page: Page) -> Client:
    user = make_staff()
    client = Client()
    client.force_login(user)
    prove(client, user)
    invited = '"<script>alert(1)</script>"@example.com'
    Invitation.make(email=invited, page=page, role="viewer", by=user, at=now())
    ApiToken.make(page=page, name=SCRIPTS[0], scopes=["page:read"], expires_at=None, by=user, at=now())
    return client


def published(page: Page) -> Iterator[tuple[str, str, str]]:
    """Yield (path, kind, text) of every public document."""
    page.refresh_from_db()
    readings = Readings(page, seen_at=now())
    for recipe in all_documents(readings):
        try:
            body = recipe.family.make(readings, recipe.subject)
        except NothingThere:
            # Such as edits within the first minutes, of which nothing is told.
            continue
        yield recipe.path, recipe.family.content_type.partition(";")[0], body.decode("utf-8", "replace")


def parsed(xml: str) -> ET.Element:
    return ET.fromstring(xml)  # noqa: S314 - written by ourselves just now


def test_c07_nothing_published_is_alive(page: Page) -> None:
    kinds = set()
    for path, kind, body in published(page):
        kinds.add(kind)
        if kind in ("text/html", "image/svg+xml"):
            assert living_parts(body) == [], path
        elif kind == "application/json":
            json.loads(body)
    assert {"text/html", "application/json", "application/atom+xml", "image/svg+xml"} <= kinds


def test_c08_feeds_are_well_formed_and_what_they_carry_is_inert(page: Page) -> None:
    feeds = [(path, body) for path, kind, body in published(page) if kind.endswith(("atom+xml", "rss+xml"))]
    assert feeds
    for path, body in feeds:
        feed = parsed(body)
        # Titles, and the description of a channel, are plain text; these are read as HTML.
        texts = [element for element in feed.iter() if element.get("type") == "html"]
        for element in [*texts, *feed.findall("channel/item/description")]:
            assert living_parts(element.text or "") == [], path


def test_c07_no_mail_is_alive(page: Page) -> None:
    make_subscriber(page, at=now() - timedelta(days=5))
    for event in list(missing()):
        fan_out(event_id=event.pk)
    rows = list(Delivery.objects.exclude(event=None).select_related("event").order_by("pk"))
    assert rows
    writer = Writer(rows, at=now())
    for row in rows:
        mail = message_from_bytes(writer.write(row).content, policy=policy.default)
        html = mail.get_body(preferencelist=("html",))  # type: ignore[arg-type]  # one kind is a fine preference list
        assert html is not None
        assert [found for found in living_parts(html.get_content()) if not found.startswith("meta")] == []
        assert "\n" not in str(mail["Subject"])


def test_c07_no_screen_of_the_console_is_alive(page: Page, ada: Client) -> None:
    for address in screens(page):
        answer = ada.get(address)
        assert answer.status_code == 200, address
        assert living_parts(answer.content.decode()) == [], address


def screens(page: Page) -> list[str]:
    """Return the screens that show what people wrote."""
    incident = Incident.objects.filter(page=page).open().incidents().get()
    component = Component.objects.filter(page=page).earliest("pk")
    plain = ["now", "more", "incidents", "incident_new", "maintenances", "components", "templates", "history", "people"]
    return [
        *(reverse(f"console:{name}") for name in [*plain, "tokens", "deliveries", "page", "subscribers"]),
        *(reverse(f"console:{name}", args=[incident.code]) for name in ("incident", "incident_edit", "postmortem")),
        reverse("console:component", args=[component.code]),
        reverse("console:template", args=[IncidentTemplate.objects.get().pk]),
        *(
            f"/console/history?q={payload}"
            for payload in ("%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "%7B%7B7*7%7D%7D")
        ),
    ]


@pytest.mark.parametrize("address", ["incidents/preview", "templates/preview", "maintenances/preview"])
def test_c27_previews_show_text_and_run_nothing(page: Page, ada: Client, address: str) -> None:
    answer = ada.post(f"/console/{address}", {"title": SCRIPTS[0], "body": EVERYTHING, "name": "x"})
    assert living_parts(answer.content.decode()) == []


def test_c05_c04_c21_c25_templates_put_nothing_of_ours_into_a_text(page: Page, ada: Client) -> None:
    incident = Incident.objects.filter(page=page).open().incidents().get()
    shown = ada.get(f"/console/incidents/{incident.code}").content.decode()
    public = incident.updates.newest_first()[0].html
    for html in (shown, public):
        assert "49" not in re.sub(r"[\w.-]*49[\w.-]+|[\w.-]+49[\w.-]*|&#\d+;", "", words_of(html))
    for payload in ("{{7*7}}", "{{ settings.SECRET_KEY }}", "${APP_KEY}", "{% debug %}"):
        assert payload in public


def words_of(html: str) -> str:
    """Return what of a page is read."""
    return re.sub(r"<[^>]*>", " ", html)


def test_c27_the_html_of_a_mail_is_shown_in_a_frame_that_runs_nothing(page: Page, ada: Client) -> None:
    make_subscriber(page, at=now() - timedelta(days=5))
    event = page.events.filter(notify=True).latest("seq")
    fan_out(event_id=event.pk)
    letter = Delivery.objects.latest("pk")
    shown = ada.get(f"/console/outbox/{letter.pk}").content.decode()
    if "<iframe" in shown:
        assert re.search(r"<iframe[^>]* sandbox=\"\"| sandbox ", shown)
        assert "script-src" not in ada.get(f"/console/outbox/{letter.pk}/html")["Content-Security-Policy"]


def test_the_frame_for_other_sites_is_inert(page: Page) -> None:
    for address in ("/embed/frame", "/embed/banner"):
        answer = Client().get(address)
        assert answer.status_code == 200
        assert living_parts(answer.content.decode()) == []
