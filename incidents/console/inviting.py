"""The mail with which somebody is asked to work here."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse

from incidents.staff.models import Invitation

log = logging.getLogger(__name__)


def send_invitation(invitation: Invitation, secret: str) -> str:
    """Mail the link and return it; where the relay does not answer, it is handed over by hand."""
    link = f"{settings.SITE_URL}{reverse('console:accept', args=[secret])}"
    place = invitation.page.name if invitation.page else "the status pages"
    inviter = invitation.invited_by.get_username() if invitation.invited_by else "Somebody"
    text = (
        f"{inviter} asks you to work on {place} as {invitation.get_role_display().lower()}.\n\n"
        f"Make your account here, within a week:\n{link}\n\n"
        "If this is not for you, do nothing; the link ends by itself.\n"
    )
    try:
        send_mail(f"Work on {place}", text, settings.MAIL_FROM, [invitation.email])
    except (SMTPException, OSError) as failure:
        log.warning("The invitation was not mailed: %s", type(failure).__name__)
    return link
