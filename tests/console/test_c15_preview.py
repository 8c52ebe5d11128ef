"""C15: the preview is what readers get, byte for byte."""

import re

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from incidents.console.forms.update import ComposeForm
from incidents.console.preview import preview_of_update
from incidents.timeline.models import Component, Incident, Page
from tests.build import NOON, make_component, make_incident, make_page, minutes
from tests.publishing.making import made

pytestmark = pytest.mark.django_db

TEXT = """We found the **cause**: a full disk on `db-3`.

- {components} recover since {start}
- next update by {next_update}

[Details](https://example.com/x?a=1&b=2) <script>alert(1)</script>"""
ANCHOR = re.compile(r' <a class="anchor".*?</a>', re.DOTALL)
ARTICLE = re.compile(r'<article class="update.*?</article>', re.DOTALL)


def article(html: str, code: str) -> str:
    """Return the update with `code` in a page, with its code left out and without the link to it."""
    found = next(one for one in ARTICLE.findall(html) if f'id="update-{code}"' in one)
    return ANCHOR.sub("", found).replace(f"update-{code}", "update-")


@pytest.fixture
def page() -> Page:
    return make_page(time_zone="Europe/Berlin")


@pytest.fixture
def api(page: Page) -> Component:
    return make_component(page)


@pytest.fixture
def incident(page: Page, api: Component) -> Incident:
    return make_incident(page, at=NOON - minutes(20), components={api: "partial_outage"})


@pytest.mark.parametrize("phase", ["investigating", "identified", "monitoring", "resolved"])
def test_c15_the_preview_equals_what_is_published(page: Page, incident: Incident, api: Component, phase: str) -> None:
    webhooks = make_component(page, name="Webhooks")
    typed = QueryDict(mutable=True)
    states = {f"state_{api.code}": "operational", f"state_{webhooks.code}": "degraded_performance"}
    typed.update({"body": TEXT, "phase": phase, "states_for": phase, "promise": "30", **states})
    form = ComposeForm(typed, incident=incident)
    assert form.is_valid(), form.errors
    said = form.said(at=NOON)
    row = preview_of_update(
        page=page,
        incident=incident,
        body=said["body"],
        phase=said["phase"],
        states=said["components"],
        posted_at=NOON,
        at=NOON,
        facts=form.facts(at=NOON),
    )
    previewed = article(render_to_string("public/_update.html", {"row": row}), "preview")
    update = incident.post_update(by="test", at=NOON, **said)
    published = article(made(page, "incident", incident.code, at=NOON).decode(), update.code)
    assert previewed == published
    assert "API and Webhooks recover since" in published
    assert "<script" not in published
