"""Tokens of programs: what they open, how long, and that they can be replaced without a gap."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from incidents.staff.models import ApiToken
from incidents.staff.models.api_token import MARK, SHOWN
from incidents.staff.refusals import TokenIsOver, UnknownScope
from incidents.timeline.models import Event, Page
from incidents.timeline.refusals import EmptyText
from tests.build import NOON, make_page, make_staff, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
READ = "page:read"


@pytest.fixture
def page() -> Page:
    return make_page()


@pytest.fixture
def ada() -> User:
    return make_staff()


def make_token(page: Page, ada: User, *, days: int = 0) -> tuple[ApiToken, str]:
    ends = NOON + timedelta(days=days) if days else None
    return ApiToken.make(page=page, name="Grafana", scopes=[READ], expires_at=ends, by=ada, at=NOON)


def test_a_token_is_kept_as_a_digest_and_shows_where_it_begins(page: Page, ada: User) -> None:
    token, text = make_token(page, ada)
    assert text.startswith(MARK)
    assert len(text) == len(MARK) + 43
    assert text not in repr(ApiToken.objects.values())
    assert token.beginning == text[:SHOWN]
    assert text not in repr(Event.objects.filter(kind="token.made").values())


def test_it_opens_its_page_for_its_scope_only(page: Page, ada: User) -> None:
    token, text = make_token(page, ada)
    other = make_page(name="Other", host="other.example")
    assert ApiToken.opening(text, scope=READ, page=page, at=NOON) == token
    assert ApiToken.opening(text, scope=READ, page=other, at=NOON) is None
    assert ApiToken.opening(text, scope="subscribers:read", page=page, at=NOON) is None
    for wrong in (text[:-1], text.upper(), "", MARK, "x" * 100_000, "\0"):
        assert ApiToken.opening(wrong, scope=READ, page=page, at=NOON) is None


def test_it_ends_when_it_expires_or_is_withdrawn(page: Page, ada: User) -> None:
    _token, text = make_token(page, ada, days=1)
    assert ApiToken.opening(text, scope=READ, page=page, at=NOON + timedelta(days=1) - minutes(1))
    assert ApiToken.opening(text, scope=READ, page=page, at=NOON + timedelta(days=1)) is None
    token, text = make_token(page, ada)
    token.withdraw(by=ada, at=NOON)
    assert ApiToken.opening(text, scope=READ, page=page, at=NOON) is None
    assert Event.objects.filter(kind="token.withdrawn").count() == 1


def test_its_last_use_is_noted_at_most_each_minute(page: Page, ada: User) -> None:
    token, text = make_token(page, ada)
    for seconds in (0, 30, 90):
        ApiToken.opening(text, scope=READ, page=page, at=NOON + timedelta(seconds=seconds))
        token.refresh_from_db()
    assert token.last_used_at == NOON + timedelta(seconds=90)


def test_replacing_leaves_both_good_for_a_day(page: Page, ada: User) -> None:
    token, old = make_token(page, ada, days=90)
    successor, new = token.rotate(by=ada, at=NOON)
    assert (successor.replaces, successor.scopes, successor.expires_at) == (token, [READ], NOON + timedelta(days=90))
    for hours, is_good in ((23, True), (25, False)):
        at = NOON + timedelta(hours=hours)
        assert (ApiToken.opening(old, scope=READ, page=page, at=at) is not None) == is_good
        assert ApiToken.opening(new, scope=READ, page=page, at=at)
    with pytest.raises(TokenIsOver):
        token.rotate(by=ada, at=NOON + timedelta(days=2))


def test_what_makes_no_sense_is_refused(page: Page, ada: User) -> None:
    past = NOON - minutes(1)
    with pytest.raises(UnknownScope):
        ApiToken.make(page=page, name="x", scopes=[], expires_at=None, by=ada, at=NOON)
    with pytest.raises(UnknownScope):
        ApiToken.make(page=page, name="x", scopes=["everything"], expires_at=None, by=ada, at=NOON)
    with pytest.raises(TokenIsOver):
        ApiToken.make(page=page, name="x", scopes=[READ], expires_at=past, by=ada, at=NOON)
    with pytest.raises(EmptyText):
        ApiToken.make(page=page, name="\u200b", scopes=[READ], expires_at=None, by=ada, at=NOON)
    assert not ApiToken.objects.exists()
