"""Addresses of the account library that we offer, by the names it looks for. Signing up is not among them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.usersessions import views as sessions
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.cache import patch_cache_control

from incidents.console.views.sessions import SignIn, SignOut

Answering = Callable[..., HttpResponse]


def _private(view: Answering) -> Answering:
    """Let nobody store what the view answers."""

    @wraps(view)
    def answering(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response = view(request, **kwargs)
        patch_cache_control(response, no_store=True, private=True)
        return response

    return answering


_HERE = "account"

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in", SignIn.as_view(), name="account_login"),
    path("sign-out", SignOut.as_view(), name="account_logout"),
    path(f"{_HERE}/inactive", _private(account.account_inactive), name="account_inactive"),
    path(f"{_HERE}/again", _private(account.reauthenticate), name="account_reauthenticate"),
    path(f"{_HERE}/password", _private(account.password_change), name="account_change_password"),
    path(f"{_HERE}/password/new", _private(account.password_set), name="account_set_password"),
    path(f"{_HERE}/forgotten", _private(account.password_reset), name="account_reset_password"),
    path(f"{_HERE}/forgotten/sent", _private(account.password_reset_done), name="account_reset_password_done"),
    # With a hyphen: the library puts its key into the link where it finds "UID-KEY".
    re_path(
        rf"^{_HERE}/forgotten/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)$",
        _private(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        f"{_HERE}/forgotten/done",
        _private(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path(f"{_HERE}/security", _private(second_factor.index), name="mfa_index"),
    path(f"{_HERE}/code", _private(second_factor.authenticate), name="mfa_authenticate"),
    path(f"{_HERE}/code/again", _private(second_factor.reauthenticate), name="mfa_reauthenticate"),
    path(f"{_HERE}/app", _private(totp.activate_totp), name="mfa_activate_totp"),
    path(f"{_HERE}/app/removal", _private(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path(f"{_HERE}/recovery", _private(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(f"{_HERE}/recovery/new", _private(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path(f"{_HERE}/recovery/file", _private(recovery.download_recovery_codes), name="mfa_download_recovery_codes"),
    path(f"{_HERE}/passkeys", _private(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path(f"{_HERE}/passkeys/new", _private(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path(f"{_HERE}/passkeys/again", _private(passkeys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path(f"{_HERE}/passkeys/sign-in", _private(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path(f"{_HERE}/passkeys/<int:pk>", _private(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path(f"{_HERE}/passkeys/<int:pk>/removal", _private(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
    path(f"{_HERE}/sessions", _private(sessions.list_usersessions), name="usersessions_list"),
]

if settings.OIDC_ISSUER:
    urlpatterns.append(path(f"{_HERE}/sso/", include("incidents.console.signing.single_sign_on_urls")))
