"""Signing in: one sentence for every failure, so that it tells nothing about accounts."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import AbstractBaseUser

from incidents.lib.clock import now
from incidents.lib.visitor import client_address
from incidents.staff.credentials import comparable, name_behind
from incidents.staff.limits import LONGEST_PASSWORD, TooManyTries, forgive_sign_in, take_sign_in

FAILED = "That did not work. Check the user name and the password, then try again."
TOO_MANY = "Too many tries. Wait five minutes, then try again; who is signed in already stays so."


class SignInForm(AuthenticationForm):
    """User name (or address of mail) and password of somebody on the staff."""

    error_messages = {"invalid_login": FAILED, "inactive": FAILED}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["username"].label = "User name or email"
        self.fields["username"].widget.attrs["autocomplete"] = "username webauthn"

    def clean(self) -> dict[str, Any]:
        """Compare what was typed, unless too much was tried. Raises ValidationError."""
        typed = str(self.cleaned_data.get("username", "")).strip()
        password = str(self.cleaned_data.get("password", ""))
        at = now()
        try:
            take_sign_in(typed, client=client_address(self.request.META) if self.request else "", at=at)
        except TooManyTries as refusal:
            raise forms.ValidationError(TOO_MANY, code="too_many") from refusal
        if len(password) > LONGEST_PASSWORD:
            raise self.get_invalid_login_error()
        self.cleaned_data["username"] = name_behind(typed)
        self.cleaned_data["password"] = comparable(password)
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        forgive_sign_in(typed, at=at)
        return cleaned

    def confirm_login_allowed(self, user: AbstractBaseUser) -> None:
        """Refuse, in the same words as for a wrong password, who is not on the staff."""
        if not user.is_active or not getattr(user, "is_staff", False):
            raise forms.ValidationError(FAILED, code="invalid_login")
