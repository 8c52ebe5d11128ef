"""The link and the mail with which somebody is asked to work here."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from incidents.console.mailing import mail_at_once
from incidents.staff.models import Invitation


def invitation_link(secret: str) -> str:
    """Return the address that a secret opens."""
    return f"{settings.SITE_URL}{reverse('console:accept', args=[secret])}"


def mail_invitation(invitation: Invitation, link: str) -> str:
    """Mail the link; return "", or why the mail was not taken: then the link is handed over by hand."""
    place = invitation.page.name if invitation.page else "the status pages"
    inviter = invitation.invited_by.get_username() if invitation.invited_by else "Somebody"
    text = (
        f"{inviter} asks you to work on {place} as {invitation.get_role_display().lower()}.\n\n"
        f"Make your account here, within a week:\n{link}\n\n"
        "If this is not for you, do nothing; the link ends by itself.\n"
    )
    return mail_at_once(EmailMessage(f"Work on {place}", text, settings.MAIL_FROM, [invitation.email]))
