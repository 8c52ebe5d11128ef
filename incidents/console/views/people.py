"""People: who works on the page, what each may do, who was asked in."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import UNPROCESSABLE, SeeOther, answer, attempt
from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.people import InviteForm, RoleForm, role_values
from incidents.console.inviting import invitation_link, mail_invitation
from incidents.lib.clock import now
from incidents.staff.models import Invitation, Membership
from incidents.staff.roles import MEANINGS, Role
from incidents.staff.standing import is_owner_of_all

INDEX = "console/people/index.html"
INVITE = "console/people/invite.html"
EDIT = "console/people/edit.html"
END = "console/people/end.html"


@staff_only
def index(request: StaffRequest) -> HttpResponse:
    """List who works here and who was asked to."""
    at = now()
    context = {
        "members": Membership.objects.on(request.page).select_related("user", "page").prefetch_related("components"),
        "superusers": User.objects.filter(is_superuser=True, is_active=True).order_by("username"),
        "invitations": Invitation.objects.on(request.page).open(at=at).select_related("invited_by"),
        "may_change_all": is_owner_of_all(request.user),
    }
    return answer(request, INDEX, "people", context)


@staff_only
def invite(request: StaffRequest) -> HttpResponse:
    """Offer the form for an invitation."""
    form = InviteForm(page=request.page, may_choose_all=is_owner_of_all(request.user))
    return answer(request, INVITE, "invite", {"form": form, "meanings": _meanings()})


@staff_only
def create(request: StaffRequest) -> HttpResponse:
    """Ask somebody in by mail; the link is shown once as well."""
    form = InviteForm(request.POST, page=request.page, may_choose_all=is_owner_of_all(request.user))
    at = now()
    made = attempt(
        form,
        lambda: Invitation.make(
            email=form.cleaned_data["email"],
            page=None if form.is_for_every_page else request.page,
            role=form.cleaned_data["role"],
            components=form.chosen_components(),
            by=request.user,
            at=at,
        ),
    )
    if made.refused:
        return answer(request, INVITE, "invite", {"form": form, "meanings": _meanings()}, status=UNPROCESSABLE)
    invitation, secret = made.made
    link = invitation_link(secret)
    context = {"invitation": invitation, "link": link, "not_mailed": mail_invitation(invitation, link)}
    return answer(request, INVITE, "invite", context)


@staff_only
def withdraw(request: StaffRequest, number: int) -> HttpResponse:
    """Let an invitation open nothing any more."""
    invitation = get_object_or_404(Invitation.objects.on(request.page).open(at=now()), pk=number)
    if invitation.page is None and not is_owner_of_all(request.user):
        raise Http404
    invitation.withdraw(by=request.user, at=now())
    messages.success(request, f"The invitation of {invitation.email} is withdrawn.")
    return SeeOther(reverse("console:people"))


@staff_only
def edit(request: StaffRequest, number: int) -> HttpResponse:
    """Offer what somebody may do."""
    member = _member(request, number)
    form = RoleForm(page=request.page, member=member, initial=role_values(member))
    return answer(request, EDIT, "member", {"member": member, "form": form, "meanings": _meanings()})


@staff_only
def update(request: StaffRequest, number: int) -> HttpResponse:
    """Change what somebody may do; it holds from their next request on."""
    member = _member(request, number)
    form = RoleForm(request.POST, page=request.page, member=member)
    given = attempt(
        form,
        lambda: Membership.give(
            user=member.user,
            page=member.page,
            role=form.cleaned_data["role"],
            components=form.chosen_components(),
            by=request.user,
            at=now(),
        ),
    )
    if given.refused:
        context = {"member": member, "form": form, "meanings": _meanings()}
        return answer(request, EDIT, "member", context, status=UNPROCESSABLE)
    messages.success(request, "Changed. It holds from their next click on.")
    return SeeOther(reverse("console:people"))


@staff_only
def remove(request: StaffRequest, number: int) -> HttpResponse:
    """Ask whether somebody should work here no more."""
    return answer(request, END, "end", {"member": _member(request, number), "form": ConsoleForm()})


@staff_only
def destroy(request: StaffRequest, number: int) -> HttpResponse:
    """Let somebody work on this page no more."""
    member = _member(request, number)
    form = ConsoleForm(request.POST)
    name = member.user.get_username()
    ended = attempt(form, lambda: member.end(by=request.user, at=now()))
    if ended.refused:
        return answer(request, END, "end", {"member": member, "form": form}, status=UNPROCESSABLE)
    messages.success(request, f"{name} works here no more.")
    return SeeOther(reverse("console:people"))


def _member(request: StaffRequest, number: int) -> Membership:
    members = Membership.objects.on(request.page).select_related("user", "page")
    member = get_object_or_404(members, pk=number)
    if member.page is None and not is_owner_of_all(request.user):
        raise Http404
    return member


def _meanings() -> list[tuple[str, str]]:
    return [(str(role.label), MEANINGS[role]) for role in Role]
