"""Taking people on, changing what they may do, letting them go."""

import pytest
from django.contrib.auth.models import User

from incidents.staff.models import Membership
from incidents.staff.refusals import ImpossibleLimit, LastOwner, OwnMembership
from incidents.staff.roles import Role
from incidents.staff.standing import pages_of, standing_of
from incidents.timeline.models import Event, Page
from tests.build import NOON, PASSWORD, make_component, make_member, make_outsider, make_page, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def page() -> Page:
    return make_page()


def test_each_role_covers_those_before_it() -> None:
    assert [role.covers(Role.EDITOR) for role in Role] == [False, False, True, True]


def test_somebody_who_is_taken_on_works_on_that_page_only(page: Page) -> None:
    other = make_page(name="Other", host="other.example")
    bob = make_member(page, "responder")
    standing = standing_of(bob, page)
    assert standing is not None
    assert standing.role == Role.RESPONDER
    assert standing_of(bob, other) is None
    assert pages_of(bob) == [page]
    event = Event.objects.filter(kind="membership.given").get()
    assert (event.page, event.payload["title"]) == (page, "bob, Responder")


def test_a_role_for_every_page_counts_on_later_ones_and_stands_in_each_history(page: Page) -> None:
    bob = make_member(None, "editor")
    other = make_page(name="Other", host="other.example")
    assert standing_of(bob, other) is not None
    assert pages_of(bob) == [page, other]
    assert page.events.filter(kind="membership.given").count() == 1


def test_the_greater_of_two_roles_counts(page: Page) -> None:
    bob = make_member(None, "viewer")
    Membership.give(user=bob, page=page, role="editor", by="test", at=NOON)
    standing = standing_of(bob, page)
    assert standing is not None
    assert standing.role == Role.EDITOR


def test_superusers_are_owners_everywhere_and_accounts_switched_off_are_nothing(page: Page) -> None:
    ada = make_staff()
    standing = standing_of(ada, page)
    assert standing is not None
    assert standing.role == Role.OWNER
    ada.is_active = False
    assert standing_of(ada, page) is None
    assert pages_of(ada) == []
    assert standing_of(make_outsider(), page) is None


def test_a_limit_to_components_fits_neither_an_owner_nor_every_page_nor_another_page(page: Page) -> None:
    api = make_component(page)
    other = make_page(name="Other", host="other.example")
    eve = make_outsider()
    for where, role in ((page, "owner"), (None, "viewer"), (other, "viewer")):
        with pytest.raises(ImpossibleLimit):
            Membership.give(user=eve, page=where, role=role, components=[api], by="test", at=NOON)
    assert not Membership.objects.exists()


def test_b189_the_last_owner_is_neither_demoted_nor_removed(page: Page) -> None:
    olga = make_member(page, "owner", name="olga")
    with pytest.raises(LastOwner):
        Membership.give(user=olga, page=page, role="editor", by="test", at=NOON)
    with pytest.raises(LastOwner):
        Membership.objects.get(user=olga).end(by="test", at=NOON)
    make_member(page, "owner", name="otto")
    Membership.objects.get(user=olga).end(by="test", at=NOON)
    assert standing_of(olga, page) is None


def test_b189_nobody_takes_rights_from_themselves(page: Page) -> None:
    olga = make_member(page, "owner", name="olga")
    make_member(page, "owner", name="otto")
    with pytest.raises(OwnMembership):
        Membership.objects.get(user=olga).end(by=olga, at=NOON)
    with pytest.raises(OwnMembership):
        Membership.give(user=olga, page=page, role="viewer", by=olga, at=NOON)
    assert Membership.objects.get(user=olga).role == "owner"


def test_an_owner_whose_account_is_switched_off_does_not_count_as_one(page: Page) -> None:
    olga = make_member(page, "owner", name="olga")
    make_member(page, "owner", name="otto")
    User.objects.filter(username="otto").update(is_active=False)
    with pytest.raises(LastOwner):
        Membership.objects.get(user=olga).end(by="test", at=NOON)


def test_who_works_nowhere_any_more_is_no_staff(page: Page) -> None:
    bob = make_member(page, "viewer")
    assert User.objects.get(username="bob").is_staff
    Membership.objects.get(user=bob).end(by="test", at=NOON)
    assert not User.objects.get(username="bob").is_staff
    assert bob.check_password(PASSWORD)
