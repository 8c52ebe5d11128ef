"""Six pages that between them show everything a reader may meet: the stages on which acceptance points are tried.

Each page answers at a host of its own below .localhost, which browsers take to be this machine.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from incidents.publishing.waking import held_back
from incidents.timeline.models import ActionItem, Component, Incident, Page, Postmortem, StatusChange
from tests.build import make_component, make_group, make_incident, make_maintenance, make_page, minutes
from tests.publishing.many import make_many

Cast = dict[str, Component]
TROUBLED = (
    (3, "partial_outage", 97),
    (9, "major_outage", 14),
    (10, "major_outage", 200),
    (21, "degraded_performance", 20),
    (33, "degraded_performance", 300),
    (44, "under_maintenance", 120),
    (60, "partial_outage", 25),
    (80, "major_outage", 45),
)
"""Days ago, state and minutes of what "API" went through: every state, hollow and filled, one day beside another."""


def quiet(page: Page, cast: Cast, at: datetime) -> None:
    """Nothing is wrong."""


def one_incident(page: Page, cast: Cast, at: datetime) -> None:
    """One incident is open, two components are affected and an update is promised."""
    incident = make_incident(
        page,
        at=at - minutes(20),
        title="Elevated error rates on the API",
        body="About one in twenty requests fails with `503`. We are looking for the cause.",
        components={cast["API"]: "partial_outage", cast["Webhooks"]: "degraded_performance"},
        next_update_due_at=at + minutes(30),
    )
    incident.post_update(
        body="A deployment at 11:52 UTC used up the connections of one database. We roll it back.",
        by="test",
        at=at - minutes(6),
        phase=page.phase("identified"),
        next_update_due_at=at + minutes(30),
    )


def three_incidents(page: Page, cast: Cast, at: datetime) -> None:
    """Three incidents are open in three phases."""
    one_incident(page, cast, at)
    slow = make_incident(
        page,
        at=at - minutes(95),
        title="Search answers slowly",
        body="Answers take three seconds instead of a tenth.",
        components={cast["Search"]: "degraded_performance"},
    )
    slow.post_update(
        body="We added machines and watch.", by="test", at=at - minutes(40), phase=page.phase("monitoring")
    )
    make_incident(
        page,
        at=at - minutes(4),
        title="Dashboard does not load in Europe",
        body="Nobody in Europe can sign in.",
        components={cast["Dashboard"]: "major_outage"},
    )


def two_incidents(page: Page, cast: Cast, at: datetime) -> None:
    """Two incidents are open: what the budgets of weight and speed are about."""
    one_incident(page, cast, at)
    search = {cast["Search"]: "degraded_performance"}
    make_incident(page, at=at - minutes(95), title="Search answers slowly", body="Three seconds.", components=search)


def maintenance(page: Page, cast: Cast, at: datetime) -> None:
    """One maintenance is under way, two are to come."""
    now_running = make_maintenance(
        page,
        at=at - timedelta(days=2),
        title="Database upgrade",
        body="Invoices can be read but not written for about 15 minutes.",
        starts_at=at - minutes(10),
        ends_at=at + minutes(110),
        components=[cast["Billing"]],
    )
    now_running.start(by="test", at=at - minutes(10))
    make_maintenance(page, at=at, title="Certificates change", starts_at=at + timedelta(days=3))
    make_maintenance(page, at=at, title="New switches", starts_at=at + timedelta(days=9), components=[cast["DNS"]])


def all_down(page: Page, cast: Cast, at: datetime) -> None:
    """Every component is in major outage."""
    make_incident(
        page,
        at=at - minutes(8),
        title="Nothing answers",
        body="Our data centre has lost its power. We are on the way.",
        components=dict.fromkeys(cast.values(), "major_outage"),
    )


def recovering(page: Page, cast: Cast, at: datetime) -> None:
    """Everything works again and the incident is still watched."""
    api = cast["API"]
    incident = make_incident(page, at=at - minutes(90), components={api: "partial_outage"})
    incident.post_update(
        body="A fix is in place and errors are gone.",
        by="test",
        at=at - minutes(12),
        phase=page.phase("monitoring"),
        components={api: "operational"},
    )


SCENES: dict[str, Callable[[Page, Cast, datetime], None]] = {
    "quiet": quiet,
    "one": one_incident,
    "three": three_incidents,
    "maintenance": maintenance,
    "down": all_down,
    "recovering": recovering,
}


BESIDE = {"two": two_incidents}
"""Further scenes, which are not among the six of P01 in docs/acceptance-public.md."""


def set_up(name: str, *, at: datetime, count: int = 12, language: str = "en", host: str | None = None) -> Page:
    """Return a page on which a scene plays, with so many components (12 at least) and a year of history.

    Without a `host` it gets one of its own; "" is for the only page of an installation.
    """
    with held_back():
        page = make_page(
            name="Acme",
            at=at - timedelta(days=400),
            host=f"{name}-{count}-{language}.localhost" if host is None else host,
        )
        if language != page.language:
            page.edit(language=language, by="test", at=at)
        cast = cast_of(page)
        if count > len(cast):
            make_many(page, count - len(cast), of_each=20)
        live_through(page, cast, at)
        (SCENES | BESIDE)[name](page, cast, at)
    page.refresh_from_db()
    return page


def cast_of(page: Page) -> Cast:
    """Return the twelve components every scene has, by name."""
    core, delivery = make_group(page, name="Core platform"), make_group(page, name="Delivery")
    groups = {
        core: ("API", "Dashboard", "Search", "Sign-in", "Billing"),
        delivery: ("Webhooks", "Email", "Exports", "Mobile push"),
        None: ("Website", "DNS", "Documentation"),
    }
    described = {"API": "Requests of programs", "Webhooks": "Messages to your servers"}
    return {
        name: make_component(page, name=name, group=group, description=described.get(name, ""))
        for group, names in groups.items()
        for name in names
    }


def live_through(page: Page, cast: Cast, at: datetime) -> None:
    """Give the page a past: days of every kind on "API", two incidents, one of them with a postmortem."""
    for days, state, length in TROUBLED:
        began = noon_of(at) - timedelta(days=days)
        for moment, old, new in (
            (began, "operational", state),
            (began + minutes(length), state, "operational"),
        ):
            StatusChange.objects.create(component=cast["API"], at=moment, old=old, new=new)
    with_postmortem(page, cast, noon_of(at) - timedelta(days=3))
    began = noon_of(at) - timedelta(days=13)
    late = make_incident(
        page, at=began, title="Delayed webhooks", components={cast["Webhooks"]: "degraded_performance"}
    )
    late.resolve(body="Deliveries are on time again.", by="test", at=began + minutes(48))


def noon_of(at: datetime) -> datetime:
    """Return noon of a day in UTC, so that what lasts some hours stays on its day."""
    return at.replace(hour=12, minute=0, second=0, microsecond=0)


def with_postmortem(page: Page, cast: Cast, began: datetime) -> Incident:
    """Return an incident that went back a phase, was edited, and has a published postmortem with promises."""
    incident = make_incident(
        page,
        at=began,
        title="Applications not active, preventing API calls",
        body="We receive reports of refused calls.\n\n| Region | Refused |\n|---|---|\n| Europe | 31% |\n\n`403`",
        components={cast["API"]: "partial_outage", cast["Dashboard"]: "degraded_performance"},
        impact_started_at=began - minutes(30),
        detected_by="customer",
    )
    for offset, slug in ((20, "identified"), (40, "monitoring"), (50, "identified"), (60, "monitoring")):
        incident.post_update(body="We proceed.", by="test", at=began + minutes(offset), phase=page.phase(slug))
    incident.resolve(body="All applications are active again.", by="test", at=began + minutes(97))
    first = incident.updates.order_by("posted_at").first()
    assert first
    first.edit(by="test", at=began + minutes(200), body=first.body + "\n\nOnly applications of last year.")
    told = began + timedelta(days=1)
    report = Postmortem.write(incident=incident, draft=REPORT, by="test", at=told)
    report.publish(by="test", at=told)
    for text, owner, due in (("Guard the script", "Billing", date(2026, 1, 1)), ("Page the team", "", None)):
        ActionItem.add(postmortem=report, text=text, owner=owner, due_on=due, by="test", at=told)
    return incident


REPORT = """## Summary

