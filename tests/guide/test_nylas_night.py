"""The evening of April 4, 2023 once more: what is answered before, during and after the incident (acceptance 2)."""

from datetime import timedelta
from typing import Any

import pytest

from incidents.exchange.demo import nylas
from incidents.guide.asking import ask
from incidents.timeline.models import Component, Incident, Page
from tests.build import make_component, make_page
from tests.guide.making import RESPONSE, make_entry

pytestmark = pytest.mark.django_db

SAID = [
    ("20:21", "investigating", "We are receiving reports of applications being inactive. We are looking into it."),
    ("20:45", "reactivating", "We are re-activating the applications that have been wrongly disabled."),
    (
        "21:05",
        "monitoring",
        "We have re-activated all wrongly disabled applications. All calls should succeed now.",
    ),
    ("21:11", "reactivating", "We are seeing some applications still being disabled. We are re-enabling them."),
    ("21:16", "monitoring", "We confirm all applications have now been properly re-activated."),
    ("21:58", "resolved", "This incident has been resolved."),
]


@pytest.fixture
def page(db: None) -> Page:
    return make_page(name="Nylas", at=nylas.moment(1, "09:00"), time_zone=nylas.ZONE)


@pytest.fixture
def api(page: Page) -> Component:
    return make_component(page, name="API")


def test_the_answer_follows_the_night(page: Page, api: Component) -> None:
    entry = make_entry(page, at=nylas.moment(3, "09:00"), components=("API",))
    before = ask(page, RESPONSE, at=nylas.moment(4, "20:20"))
    assert (before.incident, before.entry, before.past) == (None, entry.pk, ())

    incident: Incident | None = None
    for clock, phase, body in SAID:
        at = nylas.moment(4, clock)
        state = "partial_outage" if phase in ("investigating", "reactivating") else "operational"
        said: dict[str, Any] = {"body": body, "phase": page.phase(phase), "by": "ada", "at": at}
        if incident is None:
            incident = Incident.open(page=page, title=nylas.TITLE, components={api: state}, **said)
        elif phase == "resolved":
            incident.resolve(body=body, by="ada", at=at)
        else:
            incident.post_update(components={api: state}, **said)
        told = ask(page, RESPONSE, at=at + timedelta(seconds=30))
        if phase != "resolved":
            assert (told.incident, told.entry, told.past) == (incident.pk, entry.pk, ()), clock

    assert incident is not None
    after = ask(page, RESPONSE, at=nylas.moment(4, "22:30"))
    assert (after.incident, after.entry, after.past) == (None, entry.pk, (incident.pk,))
    later = ask(page, RESPONSE, at=nylas.moment(4, "22:30") + timedelta(days=91))
    assert (later.entry, later.past) == (entry.pk, ())


def test_other_errors_of_that_night_are_not_called_ours(page: Page, api: Component) -> None:
    make_entry(page, at=nylas.moment(3, "09:00"), components=("API",))
    other = make_entry(page, at=nylas.moment(3, "09:00"), title="Unauthorized", messages=(), sentence="Sign in again.")
    Incident.open(
        page=page,
        title=nylas.TITLE,
        body=SAID[0][2],
        components={api: "partial_outage"},
        by="ada",
        at=nylas.moment(4, "20:21"),
    )
    for text, wanted in (("403 - Unauthorized", other.pk), ("403 Resource not accessible by integration", None)):
        told = ask(page, text, at=nylas.moment(4, "20:30"))
        assert (told.incident, told.entry) == (None, wanted), text
