"""Forms for how a page looks and who may read it."""

from dataclasses import replace
from typing import Any

from django import forms

from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.fields import ChosenField, LineField, TextField
from incidents.lib.neutrals import NEUTRALS
from incidents.timeline.access import LONGEST_PASSWORD, SHORTEST_PASSWORD, Access
from incidents.timeline.looks import ALT_LIMIT, Corners, Face, Look, PicturePlace


class LookForm(ConsoleForm):
    """Colours, corners and face. What a state looks like is not for choosing."""

    neutrals = ChosenField(
        label="Ground and ink",
        choices=[(name, neutrals.label) for name, neutrals in NEUTRALS.items()],
        required=True,
    )
    accent = LineField(
        label="Brand colour on light grounds",
        max_length=20,
        help_text="Such as #1f4fd8, for the name and the buttons. Empty is ink.",
    )
    accent_dark = LineField(
        label="Brand colour on dark grounds",
        max_length=20,
        help_text="A lighter one, such as #9db2ff: no colour is readable on both.",
    )
    corners = ChosenField(label="Corners", choices=Corners.choices, required=True)
    face = ChosenField(label="Letters", choices=Face.choices, required=True)
    logo_alt = LineField(
        label="What the logo says",
        max_length=ALT_LIMIT,
        help_text="Read aloud in the place of the logo. Empty is the name of the page.",
    )

    @classmethod
    def values(cls, look: Look) -> dict[str, Any]:
        """Return what a form for `look` starts from."""
        return {name: getattr(look, name) for name in cls.base_fields}

    def look(self, former: Look) -> Look:
        """Return what a valid form says, with the logos of `former`."""
        return replace(former, **self.cleaned_data)


class LogoForm(ConsoleForm):
    """A logo to upload, or to take away."""

    place = forms.ChoiceField(choices=PicturePlace.choices, widget=forms.HiddenInput)
    file = forms.FileField(
        label="File",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/webp,image/jpeg"}),
        help_text="PNG, WebP or JPEG, at most 512 KB; a logo 80 pixels high or more.",
        error_messages={"empty": "The file is empty.", "invalid": "No file came along. Choose one."},
    )

    def refuse(self, sentence: str, *, field: str = "") -> None:
        """Take a refusal in at the file: that is what it is about."""
        super().refuse(sentence, field="file" if field in PicturePlace.values else field)


class AccessForm(ConsoleForm):
    """Who may read the page."""

    access = ChosenField(label="Who may read this page", choices=Access.choices, required=True)
    password = TextField(
        label="Password",
        required=False,
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=f"For the third way: {SHORTEST_PASSWORD} characters or more. Empty keeps the one there is.",
    )
    address_ranges = TextField(
        label="Networks",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr", "spellcheck": "false"}),
        help_text="For the fourth way: one on each line, such as 10.1.0.0/16 or 2001:db8::/32.",
    )

    def said(self) -> dict[str, Any]:
        """Return what a valid form says, as the verb takes it."""
        lines = self.cleaned_data["address_ranges"].splitlines()
        return {**self.cleaned_data, "address_ranges": [line for line in lines if line.strip()]}
