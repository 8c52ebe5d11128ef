"""What is kept of a component: its columns, what the database refuses, and the adjectives it is found by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from incidents.lib.codes import new_code
from incidents.timeline.checks import NAME_LIMIT
from incidents.timeline.models.group import ComponentGroup
from incidents.timeline.models.page import Page
from incidents.timeline.states import ComponentStatus

if TYPE_CHECKING:
    from incidents.timeline.models.component import Component  # noqa: F401 - named in a string below


class Visibility(models.TextChoices):
    """Who may see a component."""

    PUBLIC = "public", "Public"
    STAFF = "staff", "Staff only"


class ComponentQuerySet(models.QuerySet["Component"]):
    """Adjectives for components."""

    def living(self) -> ComponentQuerySet:
        """Those not archived."""
        return self.filter(archived_at=None)

    def public(self) -> ComponentQuerySet:
        """Those visitors may see."""
        return self.living().filter(visibility=Visibility.PUBLIC)

    def on(self, page: Page) -> ComponentQuerySet:
        """Those of `page`."""
        return self.filter(page=page)


class ComponentRecord(models.Model):
    """The row without its verbs, which are those of Component."""

    code = models.CharField(max_length=12, default=new_code)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="components")
    group = models.ForeignKey(
        ComponentGroup, null=True, blank=True, on_delete=models.SET_NULL, related_name="components"
    )
    name = models.CharField(max_length=NAME_LIMIT)
    description = models.TextField(blank=True)
    status = models.CharField(max_length=20, choices=ComponentStatus.choices, default=ComponentStatus.OPERATIONAL)
    position = models.PositiveIntegerField(default=0)
    showcase = models.BooleanField(default=True)
    started_on = models.DateField(null=True, blank=True)
    only_show_if_degraded = models.BooleanField(default=False)
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.PUBLIC)
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = ComponentQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["page", "code"], name="component_code_once_per_page"),
            models.CheckConstraint(condition=~Q(name=""), name="component_has_a_name"),
            models.CheckConstraint(condition=Q(status__in=ComponentStatus.values), name="component_status_is_known"),
        ]
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        """The name with its group as compatible APIs write it: "Group - Component"."""
        return f"{self.group.name} - {self.name}" if self.group else self.name
