"""People in the console: asked in, given roles, let go; owners only, and only on their page."""

import pytest
from django.core import mail
from django.test import Client

from incidents.console.duties import DUTIES
from incidents.lib.clock import now
from incidents.staff.models import Invitation, Membership
from incidents.timeline.models import Component, Page
from tests.build import make_component, make_member, make_page, make_staff
from tests.console.filling import send

PEOPLE, INVITE = "/console/people", "/console/people/invitations"


def test_the_list_names_everybody_who_works_here(page: Page, api: Component, olga: Client) -> None:
    make_member(page, "responder", components=[api])
    make_member(None, "viewer", name="vera")
    make_staff()
    listed = olga.get(PEOPLE).content.decode()
    for words in ("bob", "Responder", "only", "API", "vera", "every page", "ada", "Owner everywhere"):
        assert words in listed


def test_an_invitation_is_mailed_and_its_link_shown_once(page: Page, olga: Client) -> None:
    answer = send(olga, INVITE, email="bea@example.com", role="editor")
    assert answer.status_code == 200
    link = mail.outbox[0].body.split("/console/invitation/")[1].split()[0]
    assert link in answer.content.decode()
    assert mail.outbox[0].to == ["bea@example.com"]
    assert link not in olga.get(PEOPLE).content.decode()
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role, invitation.page) == ("bea@example.com", "editor", page)


@pytest.mark.parametrize(
    "bad", [{"email": "bea"}, {"email": ""}, {"role": ""}, {"role": "king"}, {"components": "0123456789bc"}]
)
def test_a_bad_invitation_is_said_and_nobody_is_asked(page: Page, olga: Client, bad: dict[str, str]) -> None:
    answer = send(olga, INVITE, **{"email": "bea@example.com", "role": "viewer", **bad})
    assert answer.status_code == 422
    assert not Invitation.objects.exists()
    assert mail.outbox == []


def test_an_owner_of_one_page_asks_nobody_in_to_every_page(page: Page, olga: Client) -> None:
    answer = olga.post(INVITE, {"email": "bea@example.com", "role": "owner", "where": "all"})
    assert answer.status_code == 422
    assert not Invitation.objects.exists()


def test_a_role_is_changed_and_a_membership_ended(page: Page, api: Component, olga: Client) -> None:
    bob = make_member(page, "viewer")
    member = Membership.objects.get(user=bob)
    assert send(olga, f"{PEOPLE}/{member.pk}", role="responder", components=api.code).status_code == 303
    member.refresh_from_db()
    assert (member.role, list(member.components.all())) == ("responder", [api])
    assert send(olga, f"{PEOPLE}/{member.pk}/end").status_code == 303
    assert not Membership.objects.filter(user=bob).exists()
    kinds = list(page.events.filter(kind__startswith="membership.").values_list("kind", flat=True))
    assert kinds[-2:] == ["membership.changed", "membership.ended"]


def test_b189_the_last_owner_stays_and_is_told_why(page: Page, olga: Client) -> None:
    own = Membership.objects.get(user__username="olga")
    for address, said in ((f"{PEOPLE}/{own.pk}", {"role": "viewer"}), (f"{PEOPLE}/{own.pk}/end", {})):
        answer = olga.post(address, said)
        assert answer.status_code == 422
        assert "ask another owner" in answer.content.decode()
    own.refresh_from_db()
    assert own.role == "owner"


def test_memberships_of_another_page_and_of_every_page_are_out_of_reach(page: Page, olga: Client) -> None:
    other = make_page(name="Other", host="other.example")
    everywhere, elsewhere = make_member(None, "viewer", name="vera"), make_member(other, "viewer", name="otto")
    for user in (everywhere, elsewhere):
        member = Membership.objects.get(user=user)
        for address in (f"{PEOPLE}/{member.pk}", f"{PEOPLE}/{member.pk}/end"):
            assert olga.get(address).status_code == 404
            assert olga.post(address, {"role": "owner"}).status_code == 404
    assert set(Membership.objects.exclude(user__username="olga").values_list("role", flat=True)) == {"viewer"}


def test_an_owner_may_not_give_what_is_not_hers_by_naming_another_page(page: Page, olga: Client) -> None:
    other = make_page(name="Other", host="other.example")
    foreign = make_component(other)
    answer = olga.post(
        INVITE, {"email": "x@example.com", "role": "viewer", "components": foreign.code, "page": other.pk}
    )
    assert answer.status_code == 422
    assert not Invitation.objects.exists()


def test_an_invitation_is_withdrawn(page: Page, olga: Client) -> None:
    invitation, secret = Invitation.make(email="x@example.com", page=page, role="viewer", by=make_staff(), at=now())
    assert olga.post(f"{INVITE}/{invitation.pk}/withdrawal").status_code == 303
    assert Client().get(f"/console/invitation/{secret}").status_code == 404
    assert olga.post(f"{INVITE}/{invitation.pk}/withdrawal").status_code == 404


def test_everything_about_people_is_for_owners(page: Page) -> None:
    about = [name for name in DUTIES if name.startswith(("people", "invit", "member", "token"))]
    rights = [right for name in about for right in (DUTIES[name].get, DUTIES[name].post) if right]
    assert {str(right.least) for right in rights} == {"owner"}


def test_a_limit_to_a_component_that_was_removed_stays_when_the_role_changes(
    page: Page, api: Component, olga: Client
) -> None:
    make_member(page, "viewer", components=[api])
    bob = Membership.objects.get(user__username="bob")
    api.archive(by="test", at=now())
    address = f"{PEOPLE}/{bob.pk}"
    assert "API (removed)" in olga.get(address).content.decode()
    assert send(olga, address, address, role="responder").status_code == 303
    bob.refresh_from_db()
    assert (bob.role, list(bob.components.all())) == ("responder", [api])
