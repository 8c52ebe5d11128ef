"""The screens of subscribers, for the public: no fault that axe knows, nothing wider than a phone."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from incidents.lib.clock import now
from incidents.subscriptions.links import manage_path, unsubscribe_path
from incidents.subscriptions.models import Subscriber, SubscriptionRequest
from incidents.subscriptions.wishes import Wish
from incidents.timeline.models import Page
from tests.build import ask, make_component, make_group, make_page, make_subscriber
from tests.journeys.complaints import listen_for_complaints
from tests.journeys.soundness import SCHEMES, WIDTHS, faults_of

pytestmark = pytest.mark.django_db(transaction=True)

PICTURES = os.environ.get("PICTURES", "")
"""A folder: each screen is kept there as a picture, for people who look."""


@pytest.fixture
def page() -> Page:
    page = make_page()
    group = make_group(page)
    api = make_component(page, group=group)
    make_component(page, name="A component with quite a long name for a phone", group=group)
    make_subscriber(page, wish=Wish(components=(api,)))
    make_subscriber(page, email="a.very.long.local.part.of.an.address.that.nobody.types@subdomain.of.example.com")
    make_subscriber(page, email="left@example.com").leave(at=now())
    make_subscriber(page, email="dead@example.com").disable(reason="550 5.1.1 No such user here", at=now())
    ask(page, email="waiting@example.com", at=now())
    return page


def public_screens() -> list[str]:
    sam = Subscriber.objects.get(address="sam@example.com")
    request = SubscriptionRequest.objects.get(subscriber__address="waiting@example.com")
    return [
        *("/subscribe", manage_path(sam), f"{manage_path(sam)}?saved&moving", unsubscribe_path(sam)),
        *(f"/subscribe/confirm/{request.token}", "/unsubscribe/nonsense"),
    ]


def test_no_screen_has_a_fault(page: Page, browser: Browser, live_server: Any) -> None:
    context = browser.new_context(java_script_enabled=True)
    tab = context.new_page()
    wrong = listen_for_complaints(tab)
    for number, screen in enumerate(public_screens()):
        answer = tab.goto(f"{live_server.url}{screen}")
        assert answer is not None
        assert answer.status in (200, 410), screen
        tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        wrong += [f"{screen} {fault}" for fault in faults_of(tab)]
        keep_pictures(tab, number)
    context.close()
    unwanted = [fault for fault in wrong if "410" not in fault]
    assert unwanted == []


def keep_pictures(tab: Tab, number: int) -> None:
    if not PICTURES:
        return
    for width in WIDTHS[1:]:
        tab.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            tab.emulate_media(color_scheme=scheme)
            tab.screenshot(path=Path(PICTURES) / f"{number:02}-{width}-{scheme}.png", full_page=True)


def test_another_way_than_mail_shows_its_fields_and_hides_the_one_for_mail(
    page: Page, browser: Browser, live_server: Any
) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{live_server.url}/subscribe")
    assert tab.get_by_label("E-mail address", exact=True).is_visible()
    assert not tab.get_by_label("Address of the webhook").is_visible()
    tab.get_by_label("Slack").check()
    assert not tab.get_by_label("E-mail address", exact=True).is_visible()
    tab.get_by_label("Address of the webhook").fill("https://127.0.0.1/hook")
    tab.get_by_role("button", name="Subscribe").click()
    expect(tab.get_by_text("This address is not reachable from the public internet.").first).to_be_visible()
    expect(tab.get_by_label("Slack")).to_be_checked()
    expect(tab.get_by_label("Address of the webhook")).to_have_value("https://127.0.0.1/hook")
    context.close()


def test_a_subscriber_pauses_and_asks_for_another_address_without_script(
    page: Page, browser: Browser, live_server: Any
) -> None:
    sam = Subscriber.objects.get(address="sam@example.com")
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    tab = context.new_page()
    tab.goto(f"{live_server.url}{manage_path(sam)}")
    tab.get_by_role("button", name="Pause for 30 days").click()
    expect(tab.get_by_text("Paused until")).to_be_visible()
    tab.get_by_role("button", name="Go on now").click()
    expect(tab.get_by_role("button", name="Pause for 30 days")).to_be_visible()
    tab.get_by_text("Another address").first.click()
    tab.get_by_label("New address").fill("new@example.com")
    tab.get_by_role("button", name="Send a link there").click()
    expect(tab.get_by_text("We sent a link to the new address.")).to_be_visible()
    context.close()
    sam.refresh_from_db()
    assert sam.is_active
