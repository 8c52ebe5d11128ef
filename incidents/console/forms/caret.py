"""Where the caret stood in a text, so that writing goes on there."""

from django import forms

from incidents.console.forms.console_form import ConsoleForm
from incidents.lib.numbers import whole_number


class CaretForm(ConsoleForm):
    """A form that keeps it beside the text."""

    caret_from = forms.CharField(widget=forms.HiddenInput, required=False)
    caret_to = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def caret(self) -> str:
        """Where the caret stood, as "from,to" in UTF-16 units as browsers count; "" where unknown."""
        ends = [str(self[name].value() or "") for name in ("caret_from", "caret_to")]
        return ",".join(ends) if all(whole_number(end) is not None for end in ends) else ""
