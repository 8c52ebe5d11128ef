"""Invitations: a link, good once, for a week, for whom it was meant."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from incidents.lib.clock import now
from incidents.staff.models import Invitation
from incidents.staff.refusals import AlreadyOnStaff, UnknownInvitation
from incidents.staff.standing import standing_of
from incidents.timeline.models import Page
from tests.build import NOON, PASSWORD, make_component, make_member, make_page, make_staff

pytestmark = pytest.mark.django_db
SAID = {"name": "Bea", "password": PASSWORD}


@pytest.fixture
def page() -> Page:
    return make_page()


def invite(page: Page | None, *, role: str = "responder") -> tuple[Invitation, str]:
    inviter = User.objects.filter(is_superuser=True).first() or make_staff()
    return Invitation.make(email="bea@example.com", page=page, role=role, by=inviter, at=now())


def test_who_was_invited_makes_an_account_of_their_own_and_is_in(page: Page) -> None:
    api = make_component(page)
    invitation, secret = invite(page)
    invitation.components.set([api])
    client = Client()
    shown = client.get(f"/console/invitation/{secret}").content.decode()
    assert "bea@example.com" in shown
    assert "responder" in shown
    answer = client.post(f"/console/invitation/{secret}", SAID)
    assert (answer.status_code, answer.url) == (302, "/console/")
    bea = User.objects.get(username="bea@example.com")
    standing = standing_of(bea, page)
    assert standing is not None
    assert standing.components == {api.code}
    assert client.get("/console/").status_code == 200
    assert page.events.filter(kind="membership.given", actor=bea).exists()


def test_a_link_is_good_once_and_for_a_week(page: Page) -> None:
    _invitation, secret = invite(page)
    assert Client().post(f"/console/invitation/{secret}", SAID).status_code == 302
    for method in ("get", "post"):
        assert getattr(Client(), method)(f"/console/invitation/{secret}", SAID).status_code == 404
    old, secret = Invitation.make(email="x@example.com", page=page, role="viewer", by=User.objects.first(), at=NOON)
    with pytest.raises(UnknownInvitation):
        Invitation.find(secret, at=NOON + timedelta(days=7))
    assert Invitation.find(secret, at=NOON + timedelta(days=6)) == old


def test_looking_at_it_as_a_scanner_of_mail_does_changes_nothing(page: Page) -> None:
    _invitation, secret = invite(page)
    for _ in range(50):
        Client().get(f"/console/invitation/{secret}")
        Client().head(f"/console/invitation/{secret}")
    assert Invitation.objects.get().accepted_at is None
    assert not User.objects.filter(username="bea@example.com").exists()


def test_a_second_invitation_and_a_withdrawal_end_the_first(page: Page) -> None:
    _first, secret = invite(page)
    second, newer = invite(page)
    assert Client().get(f"/console/invitation/{secret}").status_code == 404
    second.withdraw(by="test", at=now())
    assert Client().get(f"/console/invitation/{newer}").status_code == 404
    assert page.events.filter(kind="invitation.withdrawn").count() == 1


def test_who_works_here_is_not_invited_again(page: Page) -> None:
    bob = make_member(page, "viewer")
    with pytest.raises(AlreadyOnStaff):
        Invitation.make(email=bob.email.upper(), page=page, role="owner", by=make_staff(), at=now())


def test_an_account_that_exists_is_taken_only_by_whom_it_belongs_to(page: Page) -> None:
    bea = User.objects.create_user("bea@example.com", "bea@example.com", PASSWORD)
    _invitation, secret = invite(page)
    stranger = Client()
    assert stranger.post(f"/console/invitation/{secret}", SAID).status_code == 403
    assert standing_of(bea, page) is None
    stranger.force_login(bea)
    assert stranger.post(f"/console/invitation/{secret}").status_code == 303
    assert standing_of(bea, page) is not None


@pytest.mark.parametrize("bad", ["", "short", "bea@example.com", "1234567890", "x" * 2_000])
def test_a_bad_password_is_refused_and_the_link_stays_good(page: Page, bad: str) -> None:
    _invitation, secret = invite(page)
    assert Client().post(f"/console/invitation/{secret}", {**SAID, "password": bad}).status_code == 422
    assert Invitation.objects.get().accepted_at is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_many_acceptances_at_the_same_moment_make_one_account() -> None:
    _invitation, secret = invite(make_page())

    def accept(_number: int) -> int:
        try:
            return Client().post(f"/console/invitation/{secret}", SAID).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(accept, range(16)))
    assert statuses.count(302) == 1
    assert set(statuses) <= {302, 403, 404}
    assert User.objects.filter(username="bea@example.com").count() == 1


def test_a_limit_to_a_component_that_is_removed_meanwhile_does_not_become_none(page: Page) -> None:
    api, web = make_component(page), make_component(page, name="Web")
    invitation, secret = invite(page)
    invitation.components.set([api])
    api.archive(by="test", at=now())
    assert Client().post(f"/console/invitation/{secret}", SAID).status_code == 302
    standing = standing_of(User.objects.get(username="bea@example.com"), page)
    assert standing is not None
    assert not standing.reaches([web.code])
