"""A page with one of everything, and the address of every screen of the console that shows it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.urls import URLPattern, reverse

from incidents.console import urls
from incidents.console.duties import FOR_PROGRAMS, OPEN_TO_ALL
from incidents.console.routing import ByMethod
from incidents.guide.models import UnmatchedText
from incidents.lib.clock import now
from incidents.notifications.models import Delivery
from incidents.staff.models import ApiToken, Invitation, Membership
from incidents.subscriptions.lists.taking_over import look_at
from incidents.subscriptions.models import Subscriber, SubscriberImport
from incidents.timeline.models import (
    ActionItem,
    Component,
    Freeze,
    FreezeKind,
    HeldPost,
    Incident,
    IncidentTemplate,
    Page,
    Postmortem,
)
from tests.build import (
    make_component,
    make_group,
    make_incident,
    make_maintenance,
    make_member,
    make_page,
    make_subscriber,
    minutes,
)
from tests.guide.making import make_entry
from tests.notifications.delivered import leave, told, update_of

DOWNLOADS = {"scorecard_csv", "update_export", "history_export", "entries_markdown", "entries_yaml"}
NO_SCREENS = frozenset({*DOWNLOADS, "look_style", "letter_html"}) | FOR_PROGRAMS
"""Addresses that answer GET with something else than a screen of ours."""

IN_PLACE = frozenset({"update_figures", "update_live", "presence", "incident_first", "search"}) | OPEN_TO_ALL
"""Addresses that answer with a part of a screen, with the way to one, or to somebody who is not signed in yet."""

ACCOUNT = ("password", "security", "app", "passkeys", "passkeys/new", "sessions", "again")
DOORS = ("/console/sign-in", "/console/account/forgotten")
"""Screens for people who are not signed in; `Site.doors` has one more."""


@dataclass(frozen=True)
class Site:
    """What stands on the page."""

    page: Page
    further: list[str]
    """Screens that look otherwise with something in their address, and those of one's own account."""
    doors: list[str]
    known: dict[str, dict[str, Any]]
    """For each route with parts in its address: what they are."""


def furnish(ada: User) -> Site:
    """Return a page on which every screen has something to show; `ada` works on it."""
    page = make_page(at=now() - timedelta(days=100))
    page.edit(postmortem_due_days=3, by="test", at=page.created_at)
    group = make_group(page)
    api = make_component(page, group=group)
    web = make_component(page, name="A part with quite a long name for a phone", group=group)
    template = a_template(page, api)
    incident, event = told(page, readers=8, at=now() - minutes(18))
    update = incident.post_update(
        body="Some calls fail.",
        components={api: "partial_outage"},
        next_update_due_at=now() - minutes(2),
        by=ada,
        at=now() - minutes(12),
    )
    leave(event, "sent", "sent", "failed", "bounced", "retrying", "queued", "superseded", last_answer=ANSWER)
    web.set_status("degraded_performance", by="test", at=now() - minutes(40))
    window = make_maintenance(page, at=now(), components=[web], starts_at=now() + timedelta(hours=5))
    postmortem, action = a_postmortem(page, api, ada)
    suspicions(page, api, web)
    held = held_post(page, ada)
    Freeze.begin(
        page=page, kind=FreezeKind.MAIL, reason="A drill", ends_at=now() + timedelta(hours=1), by=ada, at=now()
    )
    subscriber = subscribers(page)
    bob = make_member(page, "responder", components=[api])
    _invitation, secret = Invitation.make(email="new@example.com", page=page, role="editor", by=ada, at=now())
    ApiToken.make(page=page, name="Audit", scopes=["audit:read"], expires_at=None, by=ada, at=now())
    listed = uploaded(page, b"name,email\nx,new@example.com\ny,bad\n")
    uploaded(page, b"name,email,email\nx,new@example.com,\ny,left@example.com,\n")
    UnmatchedText.note(page=page, masked="418 I'm a teapot", words=("teapot",), code="418", at=now())
    first, bad_day = update_of(event), postmortem.incident
    known: list[tuple[str, dict[str, Any]]] = [
        ("incident incident_edit", {"code": incident.code}),
        ("incident_discard", {"code": Incident.objects.get(title="Maybe").code}),
        ("update_edit update_remove", {"code": incident.code, "update": update.code}),
        ("update_deliveries", {"code": incident.code, "update": first.code}),
        ("postmortem", {"code": bad_day.code}),
        ("action", {"code": bad_day.code, "number": action.pk}),
        ("held", {"number": held.pk}),
        ("window arrangement", {"code": window.code}),
        ("maintenance_step", {"code": window.code, "name": "cancel"}),
        ("component component_remove", {"code": api.code}),
        ("group group_remove", {"code": group.code}),
        ("template template_remove", {"number": template.pk}),
        ("import", {"number": listed.pk}),
        ("subscriber subscriber_remove subscriber_erase", {"code": subscriber.code}),
        ("delivery_channel", {"channel": "email"}),
        ("member member_end", {"number": Membership.objects.get(user=bob).pk}),
        ("entry entry_remove", {"code": make_entry(page, at=now()).code}),
        ("letter", {"number": Delivery.objects.filter(page=page).latest("pk").pk}),
    ]
    further = [
        f"/console/incidents/new?template={template.pk}",
        f"/console/incidents/{incident.code}?phase=resolved",
        f"/console/incidents/{window.code}",
        f"/console/incidents/{incident.code}/updates/{first.code}/deliveries?state=failed",
        "/console/subscribers?state=left&q=zz",
        *(f"/console/account/{name}" for name in ACCOUNT),
        *(f"/console/subscribers/{one.code}" for one in page.subscribers.exclude(state="active")),
        *(f"/console/subscribers/imports/{one.pk}" for one in SubscriberImport.objects.exclude(pk=listed.pk)),
    ]
    return Site(
        page,
        further,
        [*DOORS, f"/console/invitation/{secret}"],
        {name: parts for names, parts in known for name in names.split()},
    )


