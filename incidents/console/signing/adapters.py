"""What the account library asks us: who may sign up (nobody), how secrets are kept, who the client is."""

import base64
import hashlib
import logging
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from incidents.console.mailing import mail_at_once
from incidents.lib.clock import now
from incidents.lib.visitor import client_address
from incidents.staff.credentials import comparable
from incidents.staff.limits import LONGEST_PASSWORD, TooManyTries, forgive_sign_in, take_sign_in

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an invitation or by the set-up, never by signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the library's signature
        """Say that nobody makes an account for themselves."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address of the client, as far as headers can be trusted."""
        return client_address(request.META)

    def is_safe_url(self, url: str) -> bool:
        """Say whether a sign-in may lead there: addresses of this site only, written without its name."""
        return bool(url) and url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send what somebody asked for; a mail that is not taken is in the log, and changes nothing on the screen.

        The screen says the same to whoever has no account here.
        """
        known = {"request": self.request, "email": email, "current_site": get_current_site(self.request)}
        mail_at_once(self.render_mail(template_prefix, email, {**known, **context}))

    def set_password(self, user: User, password: str) -> None:
        """Keep a password as it is compared."""
        super().set_password(user, comparable(password))

    def reauthenticate(self, user: User, password: str) -> bool:
        """Say whether that is the password; tries count as those of signing in do, before anything is hashed."""
        at = now()
        try:
            take_sign_in(user.get_username(), client=client_address(self.request.META), at=at)
        except TooManyTries:
            return False
        is_right = len(password) <= LONGEST_PASSWORD and user.check_password(comparable(password))
        if is_right:
            forgive_sign_in(user.get_username(), at=at)
        return is_right

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> Any:
        """Note who came in; the text of the log holds no secret and no line break of the client's."""
        log.info("Signed in: account %s from %s", user.pk, client_address(request.META))
        return super().post_login(request, user, **kwargs)

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Say what the library says, but not that somebody signed in: they see it."""
        template = kwargs.get("message_template", args[0] if args else "")
        if "logged_in" not in str(template) and "logged_out" not in str(template):
            super().add_message(request, level, *args, **kwargs)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors are not readable in a copy of the database."""

    def encrypt(self, text: str) -> str:
        """Return a secret sealed with SECRET_KEY."""
        return _sealer().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret sealed with SECRET_KEY, or with a key that was in use before."""
        return _sealer().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        """Return what the authenticator app calls this place."""
        return urlsplit(settings.SITE_URL).hostname or "Status page"


def _sealer() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(b"second factors\n" + key.encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
