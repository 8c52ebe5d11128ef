"""What may be asked about deliveries."""

from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.fields import LineField


class PauseForm(ConsoleForm):
    """Why a channel is to stand still."""

    reason = LineField(label="Reason", help_text="The next person reads it here and knows when to go on.")
