"""From the form in a browser to the mail from a real worker, and out again."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from incidents.lib.clock import now
from incidents.subscriptions.models import Subscriber, SubscriberState
from tests.build import make_component, make_group, make_incident, make_page
from tests.servers.mail import MailServer, ReceivedMail
from tests.servers.worker import RunningWorker

pytestmark = pytest.mark.django_db(transaction=True)


def link_in(mail: ReceivedMail, kind: str) -> str:
    """Return the path of the first link of a kind; mails link to SITE_URL, the test's server listens elsewhere."""
    found = re.search(rf"^http\S+/{kind}/\S+$", mail.text(), re.MULTILINE)
    assert found is not None, mail.text()
    address = urlsplit(found[0])
    return f"{address.path}?{address.query}" if address.query else address.path


def assert_accessible(tab: Tab) -> None:
    results = Axe().run(tab)
    assert results.violations_count == 0, results.generate_report()
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_reader_subscribes_confirms_hears_and_leaves(
    celery_worker_process: RunningWorker, smtp_server: MailServer, live_server: Any, page: Tab
) -> None:
    acme = make_page()
    api = make_component(acme, group=make_group(acme))
    make_component(acme, name="Web")
    page.set_viewport_size({"width": 360, "height": 740})

    page.goto(f"{live_server.url}/subscribe")
    assert_accessible(page)
    page.get_by_label("E-mail address").fill("sam@example")
    page.get_by_label("Only some components").check()
    page.get_by_role("button", name="Subscribe").click()
    expect(page.get_by_role("alert")).to_contain_text("the part after @ looks incomplete")
    assert_accessible(page)
    page.get_by_label("E-mail address").fill("sam@example.com")
    page.get_by_label("API", exact=True).check()
    page.get_by_role("button", name="Subscribe").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your inbox")
    assert_accessible(page)

    (confirmation,) = smtp_server.wait_for(1)
    page.goto(live_server.url + link_in(confirmation, "subscribe/confirm"))
    assert Subscriber.objects.get().state == SubscriberState.PENDING
    assert_accessible(page)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are subscribed")
    page.get_by_role("link", name="Change what you hear about").click()
    expect(page.get_by_label("API", exact=True)).to_be_checked()
    assert_accessible(page)

    incident = make_incident(acme, at=now(), components={api: "partial_outage"})
    _, news = smtp_server.wait_for(2)
    assert news.recipients == ["sam@example.com"]
    assert news.message["Subject"] == "Partial outage: Elevated error rates on the API"
    assert f"/incidents/{incident.code}" in news.text()

    page.goto(live_server.url + link_in(news, "unsubscribe"))
    expect(page.get_by_role("button", name="Leave this incident")).to_be_visible()
    assert_accessible(page)
    assert Subscriber.objects.get().is_active
    page.get_by_role("button", name="Unsubscribe from all").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are unsubscribed")
    assert Subscriber.objects.get().state == SubscriberState.LEFT
    assert page.context.cookies() == []
