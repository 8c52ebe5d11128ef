"""Forms for the page itself."""

from typing import Any

from django import forms

from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.fields import (
    ChosenField,
    LanguagesField,
    LineField,
    NumberField,
    ProseField,
    SwitchField,
)
from incidents.lib.languages import OFFERED
from incidents.lib.zones import known_zones
from incidents.timeline.models import Page
from incidents.timeline.models.page import PageChanges
from incidents.timeline.models.page_record import LONGEST_HOLD
from incidents.timeline.states import IncidentPhase, MaintenancePhase

CANONICAL = [
    ("For incidents", [(str(step), str(step.label)) for step in IncidentPhase]),
    ("For maintenance", [(str(step), str(step.label)) for step in MaintenancePhase]),
]


def zones() -> list[str]:
    """Return the names of all time zones, for a field that completes them."""
    return sorted(name for name in known_zones() if "/" in name or name == "UTC")


class HostForm(ConsoleForm):
    """At which host a page answers."""

    host = LineField(
        label="Host name",
        max_length=253,
        help_text="Such as status.example.com. Empty is the address of this installation, which one page has.",
    )


class NewPageForm(ConsoleForm):
    """What a page cannot do without."""

    name = LineField(label="Name", help_text="Your product or company, as readers know it.")
    time_zone = LineField(
        label="Time zone",
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
        help_text="Days begin in it and stamps are written in it.",
    )
    host = LineField(
        label="Host name",
        max_length=253,
        help_text="Such as status.example.com. The first page needs none.",
    )


class PageForm(NewPageForm):
    """The settings of a page."""

    language = ChosenField(
        label="Language of the public page",
        choices=list(OFFERED.items()),
        required=True,
        help_text="Our words, dates and lists; what your team writes stays as written.",
    )
    further_languages = LanguagesField(
        label="Also published in",
        help_text="Each has addresses of its own, such as /de, and stands in the foot of every page.",
    )
    product_url = forms.URLField(
        label="Address of the product",
        required=False,
        assume_scheme="https",
        max_length=200,
        error_messages={"invalid": "Write a whole address, such as https://www.example.com."},
    )
    description = ProseField(label="Description", rows=2)
    postmortem_due_days = NumberField(
        label="Postmortem promised within (days)",
        min_value=0,
        max_value=365,
        help_text="After a major incident; 0 promises none.",
    )
    hold_seconds = NumberField(
        label="Hold what is published for (seconds)",
        min_value=0,
        max_value=LONGEST_HOLD,
        help_text="So long it can be taken back, and nothing of it leaves. 0 publishes at once.",
    )
    confirm_recipients = NumberField(
        label="Ask before more people than this are told",
        min_value=0,
        max_value=10_000_000,
    )
    asks_second_person = SwitchField(
        label="A second person agrees to what reaches far",
        help_text="Wherever the numbers are asked about, somebody else has to confirm them.",
    )
    is_unlisted = SwitchField(
        label="Ask search engines to leave this page out", help_text="Everybody who knows the address still reads it."
    )
    publishes_detection = SwitchField(label="Tell readers who noticed an incident first")
    takes_reports = SwitchField(label="Ask readers whether they are affected too (one tap, no account)")
    publishes_reports = SwitchField(label="Tell readers how many said so in the last hour")
    publishes_scorecard = SwitchField(label="Tell readers how fast incidents were noticed, told of and resolved")

    def said(self) -> PageChanges:
        """Return what a valid form says."""
        said: PageChanges = {}
        for name in self.fields:
            said[name] = self.cleaned_data[name]  # type: ignore[literal-required]
        return said


def page_values(page: Page) -> dict[str, Any]:
    """Return what a form for `page` starts from."""
    return {name: getattr(page, name) for name in PageForm.base_fields}


class PhaseForm(ConsoleForm):
    """A phase of the page's own."""

    label = LineField(label="Label", help_text="What readers see, such as “Reactivating”.")
    slug = forms.SlugField(
        label="Short name",
        max_length=40,
        required=False,
        error_messages={"invalid": "Use letters, digits, hyphens and underscores only."},
    )
    canonical = ChosenField(label="Stands for", choices=CANONICAL, required=True)
