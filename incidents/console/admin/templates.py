"""Templates in the admin: editable, through the verb that keeps them."""

# ruff: noqa: ARG002, FBT001 - the signatures are Django's

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from incidents.console.admin.verbs import acting_user
from incidents.lib.clock import now
from incidents.timeline.checks import checked_line, checked_text
from incidents.timeline.models import IncidentTemplate
from incidents.timeline.refusals import Refused


class TemplateRowForm(forms.ModelForm[IncidentTemplate]):
    """Checks what the verb would refuse, so that it is said at the field."""

    class Meta:
        model = IncidentTemplate
        fields = ("page", "name", "kind", "title", "body", "phase", "notify")

    def clean_name(self) -> str:
        """Return the cleaned name."""
        return _checked(lambda: checked_line(self.cleaned_data["name"], field="name", what="The name"))

    def clean_body(self) -> str:
        """Return the cleaned text."""
        return _checked(lambda: checked_text(self.cleaned_data["body"], field="body", what="The text"))

    def clean(self) -> dict[str, Any]:
        """Refuse a phase of another page."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        phase, page = cleaned.get("phase"), cleaned.get("page") or self.instance.page
        if phase is not None and phase.page_id != page.pk:
            self.add_error("phase", "Choose a phase of the same page.")
        return cleaned


@admin.register(IncidentTemplate)
class IncidentTemplateAdmin(admin.ModelAdmin[IncidentTemplate]):
    """Templates; the states they propose are set in the console."""

    form = TemplateRowForm
    list_display = ("name", "page", "kind", "title", "phase", "notify")
    list_filter = ("page", "kind")
    list_select_related = ("page", "phase")
    search_fields = ("name", "title")

    def get_readonly_fields(self, request: HttpRequest, obj: IncidentTemplate | None = None) -> tuple[str, ...]:
        """A template stays on its page."""
        return ("page",) if obj else ()

    def save_model(self, request: HttpRequest, obj: IncidentTemplate, form: Any, change: bool) -> None:
        """Keep the template through its verb; the proposed states stay as they are."""
        kept = IncidentTemplate.keep(
            page=obj.page,
            template=IncidentTemplate.objects.get(pk=obj.pk) if change else None,
            name=obj.name,
            kind=obj.kind,
            title=obj.title,
            body=obj.body,
            phase=obj.phase,
            components=obj.component_states() if change else {},
            notify=obj.notify,
            by=acting_user(request),
            at=now(),
        )
        obj.pk = kept.pk

    def delete_model(self, request: HttpRequest, obj: IncidentTemplate) -> None:
        """Remove the template through its verb."""
        obj.remove(by=acting_user(request), at=now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[IncidentTemplate]) -> None:
        """Remove each template through its verb."""
        for template in queryset.select_related("page"):
            template.remove(by=acting_user(request), at=now())


def _checked(check: Any) -> str:
    try:
        return str(check())
    except Refused as refusal:
        raise forms.ValidationError(refusal.sentence) from refusal
