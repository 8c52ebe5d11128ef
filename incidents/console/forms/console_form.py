"""What every form of the console does: first mistake gets the focus, sent twice acts once."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from incidents.console.forms.fields import TextField
from incidents.lib.text import count_removed
from incidents.timeline.refusals import Refused

SENTENCES = {
    "required": "Fill this in.",
    "invalid": "This cannot be read; check it.",
    "invalid_choice": "Choose one of the values offered.",
    "invalid_list": "Choose one of the values offered.",
    "max_length": "This has %(show_value)d characters; %(limit_value)d is the most.",
    "min_value": "Write %(limit_value)s or more.",
    "max_value": "Write %(limit_value)s or less.",
    "null_characters_not_allowed": "Take out the characters that nobody can see.",
}
"""What a field says where it has no words of its own; the framework's would speak of values and lengths."""


class ConsoleForm(forms.Form):
    """A form whose first mistake takes the focus, with or without script.

    A draft is shown again with what was typed, and nothing in it is called a mistake yet.
    """

    is_draft = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for field in self.fields.values():
            _speak_plainly(field)

    def full_clean(self) -> None:
        """Validate, and put the focus on the first field with a mistake."""
        super().full_clean()
        self._focus_first_mistake()

    def refuse(self, sentence: str, *, field: str = "") -> None:
        """Take a verb's refusal in: at its field where the form has it, else above the form."""
        self.add_error(field if field in self.fields else None, sentence)
        self._focus_first_mistake()

    def judge(self, **checks: Callable[[str], str]) -> None:
        """Let each check of a verb look at its field, so that all mistakes are named and not only the first."""
        for name, check in checks.items():
            try:
                check(self.cleaned_data.get(name, ""))
            except Refused as refusal:
                self.refuse(refusal.sentence, field=name)

    def retype(self, values: Mapping[str, str]) -> None:
        """Put other values in the place of what was typed, for showing the form again."""
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        for name, value in values.items():
            typed[name] = value
        self.data = typed

    def removed(self) -> int:
        """Return how many characters nobody can see are taken out of the texts that were sent."""
        texts = [self[name].data for name, field in self.fields.items() if isinstance(field, TextField)]
        return sum(count_removed(text) for text in texts if isinstance(text, str))

    def mistakes(self) -> list[tuple[str, str]]:
        """Return (id of the field, sentence) for each mistake in the order of the fields, for the summary above."""
        if self.is_draft or not self.is_bound:
            return []
        order = ["__all__", *self.fields]
        return [
            ("" if name == "__all__" else self[name].id_for_label or self[name].auto_id, str(sentence))
            for name, sentences in sorted(self.errors.items(), key=lambda one: order.index(one[0]))
            for sentence in sentences
        ]

    def _focus_first_mistake(self) -> None:
        for bound in self.fields.values():
            bound.widget.attrs.pop("autofocus", None)
        first = next((name for name in self.fields if name in self.errors), None)
        if first:
            self.fields[first].widget.attrs["autofocus"] = True


def _speak_plainly(field: forms.Field) -> None:
    of_the_framework: dict[str, Any] = {}
    for ancestor in reversed(type(field).__mro__):
        of_the_framework.update(getattr(ancestor, "default_error_messages", {}))
    for code, sentence in SENTENCES.items():
        if field.error_messages.get(code) == of_the_framework.get(code):
            field.error_messages[code] = sentence


class KeyedForm(ConsoleForm):
    """A form that acts once, however often it is sent."""

    request_key = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("request_key", secrets.token_urlsafe(16))

    def renew_request_key(self) -> None:
        """Give the bound form a new key, so that sending it once more is a new request."""
        self.retype({"request_key": secrets.token_urlsafe(16)})
