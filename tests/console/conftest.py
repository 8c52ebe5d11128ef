"""The cast at the door of the console: staff Ada and owner Olga signed in, page Acme with API and Web."""

from datetime import timedelta

import pytest
from django.test import Client

from incidents.lib.clock import now
from incidents.timeline.models import Component, Page
from tests.build import make_component, make_member, make_page, make_staff
from tests.console.proving import prove


@pytest.fixture
def page(db: None) -> Page:
    return make_page(at=now() - timedelta(days=100))


@pytest.fixture
def api(page: Page) -> Component:
    return make_component(page)


@pytest.fixture
def ada(db: None) -> Client:
    client = Client()
    client.force_login(make_staff())
    return client


@pytest.fixture
def olga(page: Page) -> Client:
    """An owner of the page, and of nothing else."""
    user = make_member(page, "owner", name="olga")
    client = Client()
    client.force_login(user)
    prove(client, user)
    return client
