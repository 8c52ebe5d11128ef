"""A mail carries the logo of its page, where readers can fetch it."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from incidents.notifications.mail.logo import logo_of
from incidents.notifications.mail.rendering import Marks, render_story
from incidents.notifications.mail.telling import story_of
from incidents.timeline.models import Page, PagePicture
from tests.build import NOON, a_logo, make_incident, make_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> Page:
    page = make_page()
    PagePicture.put(page=page, place="logo", upload=a_logo(width=400, height=100), by="ada", at=NOON)
    return page


def test_the_logo_stands_over_a_mail_and_its_address_answers(page: Page, client: Client) -> None:
    event = make_incident(page).page.events.latest("seq")
    html = render_story(story_of(event, language="en", zone=page.zone), Marks.fresh()).html
    logo = logo_of(page)
    assert logo is not None
    assert (logo.width, logo.height, logo.alt) == (160, 40, "Acme")
    assert f'<img src="{logo.address}" width="160" height="40" alt="Acme"' in html
    answer = client.get(urlsplit(logo.address).path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")


def test_a_page_without_logo_or_not_public_has_none(page: Page) -> None:
    assert logo_of(make_page(name="Other", host="other.example")) is None
    page.restrict(access="sign_in", by="ada", at=NOON)
    assert logo_of(page) is None
