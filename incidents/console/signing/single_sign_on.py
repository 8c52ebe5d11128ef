"""Single sign-on by OpenID Connect: it opens accounts that exist, and makes none."""

import logging
from http import HTTPStatus
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base.constants import AuthError
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from incidents.console.signing.conversation import IdentityProvider
from incidents.lib.clock import now
from incidents.staff.recording import record

log = logging.getLogger(__name__)

AWAY = "The identity provider does not answer. Sign in with your password, or try again in a minute."
NOT_VOUCHED = "The identity provider did not vouch for you. Try again, or sign in with your password."
BEGUN_ELSEWHERE = "This sign-in was begun in another browser, was used already, or took longer than ten minutes."
UNKNOWN = "Nobody with the address {address} works here. Ask an owner for an invitation."
WITHOUT_ADDRESS = "The identity provider gave no address of mail, so there is no telling which account is yours."
UNVERIFIED = (
    "The identity provider has not verified that {address} is yours, so it opens no account here. Verify it there, or "
    "sign in with your password."
)


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Who was not invited does not come in, whoever vouches for them."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002 - the library's
        """Say that nobody makes an account for themselves."""
        return False

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> IdentityProvider:
        """Return the provider that asks and checks as we do."""
        return IdentityProvider(request, app=self.get_app(request, provider=provider, client_id=client_id))

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find the account on the first sign-in; turn away, whoever is signed in here already, who has none.

        The library's own way to find it by the address would delete the password of the account, by which staff come
        in while the provider is away. Raises ImmediateHttpResponse.
        """
        account = sociallogin.user if sociallogin.is_existing else _account_behind(sociallogin)
        if account is None or not account.is_active or not account.is_staff:
            raise ImmediateHttpResponse(turned_away(request, _sentence_for(sociallogin)))
        if not sociallogin.is_existing:
            with transaction.atomic():
                sociallogin.connect(request, account)
                payload = {"title": account.get_username()}
                record(page=None, kind="account.linked", by=account, at=now(), subject=account, payload=payload)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,  # noqa: ARG002 - the library's signature
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Say in words why somebody is not in; who turned back by themselves is told so by the library.

        Raises ImmediateHttpResponse.
        """
        if error == AuthError.CANCELLED:
            return
        is_ours = "state" in (extra_context or {})
        reason = request.GET.get("error", "no code") if is_ours else "a state this session did not begin"
        log.warning("Single sign-on failed: %r", exception or reason[:100])
        raise ImmediateHttpResponse(turned_away(request, NOT_VOUCHED if is_ours else BEGUN_ELSEWHERE))


def turned_away(request: HttpRequest, sentence: str, *, status: int = HTTPStatus.FORBIDDEN) -> HttpResponse:
    """Say why somebody is not in, and offer the door again."""
    return render(request, "socialaccount/turned_away.html", {"sentence": sentence}, status=status)


def _account_behind(sociallogin: Any) -> User | None:
    """Return the one account with an address the provider has verified, None where none or several have it.

    Compared once more here, in small letters: databases take letters for the same that mail does not, as a dotless i.
    """
    for address in _addresses(sociallogin, is_verified=True):
        found = User.objects.filter(email__iexact=address)
        same = [account for account in found if account.email.lower() == address.lower()]
        if len(same) == 1:
            return same[0]
    return None


def _sentence_for(sociallogin: Any) -> str:
    """Say why there is no account; the same whether or not somebody else has one with that address."""
    for is_verified, sentence in ((True, UNKNOWN), (False, UNVERIFIED)):
        for address in _addresses(sociallogin, is_verified=is_verified):
            return sentence.format(address=address)
    return WITHOUT_ADDRESS


def _addresses(sociallogin: Any, *, is_verified: bool) -> list[str]:
    return [one.email for one in sociallogin.email_addresses if one.verified is is_verified]
