"""The form for a trial mail."""

from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.fields import LineField


class TrialForm(ConsoleForm):
    """Where it goes; the address itself is judged like a subscriber's."""

    address = LineField(label="E-mail address", help_text="One mail goes there now, past all queues.")
