"""C09: the network goes while somebody publishes."""

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from incidents.lib.clock import now
from incidents.timeline.models import Incident
from tests.build import minutes
from tests.journeys.console.conftest import Opens

pytestmark = pytest.mark.django_db(transaction=True)

POSTS = "**/updates"


def test_c09_a_failure_is_said_clearly_the_text_stays_and_retry_posts_once(
    opens: Opens, incident: Incident, window: dict[str, int]
) -> None:
    ada = opens(window=window)
    ada.tab.clock.install()
    ada.tab.goto(f"{ada.address}/console/incidents/{incident.code}")
    # Its clock stands: nothing is tried again before somebody presses Retry.
    ada.tab.clock.pause_at(now() + minutes(1))
    ada.tab.route(POSTS, lambda route: route.abort())
    ada.write("We found the cause.")
    ada.tap("button", "Publish")
    bar = ada.tab.get_by_role("alert").filter(has_text="Not published.")
    expect(bar).to_have_text("Not published. The server did not answer. Your text is safe; trying again.")
    expect(ada.tab.get_by_role("button", name="Copy text")).to_be_in_viewport()
    assert ada.said() == "We found the cause."
    assert incident.updates.count() == 1
    ada.tab.unroute(POSTS)
    ada.tap("button", "Retry")
    ada.tab.get_by_text("Posted. The page shows it now.").wait_for()
    assert incident.updates.count() == 2


def test_c09_an_answer_that_was_lost_after_the_post_makes_no_second_one(opens: Opens, incident: Incident) -> None:
    ada = opens()
    ada.tab.goto(f"{ada.address}/console/incidents/{incident.code}")
    tried: list[Route] = []
    lost: list[Any] = []

    def lose_the_answer(route: Route) -> None:
        tried.append(route)
        if len(tried) > 1:
            route.continue_()
            return
        lost.append(route.fetch(max_redirects=0).status)
        route.abort()

    ada.tab.route(POSTS, lose_the_answer)
    ada.write("We found the cause.")
    ada.tap("button", "Publish")
    ada.tab.get_by_text("trying again").wait_for()
    # On a busy machine the browser has given up before the server answers.
    for _ in range(300):
        if not lost:
            ada.tab.wait_for_timeout(100)
    assert lost == [201]
    ada.tab.get_by_text("Posted. The page shows it now.").first.wait_for()
    assert incident.updates.count() == 2


def test_c09_a_double_click_and_the_back_button_make_one_update(opens: Opens, incident: Incident) -> None:
    ada = opens()
    address = f"{ada.address}/console/incidents/{incident.code}"
    ada.tab.goto(f"{ada.address}/console/")
    ada.tab.goto(address)
    ada.write("We found the cause.")
    ada.tab.get_by_role("button", name="Publish").dblclick()
    ada.tab.get_by_text("Posted. The page shows it now.").wait_for()
    assert incident.updates.count() == 2
    # Back is Now, with the composer of the only open incident: what was published is no draft there.
    ada.tab.go_back()
    ada.tab.wait_for_url("**/console/")
    expect(ada.tab.locator("textarea[name=body]")).to_have_value("")
    assert incident.updates.count() == 2
