"""To the identity provider and back. Only there where OIDC_ISSUER is set."""

import logging
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string

from incidents.console.forms.sign_in import TOO_MANY
from incidents.console.kept import carry_text
from incidents.console.routing import wanted_screen
from incidents.console.signing.asking import NotVouched
from incidents.console.signing.conversation import PROVIDER, Conversation
from incidents.console.signing.id_tokens import nonce_of
from incidents.console.signing.single_sign_on import AWAY, NOT_VOUCHED, turned_away
from incidents.lib.clock import now
from incidents.lib.http import RequestFailed
from incidents.lib.visitor import client_address
from incidents.staff.limits import TooManyTries, take_single_sign_on

log = logging.getLogger(__name__)

_STATE_LENGTH = 32


def door(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the signature of a view
    """Lead who only looks at the address, or comes back to it, to the button."""
    return redirect("console:sign_in")


def leave(request: HttpRequest) -> HttpResponse:
    """Send somebody to the identity provider, remembering where they wanted to go here."""
    if request.get_host() != urlsplit(settings.SITE_URL).netloc:
        # The provider leads back to SITE_URL only, and the cookie of another host is not sent there.
        return _onward(request, f"{settings.SITE_URL}{reverse('console:sign_in')}{_asking_for(request)}")
    try:
        take_single_sign_on(client=client_address(request.META), at=now())
    except TooManyTries:
        return turned_away(request, TOO_MANY, status=HTTPStatus.TOO_MANY_REQUESTS)
    wanted = reverse("console:again") if carry_text(request) else wanted_screen(request.POST.get("next", ""))
    state = get_random_string(_STATE_LENGTH)
    try:
        provider = get_adapter(request).get_provider(request, provider=PROVIDER)
        away = provider.redirect(
            request,
            process=AuthProcess.LOGIN,
            next_url=wanted or None,
            state_id=state,
            auth_params={"nonce": nonce_of(state)},
        )
    except (RequestFailed, NotVouched) as failure:
        return _failed(request, failure)
    return _onward(request, away["Location"])


def come_back(request: HttpRequest) -> HttpResponse:
    """Let somebody in whom the identity provider vouches for."""
    try:
        response: HttpResponse = OAuth2CallbackView.adapter_view(Conversation(request, PROVIDER))(request)
    except (RequestFailed, NotVouched) as failure:
        return _failed(request, failure)
    return response


def turned_back(request: HttpRequest) -> HttpResponse:
    """Say to somebody who did not want to, after all, that nothing happened."""
    return render(request, "socialaccount/login_cancelled.html")


def _onward(request: HttpRequest, address: str) -> HttpResponse:
    """Lead to another site by a page, not by a redirect.

    Browsers hold redirects after a form to the form-action of our content security policy, all the way through other
    providers that ours may lead to and we know nothing of.
    """
    return render(request, "socialaccount/onward.html", {"address": address, "name": settings.OIDC_NAME})


def _asking_for(request: HttpRequest) -> str:
    wanted = wanted_screen(request.POST.get("next", ""))
    return f"?{urlencode({'next': wanted})}" if wanted else ""


def _failed(request: HttpRequest, failure: RequestFailed | NotVouched) -> HttpResponse:
    """Say that it did not work; the reason is in the log, for who set it up."""
    log.warning("Single sign-on failed: %s", failure)
    if isinstance(failure, RequestFailed):
        return turned_away(request, AWAY, status=HTTPStatus.SERVICE_UNAVAILABLE)
    return turned_away(request, NOT_VOUCHED)
