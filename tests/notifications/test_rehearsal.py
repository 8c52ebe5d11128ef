"""Rehearsal: what cannot be turned into a mail is not published."""

import pytest

from incidents.timeline.models import Event, Incident, Page, Update
from incidents.timeline.refusals import CannotBeRendered
from tests.build import NOON, make_incident, make_page, minutes

pytestmark = pytest.mark.django_db


def page_no_mail_can_name() -> Page:
    """Return a page whose name no header can hold; verbs refuse it, a row may still have it."""
    page = make_page()
    Page.objects.update(name="Acme\nBcc: eve@example.com")
    page.refresh_from_db()
    return page


def test_an_incident_that_cannot_be_mailed_is_not_opened() -> None:
    page = page_no_mail_can_name()
    with pytest.raises(CannotBeRendered) as caught:
        make_incident(page)
    assert caught.value.field == "body"
    assert not Incident.objects.exists()
    assert not Event.objects.filter(kind="incident.opened").exists()


def test_an_update_that_cannot_be_mailed_is_not_posted() -> None:
    page = make_page()
    incident = make_incident(page)
    Page.objects.update(name="Acme\nBcc: eve@example.com")
    incident = Incident.objects.get()
    with pytest.raises(CannotBeRendered):
        incident.post_update(body="More.", by="test", at=NOON + minutes(5))
    assert Update.objects.count() == 1


@pytest.mark.parametrize(
    "body", ["\x0b\x0c\x1c x", "\x1b[31mred\x1b[0m", "\ufffe x", "\u202e x", "\ud800 x", "x" * 25_000]
)
def test_odd_text_is_cleaned_and_can_be_mailed(body: str) -> None:
    assert make_incident(make_page(), title=f"Title {body[:50]}", body=body).pk
