"""A page with an API, and the captured reference page where it lies beside the checkout."""

from pathlib import Path

import pytest
from django.conf import settings

from incidents.timeline.models import Component, Page
from tests.build import make_component, make_page


@pytest.fixture
def page(db: None) -> Page:
    return make_page()


@pytest.fixture
def api(page: Page) -> Component:
    return make_component(page)


@pytest.fixture
def captured() -> str:
    """The reference page of 400-499 responses, as text."""
    file = Path(settings.BASE_DIR).parent / "shared" / "data" / "nylas" / "400-499-responses.txt"
    if not file.is_file():
        pytest.skip("the captured page ../shared/data/nylas/400-499-responses.txt is not beside the checkout")
    return file.read_text()
