"""The library's forms for codes, with our limits: counted in the database, and each code good once."""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth.models import User

from incidents.lib.clock import now
from incidents.staff.limits import TooManyTries, forgive_code, spend_totp, take_code

WRONG = "That code did not work. Wait for the next one, then try again."
TOO_MANY = "Too many tries. Wait a quarter of an hour, then try again."


class _CountedCode:
    """Counts tries of the code before it is compared, and spends it where it was right."""

    user: User
    authenticator: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]  # type: ignore[attr-defined]
        field.label = "Code"
        field.max_length = 64
        field.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}

    def clean_code(self) -> str:
        """Return the code where it is right. Raises ValidationError."""
        at = now()
        try:
            take_code(self.user.pk, at=at)
        except TooManyTries as refusal:
            raise forms.ValidationError(TOO_MANY) from refusal
        try:
            code = str(super().clean_code())  # type: ignore[misc]
            if self.authenticator.type == Authenticator.Type.TOTP:
                spend_totp(self.user.pk, code, at=at)
        except (forms.ValidationError, TooManyTries) as refusal:
            raise forms.ValidationError(WRONG) from refusal
        forgive_code(self.user.pk, at=at)
        return code


class CodeForm(_CountedCode, AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""


class CodeAgainForm(_CountedCode, ReauthenticateForm):  # type: ignore[misc]
    """A code in the place of the password, before settings of people and tokens."""


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey: meant to open the door by itself, unless somebody wants it beside the password only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "What you call it"
        self.fields["passwordless"].label = "Sign in with it alone, without the password"
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].help_text = ""
