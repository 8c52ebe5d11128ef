"""Who does not come in through an identity provider, and what they are told: a sentence, and no account changes."""

from collections.abc import Callable

import pytest

from tests.journeys.single_sign_on.conftest import BUTTON, DOOR, RETURN, Place, Visitor

UNKNOWN = "works here. Ask an owner for an invitation."
UNVERIFIED = "has not verified that"
NOT_VOUCHED = "The identity provider did not vouch for you."
ELSEWHERE = "This sign-in was begun in another browser"
LONGEST = 300
"""Letters of the whole screen: a sentence, never a trace."""


def is_turned_away(visitor: Visitor, sentence: str) -> bool:
    said = visitor.says()
    return sentence in said and len(said) < LONGEST and "Traceback" not in said and not visitor.is_in()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("stranger", f"Nobody with the address stranger@example.com {UNKNOWN}"),
        ("eve", UNKNOWN),
        ("gone", UNKNOWN),
        ("twin", UNKNOWN),
        ("nameless", "gave no address of mail"),
        ("unverified", UNVERIFIED),
        ("worded", UNVERIFIED),
        ("unsaid", UNVERIFIED),
        ("denied_beside", UNVERIFIED),
        ("denied_at_home", UNVERIFIED),
        ("other_issuer", NOT_VOUCHED),
        ("other_audience", NOT_VOUCHED),
        ("other_party", NOT_VOUCHED),
        ("other_nonce", NOT_VOUCHED),
        ("no_nonce", NOT_VOUCHED),
        ("expired", NOT_VOUCHED),
        ("spoiled", NOT_VOUCHED),
        ("unsigned", NOT_VOUCHED),
        ("somebody_else", NOT_VOUCHED),
    ],
)
def test_nobody_comes_in_as_who_they_are_not(visitor: Visitor, place: Place, name: str, sentence: str) -> None:
    before = place.accounts(), place.links()
    visitor.come_in(name)
    assert is_turned_away(visitor, sentence)
    assert (place.accounts(), place.links()) == before


def test_the_log_says_why_and_holds_no_token(visitor: Visitor, place: Place) -> None:
    visitor.come_in("expired")
    assert "Single sign-on failed: The ID token is not good: Signature has expired" in place.site.output()
    assert "eyJ" not in place.site.output()


def test_a_stranger_does_not_end_the_session_there_is(visitor: Visitor) -> None:
    visitor.come_in_by_password("ada@example.com")
    visitor.come_in("stranger")
    assert UNKNOWN in visitor.says()
    assert "You stay signed in as ada@example.com." in visitor.says()
    assert visitor.is_in()


def test_who_turns_back_at_the_provider_is_told_that_nothing_happened(visitor: Visitor) -> None:
    visitor.press()
    visitor.prove("ada")
    visitor.agree("Cancel")
    assert "Nothing happened" in visitor.says()
    assert not visitor.is_in()


def test_an_answer_without_a_state_of_ours_opens_nothing(visitor: Visitor) -> None:
    for query in (
        "",
        "?code=x",
        "?state=x&code=x",
        "?state=&code=",
        "?error=server_error",
        "?state=x&error=%0d%0aforged",
    ):
        assert visitor.open(RETURN + query) == 403
        assert is_turned_away(visitor, ELSEWHERE)


def test_the_answer_to_one_browser_opens_nothing_in_another(visit: Callable[[], Visitor]) -> None:
    thief, victim = visit(), visit()
    answer = caught_answer(thief, "stranger")
    victim.press()
    victim.is_asked()
    assert victim.open(answer) == 403
    assert is_turned_away(victim, ELSEWHERE)


def test_a_code_under_the_state_of_another_sign_in_opens_nothing(visit: Callable[[], Visitor]) -> None:
    owner, thief = visit(), visit()
    stolen = caught_answer(owner, "ada").partition("code=")[2].partition("&")[0]
    own = caught_answer(thief, "stranger").partition("state=")[2].partition("&")[0]
    assert thief.open(f"{RETURN}?state={own}&code={stolen}") == 403
    assert is_turned_away(thief, NOT_VOUCHED)


def test_an_answer_opens_once(visitor: Visitor) -> None:
    answer = caught_answer(visitor, "ada")
    assert visitor.open(answer) == 200
    assert visitor.is_in()
    assert visitor.open(answer) == 403
    assert ELSEWHERE in visitor.says()
    assert visitor.is_in()


@pytest.mark.parametrize(
    "query", ["?process=connect", "?process=redirect&next=//evil.example", "?auth_params=state%3Dx"]
)
def test_the_way_there_is_not_bent_by_who_wrote_a_link(visitor: Visitor, place: Place, query: str) -> None:
    visitor.open(DOOR)
    visitor.tab.locator(f"form:has(button:text-is('{BUTTON}'))").evaluate(
        "(form, query) => form.action += query", query
    )
    visitor.tab.get_by_role("button", name=BUTTON).click()
    visitor.prove("ada")
    visitor.agree()
    visitor.tab.wait_for_url(f"{place.site.address}/console/")


def test_looking_at_the_way_there_leads_to_the_door(visitor: Visitor) -> None:
    assert visitor.open(RETURN.removesuffix("callback/")) == 200
    assert visitor.tab.url.endswith(DOOR)


def test_ten_times_a_minute_is_all_one_address_may_ask_the_provider(visitor: Visitor) -> None:
    visitor.open(DOOR)
    form = visitor.tab.locator(f"form:has(button:text-is('{BUTTON}'))")
    statuses = form.evaluate(
        """async form => {
            const body = new URLSearchParams(new FormData(form)), statuses = [];
            for (let n = 0; n < 21; n++) statuses.push((await fetch(form.action, {method: "POST", body})).status);
            return statuses;
        }"""
    )
    assert statuses[0] == 200
    assert statuses[-1] == 429


def caught_answer(visitor: Visitor, name: str) -> str:
    """Return the path by which the provider leads back, without going it."""
    visitor.press()
    visitor.prove(name)
    form = visitor.tab.locator("#authorizationForm")
    action, fields = form.evaluate("form => [form.action, Object.fromEntries(new FormData(form))]")
    agreed = {**fields, "allow": "Authorize"}
    answer = visitor.tab.context.request.post(action, form=agreed, max_redirects=0)
    return str(answer.headers["location"]).removeprefix(visitor.place.site.address)