ANSWER = "The mailbox is full: 452 4.2.2 Over quota"


def subscribers(page: Page) -> Subscriber:
    """Return somebody with a long address; somebody left, somebody's mailbox is gone."""
    make_subscriber(page, email="left@example.com").leave(at=now())
    make_subscriber(page, email="dead@example.com").disable(reason="550 5.1.1 No such user here", at=now())
    return make_subscriber(page, email="somebody.with.a.long.name@subdomain.of.example.com")


def uploaded(page: Page, content: bytes) -> SubscriberImport:
    """Return an uploaded list that was looked at; one with two columns of addresses asks which it is."""
    return look_at(page=page, file_name="list.csv", content=content, evidence="Form", by="ada", at=now())


def a_template(page: Page, api: Component) -> IncidentTemplate:
    return IncidentTemplate.keep(
        page=page,
        name="API errors",
        title="Elevated error rates on the API",
        body="Some requests fail.",
        components={api: "partial_outage"},
        by="test",
        at=page.created_at,
    )


def a_postmortem(page: Page, api: Component, ada: User) -> tuple[Postmortem, ActionItem]:
    """Return a draft of an overdue postmortem with an overdue promise."""
    began = now() - timedelta(days=9)
    ended = make_incident(page, at=began, title="Bad day", components={api: "major_outage"})
    ended.resolve(body="Over.", by=ada, at=began + minutes(95))
    report = Postmortem.write(incident=ended, draft="## Summary\n\nWords.", by=ada, at=began + timedelta(days=1))
    late = page.today(at=now()) - timedelta(days=1)
    action = ActionItem.add(postmortem=report, text="Add an alarm", owner="Ada", due_on=late, by=ada, at=now())
    return report, action


def suspicions(page: Page, *components: Component) -> None:
    """Leave a suspicion, a dismissed one and a draft."""
    for title, visibility in (("Slow answers of the API", "suspected"), ("Noise", "suspected"), ("Maybe", "draft")):
        Incident.prepare(
            page=page, title=title, visibility=visibility, components=components, by="monitoring", at=now() - minutes(3)
        )
    noise = Incident.objects.get(title="Noise")
    Incident.objects.filter(pk=noise.pk).update(visibility="dismissed", updated_at=now())


def held_post(page: Page, ada: User) -> HeldPost:
    """Return a report that waits for a second person, so that it stays held however long a test takes."""
    return HeldPost.hold(
        page=page,
        deed="report",
        arguments={"title": "Exports are late", "body": "Exports wait.", "notify": True},
        request_key="held",
        asks=True,
        recipients=8,
        by=ada,
        at=now(),
    )


def screens(site: Site) -> Iterator[tuple[str, str]]:
    """Yield the name and the address of every screen; a new route with parts in its address needs a line above."""
    for pattern in urls.urlpatterns:
        if not isinstance(pattern, URLPattern) or not _has_a_screen(pattern):
            continue
        name = str(pattern.name)
        parts = site.known.get(name, {})
        missing = set(pattern.pattern.converters) - set(parts)
        assert not missing, f"tests/console/furnished.py does not know where {name} is: {missing}"
        yield name, reverse(f"console:{name}", kwargs=parts)
    yield from ((address, address) for address in site.further)


def _has_a_screen(pattern: URLPattern) -> bool:
    view = pattern.callback
    return isinstance(view, ByMethod) and view.get is not None and pattern.name not in NO_SCREENS | IN_PLACE
