"""An identity provider that is away, slow, broken or talks nonsense: a sentence, and the password still opens."""

import time
from collections.abc import Callable, Iterator

import pytest

from tests.journeys.single_sign_on.conftest import DOOR, Place, Visitor, running_place

AWAY = "The identity provider does not answer. Sign in with your password, or try again in a minute."
NOT_VOUCHED = "The identity provider did not vouch for you."
DESCRIPTION, TOKEN, KEYS = "/o/.well-known/openid-configuration", "/o/token/", "/o/.well-known/jwks.json"
MOST_SECONDS = 9


def said_within(visitor: Visitor, seconds: float, act: Callable[[], None]) -> str:
    begun = time.monotonic()
    act()
    visitor.tab.get_by_role("heading", name="That did not work").wait_for()
    assert time.monotonic() - begun < seconds
    assert "Traceback" not in visitor.says()
    return visitor.says()


@pytest.mark.parametrize(
    ("mood", "sentence"),
    [("slow", AWAY), ("broken", AWAY), ("nonsense", NOT_VOUCHED), ("another", NOT_VOUCHED), ("bare", NOT_VOUCHED)],
)
def test_the_button_answers_in_a_sentence(visitor: Visitor, place: Place, mood: str, sentence: str) -> None:
    visitor.open(DOOR)
    with place.provider.mood(DESCRIPTION, mood):
        assert sentence in said_within(visitor, MOST_SECONDS, visitor.press_here)
    assert not visitor.is_in()


@pytest.mark.parametrize(
    ("path", "mood", "sentence"),
    [
        (TOKEN, "slow", AWAY),
        (TOKEN, "broken", AWAY),
        (TOKEN, "nonsense", NOT_VOUCHED),
        (TOKEN, "refusing", NOT_VOUCHED),
        (KEYS, "slow", AWAY),
        (KEYS, "nonsense", NOT_VOUCHED),
        (KEYS, "another", NOT_VOUCHED),
        ("/o/userinfo/", "broken", AWAY),
        ("/o/userinfo/", "another", NOT_VOUCHED),
    ],
)
def test_the_way_back_ends_in_a_sentence(visitor: Visitor, place: Place, path: str, mood: str, sentence: str) -> None:
    visitor.press()
    visitor.prove("vic")
    with place.provider.mood(path, mood):
        assert sentence in said_within(visitor, MOST_SECONDS, visitor.agree)
    assert not visitor.is_in()


def test_the_public_page_is_answered_while_the_provider_is_slow(visit: Callable[[], Visitor], place: Place) -> None:
    waiting, reader = visit(), visit()
    waiting.open(DOOR)
    with place.provider.mood(DESCRIPTION, "slow"):
        waiting.tab.get_by_role("button", name="Staff login").click(no_wait_after=True)
        begun = time.monotonic()
        assert reader.open("/") == 200
        assert time.monotonic() - begun < 3


@pytest.fixture(scope="module")
def lonely(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A site whose provider has gone."""
    with running_place(tmp_path_factory.mktemp("lonely")) as place:
        place.provider.stop()
        yield place


def test_with_the_provider_gone_the_password_opens(visit: Callable[[], Visitor], lonely: Place) -> None:
    visitor = visit()
    visitor.place = lonely
    assert AWAY in said_within(visitor, MOST_SECONDS, visitor.press)
    visitor.come_in_by_password("ada@example.com")
    assert visitor.is_in()
    assert "could not be reached" in lonely.site.output()
