"""Signing in: one sentence for every failure, so that it tells nothing about accounts."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import AbstractBaseUser

FAILED = "That did not work. Check the user name and the password, then try again."


class SignInForm(AuthenticationForm):
    """User name and password of somebody on the staff."""

    error_messages = {"invalid_login": FAILED, "inactive": FAILED}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["username"].label = "User name"

    def confirm_login_allowed(self, user: AbstractBaseUser) -> None:
        """Refuse, in the same words as for a wrong password, who is not on the staff."""
        if not user.is_active or not getattr(user, "is_staff", False):
            raise forms.ValidationError(FAILED, code="invalid_login")
