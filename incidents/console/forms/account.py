"""Forms by which somebody makes their own account: by an invitation, or as the first one."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password

from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.fields import AddressField, LineField
from incidents.staff.credentials import comparable
from incidents.staff.limits import LONGEST_PASSWORD

NAME_LIMIT = 150


class PasswordForm(ConsoleForm):
    """A name and a password of one's own."""

    name = LineField(label="Your name", help_text="Stands in the history beside what you do.", max_length=NAME_LIMIT)
    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Ten characters or more; fifteen are good. Three words nobody would guess do well.",
        max_length=LONGEST_PASSWORD,
    )

    def clean_password(self) -> str:
        """Return a password that is not easily guessed, as it will be compared."""
        password = comparable(str(self.cleaned_data["password"]))
        validate_password(password, User(username=self.address(), email=self.address()))
        return password

    def address(self) -> str:
        """Return the address of mail the account will have."""
        return ""


class AcceptForm(PasswordForm):
    """What somebody says who was invited."""

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        self.email = email
        super().__init__(*args, **kwargs)

    def address(self) -> str:
        """Return the address that was invited."""
        return self.email


class SetUpForm(PasswordForm):
    """What the first person says; the address is also the user name."""

    email = AddressField(autocomplete="username")

    field_order = ["email", "name", "password"]

    def address(self) -> str:
        """Return the address that was typed."""
        return str(self.cleaned_data.get("email", ""))
