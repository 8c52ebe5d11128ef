"""Forms for templates."""

from typing import Any

from incidents.console.forms.fields import ChosenField, LineField, ProseField, SwitchField
from incidents.console.forms.states import StatesForm
from incidents.timeline.models import IncidentKind, IncidentTemplate, Page, Phase


class TemplateForm(StatesForm):
    """What to say, prepared in daylight."""

    name = LineField(label="Name", help_text="What its button says.")
    kind = ChosenField(label="For", choices=IncidentKind.choices, required=True)
    title = LineField(label="Title")
    body = ProseField(label="Text", rows=8)
    phase = ChosenField(label="Phase")
    notify = SwitchField(label="Tell subscribers")

    def __init__(self, *args: Any, page: Page, template: IncidentTemplate | None = None, **kwargs: Any) -> None:
        states = template.component_states() if template else {}
        super().__init__(*args, page=page, preset=states, **kwargs)
        self.phases = {phase.slug: phase for phase in page.phases.all()}
        choices = [("", "As it is"), *((slug, phase.label) for slug, phase in self.phases.items())]
        self.fields["phase"].choices = choices  # type: ignore[attr-defined]
        self.initial = {**_values(template), **self.initial}

    def chosen_phase(self) -> Phase | None:
        """Return the phase of a valid form."""
        return self.phases.get(self.cleaned_data["phase"])


def _values(template: IncidentTemplate | None) -> dict[str, Any]:
    if template is None:
        return {"kind": IncidentKind.INCIDENT, "notify": True}
    values = {name: getattr(template, name) for name in ("name", "kind", "title", "body", "notify")}
    return {**values, "phase": template.phase.slug if template.phase else ""}
