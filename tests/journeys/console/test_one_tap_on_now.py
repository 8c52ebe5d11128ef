"""Confirming or dismissing a suspicion is one tap, and taking it back is another."""

import re
from typing import Any

import pytest

from incidents.lib.clock import now
from incidents.timeline.models import Component, Incident, Page
from tests.build import minutes
from tests.journeys.console.conftest import ABOVE_THE_KEYBOARD, DESK, PHONE, Opens

WAYS = [(PHONE, True), (ABOVE_THE_KEYBOARD, True), (DESK, True), (PHONE, False)]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def suspicion(page: Page, api: Component) -> Incident:
    fields: dict[str, Any] = {"visibility": "suspected", "components": [api], "by": "monitoring"}
    return Incident.prepare(page=page, title="Slow answers", at=now() - minutes(3), **fields)


@pytest.mark.parametrize(("window", "has_script"), WAYS)
def test_confirming_is_one_action(opens: Opens, window: dict[str, int], suspicion: Incident, has_script: bool) -> None:
    ada = opens(window=window, java_script_enabled=has_script)
    ada.tab.goto(f"{ada.address}/console/")
    ada.actions += 1
    ada.tab.get_by_role("button", name=re.compile("^Confirm")).click()
    ada.tab.wait_for_url(f"**/console/incidents/{suspicion.code}")
    assert ada.actions == 1
    suspicion.refresh_from_db()
    assert suspicion.is_public
    assert "We see signs of a problem" in ada.public(f"/incidents/{suspicion.code}")


@pytest.mark.parametrize(("window", "has_script"), WAYS)
def test_dismissing_is_one_action_and_so_is_taking_it_back(
    opens: Opens, window: dict[str, int], suspicion: Incident, has_script: bool
) -> None:
    ada = opens(window=window, java_script_enabled=has_script)
    ada.tab.goto(f"{ada.address}/console/")
    ada.actions += 1
    ada.tab.get_by_role("button", name=re.compile("^Dismiss")).click()
    ada.tab.get_by_role("button", name=re.compile("^Undo")).wait_for()
    suspicion.refresh_from_db()
    assert (ada.actions, suspicion.visibility) == (1, "dismissed")
    ada.tab.get_by_role("button", name=re.compile("^Undo")).click()
    ada.tab.get_by_role("button", name=re.compile("^Confirm")).wait_for()
    suspicion.refresh_from_db()
    assert suspicion.visibility == "suspected"
