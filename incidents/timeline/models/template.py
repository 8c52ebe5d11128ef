"""Templates: what to say, prepared in daylight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from incidents.timeline.checks import NAME_LIMIT, checked_line, checked_text, optional_text
from incidents.timeline.models.component import Component
from incidents.timeline.models.event import Actor, Event
from incidents.timeline.models.kinds import IncidentKind
from incidents.timeline.models.page import Page
from incidents.timeline.models.phase import Phase
from incidents.timeline.placeholders import refuse_unknown
from incidents.timeline.refusals import DuplicateName, ForeignComponent, UnknownStatus
from incidents.timeline.states import ComponentStatus


class IncidentTemplate(models.Model):
    """Title, text, phase and component states that a new incident or maintenance starts from."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="templates")
    kind = models.CharField(max_length=12, choices=IncidentKind.choices, default=IncidentKind.INCIDENT)
    name = models.CharField(max_length=NAME_LIMIT)
    title = models.CharField(max_length=255, blank=True)
    body = models.TextField()
    phase = models.ForeignKey(Phase, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    notify = models.BooleanField(default=True)
    uses = models.PositiveIntegerField(default=0)
    """How often something was published from it; the most used stands on top."""
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "name"], name="template_name_once_per_page"),
            models.CheckConstraint(condition=~Q(name=""), name="template_has_a_name"),
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def keep(
        cls,
        *,
        page: Page,
        name: str,
        body: str,
        by: Actor,
        at: datetime,
        template: IncidentTemplate | None = None,
        kind: str = IncidentKind.INCIDENT,
        title: str = "",
        phase: Phase | None = None,
        components: Mapping[Component, str] | None = None,
        notify: bool = True,
    ) -> IncidentTemplate:
        """Write a new template, or `template` anew, and return it.

        Title and text may hold placeholders. Raises EmptyText, TextTooLong, DuplicateName, ForeignComponent,
        UnknownStatus, UnknownPlaceholder.
        """
        name = checked_line(name, field="name", what="The name")
        refuse_unknown(title, field="title")
        refuse_unknown(body, field="body")
        with page.locked():
            namesakes = page.templates.filter(name=name)
            if (namesakes.exclude(pk=template.pk) if template else namesakes).exists():
                raise DuplicateName(f"There is a template “{name}” already.", field="name")
            kept = template or cls(page=page, created_at=at)
            kept.name = name
            kept.kind = kind
            kept.title = optional_text(title, field="title", what="The title", limit=255)
            kept.body = checked_text(body, field="body", what="The text")
            kept.phase = phase
            kept.notify = notify
            kept.updated_at = at
            kept.save()
            kept._set_components(components or {})
            change = "edited" if template else "added"
            Event.record(page=page, kind=f"template.{change}", by=by, at=at, subject=kept)
        return kept

    def remove(self, *, by: Actor, at: datetime) -> None:
        """Delete the template; incidents made from it are not touched."""
        with self.page.locked():
            Event.record(
                page=self.page,
                kind="template.removed",
                by=by,
                at=at,
                subject=self,
                payload={"name": self.name},
            )
            self.delete()

    @classmethod
    def count_use(cls, page: Page, used: Iterable[int]) -> None:
        """Count that something was published from the templates of `page` with these keys. A tally, no event."""
        cls.objects.filter(page=page, pk__in=list(used)).update(uses=F("uses") + 1)

    def component_states(self) -> dict[Component, str]:
        """Return the state the template proposes for each living component it names."""
        rows = self.components.filter(component__archived_at=None).select_related("component")
        return {row.component: row.status for row in rows}

    def _set_components(self, states: Mapping[Component, str]) -> None:
        if any(component.page_id != self.page_id for component in states):
            raise ForeignComponent("A component is of another page.", field="components")
        if any(status not in ComponentStatus.values for status in states.values()):
            raise UnknownStatus("Choose one of the states offered.", field="components")
        self.components.all().delete()
        TemplateComponent.objects.bulk_create(
            TemplateComponent(template=self, component=component, status=status) for component, status in states.items()
        )


class TemplateComponent(models.Model):
    """The state a template proposes for one component."""

    template = models.ForeignKey(IncidentTemplate, on_delete=models.CASCADE, related_name="components")
    component = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="+")
    status = models.CharField(max_length=20, choices=ComponentStatus.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "component"], name="template_component_once"),
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.component}: {self.status}"
