"""Forms for the incident itself."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django import forms

from incidents.console.forms.fields import ChosenField, LineField, MomentField
from incidents.console.forms.message import PROMISED_BY_DEFAULT, MessageForm
from incidents.console.forms.phases import incident_phases
from incidents.console.forms.translations import TranslatedForm
from incidents.timeline.checks import checked_line, checked_text
from incidents.timeline.impact import impact_of
from incidents.timeline.models import Incident, IncidentTemplate, Page, Translated, Translation
from incidents.timeline.models.kinds import IncidentChanges
from incidents.timeline.states import ComponentStatus, DetectedBy, Impact

IMPACTS = [("", "From the components"), *Impact.choices]
STARTED = [("0", "now"), ("5", "5 min"), ("15", "15 min"), ("30", "30 min"), ("60", "1 hour")]
"""How long ago it began, for the cases that need no exact time."""
TIMES = (
    "impact_started_at",
    "impact_ended_at",
    "detected_at",
    "customer_noticed_at",
    "acknowledged_at",
)


class ReportForm(TranslatedForm, MessageForm):
    """A new incident with its first update."""

    title = LineField(label="Title")
    started = ChosenField(label="Began how long ago", choices=STARTED, widget=forms.RadioSelect)
    impact_started_at = MomentField(label="Started exactly at", help_text="Wins over “Started”.")
    detected_by = ChosenField(label="Noticed first by", choices=DetectedBy.choices)
    impact_override = ChosenField(label="Impact", choices=IMPACTS)

    def __init__(self, *args: Any, page: Page, **kwargs: Any) -> None:
        super().__init__(*args, page=page, **kwargs)
        self.offer_phases(incident_phases(page))
        self.offer_titles_and_texts(page)
        self.initial = {
            "notify": True,
            "started": "0",
            "promise": PROMISED_BY_DEFAULT,
            "phase": self.phases[0].slug,
            "detected_by": DetectedBy.UNKNOWN,
            **self.initial,
        }

    def clean(self) -> dict[str, Any]:
        """Name an empty title and an empty text together."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.judge(
            title=partial(checked_line, field="title", what="The title"),
            body=partial(checked_text, field="body", what="The text"),
        )
        return cleaned

    def said(self, *, at: datetime) -> dict[str, Any]:
        """Return what a valid form says, as the verb takes it."""
        return {
            "title": self.cleaned_data["title"],
            "body": self.cleaned_data["body"],
            "phase": self.cleaned_data["phase"],
            "components": self.states(),
            "impact_started_at": self.started_at(at=at),
            "impact_override": self.cleaned_data["impact_override"],
            "detected_by": self.cleaned_data["detected_by"] or DetectedBy.UNKNOWN.value,
            "posted_at": self.cleaned_data["posted_at"],
            "next_update_due_at": self.due_at(at=at),
            "notify": self.cleaned_data["notify"],
            "titles": self.titles(),
            "translations": self.translations(),
            "placeholders": True,
        }

    def began_at(self, *, at: datetime) -> datetime:
        """Return when the impact began, as far as the form says."""
        exact: datetime | None = self.cleaned_data.get("impact_started_at")
        return exact or at - timedelta(minutes=int(self.cleaned_data.get("started") or 0))

    def impact(self) -> str:
        """Return the impact as it stands in the fields, valid or not: for the count of who will be told."""
        override = str(self["impact_override"].value() or "")
        if override in Impact.values:
            return override
        return impact_of(str(row.field.value()) for row in self.rows() if row.field.value() in ComponentStatus.values)

    def started_at(self, *, at: datetime) -> datetime:
        """Return when the impact began: the exact time where given, else counted back from `at`."""
        return self.began_at(at=min(at, self.cleaned_data["posted_at"] or at))


def from_template(template: IncidentTemplate) -> dict[str, Any]:
    """Return what a template gives a report to start from."""
    given = {"title": template.title, "body": template.body, "notify": template.notify, "used": str(template.pk)}
    return {**given, "phase": template.phase.slug} if template.phase else given


class IncidentForm(TranslatedForm):
    """Title, impact and the times of the story."""

    title = LineField(label="Title")
    impact_override = ChosenField(label="Impact", choices=IMPACTS)
    impact_started_at = MomentField(label="Impact began", required=True)
    impact_ended_at = MomentField(label="Impact ended")
    detected_at = MomentField(label="Noticed")
    detected_by = ChosenField(label="Noticed first by", choices=DetectedBy.choices, required=True)
    customer_noticed_at = MomentField(label="First report by a customer")
    acknowledged_at = MomentField(label="Somebody took it on")

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        initial: dict[str, Any] = {name: getattr(incident, name) for name in self.base_fields}
        for name in TIMES:
            moment = initial[name]
            initial[name] = moment.replace(second=0, microsecond=0) if moment else None
        super().__init__(*args, initial=initial, **kwargs)
        known = Translation.texts(incident, Translated.TITLE)
        self.offer_translations(incident.page, known=known, rows=1)

    def changes(self) -> IncidentChanges:
        """Return what was changed and nothing else: an untouched time keeps its seconds."""
        changed: IncidentChanges = {}
        for name in self.base_fields.keys() & set(self.changed_data):
            changed[name] = self.cleaned_data[name]  # type: ignore[literal-required]
        return changed
