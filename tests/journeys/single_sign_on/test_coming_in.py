"""Coming in through an identity provider: as the right person, with the right role, to the right screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.single_sign_on.conftest import BUTTON, DOOR, Place, Visitor

WITH_A_CODE = "/console/account/code"


def test_who_is_known_comes_in_as_themselves_with_their_role(visit: Callable[[], Visitor]) -> None:
    for name, status in (("ada", 200), ("bob", 403), ("vic", 403)):
        visitor = visit()
        visitor.come_in(name)
        visitor.tab.wait_for_url("**/console/")
        expect(visitor.tab.get_by_role("heading", level=1)).to_have_text("Now")
        assert visitor.open("/console/people") == status, name


def test_a_responder_may_report_and_a_viewer_may_not(visit: Callable[[], Visitor]) -> None:
    for name, may in (("bob", True), ("vic", False)):
        visitor = visit()
        visitor.come_in(name)
        assert (visitor.open("/console/incidents/new") == 200) is may


def test_the_first_time_links_the_account_and_leaves_the_password_alone(
    visit: Callable[[], Visitor], place: Place
) -> None:
    before = place.accounts()
    for _ in range(2):
        visitor = visit()
        visitor.come_in("ada")
        assert visitor.is_in()
    assert place.accounts() == before
    assert place.links().count("ada@example.com") == 1
    visitor = visit()
    visitor.come_in_by_password("ada@example.com")
    visitor.open("/console/history")
    expect(visitor.tab.get_by_text("Account linked to single sign-on: ada@example.com")).to_have_count(1)


def test_no_token_of_the_provider_is_kept(visitor: Visitor, place: Place) -> None:
    visitor.come_in("bob")
    assert place.rows("SELECT * FROM socialaccount_socialtoken") == []
    ((said,),) = place.rows(
        "SELECT extra_data FROM socialaccount_socialaccount s JOIN auth_user u ON u.id = s.user_id"
        " WHERE username = 'bob'"
    )
    assert "eyJ" not in said


def test_the_screen_somebody_wanted_is_opened(visitor: Visitor) -> None:
    visitor.come_in("ada", wanting="/console/components")
    visitor.tab.wait_for_url("**/console/components")


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "/subscribe", "/o/"])
def test_c40_it_leads_nowhere_else(visitor: Visitor, place: Place, wanted: str) -> None:
    visitor.open(DOOR)
    field = visitor.tab.locator(f"form:has(button:text-is('{BUTTON}')) input[name=next]")
    field.evaluate("(field, wanted) => field.value = wanted", wanted)
    visitor.tab.get_by_role("button", name=BUTTON).click()
    visitor.prove("ada")
    visitor.agree()
    visitor.tab.wait_for_url(f"{place.site.address}/console/")


def test_a_second_factor_of_ours_is_asked_all_the_same(visitor: Visitor) -> None:
    visitor.come_in("factor")
    assert visitor.tab.url.endswith(WITH_A_CODE)
    assert not visitor.is_in()


def test_signing_out_ends_it_and_the_provider_may_be_asked_again(visitor: Visitor) -> None:
    visitor.come_in("ada")
    visitor.open("/console/more")
    visitor.tab.get_by_role("button", name="Sign out").click()
    visitor.tab.wait_for_url("**/console/sign-in")
    assert not visitor.is_in()
    visitor.press()
    # The provider's own session lasts: it asks for no password.
    visitor.agree()
    assert visitor.is_in()


def test_signing_in_as_somebody_else_ends_the_session_before(visitor: Visitor, place: Place) -> None:
    visitor.come_in_by_password("ada@example.com")
    (before,) = [one["value"] for one in visitor.tab.context.cookies() if one["name"] == "sessionid"]
    visitor.come_in("vic")
    assert visitor.open("/console/people") == 403
    assert place.rows("SELECT 1 FROM django_session WHERE session_key = ?", before) == []


def test_text_that_was_written_without_a_session_comes_along(visitor: Visitor, place: Place) -> None:
    visitor.come_in_by_password("ada@example.com")
    ((code,),) = place.rows("SELECT code FROM incidents_incident")
    visitor.open(f"/console/incidents/{code}")
    text = visitor.tab.get_by_label("Text", exact=True)
    text.fill("Written while the session ended.")
    visitor.tab.context.clear_cookies(name="sessionid")
    text.evaluate("field => HTMLFormElement.prototype.submit.call(field.form)")
    visitor.tab.get_by_role("button", name=BUTTON).click()
    visitor.prove("ada")
    visitor.agree()
    expect(text).to_have_value("Written while the session ended.")


def test_a_provider_may_lead_on_to_another_one_behind_it(visitor: Visitor, place: Place) -> None:
    with place.provider.mood("/o/authorize/", "behind"):
        visitor.press()
        visitor.tab.wait_for_url("http://localhost:*/login/**")
        visitor.prove("ada")
        visitor.agree()
    assert visitor.is_in()


def test_the_secret_may_go_in_a_header_where_the_provider_wants_it_there(visitor: Visitor, place: Place) -> None:
    with place.provider.mood("/o/.well-known/", "basic"):
        visitor.come_in("ada")
    assert visitor.is_in()


def test_an_address_of_a_domain_the_provider_gives_out_needs_no_word_of_verification(visitor: Visitor) -> None:
    visitor.come_in("member")
    assert visitor.is_in()


def test_the_button_at_another_host_leads_to_the_site_the_provider_knows(visitor: Visitor, place: Place) -> None:
    visitor.tab.goto(f"http://localhost:{place.site.port}/console/components")
    visitor.tab.get_by_role("button", name=BUTTON).click()
    visitor.tab.wait_for_url(f"{place.site.address}{DOOR}**")
    visitor.tab.get_by_role("button", name=BUTTON).click()
    visitor.prove("ada")
    visitor.agree()
    visitor.tab.wait_for_url(f"{place.site.address}/console/components")
