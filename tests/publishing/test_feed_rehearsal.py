"""Rehearsal: what no feed can hold is not posted."""

import pytest

from incidents.timeline.models import Incident, Update
from incidents.timeline.refusals import CannotBeRendered
from tests.build import NOON, make_incident, make_page, minutes

pytestmark = pytest.mark.django_db


def test_an_update_no_feed_can_hold_is_not_posted() -> None:
    incident = make_incident(make_page())
    # A title that came in before titles were cleaned: mail escapes it, XML 1.0 has no way to.
    Incident.objects.update(title="Escape \x1b[31m")
    with pytest.raises(CannotBeRendered) as caught:
        Incident.objects.get().post_update(body="More.", by="test", at=NOON + minutes(5))
    assert caught.value.sentence
    assert Update.objects.count() == 1
    assert incident.page.events.filter(kind="incident.updated").count() == 0
