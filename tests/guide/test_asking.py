"""Three hundred pasted errors while an incident is open: the right answer first, "this is us" only where it is."""

import pytest
from django.apps import apps

from incidents.guide.asking import ask
from incidents.guide.models import Entry
from incidents.timeline.models import Component, Page
from tests.build import NOON, make_incident, minutes
from tests.guide.making import make_guide
from tests.guide.pasted import pasted

pytestmark = pytest.mark.django_db

OURS = "403-this-application-has-been-disabled"


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in apps.get_app_config("incidents").get_models()}


def test_hardly_any_error_of_others_is_called_ours_and_nothing_is_kept(page: Page, api: Component) -> None:
    entries = make_guide(page)
    make_incident(page, components={api: "partial_outage"}, body="Some applications are inactive.")
    slugs = dict(Entry.objects.values_list("pk", "slug"))
    before, right, falsely, total = counts(), 0, [], 0
    for one in pasted([entry.contents for entry in entries]):
        answer = ask(page, one.text, at=NOON + minutes(5))
        total += 1
        right += slugs.get(answer.entry or 0, "") == one.wanted and bool(answer.incident) == (one.wanted == OURS)
        if answer.incident and one.wanted != OURS:
            falsely.append(one.text)
    assert total == 300
    assert right / total >= 0.95
    assert len(falsely) / total <= 0.01, falsely
    assert counts() == before