A script that was meant for one customer ran against all of them and set 31% of applications to inactive.

## What happened

The script had no limit. We noticed when customers wrote to us, two hours later.

## What we are changing

- A script says how many rows it will touch and asks.
- An alarm counts active applications.
"""


def addresses(page: Page) -> dict[str, str]:
    """Return the path of every kind of page a reader may open, by what it is."""
    ended = page.incidents.get(title="Applications not active, preventing API calls")
    edited = ended.updates.order_by("posted_at")[0]
    api = page.components.get(name="API")
    assert api.group
    found = {
        "index": "/",
        "incident": f"/incidents/{ended.code}",
        "edits": f"/incidents/{ended.code}/updates/{edited.code}/edits",
        "history": "/history",
        "calendar": "/history/calendar",
        "search": "/history/search?q=the&kind=incident",
        "promises": "/promises",
        "uptime": "/uptime",
        "component": f"/c/{api.code}",
        "group": f"/g/{api.group.code}",
        "components": "/components?q=a",
        "subscribe": "/subscribe",
        "missing": "/nothing-here",
    }
    if running := page.incidents.filter(resolved_at=None, kind="incident").order_by("pk").first():
        found["open incident"] = f"/incidents/{running.code}"
    if window := page.incidents.filter(kind="maintenance").order_by("pk").first():
        found["maintenance"] = f"/incidents/{window.code}"
    return found
